"""Flags of a picture that would change nothing beside the others: they are refused, and not passed
over."""

from __future__ import annotations

from typing import Any

from explorer.cli.options import refuse_given
from explorer.table import Column
from explorer.tokens import shown

_OF_CATEGORIES, _OF_NUMBERS = ("categories", "shapes"), ("ramp",)
_OF_DOTS = ("colour", "cluster", "select", "dot_size", *_OF_CATEGORIES, *_OF_NUMBERS)
_ANGLES = ("azimuth", "elevation")


def refuse_idle(look: dict[str, Any], *, clustered: bool, labelled: bool) -> None:
    """What can be told before the table is open. look: what was given of FigureParams. clustered:
    whether clusters are coloured. labelled: whether the rows to be labelled are named.
    Raises click.UsageError."""
    if look.get("density"):
        refuse_given(_OF_DOTS, "is about dots, and --density has none")
    if clustered:
        refuse_given(_OF_NUMBERS, "is about numbers, and clusters are none")
    if not look.get("heading", True):
        refuse_given(["title"], "stands in the heading, which --no-heading leaves out")
    if labelled:
        refuse_given(["labels_count"], "chooses among all rows; --label names those to be labelled")
    if not (look.get("width") or look.get("height")):
        refuse_given(["unit"], "needs --width or --height")


def refuse_idle_colours(column: Column | None) -> None:
    """column: what the colours stand for; None for one colour. Raises click.UsageError."""
    if column is None:
        refuse_given((*_OF_CATEGORIES, *_OF_NUMBERS), "needs --colour: the map has one colour")
    elif column.numeric:
        refuse_given(_OF_CATEGORIES, f"is about categories, and {shown(column.name)} holds numbers")
    else:
        refuse_given(_OF_NUMBERS, f"is about numbers, and {shown(column.name)} holds categories")


def refuse_idle_angles(dims: int) -> None:
    """dims: of the map. Raises click.UsageError."""
    if dims == 2:
        refuse_given(_ANGLES, "turns a map of three axes, and this one has two (see --dims)")
