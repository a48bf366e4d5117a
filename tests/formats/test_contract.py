"""What every registered format must do, whatever it is."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import ExplorerError, NotFoundError
from explorer.formats import formats, sniff
from explorer.progress import Cancelled, Progress, silent

NAMES = sorted(formats())


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
    assert read.tokens == table.tokens
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


@pytest.mark.parametrize("name", [name for name in NAMES if formats()[name].write])
def test_what_is_written_is_read_back(name, table, tmp_path):
    path = tmp_path / f"out{formats()[name].suffixes[0]}"
    formats()[name].write(table, path, report=silent)
    read = sniff(path).read(path, "", report=silent)
    assert read.tokens == table.tokens
    np.testing.assert_array_equal(read.vectors.to_numpy(), table.vectors.to_numpy())


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_gives_a_table_or_a_sentence(name, sample, tmp_path, monkeypatch):
    path = sample(name)
    whole = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    chance = random.Random(0)
    for _ in range(60):
        path.write_bytes(_damaged(whole, chance))
        _open_anyhow(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_truncated_file_gives_a_table_or_a_sentence(name, sample):
    path = sample(name)
    whole = path.read_bytes()
    for size in {0, 1, 7, 8, 9, len(whole) // 3, len(whole) // 2, len(whole) - 9, len(whole) - 1}:
        path.write_bytes(whole[:size])
        _open_anyhow(path)


def _damaged(whole: bytes, chance: random.Random) -> bytes:
    raw = bytearray(whole)
    if chance.random() < 0.3:
        start = chance.randrange(len(raw))
        del raw[max(1, start) : start + chance.randrange(1, 40)]
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(min(len(raw), 400) if chance.random() < 0.7 else len(raw))
        raw[place] = chance.choice([0, 10, 32, 45, 48, 57, 127, 128, 255, chance.randrange(256)])
    return bytes(raw)


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
