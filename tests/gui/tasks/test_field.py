import numpy as np
import pytest

from explorer.gui.state.colours import FIELD
from explorer.gui.state.session import Session
from explorer.gui.tasks.field import Field
from explorer.gui.tasks.jobs import Lane
from explorer.table import Table
from explorer.vectors import Vectors

ROWS = 30


def made_table(seed: int = 0) -> Table:
    matrix = np.random.default_rng(seed).normal(size=(ROWS, 4)).astype(np.float32)
    return Table(tuple(f"word{row}" for row in range(ROWS)), Vectors(matrix))


@pytest.fixture
def session(qapp) -> Session:
    made = Session()
    made.set_table(made_table())
    return made


@pytest.fixture
def lane(qapp):
    made = Lane("field")
    yield made
    made.close()


@pytest.fixture
def field(session, lane) -> Field:
    return Field(session, lane)


@pytest.fixture
def shown(session, field, qtbot):
    """Waits until the field is of a row, and gives its values."""

    def wait(row: int):
        def is_of_it():
            column = session.colours.column
            assert column is not None
            assert column.values[row] == pytest.approx(1)

        qtbot.waitUntil(is_of_it)
        return session.colours.column.values

    return wait


def test_the_map_takes_the_cosines_to_the_row_under_the_mouse(session, shown):
    session.colours.by(FIELD)
    session.hover(7)
    vectors = session.table.vectors.to_numpy()
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(shown(7), unit @ unit[7], atol=1e-6)
    assert session.colours.column.name == "cosine to ‘word7’"


def test_nothing_is_compared_while_other_things_colour_the_map(session, field, lane):
    session.hover(7)
    session.select([3])
    assert not lane.busy
    assert session.colours.column is None


def test_choosing_the_field_begins_with_the_selected_row(session, shown):
    session.select([3])
    session.colours.by(FIELD)
    shown(3)


def test_the_mouse_beside_all_dots_leads_back_to_the_selected_row(session, shown):
    session.select([3])
    session.colours.by(FIELD)
    session.hover(7)
    shown(7)
    session.hover(-1)
    shown(3)


def test_without_a_selected_row_the_last_field_stays(session, shown, qtbot, lane):
    session.colours.by(FIELD)
    session.hover(7)
    shown(7)
    session.hover(-1)
    qtbot.wait(400)
    assert not lane.busy
    shown(7)


def test_of_many_rows_pointed_at_the_last_is_shown(session, shown):
    session.colours.by(FIELD)
    for row in range(20):
        session.hover(row)
    shown(19)


def test_other_numbers_are_compared_anew(session, shown, qtbot):
    session.colours.by(FIELD)
    session.select([3])
    before = shown(3).copy()
    other = made_table(1)
    session.update_table(Table(session.table.tokens, other.vectors))
    qtbot.waitUntil(
        lambda: (
            session.colours.column is not None
            and not np.array_equal(session.colours.column.values, before)
        )
    )


def test_a_row_without_a_direction_gives_no_numbers(session, field, qtbot):
    matrix = session.table.vectors.to_numpy().copy()
    matrix[5] = 0
    session.set_table(Table(session.table.tokens, Vectors(matrix)))
    session.colours.by(FIELD)
    session.hover(5)
    qtbot.waitUntil(lambda: session.colours.column is not None)
    assert np.isnan(session.colours.column.values).all()
