"""The steps that only show: ids, matrix, one-hot product, result."""

from __future__ import annotations

from abc import abstractmethod
from itertools import islice

import numpy as np
from PySide6.QtCore import Signal

from explorer.embedding.one_hot import OneHotCost
from explorer.gui.panels.layer.chips import Chip, ChipLine, ChipsPicture
from explorer.gui.panels.layer.lines import MOST, Line
from explorer.gui.panels.layer.looking import Looked
from explorer.gui.panels.layer.matrix import MatrixPicture
from explorer.gui.panels.layer.one_hot import Cost, OneHotPicture
from explorer.gui.panels.layer.picture import Picture
from explorer.gui.panels.layer.result import ResultPicture
from explorer.gui.panels.layer.step_box import StepBox
from explorer.gui.state.names import Names
from explorer.gui.theme import Theme
from explorer.gui.widgets.heat import reach
from explorer.gui.widgets.plain import size_text, token_text
from explorer.lookups import Piece

LONGEST = 24  # characters of a name


class Step(StepBox):
    """A step that follows the lookup."""

    row_pointed = Signal(int)
    row_chosen = Signal(int)

    def __init__(self, theme: Theme, number: int, name: str, title: str) -> None:
        super().__init__(theme, number, name, title)
        self.pictures: list[Picture] = []

    def put(self, picture: Picture) -> None:
        """The step's picture; its rows are the page's."""
        self.add_picture(picture)
        self.pictures.append(picture)
        picture.row_pointed.connect(self.row_pointed)
        picture.row_chosen.connect(self.row_chosen)

    @abstractmethod
    def show_lookup(self, looked: Looked, names: Names) -> None:
        """Shows this lookup, rows by these names."""


def distinct(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows, place of each in the flattened ids), each row once, in the order of the ids."""
    rows, first = np.unique(ids.ravel(), return_index=True)
    order = np.argsort(first)
    return rows[order], first[order]


def told(place: tuple[int, ...]) -> str:
    """A place in ids or result, such as "[0, 1]"; "" for the only one there is."""
    return f"[{', '.join(str(at) for at in place)}]" if place else ""


def shape_text(shape: tuple[int, ...]) -> str:
    """As Python writes it, with the thousands marked."""
    inner = ", ".join(f"{length:,}" for length in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


class IdsStep(Step):
    """Text becomes ids."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__(theme, number, "ids", "Words become ids")
        self._chips = ChipsPicture(theme)
        self.put(self._chips)

    def show_lookup(self, looked: Looked, names: Names) -> None:
        run = looked.run
        self.note(f"ids {shape_text(run.ids.shape)}")
        if run.pieces is not None:
            self.rename("Words become ids")
            self.say(
                "Each piece of the text has a place in the vocabulary. That place, a whole number, "
                "is all that the layer is given."
            )
            chips = tuple(_piece_chip(piece, names) for piece in run.pieces.pieces)
            self._chips.show_chips([ChipLine("", chips)])
        else:
            self.rename("Ids")
            self.say("The layer is given whole numbers, in any shape: each is the place of a row.")
            self._chips.show_chips(_id_lines(run.ids, names))


def _piece_chip(piece: Piece, names: Names) -> Chip:
    typed = token_text(piece.piece, LONGEST)
    if piece.row is None or piece.token is None:
        return Chip(typed, f"no row · {piece.how}", -1, f"{typed}: {piece.how}")
    name = names.of(piece.row, LONGEST)
    word = typed if typed == name else f"{typed} → {name}"
    words = f"{typed} looks up row {piece.row:,}, {name} ({piece.how})"
    return Chip(word, f"{piece.row:,} · {piece.how}", piece.row, words)


def _id_lines(ids: np.ndarray, names: Names) -> list[ChipLine]:
    """One line for each of the innermost lists, with its place."""
    if not ids.ndim:
        return [ChipLine("", (_id_chip(int(ids), names),))]
    lines = []
    for place in np.ndindex(ids.shape[:-1]):
        chips = tuple(_id_chip(int(row), names) for row in ids[place][:100])
        lines.append(ChipLine(told(place), chips))
        if len(lines) > 100:
            break
    return lines


def _id_chip(row: int, names: Names) -> Chip:
    name = names.of(row, LONGEST)
    return Chip(f"{row:,}", name, row, f"Id {row:,} is the row of {name}")


class MatrixStep(Step):
    """Ids pick rows."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__(theme, number, "matrix", "Ids pick rows of the matrix")
        self._matrix = MatrixPicture(theme)
        self.put(self._matrix)

    def show_lookup(self, looked: Looked, names: Names) -> None:
        run = looked.run
        rows, first = distinct(run.ids)
        flat = run.before.reshape(-1, run.before.shape[-1])
        self.note(f"matrix {shape_text((looked.overview.count, looked.overview.dim))}")
        self.say(
            "Looking up is indexing: an id is the number of a row, and nothing is multiplied. "
            f"Left the whole matrix ({looked.overview.words}), right the rows picked; "
            "orange is below zero, blue above."
        )
        # By row, not as they were asked for: so no line to a row crosses another.
        order = np.argsort(rows[:MOST])
        called = [names.of(int(row), LONGEST) for row in rows[order]]
        numbers = flat[first[order]]
        self._matrix.show_rows(looked.overview, rows[order], numbers, called, rows)


_PRODUCT = (
    "A line of zeros with a single one, times the matrix, is a row of it. In formulas a lookup is "
    "this product"
)


class OneHotStep(Step):
    """The same by a product."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__(theme, number, "one_hot", "The same as one-hot rows × the matrix")
        self._product = OneHotPicture(theme)
        self.put(self._product)

    def show_lookup(self, looked: Looked, names: Names) -> None:
        run = looked.run
        rows = [int(row) for row in run.ids.ravel()[:MOST]]
        flat = run.before.reshape(-1, run.before.shape[-1])
        called = [names.of(row, LONGEST) for row in rows]
        if run.one_hot is None:
            self.note("")
            self.say(f"{_PRODUCT}; what that would take is being measured.")
        costs = () if run.one_hot is None else self._show_cost(run.one_hot)
        self._product.show_product(looked.overview, run.ids.size, rows, called, flat, costs)

    def _show_cost(self, cost: OneHotCost) -> tuple[Cost, ...]:
        product = size_text(cost.bytes), seconds_text(cost.seconds)
        gather = size_text(cost.gather_bytes), seconds_text(cost.gather_seconds)
        self.note("the same result" if cost.same else "not the same result")
        part = f" ({cost.measured:,} of {cost.ids:,} ids measured)"
        self.say(
            f"{_PRODUCT}; computed so it takes {product[0]} and {product[1]} against "
            f"{gather[0]} and {gather[1]}{part if cost.measured < cost.ids else ''}."
        )
        return (
            Cost("as a product", product[0], 1.0, product[1], 1.0),
            Cost(
                "as a lookup",
                gather[0],
                cost.gather_bytes / max(1, cost.bytes),
                gather[1],
                min(1.0, cost.gather_seconds / max(1e-12, cost.seconds)),
            ),
        )


class ResultStep(Step):
    """What the layer returns."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__(theme, number, "result", "The result")
        self._result = ResultPicture(theme)
        self.put(self._result)

    def show_lookup(self, looked: Looked, names: Names) -> None:
        run = looked.run
        dim = run.result.shape[-1]
        self.note(shape_text(run.result.shape))
        self.say(
            f"The shape of the ids and one axis more: at the place of each id stand the {dim:,} "
            "numbers of its row."
        )
        lines = []
        for place in islice(np.ndindex(run.ids.shape), MOST):
            row = int(run.ids[place])
            name = names.of(row, LONGEST)
            lines.append(
                Line(row, name, f"result{told(place)} is row {row:,}, {name}", told(place))
            )
        numbers = run.result.reshape(-1, dim)
        self._result.show_result(lines, numbers, reach(looked.overview.numbers))


def seconds_text(seconds: float) -> str:
    """Seconds in the unit one would say: "4.1 ms"."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-6:.0f} µs"
