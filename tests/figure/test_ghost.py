"""The ghost point of a query in a figure: marked where it belongs, and named below the map."""

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.figure import GhostPoint, draw_map, map_image
from explorer.figure.frame import Frame, view_of
from explorer.figure.paper import Box

PLACE = np.float32([0.5, -0.25])


def point(place=PLACE, **told):
    return GhostPoint('"good" - "bad"', np.float32(place), **told)


def test_its_name_and_how_it_was_placed_are_written(projected, written, tmp_path):
    made = projected(40)
    draw_map(made, tmp_path / "map.svg", ghost=point(detail="placed by the formula of the map"))
    assert '"good" - "bad"' in written
    assert "placed by the formula of the map" in written


def test_it_is_marked_at_its_place(projected):
    made = projected(40)
    plain, marked = (
        map_image(made, (600, 600), ghost=ghost, labels_count=0).astype(int)
        for ghost in (point((-99, -99)), point())
    )
    changed = np.argwhere(np.abs(plain - marked).sum(axis=2) > 60)
    # Above the line of words below the map, where the two differ as well.
    on_map = changed[changed[:, 0] < 0.8 * plain.shape[0]]
    assert len(on_map) > 20
    assert np.ptp(on_map, axis=0).max() < 40


def test_a_point_beyond_the_edge_is_named_and_said_to_be_there(projected, written, tmp_path):
    draw_map(projected(40), tmp_path / "map.svg", ghost=point((99, 99)))
    assert "beyond the edge of the map" in written


def test_a_map_of_three_axes_is_turned_with_it(projected):
    made = projected(40, axes=(0, 1, 2))
    turn = np.float64([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    view = view_of(made.coordinates, turn)
    for row in (0, 7):
        np.testing.assert_allclose(view.flat_of(made.coordinates[row]), view.flat[row], atol=1e-6)
    frame = Frame(view, Box(0, 0, 100, 100))
    np.testing.assert_allclose(
        frame.place(view.flat_of(made.coordinates[7])), frame.points[7], atol=1e-4
    )


def test_a_point_of_another_map_is_refused(projected, tmp_path):
    with pytest.raises(ParameterError, match="needs 2 coordinates"):
        draw_map(projected(40), tmp_path / "map.svg", ghost=point((1, 2, 3)))


def test_a_query_is_a_point_where_its_vector_belongs(table):
    made = pipeline.project(table, "pca")
    found = pipeline.ghost_of(made, "#1 - #2")
    vector = table.vectors.exact(1).astype(float) - table.vectors.exact(2)
    np.testing.assert_allclose(found.place, pipeline.place_vectors(made, vector)[0], rtol=1e-5)
    assert (found.title, found.detail) == ("#1 - #2", "placed by the formula of the map")
    np.testing.assert_allclose(
        pipeline.ghost_of(made, table.tokens[3]).place, made.coordinates[3], atol=1e-5
    )


def test_a_query_without_a_place_is_refused(table, tmp_path):
    path = tmp_path / "xy.csv"
    path.write_text("x,y\n" + "1,2\n" * len(table))
    made = pipeline.project(table, "as-is", coordinates=str(path))
    with pytest.raises(ParameterError, match="has no place"):
        pipeline.ghost_of(made, "#1 - #2")
