"""What `--json` prints is what docs/command_line.md says, name by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from explorer import pipeline
from explorer.cli import VERBS
from explorer.cli.main import group
from explorer.table import Table
from explorer.vectors import Vectors

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "command_line.md"
_BAGS = ("--ids", "[[2,3],[]]", "--combiner", "mean", "--code")
_RUNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "info": (("T",),),
    "search": (("T", "word2"), ("MARKED", "the")),
    "lookup": (("T", "word20 wrod21 word22"),),
    "layer": (("T", "word20", "--step", "--summary", "--code"), ("T", *_BAGS)),
    "neighbors": (("T", "word20"), ("T", "word20", "--mutual"), ("T", "#9", "--compare-spaces")),
    "analogy": (("T", "word20", "word21", "word22"),),
    "similarity": (
        ("T", "#1", "#2"),
        ("T", "#1", "#2", "#3"),
        ("T", "#1", "#2", "#3", "--odd-one-out"),
    ),
    "evaluate": (("T", "pairs.tsv", "questions.txt"),),
    "quality": (("map.csv", "T", "-k", "5", "--rows", "2"),),
    "replay": (("map.csv",),),
    "hubs": (("T", "-k", "1", "--never"),),
    "duplicates": (("T", "--least", "-1"),),
    "train": (("CORPUS", "-o", "new.safetensors", "--epochs", "1", "--dim", "4"),),
}
_NUMBERED = {"kept"}  # what is in it is named by k
_WORDS = {"info", "warning", "analogies", "wrong"}  # values that the page tells, not names


@pytest.fixture
def run(cli, saved: Path, reviews: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a verb with --json; gives its document, read strictly."""
    monkeypatch.chdir(tmp_path)
    words = [f"word{row}" for row in range(20, 29)]
    pairs = (f"{a}\t{b}\t{n}\n" for n, (a, b) in enumerate(pairwise(words)))
    Path("pairs.tsv").write_text("".join(pairs))
    Path("questions.txt").write_text(": gram-some\nword20 word21 word22 word23\n")
    marked = Table(("Ġthe", "the", "Ġa", "Ġof"), Vectors(np.eye(4, dtype=np.float32)))
    pipeline.save_table(marked, tmp_path / "marked.safetensors")
    cli("project", saved, "-o", "map.csv")
    files = {"T": saved, "MARKED": "marked.safetensors", "CORPUS": reviews}

    def told(verb: str, arguments: tuple[str, ...]) -> Any:
        ran = cli(verb, *(files.get(word, word) for word in arguments), "--json")
        assert ran.status == 0, ran.err
        return json.loads(ran.out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))

    return told


def _names(document: Any) -> Iterator[str]:
    if isinstance(document, list):
        for one in document:
            yield from _names(one)
    elif isinstance(document, dict):
        for name, value in document.items():
            yield name
            if name not in _NUMBERED:
                yield from _names(value)


def _section(verb: str) -> str:
    """What the page says of the JSON of a verb."""
    after = _PAGE.read_text(encoding="utf-8").split(f"\n### {verb}\n")[1]
    return after.split("\n##")[0]


@pytest.mark.parametrize("verb", _RUNS)
def test_every_name_that_is_printed_is_explained_and_the_other_way_round(verb: str, run):
    printed = {name for arguments in _RUNS[verb] for name in _names(run(verb, arguments))}
    explained = set(re.findall(r"`([a-z_0-9]+)`", _section(verb)))
    assert printed <= explained
    assert explained <= printed | _WORDS


def test_every_verb_that_prints_json_is_explained():
    context = click.Context(group)
    flags = {verb: group.get_command(context, verb).params for verb in VERBS}
    printing = {verb for verb, params in flags.items() if any(p.name == "as_json" for p in params)}
    assert printing == set(_RUNS)
