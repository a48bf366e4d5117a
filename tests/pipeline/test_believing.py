"""Measuring maps and comparing them, as both faces ask for it."""

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.table import Table


@pytest.fixture(scope="module")
def projection(table: Table):
    return pipeline.project(table)


def test_the_column_of_a_map_is_named_after_the_neighbours_and_the_method(projection):
    measured = pipeline.measure(projection, [5, 9])
    column = pipeline.kept_column(projection, measured, 9)
    assert column.name == "neighbours kept (k=9, PCA)"
    assert np.nanmean(column.values) == pytest.approx(measured.kept[1])
    assert len(column.values) == len(projection.table)


def test_a_column_of_neighbours_that_were_not_counted_is_refused(projection):
    measured = pipeline.measure(projection, [5])
    with pytest.raises(ParameterError, match="not measured at 10"):
        pipeline.kept_column(projection, measured, 10)


def test_one_row_keeps_what_the_whole_measure_says_of_it(projection):
    measured = pipeline.measure(projection, [5])
    kept = [pipeline.believe(projection, row, 5).kept for row in range(20)]
    assert kept == pytest.approx(measured.kept_rows[0, :20].tolist())


def test_a_map_agrees_with_itself_turned_round(projection):
    turned = projection.with_axes(projection.axes[::-1])
    found = pipeline.agreement(projection, turned, 5)
    assert found.mean == 1
    column = pipeline.agreement_column(projection, turned, found)
    assert column.name == "in both maps (k=5)"
    assert (column.values == 1).all()


def test_other_axes_tell_of_other_neighbours(projection):
    found = pipeline.agreement(projection, projection.with_axes((2, 3)), 5)
    assert 0 < found.mean < 0.5


def test_a_way_to_cluster_that_there_is_not_is_told_with_those_there_are(table: Table):
    with pytest.raises(ParameterError, match="k-means, hdbscan"):
        pipeline.cluster(table, "tea-leaves")


def test_clusters_of_a_map_are_of_its_dots(table: Table, projection):
    how = {"clusters": 3, "space": "map"}
    found = pipeline.cluster(table, "k-means", projection=projection, **how)
    gaps = np.linalg.norm(projection.coordinates[:, None] - found.centres[None], axis=2)
    assert (gaps.argmin(axis=1) == found.labels).all()
