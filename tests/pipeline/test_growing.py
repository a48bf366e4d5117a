import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import NotFoundError, ParameterError
from explorer.progress import Cancelled
from explorer.table import Table
from explorer.vectors import Vectors


def table_of(matrix):
    return Table(tuple(f"t{row}" for row in range(len(matrix))), Vectors(matrix))


@pytest.fixture
def table():
    return table_of(np.random.default_rng(0).normal(size=(300, 6)).astype(np.float32))


def nearest(table, rows, k, metric):
    found = [pipeline.neighbors(table, row, k, metric).rows.tolist() for row in rows]
    return {row for some in found for row in some}


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_each_row_brings_its_nearest_rows(table, metric):
    rows = np.array([250, 7, 120])
    grown = pipeline.grow(table, rows, 5, metric=metric).tolist()
    assert grown[:3] == [250, 7, 120]
    assert grown[3:] == sorted(nearest(table, rows.tolist(), 5, metric) - {250, 7, 120})


def test_the_mean_brings_the_rows_nearest_to_it_that_are_not_selected(table):
    rows = np.array([3, 4])
    mean = table.vectors.to_numpy()[rows].astype(np.float64).mean(axis=0)
    wanted = [row for row in pipeline.neighbors(table, mean, 12).rows.tolist() if row not in (3, 4)]
    grown = pipeline.grow(table, rows, 10, "mean")
    assert sorted(grown[2:].tolist()) == sorted(wanted[:10])


def test_a_closed_cluster_does_not_grow():
    random = np.random.default_rng(0)
    centres = 10 * np.eye(3)[np.repeat([0, 1, 2], 20)]
    table = table_of((centres + 0.1 * random.normal(size=centres.shape)).astype(np.float32))
    assert len(pipeline.grow(table, np.arange(20), 10)) == 20


def test_more_equal_rows_than_neighbours_bring_no_row_too_many():
    table = table_of(np.ones((10, 2), np.float32))
    assert pipeline.grow(table, np.array([9]), 3).tolist() == [9, 0, 1, 2]


def test_rows_that_cannot_be_compared_neither_bring_nor_come(table):
    matrix = table.vectors.to_numpy().copy()
    matrix[5], matrix[6] = np.nan, 0
    table = table_of(matrix)
    grown = pipeline.grow(table, np.array([5, 8]), 298)
    assert sorted(grown.tolist()) == [row for row in range(300) if row != 6]
    with pytest.raises(ParameterError, match="None of the selected rows"):
        pipeline.grow(table, np.array([5, 6]), 3)


def test_a_table_in_bfloat16_grows_by_what_it_holds(table):
    bits = (table.vectors.to_numpy().view(np.uint32) >> 16).astype(np.uint16)
    half = Table(table.tokens, Vectors(bits, "bf16"))
    grown = pipeline.grow(half, np.array([1]), 4)
    assert set(grown.tolist()) == {1} | nearest(half, [1], 4, "cosine")


def test_growing_can_be_stopped(table):
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        pipeline.grow(table, np.array([1]), 4, report=stop)


@pytest.mark.parametrize("wrong", [{"k": 0}, {"anchor": "all"}, {"metric": "dot"}])
def test_what_makes_no_sense_is_refused(table, wrong):
    with pytest.raises(ParameterError):
        pipeline.grow(table, np.array([1]), **wrong)


def test_rows_to_grow_from_must_be_there(table):
    with pytest.raises(ParameterError, match="no rows"):
        pipeline.grow(table, np.array([], np.int64))
    with pytest.raises(NotFoundError):
        pipeline.grow(table, np.array([300]))
