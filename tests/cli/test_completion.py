"""What a shell is told when Tab is pressed."""

import os

import pytest


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("nei", ["plain,neighbors", "file,nei"]),
        ("info tab", ["file,tab"]),
        ("project t.vec --met", ["plain,--method", "plain,--metric"]),
        ("project t.vec --method t", ["plain,tsne"]),
        ("neighbors t.vec film --metric e", ["plain,euclidean"]),
    ],
)
def test_verbs_flags_choices_and_files_are_completed(spawn, words: str, offered: list[str]):
    asked = {
        "_EMBEDDING_EXPLORER_COMPLETE": "bash_complete",
        "COMP_WORDS": f"embedding-explorer {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    ran = spawn(env=os.environ | asked)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_its_own_script(spawn, shell: str):
    ran = spawn(env=os.environ | {"_EMBEDDING_EXPLORER_COMPLETE": f"{shell}_source"})
    assert ran.status == 0
    assert f"_EMBEDDING_EXPLORER_COMPLETE={shell}_complete" in ran.out
