"""What each step of a lookup shows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QToolButton, QWidget

from explorer.gui.panels.layer.overview import overview
from explorer.gui.panels.layer.picture import Picture
from explorer.gui.widgets.heat import heat_image
from explorer.table import Table
from explorer.vectors import Vectors


def test_pieces_of_typed_words_say_their_row_and_what_was_done(bench) -> None:
    bench.look("Good bad nowhere", words=True)
    assert bench.said("layer_chips") == [
        "Good looks up row 1, good (lower-cased)",
        "bad looks up row 2, bad (exact)",
    ]
    assert bench.text("layer_ids_facts") == "ids (2,)"


def test_a_row_looked_up_twice_is_drawn_once_in_the_matrix(bench) -> None:
    bench.look("[7, 2, 7]")
    assert [spot.row for spot in bench.picture("layer_matrix").spots()] == [2, 7]
    assert [spot.row for spot in bench.picture("layer_result").spots()] == [7, 2, 7]


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_have_the_colours_that_the_matrix_is_said_to_have(bench, dark: bool) -> None:
    bench.look("[7]")
    assert "orange is below zero, blue above" in bench.text("layer_matrix_words")
    image = heat_image(np.array([[-1.0, 1.0]], np.float32), 1.0, dark=dark)
    below, above = image.pixelColor(0, 0), image.pixelColor(1, 0)
    assert below.red() > below.blue()
    assert above.blue() > above.red()


def test_rows_of_nan_do_not_look_like_rows_of_zeros(bench) -> None:
    vectors = np.array([[0, 0], [np.nan, np.nan], [np.inf, 1], [1, 2]], np.float32)
    bench.session.set_table(Table(("zero", "nan", "inf", "some"), Vectors(vectors)))
    bench.look("[0, 1, 2, 3]")
    assert bench.said("layer_norms") == [
        "zero: 0.000, kept",
        "nan: not a number",
        "inf: infinite",
        "some: 2.236, kept",
    ]
    image = heat_image(vectors, 1.0, dark=False)
    assert [image.pixelColor(0, row).alpha() for row in range(4)] == [255, 0, 0, 255]
    assert not bench.picture("layer_matrix").grab().isNull()


def test_shards_say_where_each_row_lives(bench) -> None:
    bench.look("[10, 79]")
    bench.change("layer_shard_count", 7)
    assert bench.said("layer_shards") == [
        "word10: 10 = 7 × 1 + 3  →  shard 3, place 1",
        "word79: 79 = 7 × 11 + 2  →  shard 2, place 11",
    ]


def test_div_names_the_run_of_rows_that_a_row_is_in(bench) -> None:
    bench.look("[10, 79]")
    bench.change("layer_shard_count", 7)  # 80 rows: 12, 12, 12, 11, 11, 11, 11
    bench.page.findChild(QToolButton, "layer_strategy_div").click()
    bench.settle()
    assert bench.said("layer_shards") == [
        "word10: 10 is in 0 to 11  →  shard 0, place 10",
        "word79: 79 is in 69 to 79  →  shard 6, place 10",
    ]


def test_a_max_norm_shortens_the_rows_above_it(bench, words: Table) -> None:
    bench.look("[1, 2, 7]")
    bench.change("layer_max_norm", 0.5)
    norms = np.linalg.norm(words.vectors.rows([1, 2, 7]), axis=1)
    assert (norms > 0.5).all()
    expected = [f"{norm:.3f} → 0.500" for norm in norms]
    assert [said.split(": ")[1] for said in bench.said("layer_norms")] == expected
    assert bench.text("layer_norms_words").startswith("3 rows shortened to the 2-norm 0.5")


def test_all_rows_that_were_shortened_are_counted(bench, words: Table) -> None:
    bench.look(str([*range(80), 7]))
    bench.change("layer_padding", 7)
    bench.change("layer_max_norm", 2.0)
    long = np.linalg.norm(words.vectors.to_numpy(), axis=1) > 2
    long[7] = False
    told = bench.text("layer_norms_words")
    assert told.startswith("Row 7 is padding, 2 of 81 ids: zeros, never trained.")
    assert f"{long.sum()} rows shortened" in told


def test_the_padding_row_gives_zeros(bench) -> None:
    bench.look("[1, 2]")
    bench.change("layer_padding", 2)
    assert bench.said("layer_norms")[1] == "bad: zeros: padding"
    found = bench.page.looking.found
    assert found is not None
    assert not found.run.result[1].any()


def test_the_product_comes_to_the_same_result(bench) -> None:
    assert bench.text("layer_one_hot_facts") == "the same result"


def test_only_the_first_of_many_ids_are_drawn(bench) -> None:
    bench.look(str(list(range(80)) * 3))
    assert len(bench.picture("layer_result").spots()) == 24
    assert bench.text("layer_result_facts") == "(240, 6)"


def test_the_overview_draws_all_of_a_small_table_and_some_of_a_large_one() -> None:
    small = Table(tuple("abc"), Vectors(np.eye(3, dtype=np.float32)), {})
    assert overview(small).rows.tolist() == [0, 1, 2]
    tokens = tuple(str(row) for row in range(5000))
    large = overview(Table(tokens, Vectors(np.zeros((5000, 2), np.float32)), {}))
    assert len(large.rows) == 240
    assert (large.rows[0], large.rows[-1]) == (0, 4999)
    assert "240 rows drawn" in large.words


def test_numbers_that_are_not_finite_are_drawn_as_zero(bench) -> None:
    vectors = np.array([[np.nan, np.inf, 1.0], [0.0, 2.0, -1.0]], np.float32)
    bench.session.set_table(Table(("a", "b"), Vectors(vectors), {}))
    bench.settle()
    bench.look("[0, 1]")
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    assert not bench.picture("layer_gradients").grab().isNull()
    assert bench.said("layer_matrix")[0] == "Row 0, a: 3 numbers from 1.000 to 1.000"
    assert not bench.picture("layer_norms").grab().isNull()


@pytest.mark.parametrize("shape", [(1, 1), (2, 3000), (700, 2)])
def test_tables_of_any_shape_are_drawn(bench, shape: tuple[int, int]) -> None:
    vectors = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    tokens = tuple(f"token {row}" for row in range(shape[0]))
    bench.session.set_table(Table(tokens, Vectors(vectors), {}))
    bench.settle()
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    for picture in bench.page.findChildren(Picture):
        image = picture.image().copy(24, 24, -48 + 2 * picture.width(), 2 * picture.height())
        colours = {image.pixel(x, y) for x in range(0, image.width(), 4) for y in range(0, 40, 3)}
        assert len(colours) > 1, picture.objectName()


def test_norms_of_any_size_are_legible(bench) -> None:
    vectors = np.array([[3e25, 4e25], [3e-9, 4e-9]], np.float32)
    bench.session.set_table(Table(("vast", "slight"), Vectors(vectors)))
    bench.look("[0, 1]")
    assert bench.said("layer_norms") == ["vast: 5e+25, kept", "slight: 5e−09, kept"]
