"""Which tokens are written on a figure, and where."""

import logging

import numpy as np
import pytest

from explorer.figure import draw_map
from explorer.figure.labels import label_order
from explorer.table import Column


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


def test_of_tokens_in_one_place_the_most_frequent_is_labelled(projected, tmp_path, written):
    places = [[0, 0], [0, 0], [0, 0], [5, 5], [-5, -5]]
    count = Column("count", np.array([3, 9, 4, 1, 1]))
    draw_map(projected(5, places, [count]), tmp_path / "map.png", labels_count=3)
    assert {text for text in written if text.startswith("word")} == {"word1", "word3", "word4"}


@pytest.fixture
def rare_at_the_ends(projected):
    """500 rows of which the rarest lie at the ends of the axes."""

    def make(**made):
        places = np.random.default_rng(1).uniform(-1, 1, (500, 2))
        places[[0, 1, 2, 3]] = [[1.5, 0], [-1.5, 0], [0, 1.5], [0, -1.5]]
        return projected(500, places, [Column("count", np.arange(500))], **made)

    return make


ENDS = {"word0", "word1", "word2", "word3"}


def test_what_lies_at_the_ends_of_components_is_named_however_rare(
    rare_at_the_ends, tmp_path, written
):
    made = rare_at_the_ends(explained=np.array([0.6, 0.3]))
    draw_map(made, tmp_path / "map.png", labels_count=12)
    assert set(written) >= ENDS
    assert len({text for text in written if text.startswith("word")}) == 12


def test_the_ends_take_half_of_the_labels_at_most(rare_at_the_ends, tmp_path, written):
    made = rare_at_the_ends(explained=np.array([0.6, 0.3]))
    draw_map(made, tmp_path / "map.png", labels_count=4)
    assert {"word0", "word1"} < set(written)
    assert not {"word2", "word3"} & set(written)


def test_a_map_whose_axes_mean_nothing_has_no_ends_to_name(rare_at_the_ends, tmp_path, written):
    draw_map(rare_at_the_ends(method="tsne", kl=1.0), tmp_path / "map.png", labels_count=12)
    assert not ENDS & set(written)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_labels_do_not_touch_one_another(projected, tmp_path, monkeypatch, ending):
    from matplotlib.figure import Figure

    boxes = []
    save = Figure.savefig

    def spy(self, *args, **options):
        renderer = self.canvas.get_renderer()
        words = {t.get_text(): t for t in self.texts if t.get_text().startswith("word")}
        boxes.extend(text.get_window_extent(renderer) for text in words.values())
        save(self, *args, **options)

    monkeypatch.setattr(Figure, "savefig", spy)
    draw_map(projected(2000), tmp_path / f"map.{ending}", labels_count=40)
    assert len(boxes) == 40
    for place, box in enumerate(boxes):
        assert not any(box.padded(1).overlaps(other) for other in boxes[:place])


def test_rows_asked_for_are_labelled_and_no_others(projected, tmp_path, written):
    draw_map(projected(50), tmp_path / "map.png", label_rows=[4, 9])
    assert {text for text in written if text.startswith("word")} == {"word4", "word9"}


def test_no_label_covers_a_dot_that_was_asked_for(projected, tmp_path, monkeypatch):
    from explorer.figure import labels

    boxes = []
    monkeypatch.setattr(
        labels._Ground,
        "free",
        lambda self, *box, free=labels._Ground.free: free(self, *box) and not boxes.append(box),
    )
    dots = []
    monkeypatch.setattr(
        labels._Ground,
        "take_dot",
        lambda self, point, radius, row, take=labels._Ground.take_dot: (
            dots.append((*point, row)),
            take(self, point, radius, row),
        ),
    )
    places = np.random.default_rng(1).normal(size=(25, 2))
    draw_map(projected(25, places), tmp_path / "map.png", label_rows=range(25), width=9)
    assert len(boxes) > 5
    for left, bottom, right, top, own in boxes:
        for x, y, row in dots:
            assert row == own or not (left < x < right and bottom < y < top)


def test_with_a_selection_only_selected_rows_are_labelled(projected, tmp_path, written):
    draw_map(projected(50), tmp_path / "map.png", selection=np.array([7, 3, 7]))
    assert {text for text in written if text.startswith("word")} == {"word3", "word7"}


def test_byte_level_marks_are_resolved_unless_the_raw_tokens_are_asked_for(
    projected, tmp_path, written
):
    made = projected(["Ġthe", "Ġa"], [[0, 0], [5, 5]])
    draw_map(made, tmp_path / "map.png")
    assert {"␣the", "␣a"} < set(written)
    written.clear()
    draw_map(made, tmp_path / "map.png", readable=False)
    assert {"Ġthe", "Ġa"} < set(written)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_tokens_are_plain_text_and_strange_ones_break_nothing(
    projected, tmp_path, written, caplog, ending
):
    tokens = ["$x^2$", "$\\frac{", "\u202eabc", "", "\n", "<b>", "\ud800", "\x00", "\ufffe", "ไทย"]
    corners = [[10.0 * (row % 4), 10.0 * (row // 4)] for row in range(10)]
    with caplog.at_level(logging.WARNING):
        draw_map(projected(tokens, corners), tmp_path / f"map.{ending}")
    assert not caplog.records
    assert {"$x^2$", "$\\frac{", "‹U+202E›abc", "‹empty›", "⏎", "<b>"} <= set(written)
