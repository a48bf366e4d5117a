import numpy as np
import pytest

from explorer.gui.state.colours import FIELD
from explorer.gui.state.session import Session
from explorer.gui.tints import Tints, near_and_far
from explorer.palettes import most_categories
from explorer.table import Column, Table
from explorer.vectors import Vectors

ROWS = 200


@pytest.fixture
def session(qapp) -> Session:
    names = np.array([f"kind{row % 20:02}" for row in range(ROWS)], dtype=object)
    columns = {"kind": Column("kind", names), "score": Column("score", np.linspace(0, 1, ROWS))}
    tokens = tuple(f"word{row}" for row in range(ROWS))
    made = Session()
    made.set_table(Table(tokens, Vectors(np.eye(ROWS, 5, dtype=np.float32)), columns))
    return made


@pytest.fixture
def tints(session) -> Tints:
    return Tints(session)


@pytest.fixture
def told(tints) -> list[object]:
    heard: list[object] = []
    tints.changed.connect(lambda: heard.append(tints.colouring))
    return heard


def test_every_row_has_a_colour_without_a_column(session, tints):
    session.colours.by("")
    assert tints.title == ""
    assert len(np.unique(tints.colouring.rgba, axis=0)) == 1
    assert len(tints.colouring.codes) == ROWS


def test_colours_are_made_once_for_all_who_ask(session, tints):
    session.colours.by("score")
    assert tints.colouring is tints.colouring


def test_the_ends_of_a_ramp_are_those_asked_for_until_they_are_given_back(session, tints, told):
    session.colours.by("score")
    usual = tints.colouring.low, tints.colouring.high
    tints.span(0.2, 0.4)
    assert (tints.colouring.low, tints.colouring.high) == (0.2, 0.4)
    tints.span_as_usual()
    assert (tints.colouring.low, tints.colouring.high) == usual
    assert len(told) == 3


def test_each_column_keeps_its_own_ends(session, tints):
    session.colours.by("score")
    tints.span(0.2, 0.4)
    session.colours.by("kind")
    assert tints.colouring.legend
    session.colours.by("score")
    assert tints.colouring.low == 0.2


def test_more_categories_are_named_when_asked_for(session, tints):
    session.colours.by("kind")
    assert tints.colouring.folded == 12
    tints.name_categories(15)
    assert tints.colouring.folded == 5
    tints.name_categories(0)
    assert tints.colouring.folded == 19
    tints.name_categories(10_000)
    assert tints.colouring.folded == max(0, 20 - most_categories())


def test_categories_of_a_column_not_shown_are_prepared_quietly(session, tints, told):
    session.colours.by("score")
    told.clear()
    tints.name_categories(3, "kind")
    assert told == []
    session.colours.by("kind")
    assert tints.colouring.folded == 17


def test_shapes_come_and_go(session, tints):
    session.colours.by("kind")
    assert tints.colouring.shapes is None
    tints.set_shaped(True)
    assert tints.colouring.shapes is not None
    tints.set_shaped(False)
    assert tints.colouring.shapes is None


def test_dark_windows_have_other_colours(session, tints, told):
    session.colours.by("kind")
    light = tints.colouring.rgba
    told.clear()
    tints.set_dark(True)
    assert len(told) == 1
    assert not np.array_equal(tints.colouring.rgba, light)
    tints.set_dark(True)
    assert len(told) == 1


def test_another_table_has_its_usual_ends(session, tints):
    session.colours.by("score")
    tints.span(0.2, 0.4)
    session.set_table(session.table)
    session.colours.by("score")
    assert tints.colouring.low != 0.2


def test_a_field_has_fixed_ends_whatever_its_values(session, tints):
    session.colours.by(FIELD)
    ends = set()
    for greatest in (0.1, 0.9):
        values = np.linspace(-0.1, greatest, ROWS, dtype=np.float32)
        session.colours.set_field(Column("cosine", values))
        ends.add((tints.colouring.low, tints.colouring.high))
        assert tints.colouring.greatest == pytest.approx(greatest)
    assert len(ends) == 1
    assert tints.title == "cosine"


def test_a_field_without_a_row_is_of_one_colour(session, tints):
    session.colours.by(FIELD)
    assert tints.colouring.ramp is None
    assert tints.title == ""


def test_nearness_goes_up_the_ramp_in_even_steps():
    values = np.array([-1, 0, 0.25, 0.5, 1, 3, np.nan], np.float32)
    made = near_and_far(values, 0, 1, dark=False)
    assert made.codes.tolist() == [0, 0, 64, 128, 255, 255, 256]
    assert made.rgba[4, :3].tolist() == made.ramp[255].tolist()
    assert (made.least, made.greatest) == (-1, 3)


def test_nearness_of_nothing_known_is_shown_as_missing():
    made = near_and_far(np.full(3, np.nan, np.float32), 0, 1, dark=True)
    assert made.codes.tolist() == [256] * 3
    assert (made.least, made.greatest) == (0, 1)
