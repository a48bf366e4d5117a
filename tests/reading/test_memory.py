from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InputError, ParameterError
from explorer.formats import sniff
from explorer.progress import silent
from explorer.reading.memory import (
    DEFAULT_SHARE,
    VARIABLE,
    allowed,
    allowing,
    ensure_fits,
    in_words,
    machine_memory,
    memory_budget,
)
from explorer.settings import Settings


@pytest.mark.parametrize(
    ("told", "bytes_"),
    [("4G", 4 * 2**30), ("1.5 GiB", 3 * 2**29), ("500MB", 500 * 2**20), ("64k", 2**16), ("9", 9)],
)
def test_an_amount_in_the_environment_is_the_budget(told, bytes_, monkeypatch):
    monkeypatch.setenv(VARIABLE, told)
    assert memory_budget() == bytes_


def test_without_one_it_is_half_of_the_machine(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert memory_budget() == machine_memory() // 2
    monkeypatch.setenv(VARIABLE, "25%")
    assert memory_budget() == machine_memory() // 4


def test_a_share_of_the_machine_is_taken_unless_the_environment_says_more(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert memory_budget(0.125) == machine_memory() // 8
    monkeypatch.setenv(VARIABLE, "9")
    assert memory_budget(0.125) == 9


def test_the_share_of_fresh_settings_is_the_usual_one():
    assert Settings().memory_share == DEFAULT_SHARE


def test_a_budget_handed_down_holds_within_its_block_only():
    with allowing(7):
        with allowing(None):
            assert allowed() == 7
        with pytest.raises(InputError, match="7 bytes are allowed"):
            ensure_fits(Path("a"), 8)
    assert allowed() == memory_budget()


@pytest.mark.parametrize("told", ["much", "-1G", "0", "4X", "G"])
def test_what_is_no_amount_is_refused_by_name(told, monkeypatch):
    monkeypatch.setenv(VARIABLE, told)
    with pytest.raises(ParameterError, match=VARIABLE):
        memory_budget()


def test_a_refusal_tells_both_numbers_and_the_way_out(monkeypatch):
    monkeypatch.setenv(VARIABLE, "2000")
    ensure_fits(Path("t.vec"), 2000)
    with pytest.raises(InputError, match=r"3\.2 GB .* 2\.0 kB .*allowed\. .*safetensors"):
        ensure_fits(Path("t.vec"), 3_200_000_000)


@pytest.mark.parametrize(
    ("size", "words"), [(12, "12 bytes"), (2500, "2.5 kB"), (7 * 10**6, "7.0 MB")]
)
def test_sizes_are_told_as_people_read_them(size, words):
    assert in_words(size) == words


@pytest.mark.parametrize("ending", [".vec", ".bin", ".tsv", ".csv"])
def test_a_table_beyond_the_budget_is_refused_and_a_mapped_one_is_not(
    ending, tmp_path, monkeypatch
):
    from explorer.pipeline import save_table
    from explorer.table import Table
    from explorer.vectors import Vectors

    matrix = np.random.default_rng(0).normal(size=(500, 8)).astype(np.float32)
    table = Table(tuple(f"w{row}" for row in range(500)), Vectors(matrix))
    path = save_table(table, tmp_path / f"a{ending}").source.path
    mapped = save_table(table, tmp_path / "b.npy").source.path
    monkeypatch.setenv(VARIABLE, "15kB")
    with pytest.raises(InputError, match="of memory"):
        sniff(path).read(path, "", report=silent)
    assert len(sniff(mapped).read(mapped, "", report=silent)) == 500
    monkeypatch.setenv(VARIABLE, "1M")
    assert len(sniff(path).read(path, "", report=silent)) == 500
