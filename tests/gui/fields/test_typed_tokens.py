"""Tokens typed one after another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.gui.fields.typed_tokens import read_tokens, row_of
from explorer.table import Table
from explorer.vectors import Vectors

TOKENS = ("good", "bad", "new york", "a,b", "Ġthe", "▁an", '"', "", "@x", "#1")


def table(tokens: tuple[str, ...] = TOKENS) -> Table:
    return Table(tokens, Vectors(np.ones((len(tokens), 2), np.float32)))


@pytest.mark.parametrize(
    ("text", "rows", "unknown"),
    [
        ("good, bad", [0, 1], []),
        ("bad good bad", [1, 0], []),
        ("new york", [2], []),
        ("good; new york\nbad", [0, 2, 1], []),
        ('"a,b" good', [3, 0], []),
        ("a,b", [], ["a", "b"]),
        ("the, ␣an", [4, 5], []),
        ("#2 #1 #99", [2, 9], ["#99"]),
        ('"nothing", good, worse good', [0], ['"nothing"', "worse"]),
        ("@mine, good", [1, 4, 0], []),
        ('@"two words"', [5], []),
        ("@other @x", [8], ["@other"]),
        ("good @mine", [0, 1, 4], []),
        ("  ", [], []),
        ('"', [6], []),
        ('""', [7], []),
    ],
)
def test_tokens_are_read_between_commas_and_blanks(
    text: str, rows: list[int], unknown: list[str]
) -> None:
    kept = {"mine": np.array([1, 4]), "two words": np.array([5])}
    found = read_tokens(text, table(), kept)
    assert found.rows.tolist() == rows
    assert list(found.unknown) == unknown


def test_a_token_that_looks_like_a_selection_is_found_where_it_stands_alone() -> None:
    assert row_of("@x", table()) == 8


@given(st.text(max_size=40) | st.text(alphabet='"\\u12@#,; \na␣Ġgod', max_size=20))
def test_whatever_is_typed_is_read_or_unknown(text: str) -> None:
    found = read_tokens(text, table(), {"mine": np.array([1])})
    assert len(set(found.rows.tolist())) == len(found.rows)
    assert all(0 <= row < len(TOKENS) for row in found.rows.tolist())
