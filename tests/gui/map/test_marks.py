import itertools

import pytest
from PySide6.QtCore import QPointF, QRectF

from explorer.gui.map.marks import HoverMark, ring_strength


def test_a_few_rings_are_drawn_in_full():
    assert ring_strength(1) == ring_strength(30) == 1


def test_rings_fade_with_their_number_without_a_jump():
    strengths = [ring_strength(count) for count in range(1, 2000)]
    steps = [before - after for before, after in itertools.pairwise(strengths)]
    assert min(steps) >= 0
    assert max(steps) < 0.06
    assert strengths[-1] == 0


def test_a_tip_wider_than_the_map_ends_in_an_ellipsis(qapp):
    mark = HoverMark()
    mark.show_at(QPointF(100, 100), 3, "a name " * 20, "what it is " * 20, (200, 150))
    assert mark.text == "a name " * 20
    assert all(line.endswith("…") for line in mark._lines)
    assert mark._tip.left() >= 0
    assert mark._tip.right() <= 200


@pytest.mark.parametrize("place", [(150, 100), (160, 20), (280, 190)])
def test_a_tip_stands_beside_what_lies_over_the_map(qapp, place):
    mark = HoverMark()
    mark.covered = QRectF(180, 0, 120, 120)
    mark.show_at(QPointF(*place), 3, "a name", "what it is", (300, 200))
    assert not mark._tip.intersects(mark.covered)
    assert QRectF(0, 0, 300, 200).contains(mark._tip)


def test_a_tip_that_was_under_what_came_over_the_map_moves(qapp):
    mark = HoverMark()
    mark.show_at(QPointF(150, 100), 3, "a name", "", (300, 200))
    before = QRectF(mark._tip)
    mark.covered = QRectF(before)
    mark.show_at(QPointF(150, 100), 3, "a name", "", (300, 200))
    assert not mark._tip.intersects(before)
