"""The list of rows in the order of their scores: how a score is told."""

import numpy as np
import pytest

from explorer.gui.lists.ranked_list import SCORE, RankedModel
from explorer.gui.state.names import Names
from explorer.nearest import Neighbors
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture
def told():
    """A score as the list tells it."""
    table = Table(("a", "b"), Vectors(np.eye(2, dtype=np.float32)))

    def tell(metric: str, score: float) -> str:
        model = RankedModel()
        model.show_neighbors(Names(table), Neighbors(0, metric, np.array([1]), np.array([score])))
        return model.text(0, SCORE)

    return tell


@pytest.mark.parametrize(
    ("metric", "score", "text"),
    [
        ("cosine", 0.25, "0.2500"),
        ("cosine", -0.5, "−0.5000"),
        ("cosine", 3e-17, "0.0000"),
        ("cosine", -3e-17, "0.0000"),
        ("euclidean", 7.0822915e24, "7.08e+24"),
        ("dot", -2.5e-9, "−2.5e−09"),
    ],
)
def test_a_score_is_told_by_the_digits_that_count(told, metric: str, score: float, text: str):
    assert told(metric, score) == text
