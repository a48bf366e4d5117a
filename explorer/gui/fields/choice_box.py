"""Boxes to choose one of a few things from."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QWidget

from explorer.gui.widgets.named import named

METRIC_TITLES = {"cosine": "Cosine", "euclidean": "Euclidean", "dot": "Dot product"}


def choice_box(
    name: str, title: str, tip: str, choices: Iterable[tuple[str, object]], parent: QWidget
) -> QComboBox:
    """A box. name: of the object. title: for screen readers. choices: text and value of each."""
    box = named(QComboBox(parent), name, title, tip)
    for text, value in choices:
        box.addItem(text, value)
    return box


def metric_box(
    name: str, tip: str, metrics: Iterable[str], parent: QWidget, *, title: str = "Metric"
) -> QComboBox:
    """A box of ways to measure nearness, of METRIC_TITLES."""
    return choice_box(name, title, tip, ((METRIC_TITLES[one], one) for one in metrics), parent)
