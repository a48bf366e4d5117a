"""The lists that were chosen, their scores, and those of their sections, as lines to be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont
from typing_extensions import override

from explorer import analogies
from explorer.evaluation import Analogies, Section, WordSimilarity
from explorer.gui.lists.bars import SHARE
from explorer.gui.lists.list_model import ListModel
from explorer.gui.panels.evaluation.running import Chosen
from explorer.gui.widgets.plain import token_text

TITLES = ("list", "measure", "score", "", "words known")
BAR = 3  # the column of the bars


@dataclass(frozen=True)
class Line:
    """place: of the list among those chosen. section: that the line is of; None for all of it.
    share: length of the score's bar, in [0, 1]; None for none. stale: of other numbers than those
    at hand, or of other options."""

    place: int
    name: str
    section: str | None = None
    measure: str = ""
    score: str = ""
    known: str = ""
    share: float | None = None
    tip: str = ""
    heading: bool = False
    stale: bool = False


def lines_of(place: int, chosen: Chosen, *, stale: bool) -> Iterator[Line]:
    """The list itself, then what it is made of."""
    name = token_text(chosen.path.name, 48)
    result = chosen.result
    if result is None:
        words = "cannot be read" if chosen.error else "not evaluated yet"
        tip = chosen.error or str(chosen.path)
        yield Line(place, name, measure=words, tip=tip, heading=True, stale=stale)
    elif isinstance(result, WordSimilarity):
        yield from _of_pairs(place, name, result, stale)
    else:
        yield from _of_analogies(place, name, result, stale)


def _of_pairs(place: int, name: str, result: WordSimilarity, stale: bool) -> Iterator[Line]:
    coverage = covered(result.known, result.asked)
    for measure, value, p in (
        ("Spearman", result.spearman, result.spearman_p),
        ("Pearson", result.pearson, result.pearson_p),
    ):
        first = measure == "Spearman"
        known = value == value
        told = f"{value:.6f}, two-sided p = {p:.2g}" if known else "cannot be told"
        tip = f"{result.path}\n{measure} {told}"
        yield Line(
            place,
            name if first else "",
            measure=measure,
            score=number(value),
            known=coverage if first else "",
            share=max(0.0, value) if known else None,
            tip="\n".join([tip, *result.notes]),
            heading=first,
            stale=stale,
        )


def _of_analogies(place: int, name: str, result: Analogies, stale: bool) -> Iterator[Line]:
    total, method = result.total, analogies.TITLES[result.how]
    tip = "\n".join([str(result.path), _counts(total), *result.notes])
    yield _of_section(place, name, total, method, tip, stale, None)
    for group in result.groups:
        named = token_text(group.name, 44)  # of a folder, or a word for its sections
        title = f"    {named}" if result.parted else f"    all {named} questions"
        yield _of_section(place, title, group, "", _counts(group), stale, f"{group.name}")
    if len(result.sections) > 1 or result.sections[0].name:
        for section in result.sections:
            title = "    " + token_text(section.name or "(no section)", 44)
            yield _of_section(place, title, section, "", _counts(section), stale, section.name)


def _of_section(
    place: int, name: str, part: Section, measure: str, tip: str, stale: bool, key: str | None
) -> Line:
    accuracy = part.accuracy
    known = accuracy == accuracy
    return Line(
        place,
        name,
        key,
        measure,
        f"{100 * accuracy:.1f} %" if known else "–",
        covered(part.known, part.asked),
        accuracy if known else None,
        tip,
        heading=key is None,
        stale=stale,
    )


def _counts(part: Section) -> str:
    if not part.counted:
        return "No share can be told: of each question the table lacks a word"
    return f"{part.right:,} of {part.counted:,} answered rightly"


def covered(known: int, asked: int) -> str:
    """ "348 of 353"."""
    return f"{known:,} of {asked:,}"


def number(value: float) -> str:
    """A correlation, "–" for none."""
    return f"{value:.3f}".replace("-", "−") if value == value else "–"


class ResultModel(ListModel):
    """Lines of all lists, in the order they were chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(TITLES, (2, 4), parent)
        self._lines: tuple[Line, ...] = ()
        self._muted = QColor()

    def show_lines(self, lines: Sequence[Line], muted: QColor) -> None:
        """muted: the colour of lines that are stale."""
        self.beginResetModel()
        self._lines, self._muted = tuple(lines), muted
        self.endResetModel()

    def line_at(self, place: int) -> Line:
        return self._lines[place]

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    @override
    def length(self) -> int:
        return len(self._lines)

    @override
    def text(self, place: int, column: int) -> str:
        line = self._lines[place]
        return (line.name, line.measure, line.score, "", line.known)[column]

    @override
    def tip(self, place: int) -> str:
        return self._lines[place].tip

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        line = self._lines[place]
        if role == Qt.ItemDataRole.FontRole and line.heading and column in (0, 2):
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and line.stale:
            return self._muted
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return line.tip
        return line.share if role == SHARE and column == BAR else None
