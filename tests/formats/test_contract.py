"""What every registered format must do, whatever it is."""

from __future__ import annotations

import os
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.errors import ExplorerError, InputError, NotFoundError
from explorer.formats import formats, sniff
from explorer.progress import Cancelled, Progress, silent
from explorer.reading.memory import allowing

NAMES = sorted(formats())
# `make fuzz` asks for more damages, from another seed.
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "60"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
# A space ends the token there: the sample has New_York.
NO_SPACES = {"word2vec_binary"}
# Formats that cannot say "the" twice, and what their sample says instead.
NO_DUPLICATES = {"spacy": "the\n"}
# Formats whose parser runs in a child process.
IN_A_CHILD = {"arrow", "datasets", "keras", "onnx", "parquet"}
# Formats whose sample is mapped, so that its numbers take no memory.
MAPPED = {"fasttext", "gguf", "huggingface", "npy", "projector", "safetensors", "spacy", "torch"}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_recognised_by_its_own_format(name, sample):
    assert sniff(sample(name)).name == name


@pytest.mark.parametrize("name", NAMES)
def test_probe_tells_the_shape_that_read_gives(name, sample):
    path = sample(name)
    best = formats()[name].probe(path)[0]
    table = formats()[name].read(path, "", report=silent)
    assert (best.rows, best.dim) == table.vectors.shape
    assert best.dtype == table.vectors.dtype
    assert best.named


@pytest.mark.parametrize("name", NAMES)
def test_read_gives_every_number_and_token(name, sample, matrix, table):
    read = formats()[name].read(sample(name), "", report=silent)
    space = "_" if name in NO_SPACES else " "
    *tokens, last = (token.replace(" ", space) for token in table.tokens)
    assert tuple(read.tokens) == (*tokens, NO_DUPLICATES.get(name, last))
    np.testing.assert_array_equal(read.vectors.to_numpy(), matrix)
    assert read.source.format == name
    assert read.named


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_tensor_is_named_in_the_refusal(name, sample):
    with pytest.raises(NotFoundError, match=r"no\.such\.tensor"):
        formats()[name].read(sample(name), "no.such.tensor", report=silent)


@pytest.mark.parametrize("name", NAMES)
def test_reading_stops_when_the_report_says_so(name, sample):
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        formats()[name].read(sample(name), "", report=stop)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_beyond_the_budget_is_refused_unless_it_is_mapped(name, sample):
    path = sample(name)
    with allowing(10):
        if name in MAPPED:
            assert formats()[name].read(path, "", report=silent).vectors.mapped
            return
        said = r"would need \d[\d.]* \w+ of memory, and 10 bytes are allowed"
        with pytest.raises(InputError, match=said) as caught:
            formats()[name].read(path, "", report=silent)
    assert caught.value.path.name.startswith(path.stem)


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_gives_a_table_or_a_sentence(name, sample, tmp_path, monkeypatch):
    path = sample(name)
    monkeypatch.chdir(tmp_path)
    chance = random.Random(SEED)
    _open_all(name, path, [(_damaged, chance)] * ROUNDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_truncated_file_gives_a_table_or_a_sentence(name, sample):
    sizes = {0, 1, 7, 8, 9, 0.33, 0.5, -9, -1}
    _open_all(name, sample(name), [(_truncated, size) for size in sizes])


def _truncated(whole: bytes, size: float) -> bytes:
    return whole[: int(size * len(whole)) if 0 < size < 1 else int(size)]


def _open_all(name: str, path: Path, damages: list[tuple[Callable[..., bytes], Any]]) -> None:
    """Opens the file, or the files of the folder in turn, with each damage done to it."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    wholes = [(file, file.read_bytes()) for file in files]
    variants = [(*wholes[at % len(wholes)], damage) for at, damage in enumerate(damages)]
    if name in IN_A_CHILD:
        listed = [(str(file), change(whole, how)) for file, whole, (change, how) in variants]
        _open_in_one_child(path, listed)
        return
    for file, whole, (change, how) in variants:
        file.write_bytes(change(whole, how))
        _open_anyhow(path)
        file.write_bytes(whole)


def _open_in_one_child(path: Path, variants: list[tuple[str, bytes]]) -> None:
    """All variants in one process: a child for each would take a minute."""
    shared = path.parent / "variants.pickle"
    shared.write_bytes(pickle.dumps((str(path), variants)))
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("in_one_child.py")), str(shared)],
        capture_output=True,
        text=True,
        check=False,
    )
    shared.unlink()
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.split("\n\x1f\n")[:-1]
    assert len(said) == len(variants)
    assert all(str(path.parent) in one for one in said)


def _damaged(whole: bytes, chance: random.Random) -> bytes:
    raw = bytearray(whole)
    if chance.random() < 0.1:
        del raw[chance.randrange(len(raw)) :]
    for _ in range(chance.randrange(1, 3)):
        if len(raw) > 1:
            chance.choice([_flip, _flip, _flip, _cut_out, _splice, _lie, _overstate])(raw, chance)
    return bytes(raw)


def _flip(raw: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(min(len(raw), 400) if chance.random() < 0.7 else len(raw))
        raw[place] = chance.choice([0, 10, 32, 45, 48, 57, 127, 128, 255, chance.randrange(256)])


def _cut_out(raw: bytearray, chance: random.Random) -> None:
    start = chance.randrange(1, len(raw))
    del raw[start : start + chance.randrange(1, 40)]


def _splice(raw: bytearray, chance: random.Random) -> None:
    """A piece of the file once more, in another place."""
    start, to = chance.randrange(len(raw)), chance.randrange(len(raw))
    raw[to:to] = raw[start : start + chance.randrange(1, 200)]


def _lie(raw: bytearray, chance: random.Random) -> None:
    """A binary number, perhaps a size, becomes another."""
    width = chance.choice([4, 8])
    place = chance.randrange(min(len(raw), 600))
    size = chance.choice([0, 1, 2**16, 2**31 - 1, 2**32 - 1, 2**40, 2**62, 2**63, 2**64 - 1])
    raw[place : place + width] = (size % 2 ** (8 * width)).to_bytes(width, "little")


def _overstate(raw: bytearray, chance: random.Random) -> None:
    """A number written out becomes another."""
    numbers = list(re.finditer(rb"[0-9]+", bytes(raw[:2000])))
    if numbers:
        found = chance.choice(numbers)
        size = chance.choice([b"0", b"-1", b"1e9", b"99999999", b"9" * 20, b"9" * 400])
        raw[found.start() : found.end()] = size


def _open_anyhow(path: Path) -> None:
    try:
        opened = sniff(path)
        opened.probe(path)
        read = opened.read(path, "", report=silent)
    except ExplorerError as error:
        said = str(error)
    else:
        said = f"{path.parent} {read.vectors.to_numpy().shape}"
    assert str(path.parent) in said
    assert "\x1b" not in said


def test_no_heavy_library_is_loaded_by_the_registry_or_by_mapping_a_file(sample):
    path = sample("safetensors")
    code = (
        "import sys; from pathlib import Path; from explorer.formats import sniff\n"
        f"path = Path({str(path)!r}); sniff(path).read(path, '', report=lambda p: None)\n"
        "print(sorted({'torch', 'sklearn', 'scipy', 'openTSNE', 'tokenizers', 'PySide6'} "
        "& set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_format_has_a_row_in_the_documentation():
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert documented == set(NAMES)
