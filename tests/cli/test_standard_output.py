"""Standard output that is full, closed, or a terminal of another encoding."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.table import Table
from explorer.vectors import Vectors


def test_a_standard_output_that_is_full_is_told_in_one_line(command, saved: Path):
    with Path("/dev/full").open("wb") as full:
        finished = subprocess.run(
            command("info", saved), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert finished.returncode == 1
    assert finished.stderr == "Error: No space left on device.\n"


@pytest.mark.parametrize(
    "verb", [("info",), ("lookup", "word20"), ("search", "word"), ("neighbors", "word20")]
)
def test_a_reader_who_has_gone_ends_the_output_in_silence(command, saved: Path, verb):
    reading, writing = os.pipe()
    os.close(reading)
    finished = subprocess.run(
        command(verb[0], saved, *verb[1:]),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert finished.stderr == ""
    assert finished.returncode == 1


@pytest.fixture
def surrogates(tmp_path: Path) -> Path:
    """A table whose tokens no encoding holds."""
    words = Table(("a", "\udcff", "\ud800é"), Vectors(np.eye(3, dtype=np.float32)))
    pipeline.save_table(words, tmp_path / "odd.safetensors")
    return tmp_path / "odd.safetensors"


@pytest.fixture
def printed(command) -> Callable[..., str]:
    """What `neighbors` prints on a terminal of that encoding."""

    def run(table: Path, token: str, encoding: str, *flags: object) -> str:
        finished = subprocess.run(
            command("neighbors", table, token, *flags),
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": encoding},
        )
        assert (finished.returncode, finished.stderr) == (0, b"")
        # click takes ASCII for a terminal that has not been told that it is UTF-8.
        return finished.stdout.decode("utf-8" if encoding == "ascii" else encoding)

    return run


ENCODINGS = pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])


@ENCODINGS
def test_nasty_tokens_are_printed_on_any_terminal(printed, saved, surrogates, encoding: str):
    text = printed(saved, "#7", encoding, "-k", 59)
    assert len(text.splitlines()) == 60
    assert 'say "hi"' in text
    assert "U+D800" in printed(surrogates, "a", encoding)


@ENCODINGS
def test_json_is_json_on_any_terminal(printed, saved, surrogates, encoding: str):
    for table, query, wanted in (
        (saved, "#7", {"", "a,b", 'say "hi"', "new\nline", "\u202eabc"}),
        (surrogates, "a", {"\udcff", "\ud800é"}),
    ):
        found = json.loads(printed(table, query, encoding, "-k", 59, "--json"))
        assert {entry["token"] for entry in found["neighbors"]} >= wanted


def test_bytes_that_are_no_text_may_be_asked_for(command, saved: Path):
    words = [os.fsencode(word) for word in command("neighbors", saved)]
    finished = subprocess.run([*words, b"\xff\xfe"], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert finished.stderr.startswith("Error: The token '\\udcff\\udcfe' is not in the table.")
