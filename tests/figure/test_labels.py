"""Which rows are labelled, and in which order."""

import numpy as np

from explorer.figure.labels import label_order


def test_every_part_of_the_map_gives_its_best_before_any_gives_its_second():
    points = np.array([[0.0, 0.0], [0.1, 0.0], [9.0, 9.0], [9.1, 9.0]])
    assert label_order(points, np.array([1.0, 5.0, 3.0, 2.0])).tolist() == [1, 2, 3, 0]


def test_without_frequencies_the_earlier_row_comes_first():
    points = np.array([[0.0, 0.0], [0.1, 0.0], [9.0, 9.0]])
    assert label_order(points, None).tolist() == [0, 2, 1]


def test_the_order_holds_every_row_once():
    points = np.random.default_rng(0).normal(size=(500, 2))
    order = label_order(points, np.arange(500.0))
    assert sorted(order.tolist()) == list(range(500))
    assert label_order(points[:0], None).tolist() == []
