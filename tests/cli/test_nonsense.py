"""Whatever is given to a flag, the answer is an answer or one line that says why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from explorer.cli.main import group

_ARGUMENTS = {
    "info": ("T",),
    "search": ("T", "word"),
    "lookup": ("T", "word20"),
    "layer": ("T", "word20"),
    "neighbors": ("T", "word20"),
    "analogy": ("T", "word20", "word21", "word22"),
    "similarity": ("T", "word20", "word21"),
    "evaluate": ("T", "list.txt"),
    "project": ("T", "-o", "o.csv"),
    "quality": ("map.csv", "T"),
    "map": ("T", "-o", "o.svg"),
    "replay": ("map.csv",),
    "hubs": ("T",),
    "duplicates": ("T",),
    "convert": ("T", "o.npy"),
    "train": ("CORPUS", "-o", "o.safetensors", "--epochs", "1"),
}
_NONSENSE = ("🎬", "1" * 400, "-7", "[[")


def _companions(option: click.Option) -> Iterator[tuple[str, ...]]:
    """The flags that give this one a meaning: of a section with "--method tsne" these two."""
    heading = getattr(option, "section", "")
    if "--cluster" in heading:
        yield from (("--cluster", "k-means"), ("--cluster", "hdbscan"))
    elif named := re.search(r"(--method|--objective) ([\w-]+)", heading):
        yield named.groups()
    else:
        yield ()


def _asked(verb: str) -> Iterator[tuple[str, ...]]:
    command = group.get_command(click.Context(group), verb)
    assert command is not None
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag:
            for beside in _companions(option):
                yield from ((*beside, option.opts[-1], word) for word in _NONSENSE)


@pytest.fixture
def files(cli, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    monkeypatch.chdir(tmp_path)
    Path("list.txt").write_text("word20 word21 1\nword22 word23 2\nword24 word25 3\n")
    few = ("good film", "positive"), ("bad film", "negative")
    rows = "".join(f"{text} {row},{label}\n" for row in range(20) for text, label in few)
    Path("corpus.csv").write_text(f"review,sentiment\n{rows}")
    assert cli("project", saved, "-o", "map.csv").status == 0
    return {"T": saved, "CORPUS": tmp_path / "corpus.csv"}


@pytest.mark.parametrize("verb", _ARGUMENTS)
def test_nonsense_in_any_flag_is_answered_or_refused_in_words(verb: str, cli, files):
    asked = list(_asked(verb))
    assert asked
    for flags in asked:
        ran = cli(verb, *(files.get(word, word) for word in _ARGUMENTS[verb]), *flags)
        assert ran.status in {0, 1, 2}, flags
        assert "unforeseen" not in ran.err, (flags, ran.err)
        assert (ran.status == 0) or "Error: " in ran.err, flags
        assert not list(Path().glob(".*.part")), flags
