"""Figures as files: what is in them, and what happens when they cannot be made."""

import re
import struct
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.figure import dots_are_an_image, draw_map, ensure_drawable
from explorer.preparation import Sample
from explorer.table import Column

SVG = "{http://www.w3.org/2000/svg}"


def size_of(path):
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", content[16:24])


def texts_in_svg(path):
    return [element.text for element in ElementTree.parse(path).iter(f"{SVG}text")]


def pdf_streams(content):
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


# --- the kinds of picture ----------------------------------------------------------------------


def test_the_picture_is_a_png_of_its_size(projected, tmp_path):
    assert size_of(draw_map(projected(50), tmp_path / "map.png")) == (1600, 1200)


@pytest.mark.parametrize(
    ("look", "size"),
    [
        ({"width": 1000, "unit": "px"}, (1000, 750)),
        ({"width": 1000, "height": 500, "unit": "px", "dpi": 100}, (1000, 500)),
        ({"width": 25.4, "height": 12.7, "dpi": 100}, (1000, 500)),
        ({"width": 6, "height": 4, "unit": "in", "dpi": 200}, (1200, 800)),
    ],
)
def test_a_size_is_told_in_centimetres_inches_or_pixels(projected, tmp_path, look, size):
    assert size_of(draw_map(projected(20), tmp_path / "map.png", **look)) == size


def test_an_svg_has_the_size_asked_for_and_its_words_as_texts(projected, tmp_path):
    tokens = ["alpha", "<b>&", "$x$"]
    corners = [[0, 0], [1, 1], [0, 1]]
    path = draw_map(projected(tokens, corners), tmp_path / "map.svg", width=12, title="My words")
    root = ElementTree.parse(path).getroot()
    assert float(root.get("width").removesuffix("pt")) == pytest.approx(12 / 2.54 * 72)
    assert {"alpha", "<b>&", "$x$", "My words"} < set(texts_in_svg(path))


def test_a_pdf_embeds_its_letters_so_that_they_can_be_searched(projected, tmp_path):
    content = draw_map(projected(9), tmp_path / "map.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/CIDFontType2" in content
    assert b"/Type3" not in content
    assert any(b"beginbfchar" in data or b"beginbfrange" in data for data in pdf_streams(content))


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_map_gives_the_same_bytes(projected, tmp_path, ending):
    made = projected(50)
    kinds = Column.from_text("kind", ["a", "b"] * 25)
    first = draw_map(made, tmp_path / f"one.{ending}", colour_by=kinds).read_bytes()
    assert draw_map(made, tmp_path / f"two.{ending}", colour_by=kinds).read_bytes() == first


def test_many_dots_are_one_image_in_an_svg_and_few_are_not(projected, tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.figure.marks.MOST_DRAWN_DOTS", 100)
    sizes = []
    for rows in (100, 101):
        tree = ElementTree.parse(draw_map(projected(rows), tmp_path / "map.svg", labels_count=5))
        assert len(texts_in_svg(tmp_path / "map.svg")) >= 5
        sizes.append((len(list(tree.iter(f"{SVG}use"))), len(list(tree.iter(f"{SVG}image")))))
    assert sizes[0][0] >= 100
    assert sizes[0][1] == 0
    assert sizes[1][0] < 60  # outlines behind the labels
    assert sizes[1][1] == 1


def test_a_large_map_of_three_axes_is_one_image_too(projected, tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.figure.marks.MOST_DRAWN_DOTS", 100)
    made = projected(200, axes=(0, 1, 2))
    tree = ElementTree.parse(draw_map(made, tmp_path / "map.svg", labels_count=0))
    assert len(list(tree.iter(f"{SVG}image"))) == 1


def test_it_is_told_whether_the_dots_are_an_image(projected):
    many, few = projected(20_001), projected(20_000)
    assert dots_are_an_image(many, "map.svg")
    assert not dots_are_an_image(many, "map.png")
    assert not dots_are_an_image(few, "map.pdf")


def test_another_ending_is_refused_before_anything_is_drawn(projected, tmp_path):
    with pytest.raises(ParameterError, match=r"\.png, \.svg or \.pdf"):
        draw_map(projected(5), tmp_path / "map.jpeg")
    with pytest.raises(ParameterError, match=r"\.png, \.svg or \.pdf"):
        ensure_drawable("map.tiff")


@pytest.mark.parametrize(
    "look",
    [
        {"width": 2},
        {"height": 1000},
        {"width": 300, "dpi": 2400},
        {"width": -1},
        {"unit": "ells"},
        {"bold": True},
    ],
)
def test_a_look_that_cannot_be_is_refused(projected, tmp_path, look):
    with pytest.raises(ParameterError):
        draw_map(projected(5), tmp_path / "map.png", **look)
    with pytest.raises(ParameterError):
        ensure_drawable("map.png", **look)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("look", "between"),
    [
        ({"width": 600}, "cannot be 600 cm. It must be between 3.81 and 508 cm"),
        ({"width": 1, "unit": "in"}, "cannot be 1 in. It must be between 1.5 and 200 in"),
        ({"width": 9, "unit": "px", "dpi": 100}, "It must be between 150 and 20,000 px"),
    ],
)
def test_a_size_that_cannot_be_is_told_in_its_unit(look, between):
    with pytest.raises(ParameterError) as refused:
        ensure_drawable("map.png", **look)
    assert between in str(refused.value)


# --- what is on it -----------------------------------------------------------------------------


def test_every_choice_changes_the_picture(projected, tmp_path):
    made = projected(50)
    column = Column("lean", np.linspace(-1, 1, 50))
    choices = (
        {},
        {"dark": True},
        {"colour_by": column},
        {"labels_count": 0},
        {"selection": [1, 2, 3]},
        {"links": [(0, 1), (1, 2)]},
        {"density": True},
        {"dot_size": 2.0},
        {"heading": False},
        {"caption": False},
        {"text_size": 12.0},
    )
    pictures = {draw_map(made, tmp_path / "map.png", **how).read_bytes() for how in choices}
    assert len(pictures) == len(choices)


def test_title_and_caption_tell_what_is_shown(projected, tmp_path, written):
    explained = np.array([0.5, 0.25, 0.125])
    made = projected(1200, explained=explained, steps=("centre",), left_out=np.array([3]))
    draw_map(made, tmp_path / "map.png", title="My table", labels_count=0)
    assert written.count("My table") == 1
    caption = " ".join(text for text in written if "·" in text)
    assert caption.split("\u2002·\u2002") == [
        "PCA of 1,200 rows × 4 dimensions",
        "components 3",
        "seed 0",
        "50.00 % + 25.00 % = 75.00 % of the variance",
        "1 row left out",
    ]
    assert {"PC 1 (50.0 %)", "PC 2 (25.0 %)"} < set(written)


def test_a_map_without_meaningful_axes_has_neither_numbers_nor_axis_titles(
    projected, tmp_path, written
):
    draw_map(projected(9, method="tsne", kl=1.25), tmp_path / "map.png", labels_count=0)
    assert len(written) == 2
    assert "KL divergence 1.2500" in written[1]


def test_a_page_that_its_words_fill_is_refused(projected, tmp_path):
    made = projected(9, method="tsne")
    with pytest.raises(ParameterError, match="no room for the map"):
        draw_map(made, tmp_path / "map.png", width=10, height=4, text_size=40)
    assert not list(tmp_path.iterdir())


def test_a_long_title_is_written_smaller_and_then_shortened(projected, tmp_path, written):
    for words in (3, 9, 40):
        title = " ".join(["title"] * words)
        draw_map(projected(9), tmp_path / "map.png", title=title, width=12, labels_count=0)
    titles = [text for text in written if text.startswith("title")]
    assert titles[0] == "title title title"
    assert titles[1].endswith("title")
    assert titles[2].endswith("…")


def test_a_page_without_words_holds_none(projected, tmp_path, written):
    look = {"labels_count": 0, "heading": False, "caption": False}
    draw_map(projected(9, method="tsne"), tmp_path / "map.png", **look)
    assert written == []


def test_categories_have_a_list_with_counts(projected, tmp_path, written):
    kinds = Column.from_text("kind", ["praise"] * 30 + ["blame"] * 20)
    for width in (0, 8):  # beside the map, and below it on a narrow page
        written.clear()
        draw_map(projected(50), tmp_path / "m.png", colour_by=kinds, labels_count=0, width=width)
        assert {"kind", "praise", "30", "blame", "20"} < set(written)


def test_categories_may_have_shapes_too(projected, tmp_path):
    kinds = Column.from_text("kind", list("abcdefg") * 6)
    projection = projected(42, columns=[kinds])
    how = {"colour_by": kinds, "labels_count": 0}
    paths = {}
    for shapes in (False, True):
        path = draw_map(projection, tmp_path / "map.svg", shapes=shapes, **how)
        outlines = ElementTree.parse(path).iter(f"{SVG}defs")
        paths[shapes] = {one.get("d") for defs in outlines for one in defs.iter(f"{SVG}path")}
    # Of the dots and of the legend, which are of another size: one shape, or six.
    assert len(paths[True]) - len(paths[False]) >= 10


def test_categories_beyond_those_asked_for_are_other(projected, tmp_path, written):
    kinds = Column.from_text("kind", [f"k{row % 12}" for row in range(60)])
    draw_map(projected(60), tmp_path / "m.png", colour_by=kinds, labels_count=0, categories=3)
    assert {"k0", "k1", "k2", "Other", "45"} < set(written)
    assert "k10" not in written
    written.clear()
    draw_map(projected(60), tmp_path / "m.png", colour_by=kinds, labels_count=0)
    assert {f"k{number}" for number in range(12)} < set(written)


@pytest.mark.parametrize("size", [(25, 8), (30, 9), (25, 19), (8, 0), (6, 0), (8, 7)])
def test_no_category_is_dropped_without_a_word(projected, tmp_path, written, size):
    kinds = Column.from_text("kind", ["", *(f"k{row}" for row in range(60))])
    look = {"categories": 60, "width": size[0], "height": size[1], "labels_count": 0}
    made = projected(61, explained=np.array([0.5, 0.25, 0.125]))
    draw_map(made, tmp_path / "m.png", colour_by=kinds, **look)
    named = [text for text in written if re.fullmatch(r"k\d+", text)]
    assert named
    assert "No value" in written
    if len(named) < 60:
        assert "Other" in written
        assert f"{60 - len(named)}" in written


def test_numbers_have_a_bar_that_tells_what_lies_beyond_its_ends(projected, tmp_path, written):
    norms = Column("norm", np.linspace(2, 5, 50))
    draw_map(projected(50), tmp_path / "map.png", colour_by=norms, labels_count=0)
    assert {"norm", "≤ 2.03", "≥ 4.97"} < set(written)
    written.clear()
    draw_map(projected(50), tmp_path / "map.png", colour_by=Column("n", np.ones(50, np.int64)))
    assert written.count("1") == 2


def test_the_ends_of_the_ramp_can_be_set(projected, tmp_path, written):
    lean = Column("lean", np.linspace(0, 1, 30))
    draw_map(projected(30), tmp_path / "map.png", colour_by=lean, span=(0.25, 0.75))
    assert {"≤ 0.25", "≥ 0.75"} <= set(written)


def test_a_bar_of_numbers_on_both_sides_of_zero_marks_zero(projected, tmp_path, written):
    lean = Column("lean", np.linspace(-1, 1, 50))
    made = projected(50, method="tsne")
    draw_map(made, tmp_path / "map.png", colour_by=lean, labels_count=0)
    assert "0" in written


def test_density_tells_how_many_rows_a_cell_holds(projected, tmp_path, written):
    made = projected(70, np.zeros((70, 2)), method="tsne")
    kinds = Column.from_text("kind", ["a"] * 70)
    draw_map(made, tmp_path / "map.png", colour_by=kinds, density=True, labels_count=0)
    assert {"rows in each cell, log scale", "1", "70"} < set(written)
    assert "kind" not in written


def test_a_map_of_three_axes_is_drawn_as_it_is_turned(projected, tmp_path, written):
    made = projected(60, axes=(0, 1, 2), explained=np.array([0.5, 0.3, 0.1]))
    turned = {
        draw_map(made, tmp_path / "m.png", azimuth=angle, labels_count=0).read_bytes()
        for angle in (0, 90)
    }
    assert len(turned) == 2
    assert {"PC 1", "PC 2", "PC 3"} < set(written)
    flat = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    by_hand = draw_map(made, tmp_path / "a.svg", rotation=flat).read_bytes()
    assert by_hand == draw_map(made, tmp_path / "b.svg", azimuth=0, elevation=0).read_bytes()


def test_only_some_rows_are_drawn_in_the_colours_of_all(projected, tmp_path, written):
    scores = [[x, 0, 0] for x in range(40)]
    kinds = Column.from_text("kind", ["a", "b"] * 20)
    projection = projected(40, scores, [kinds])
    how = {"colour_by": kinds, "labels_count": 40, "caption": True}
    draw_map(projection, tmp_path / "map.png", only=np.array([3, 5]), **how)
    assert {"word3", "word5"} <= set(written)
    assert not {"word2", "word4"} & set(written)
    assert {"b", "2"} <= set(written)  # the legend counts what is drawn
    assert "a" not in written
    assert "only 2 rows drawn" in " ".join(written)


# --- what stands below it ----------------------------------------------------------------------


def test_a_sample_and_the_quality_stand_in_the_caption(projected, tmp_path, written):
    scores = np.full((100, 2), np.nan)
    scores[:10] = np.random.default_rng(0).normal(size=(10, 2))
    made = replace(projected(100, scores), sample=Sample(10, seed=3))
    draw_map(made, tmp_path / "map.png", quality="neighbours kept 47 %", labels_count=0)
    caption = " ".join(written)
    assert "PCA of 10 rows × 4 dimensions" in caption
    assert "a sample of 100: 10 rows, at random" in caption
    assert "neighbours kept 47 %" in caption


def test_rows_far_out_are_counted_where_they_are_not_drawn(projected, tmp_path, written):
    scores = np.random.default_rng(0).normal(size=(500, 2))
    scores[7] = (900.0, 900.0)
    draw_map(projected(500, scores, method="tsne"), tmp_path / "map.png", labels_count=0)
    assert "1 far out, beyond the edge" in " ".join(written)
    written.clear()
    draw_map(projected(500, scores, method="tsne"), tmp_path / "map.png", whole=True)
    assert "far out" not in " ".join(written)


def test_on_a_short_page_the_caption_ends_in_an_ellipsis(projected, tmp_path, written):
    made = projected(9, preprocessing=tuple(f"step {n} " + "of many " * 9 for n in range(20)))
    draw_map(made, tmp_path / "map.png", width=12, height=6, labels_count=0)
    assert any(text.endswith(" …") for text in written)


def test_a_page_without_a_height_grows_until_the_caption_is_whole(projected, tmp_path, written):
    made = projected(9, preprocessing=tuple(f"step {n} " + "of many " * 9 for n in range(20)))
    path = draw_map(made, tmp_path / "map.png", width=12, labels_count=0)
    assert not any(text.endswith("…") for text in written)
    width, height = size_of(path)
    assert height > width


def test_far_rows_of_named_axes_are_drawn(projected, tmp_path, written):
    scores = np.random.default_rng(0).normal(size=(200, 2))
    scores[5] = (60, 0)
    made = projected(200, scores, method="axes", params={}, titles=("x", "y"))
    draw_map(made, tmp_path / "map.png")
    assert not any("far out" in text for text in written)
    draw_map(replace(made, method="as-is"), tmp_path / "map.png")
    assert any("1 far out" in text for text in written)
