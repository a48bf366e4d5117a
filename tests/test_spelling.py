from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import pipeline, spelling
from explorer.errors import ParameterError
from explorer.progress import Cancelled
from explorer.spelling import KINDS, near_duplicates
from explorer.table import Table
from explorer.vectors import Vectors


def table_of(tokens, vectors=None):
    """Rows that all lie near one another, yet not at one place, where no vectors are given."""
    if vectors is None:
        vectors = 1 + 0.01 * np.random.default_rng(0).normal(size=(len(tokens), 5))
    return Table(tuple(tokens), Vectors(np.asarray(vectors, np.float32)))


def told(groups, table):
    return [([table.tokens[row] for row in one.rows], one.kinds) for one in groups]


@pytest.mark.parametrize(
    ("tokens", "kinds"),
    [
        (["film", "Film", "FILM"], ("case",)),
        (["film", " film", "Ġfilm", "▁film"], ("space",)),
        (["##ing", "ing"], ("space",)),
        (["ice cream", "ice_cream", "icecream"], ("space",)),
        (["don't", "dont"], ("punctuation",)),
        (["film", "Film."], ("case", "punctuation")),
        (["straße", "STRASSE"], ("case",)),
        (["colour", "color"], ("edit",)),
        (["flim", "film"], ("edit",)),
        (["film", "Films"], ("case", "edit")),
        (["twice", "twice"], ()),
    ],
)
def test_near_rows_spelt_nearly_alike_are_a_group(tokens, kinds):
    table = table_of([*tokens, "something", "else"])
    assert told(near_duplicates(table), table) == [(tokens, kinds)]


@pytest.mark.parametrize(
    "tokens", [["cat", "car"], ["1998", "1999"], ["b2bx", "b3bx"], ["film", "fires"], ["!", "?"]]
)
def test_other_words_and_other_numbers_are_no_group(tokens):
    assert near_duplicates(table_of(tokens)) == ()


def test_only_the_kinds_that_are_asked_for_count():
    table = table_of(["film", "Film", "films"])
    assert told(near_duplicates(table, kinds=["case"]), table) == [(["film", "Film"], ("case",))]
    assert told(near_duplicates(table, kinds=["edit"]), table) == [(["film", "films"], ("edit",))]
    assert told(near_duplicates(table, kinds=["space"]), table) == []


def test_rows_that_lie_apart_are_no_group_however_they_are_spelt():
    table = table_of(["bank", "Bank", "BANK"], [[1, 0, 0], [0, 1, 0], [1, 0.1, 0]])
    groups = near_duplicates(table, 0.9)
    assert told(groups, table) == [(["bank", "BANK"], ("case",))]
    assert groups[0].score == pytest.approx(1 / np.sqrt(1.01))


def test_groups_are_what_is_connected():
    table = table_of(["house", "houses", "housed", "mouse"])
    assert [one.rows.tolist() for one in near_duplicates(table)] == [[0, 1, 2, 3]]


def test_equal_vectors_under_different_tokens_are_a_group():
    vectors = np.random.default_rng(0).normal(size=(6, 4))
    vectors[[1, 4]] = vectors[2]
    vectors[[3, 5]] = 0
    table = table_of(["one", "two", "three", "four", "five", "six"], vectors)
    (group,) = near_duplicates(table)
    assert (group.rows.tolist(), group.kinds, group.score) == ([1, 2, 4], ("equal",), 1.0)


def test_a_row_is_compared_with_every_row_of_a_spelling_one_edit_apart():
    table = table_of(["colour", "Colour", "color"], [[1, 0], [0, 1], [0, 1.1]])
    assert told(near_duplicates(table), table) == [(["Colour", "color"], ("case", "edit"))]


def test_rows_without_direction_are_in_no_group():
    vectors = np.ones((4, 3), np.float32)
    vectors[0], vectors[1] = 0, np.nan
    table = table_of(["film", "Film", "FILM", "films"], vectors)
    assert [one.rows.tolist() for one in near_duplicates(table)] == [[2, 3]]


def test_groups_stand_in_the_order_of_their_first_rows():
    table = table_of(["zeta", "Alpha", "alpha", "Zeta"])
    assert [one.rows.tolist() for one in near_duplicates(table)] == [[0, 3], [1, 2]]


_WORDS = st.lists(st.text(alphabet="abcAB .'", min_size=4, max_size=6), min_size=2, max_size=25)


@given(_WORDS)
def test_every_pair_one_edit_apart_is_found(words):
    from rapidfuzz.distance import OSA

    table = table_of(words)
    joined = {row: place for place, one in enumerate(near_duplicates(table)) for row in one.rows}
    for one, other in combinations(range(len(words)), 2):
        plain = [words[row].casefold() for row in (one, other)]
        if all(word.isalpha() for word in plain) and OSA.distance(*plain) <= 1:
            assert joined[one] == joined[other]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=12), st.sets(st.sampled_from(KINDS)))
def test_no_token_is_an_error(tokens, kinds):
    groups = near_duplicates(table_of(tokens), 0.5, kinds or KINDS)
    assert all(len(one.rows) > 1 for one in groups)


def test_many_rows_of_one_spelling_are_one_group(monkeypatch):
    monkeypatch.setattr("explorer.spelling._EVERY_PAIR", 5)
    (group,) = near_duplicates(table_of(["a", "A"] * 20))
    assert len(group.rows) == 40


@pytest.mark.parametrize("wrong", [{"kinds": ["sound"]}, {"kinds": []}, {"least": 1.1}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ParameterError):
        pipeline.near_duplicates(table_of(["a", "b"]), **wrong)


def test_the_search_can_be_stopped():
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        near_duplicates(table_of(["film", "Film"]), report=stop)


def test_vectors_of_words_one_edit_apart_are_compared_once_and_of_no_others(monkeypatch):
    from rapidfuzz.distance import OSA

    endings = ["".join(two) for two in product("abcdefgh", repeat=2)]
    tokens = [f"word{ending}" for ending in endings] + ["wordaa", "Wordhh", "wordy"]
    compared, cosines = [], spelling._cosines

    def noted(vectors, pairs, report):
        compared.append(pairs.tolist())
        return cosines(vectors, pairs, report)

    monkeypatch.setattr(spelling, "_cosines", noted)
    near_duplicates(table_of(tokens), kinds=["edit"])
    assert sorted(compared[0]) == [
        [one, other]
        for one, other in combinations(range(len(tokens)), 2)
        if OSA.distance(tokens[one], tokens[other]) <= 1
        and (tokens[one].casefold() != tokens[other].casefold() or tokens[one] == tokens[other])
    ]
