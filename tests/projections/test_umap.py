import importlib.util

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.progress import Cancelled
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors

there = importlib.util.find_spec("umap") is not None
needs_umap = pytest.mark.skipif(not there, reason="umap-learn is not installed")


@pytest.fixture
def groups():
    rng = np.random.default_rng(0)
    matrix = np.repeat(10 * rng.normal(size=(3, 12)), 30, axis=0) + rng.normal(size=(90, 12))
    matrix[4] = 0
    matrix[5] = np.nan
    return Table(numbered_tokens(90), Vectors(matrix.astype(np.float32)))


@pytest.mark.skipif(there, reason="umap-learn is installed")
def test_without_the_library_the_way_to_it_is_told(groups):
    with pytest.raises(ParameterError, match=r"pip install 'embedding-explorer\[umap\]'"):
        pipeline.project(groups, "umap")


@needs_umap
def test_groups_lie_apart_and_rows_without_direction_are_left_out(groups):
    messages = []
    made = pipeline.project(groups, "umap", report=lambda p: messages.append(p.message))
    assert made.left_out.tolist() == [4, 5]
    places, group = np.delete(made.coordinates, [4, 5], 0), np.delete(np.arange(90) // 30, [4, 5])
    centres = np.stack([places[group == g].mean(axis=0) for g in range(3)])
    nearest = np.linalg.norm(places[:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == group).all()
    assert any(message.startswith("Epoch") for message in messages)


@needs_umap
def test_it_stops_between_two_epochs(groups):
    def stop(progress):
        if progress.message.startswith("Epoch"):
            raise Cancelled

    with pytest.raises(Cancelled):
        pipeline.project(groups, "umap", report=stop)


@needs_umap
@pytest.mark.parametrize(
    ("matrix", "said"),
    [(np.ones((20, 4)), "alike"), (np.zeros((20, 4)), "5 rows it can compare, and there are 0")],
)
def test_rows_that_it_finds_no_place_for_are_refused(matrix, said):
    table = Table(numbered_tokens(20), Vectors(matrix.astype(np.float32)))
    with pytest.raises(ParameterError, match=said):
        pipeline.project(table, "umap")
