from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.gui.fields.completions import Completions
from explorer.progress import Cancelled, Progress
from explorer.table import Column, Table, numbered_tokens
from explorer.vectors import Vectors


def _table(tokens: tuple[str, ...], counts: list[int] | None = None) -> Table:
    columns = {} if counts is None else {"count": Column("count", np.array(counts))}
    return Table(tokens, Vectors(np.ones((len(tokens), 2), np.float32)), columns)


def test_the_equal_token_comes_first_then_the_most_frequent() -> None:
    found = Completions(_table(("good", "goods", "go", "bad", "Google"), [5, 9, 1, 7, 20]))

    assert found.rows("go") == [2, 4, 1, 0]


def test_rows_stand_in_their_order_where_no_frequency_is_known() -> None:
    assert Completions(_table(("b2", "a", "b1"))).rows("b") == [0, 2]


@pytest.mark.parametrize("mark", ["Ġ", "▁"])
def test_case_and_the_marks_of_words_do_not_count(mark: str) -> None:
    found = Completions(_table((f"{mark}the", f"{mark}The", " then", "other", "the")))

    for prefix in ("THE", f"{mark}the", " the"):
        assert found.rows(prefix) == [0, 1, 4, 2]


def test_nothing_is_offered_for_a_table_without_names() -> None:
    vectors = Vectors(np.ones((5, 2), np.float32))
    table = Table(numbered_tokens(5), vectors, named=False)

    assert Completions(table).rows("<row") == []


def test_the_equal_token_is_among_a_few_of_very_many() -> None:
    tokens = (*(f"a{row}" for row in range(2000)), "a")
    found = Completions(_table(tokens)).rows("a", limit=5)

    assert found == [2000, 0, 1, 2, 3]


def test_reading_stops_where_the_report_says_so() -> None:
    def report(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Completions(_table(("a", "b")), report)


@given(st.lists(st.text("abAß Ġ▁", max_size=4), min_size=1, max_size=30), st.text("aAß"))
def test_what_is_offered_begins_so(tokens: list[str], prefix: str) -> None:
    found = Completions(_table(tuple(tokens))).rows(prefix, limit=100)

    wanted = {row for row, token in enumerate(tokens) if _begins(token, prefix)}
    assert set(found) >= wanted if prefix else not found
    for row in found:
        assert _begins(tokens[row].replace("▁", " ").replace("Ġ", " ").lstrip(" "), prefix)


def _begins(token: str, prefix: str) -> bool:
    return bool(prefix) and token.casefold().startswith(prefix.casefold())
