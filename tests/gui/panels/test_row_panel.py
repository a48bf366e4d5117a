"""The selected row, in numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QLabel

from explorer.gui.main_window import MainWindow
from explorer.table import Column, Table
from explorer.vectors import Vectors


def test_numbers_below_zero_have_the_minus_sign_of_other_panels(
    window: MainWindow, show: Callable[[Table], None]
) -> None:
    vectors = np.array([[-1.5, 0.25], [1, 2], [3, 1]], np.float32)
    lean = Column("lean", np.array([-3.25, 0, 1]))
    show(Table(("a", "b", "c"), Vectors(vectors), {"lean": lean}))
    window.session.select([0])
    texts = [label.text() for label in window.row.findChildren(QLabel)]
    assert "2 numbers, −1.500 to 0.250" in texts
    assert "−3.25" in texts


def test_numbers_far_from_one_are_written_as_powers_of_ten(
    window: MainWindow, show: Callable[[Table], None]
) -> None:
    show(Table(("a", "b"), Vectors(np.array([[-2e38, 1e-30], [1, 2]], np.float32))))
    window.session.select([0])
    texts = [label.text() for label in window.row.findChildren(QLabel)]
    assert "2 numbers, −2e+38 to 1e-30".replace("e-", "e−") in texts
    assert "2e+38" in texts


def test_a_row_of_one_number_has_no_range(
    window: MainWindow, show: Callable[[Table], None]
) -> None:
    show(Table(("a", "b"), Vectors(np.array([[-2], [1]], np.float32))))
    window.session.select([0])
    texts = [label.text() for label in window.row.findChildren(QLabel)]
    assert "1 number, −2.000" in texts


def test_a_row_of_long_texts_makes_the_panel_no_wider(
    window: MainWindow, show: Callable[[Table], None]
) -> None:
    before = window.row.minimumSizeHint().width()
    kinds = Column("a column of a long name " * 20, np.array(["W" * 10_000, "short"], object))
    show(Table(("W" * 10_000, "b"), Vectors(np.array([[-2e38], [1]], np.float32)), {"a": kinds}))
    window.session.select([0])
    assert window.row.minimumSizeHint().width() <= before + 80


def test_numbers_that_are_none_are_counted(
    window: MainWindow, show: Callable[[Table], None]
) -> None:
    show(Table(("a", "b"), Vectors(np.array([[np.nan, -1, 2], [1, 2, 3]], np.float32))))
    window.session.select([0])
    texts = [label.text() for label in window.row.findChildren(QLabel)]
    assert "3 numbers, 1 not finite, −1.000 to 2.000" in texts
