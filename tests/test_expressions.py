from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import expressions
from explorer.errors import ExplorerError
from explorer.expressions import (
    Context,
    ExpressionError,
    evaluate,
    selection_text,
    selections_in,
)
from explorer.table import Table
from explorer.vectors import Vectors

TOKENS = (
    *("king", "man", "woman", "new york", 'say "hi"', "a-b", "3", "mean", "été", "zero", "nan"),
)
MATRIX = np.random.default_rng(0).normal(size=(len(TOKENS), 5))
MATRIX[9] = 0
MATRIX[10] = np.nan


@pytest.fixture(scope="module")
def context():
    table = Table(TOKENS, Vectors(MATRIX.astype(np.float32)))
    return Context.of(
        table,
        {"first": np.array([0, 1]), "two words": np.array([2]), "none": np.array([], np.int64)},
    )


V = {token: MATRIX.astype(np.float32).astype(np.float64)[row] for row, token in enumerate(TOKENS)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"king" - "man" + "woman"', V["king"] - V["man"] + V["woman"]),
        ("king - man - woman", V["king"] - V["man"] - V["woman"]),
        ("king - (man - woman)", V["king"] - (V["man"] - V["woman"])),
        ("2 * king / 4", V["king"] / 2),
        ("king * 2 + man", V["king"] * 2 + V["man"]),
        ("-king", -V["king"]),
        ("king − man × 2 ÷ 4", V["king"] - V["man"] / 2),
        ("--king", V["king"]),
        ("(1 + 2) * king", 3 * V["king"]),
        ("'new york'", V["new york"]),
        (r'"say \"hi\""', V['say "hi"']),
        (r'"\u00e9t\u00e9"', V["\u00e9t\u00e9"]),
        ('"a-b"', V["a-b"]),
        ('"3"', V["3"]),
        ('"mean"', V["mean"]),
        ("mean", V["mean"]),
        ("#2", V["woman"]),
        ("mean(king, man)", (V["king"] + V["man"]) / 2),
        ("@first", (V["king"] + V["man"]) / 2),
        ("mean(@first, woman)", (V["king"] + V["man"] + V["woman"]) / 3),
        ('@"two words"', V["woman"]),
        ("unit(king)", V["king"] / np.linalg.norm(V["king"])),
        ("unit(1e200 * king)", V["king"] / np.linalg.norm(V["king"])),
        ("unit(1e-200 * king)", V["king"] / np.linalg.norm(V["king"])),
        ("1.5e1 * king", 15 * V["king"]),
    ],
)
def test_an_expression_comes_to_its_vector(context, text, wanted):
    np.testing.assert_allclose(evaluate(text, context).values, wanted, rtol=1e-12)


def test_the_rows_an_expression_speaks_of_are_told(context):
    assert evaluate("woman - king + mean(@first) + #2", context).rows.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("", 1),
        ("king +", 7),
        ("king man", 6),
        ("king + nobody", 8),
        ("king + #999", 8),
        ("king * man", 6),
        ("king / man", 6),
        ("king / 0", 6),
        ("king + 1", 6),
        ("1 + king", 3),
        ("3 * 4", 1),
        ("(king", 6),
        ("king)", 5),
        ("max(king)", 1),
        ("mean()", 6),
        ("mean(2)", 6),
        ("unit(zero)", 1),
        ("king + nan", 8),
        ("king + @nobody", 8),
        ("king + @none", 8),
        ('king + "man', 8),
        ("king % man", 6),
        ("king + 1e999 * man", 8),
        ("king . real", 6),
        ("__import__('os')", 1),
    ],
)
def test_an_error_points_at_the_character(context, text, character):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, context)
    assert caught.value.position + 1 == character
    assert f"character {character} " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("“king”", 'Write straight quotes, such as "good".'),
        ("#-1", "After it goes the number of a row, such as #12."),
        ("king + @", "After it goes the name of a selection, such as @selection."),
        ("king ^ 2", "Tokens go between quotes."),
    ],
)
def test_a_character_that_means_nothing_is_told_with_what_would(context, text, hint):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, context)
    assert caught.value.hint == hint
    assert "means nothing" in caught.value.reason


def test_numbers_beyond_float64_are_told_and_not_shown(context):
    with pytest.raises(ExpressionError, match="infinite"):
        evaluate("king * 1e300 * 1e300", context)


@pytest.mark.parametrize("name", ["animals", "my words", 'say "x"', "back\\slash", "über"])
def test_a_selection_is_found_by_the_name_as_it_is_spelt(context, name):
    text = selection_text(name)
    assert selections_in(f"mean({text}, {text}) - #1") == (name,)
    named = replace(context, selections={name: np.array([2])})
    assert evaluate(text, named).rows.tolist() == [2]


def test_a_thousand_brackets_are_refused(context):
    with pytest.raises(ExpressionError, match="inside each other"):
        evaluate("(" * 1000 + "king" + ")" * 1000, context)
    with pytest.raises(ExpressionError, match="too long"):
        evaluate("king + " * 5000 + "king", context)


WORDS = ["king", '"man"', "#1", "@first", "mean(", "unit(", "2", "1e9", "0x1", "1_0"]
PIECES = st.sampled_from([*WORDS, *"'\"#@()+-*/,. \\\x00\ud800é$"])


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30))
def test_whatever_is_typed_gives_a_vector_or_an_error_of_ours(text):
    table = Table(TOKENS, Vectors(MATRIX.astype(np.float32)))
    try:
        found = evaluate(text, Context.of(table, {"first": np.array([0, 1])}))
    except ExplorerError:
        return
    assert found.values.shape == (5,)
    assert np.isfinite(found.values).all()


def test_a_selection_is_read_in_parts_and_counts_row_by_row(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expressions, "_NUMBERS_AT_ONCE", 3 * table.dim)
    rows = np.array([3, 4, 5, 7, 11, 40, 41, 59])
    context = Context.of(table, {"some": rows})
    vectors = table.vectors.to_numpy().astype(np.float64)

    alone = evaluate("@some", context)
    with_one = evaluate("mean(@some, #20)", context)

    np.testing.assert_allclose(alone.values, vectors[rows].mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(with_one.values, vectors[[*rows, 20]].mean(axis=0), rtol=1e-12)
    assert with_one.rows.tolist() == sorted([*rows.tolist(), 20])
