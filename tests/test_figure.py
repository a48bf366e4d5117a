import logging
import struct

import numpy as np
import pytest

from explorer.errors import OutputError
from explorer.figure import draw_map
from explorer.progress import Cancelled
from explorer.projection import Projection
from explorer.table import Column, Table
from explorer.vectors import Vectors


def projected(tokens, scores=None, columns=(), **made):
    rows = len(tokens)
    rng = np.random.default_rng(0)
    vectors = Vectors(rng.normal(size=(rows, 4)).astype(np.float32))
    table = Table(tuple(tokens), vectors, {column.name: column for column in columns})
    scores = rng.normal(size=(rows, 3)) if scores is None else np.asarray(scores)
    made = {"axes": (0, 1), "method": "pca", "params": {}, "seed": 0} | made
    return Projection(table, scores.astype(np.float32), **made)


def words(count):
    return [f"word{row}" for row in range(count)]


def size_of(path):
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", content[16:24])


def texts_of(monkeypatch):
    """The figures that are saved, with all that is written in them."""
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    written = []
    save = Figure.savefig

    def spy(self, *args, **options):
        written.extend(text.get_text() for text in self.findobj(Text) if text.get_text())
        save(self, *args, **options)

    monkeypatch.setattr(Figure, "savefig", spy)
    return written


def test_the_picture_is_a_png_of_its_size(tmp_path):
    assert size_of(draw_map(projected(words(50)), tmp_path / "map.png")) == (1600, 1200)


def test_the_same_map_gives_the_same_bytes(tmp_path):
    made = projected(words(50))
    first = draw_map(made, tmp_path / "one.png").read_bytes()
    assert draw_map(made, tmp_path / "two.png").read_bytes() == first


def test_a_dark_picture_and_a_coloured_one_differ_from_the_plain_one(tmp_path):
    made = projected(words(50))
    column = Column("lean", np.linspace(-1, 1, 50))
    pictures = {
        draw_map(made, tmp_path / "map.png", **options).read_bytes()
        for options in ({}, {"dark": True}, {"colour_by": column}, {"labels": 0})
    }
    assert len(pictures) == 4


def test_title_and_caption_tell_what_is_shown(tmp_path, monkeypatch):
    written = texts_of(monkeypatch)
    explained = np.array([0.5, 0.25, 0.125])
    made = projected(words(1200), explained=explained, left_out=np.array([3]))
    draw_map(made, tmp_path / "map.png", title="My table", labels=0)
    assert "My table" in written
    assert (
        "PCA  ·  1,199 rows × 4  ·  75.0 % of the variance in this plane  ·  1 left out" in written
    )
    assert {"PC 1 (50.0 %)", "PC 2 (25.0 %)"} < set(written)


def test_a_tsne_map_tells_its_divergence_and_has_no_axis_titles(tmp_path, monkeypatch):
    written = texts_of(monkeypatch)
    made = projected(words(9), method="tsne", params={"perplexity": 30.0}, kl=1.25)
    draw_map(made, tmp_path / "map.png", labels=0)
    assert "t-SNE  ·  9 rows × 4  ·  perplexity 30  ·  KL divergence 1.250" in written
    assert len(written) == 2


def test_categories_have_a_legend_and_numbers_a_bar(tmp_path, monkeypatch):
    written = texts_of(monkeypatch)
    kinds = Column.from_text("kind", ["praise"] * 30 + ["blame"] * 20)
    draw_map(projected(words(50)), tmp_path / "map.png", colour_by=kinds, labels=0)
    assert {"kind", "praise", "30", "blame", "20"} < set(written)
    written.clear()
    norms = Column("norm", np.linspace(2, 5, 50))
    draw_map(projected(words(50)), tmp_path / "map.png", colour_by=norms, labels=0)
    assert {"norm", "2.03", "4.97"} < set(written)


def test_of_tokens_in_one_place_the_most_frequent_is_labelled(tmp_path, monkeypatch):
    written = texts_of(monkeypatch)
    places = [[0, 0], [0.001, 0], [0.002, 0], [5, 5], [-5, -5]]
    count = Column("count", np.array([3, 9, 4, 1, 1]))
    draw_map(projected(words(5), places, [count]), tmp_path / "map.png")
    assert {text for text in written if text.startswith("word")} == {"word1", "word3", "word4"}


def test_labels_do_not_lie_over_one_another(tmp_path, monkeypatch):
    from matplotlib.figure import Figure

    boxes = []
    save = Figure.savefig

    def spy(self, *args, **options):
        renderer = self.canvas.get_renderer()
        boxes.extend(text.get_window_extent(renderer) for text in self.axes[0].texts)
        save(self, *args, **options)

    monkeypatch.setattr(Figure, "savefig", spy)
    draw_map(projected(words(2000)), tmp_path / "map.png", labels=40)
    assert len(boxes) == 40
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:place])


def test_tokens_are_plain_text_and_strange_ones_break_nothing(tmp_path, monkeypatch, caplog):
    written = texts_of(monkeypatch)
    tokens = ["$x^2$", "$\\frac{", "日本語", "🙂", "\u202eabc", "", "\n", "<b>", "\ud800", "\x00"]
    corners = [[10.0 * (row % 4), 10.0 * (row // 4)] for row in range(10)]
    with caplog.at_level(logging.WARNING):
        draw_map(projected(tokens, corners), tmp_path / "map.png")
    assert not caplog.records
    assert {"$x^2$", "$\\frac{", "□□□", "□", "‹U+202E›abc", "‹empty›", "⏎", "<b>"} <= set(written)


@pytest.mark.parametrize("rows", [1, 2])
def test_a_map_of_one_place_is_drawn(tmp_path, rows):
    assert size_of(draw_map(projected(words(rows), np.zeros((rows, 2))), tmp_path / "map.png"))


def test_a_map_without_any_place_is_drawn_empty(tmp_path):
    made = projected(words(3), np.full((3, 2), np.nan), left_out=np.arange(3))
    assert size_of(draw_map(made, tmp_path / "map.png"))


def test_a_stopped_picture_leaves_an_older_one_as_it_was(tmp_path):
    path = tmp_path / "map.png"
    path.write_bytes(b"old picture")

    def stop(progress):
        if progress.done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        draw_map(projected(words(5)), path, report=stop)
    assert [file.name for file in tmp_path.iterdir()] == ["map.png"]
    assert path.read_bytes() == b"old picture"


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(OutputError, match="absent"):
        draw_map(projected(words(5)), tmp_path / "absent" / "map.png")


def test_drawing_touches_no_global_figure(tmp_path):
    import sys

    draw_map(projected(words(5)), tmp_path / "map.png")
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()
