"""Every example that a reader may copy, from the help and the documents, is run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pytest

import explorer
from explorer import pipeline
from explorer.__main__ import main
from explorer.cli import VERBS
from explorer.cli.examples import EXAMPLES, PROGRAM
from explorer.cli.main import group
from explorer.paths import resource
from explorer.table import Column, Table
from explorer.vectors import Vectors

_ROOT = Path(__file__).resolve().parents[2]
_DOCUMENTS = ("README.md", "docs/guide.md", "docs/command_line.md", "sample_data/README.md")
_LONG = {"tour", "demo"}  # a training each; tests of their own
_ROWS = 200
_FOUND = {"uninspired", "it’s"}  # what a pattern and a search for duplicates find
_SHORT = {"tsne": ("--iterations", "30"), "train": ("--epochs", "1")}
_TABLES = (  # content decides what a file is
    *("checkpoint.pt", "model.gguf", "model.safetensors", "sample_data/reviews.safetensors"),
)


def _text(document: str) -> str:
    return (_ROOT / document).read_text(encoding="utf-8")


def _words(line: str) -> list[str]:
    """The arguments of an example, its comment left out."""
    return shlex.split(line.replace("\\\n", " "), comments=True)


def _examples_of_documents() -> Iterator[tuple[str, str]]:
    """(document, arguments) of each line of a code block that calls the program."""
    for document in _DOCUMENTS:
        for block in re.findall(r"^```\w*\n(.*?)^```", _text(document), re.DOTALL | re.MULTILINE):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith(tuple(f"{PROGRAM} {verb}" for verb in VERBS)):
                    yield document, line.removeprefix(f"{PROGRAM} ")


def _cases() -> Iterator[object]:
    told = [(f"{verb} --help", line) for verb, lines in EXAMPLES.items() for line in lines]
    for source, line in (*told, *_examples_of_documents()):
        yield pytest.param(_words(line), id=f"{source}: {' '.join(line.split())}")


@pytest.fixture(scope="module")
def small() -> Table:
    """Some rows of the sample table: the commonest words, and those that the examples name."""
    sample = pipeline.open_table(resource("sample/reviews.safetensors"))
    texts = [*map(_text, _DOCUMENTS), *(line for lines in EXAMPLES.values() for line in lines)]
    named = _FOUND | set(re.findall(r"\w+", " ".join(texts).lower()))
    rows = [row for row, token in enumerate(sample.tokens) if row < _ROWS or token in named]
    columns = {
        name: Column(name, column.values[rows], column.description)
        for name, column in sample.columns.items()
    }
    tokens = tuple(sample.tokens[row] for row in rows)
    return Table(tokens, Vectors(sample.vectors.rows(np.array(rows))), columns)


@pytest.fixture(scope="module")
def stand_ins(small: Table, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What every file that an example reads holds, small."""
    folder = tmp_path_factory.mktemp("stand-ins")
    ours, glove = folder / "reviews.safetensors", folder / "glove.txt"
    pipeline.save_table(small, ours)
    pipeline.save_table(small, glove)
    # GloVe has no header, and no columns.
    glove.write_bytes(glove.read_bytes().split(b"\n", 1)[1])
    np.save(folder / "vectors.npy", small.vectors.rows(np.arange(len(small))))
    (folder / "words.txt").write_bytes("".join(f"{token}\n" for token in small.tokens).encode())
    (folder / "wordsim353.tsv").write_text("good\tgreat\t8\ngood\tbad\t5\nfilm\tshe\t1\n")
    (folder / "questions-words.txt").write_text(": family\nhe she husband wife\n")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(
    stand_ins: dict[str, bytes], reviews: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A working folder with a file of every name that an example reads."""
    monkeypatch.chdir(tmp_path)
    others = {
        **dict.fromkeys(
            ("checkpoint.pt", "model.gguf", "model.safetensors"), "reviews.safetensors"
        ),
        **dict.fromkeys(("glove.6B.100d.txt", "moved/glove.txt"), "glove.txt"),
        "sample_data/reviews.safetensors": "reviews.safetensors",
    }
    files = stand_ins | {name: stand_ins[like] for name, like in others.items()}
    corpora = ("reviews.csv", "IMDB_Dataset.csv", "sample_data/reviews.csv")
    for name, held in (files | dict.fromkeys(corpora, reviews.read_bytes())).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(held)
    return tmp_path


@pytest.mark.parametrize("words", list(_cases()))
def test_an_example_does_what_it_says(words: list[str], folder: Path, capsys):
    verb = words[0]
    if verb in _LONG:
        group.get_command(click.Context(group), verb).make_context(verb, words[1:])
        return
    if verb in {"quality", "replay"} or "--from" in words:
        table = "glove.txt" if "glove.txt" in words else "sample_data/reviews.safetensors"
        assert main(["project", table, "-o", "map.csv"]) == 0
        capsys.readouterr()
    words += [flag for word, flags in _SHORT.items() if word in words for flag in flags]
    assert main(words) == 0, capsys.readouterr().err
    ran = capsys.readouterr()
    assert ran.out
    if "--json" in words:
        json.loads(ran.out)
    if "-o" in words:
        assert (folder / words[words.index("-o") + 1]).stat().st_size


@pytest.mark.parametrize("document", ["README.md", "docs/guide.md"])
def test_the_python_of_a_document_runs(document: str, folder: Path, small: Table):
    matrix = small.vectors.rows(np.arange(10))
    names = {"explorer": explorer, "table": small, "matrix": matrix, "shards": [matrix]}
    blocks = re.findall(r"^```python\n(.*?)^```", _text(document), re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        exec(block, names)


@pytest.mark.parametrize("verb", VERBS)
def test_every_help_ends_with_examples_that_fit_a_terminal(verb: str, cli, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    told = cli(verb, "--help").out
    examples = told.partition("\n  Examples:\n")[2]
    assert examples.count(f"    {PROGRAM} {verb}") == len(EXAMPLES[verb])
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize("document", [*_DOCUMENTS, "docs/formats.md"])
def test_every_flag_that_a_document_names_is_one(document: str):
    context = click.Context(group)
    known = {
        flag
        for verb in VERBS
        for option in group.get_command(context, verb).params
        for flag in (*option.opts, *option.secondary_opts)
    }
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", _text(document)))
    assert named - known - {"--help", "--version"} <= _OF_OTHERS


_OF_OTHERS = {"--reviews"}  # of sample_data/make_reviews.py
