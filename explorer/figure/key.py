"""What the colours mean: a bar for numbers, a list for categories."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.figure.paper import Box, Paper
from explorer.palettes import U8, Colouring, LegendEntry
from explorer.tokens import shown

_NAME_LENGTH, _LABEL_LENGTH = 30, 22
_LINE = 1.75  # height of a legend's line, in text sizes
_WIDEST_LIST = 0.3  # of the page
_ROOMY = 55.0  # width of a page that has room for a list beside the map, in text sizes
_SMALL = 0.92
BAR_HEIGHT = 3.6  # in text sizes


@dataclass(frozen=True, eq=False)
class Bar:
    """A colour bar. ramp: uint8 (256, 3). low, high: texts at its ends. zero: where on it zero
    lies, in [0, 1]; None where it is not on it."""

    name: str
    ramp: U8
    low: str
    high: str
    zero: float | None = None


def bar_of(name: str, colouring: Colouring) -> Bar | None:
    """The bar of a column of numbers; "≤" and "≥" where values lie beyond its ends."""
    if colouring.ramp is None:
        return None
    low, high = number(colouring.low), number(colouring.high)
    title = shown(name, _NAME_LENGTH)
    return Bar(
        f"{title}, log scale" if colouring.scale == "log" else title,
        colouring.ramp,
        f"≤ {low}" if colouring.least < colouring.low else low,
        f"≥ {high}" if colouring.greatest > colouring.high else high,
        colouring.zero,
    )


def number(value: float) -> str:
    """A number as a person writes it: 12,345, 0.42, −3."""
    if abs(value) < 1e15 and (value == int(value) or abs(value) >= 1000):
        return f"{value + 0.0:,.0f}".replace("-", "−")  # + 0: no minus zero
    return f"{value:.3g}".replace("-", "−")


# --- the bar -----------------------------------------------------------------------------------


def bar_width(paper: Paper, bar: Bar) -> float:
    """Points."""
    text = paper.page.text
    needed = sum(paper.width_of(word, _SMALL * text) for word in (bar.low, bar.high)) + 5 * text
    usual = min(0.24 * paper.page.width, 20 * text)
    return max(paper.width_of(bar.name, bold=True), needed, usual)


def draw_bar(paper: Paper, bar: Bar, right: float, top: float) -> None:
    """The bar with its upper right corner there, points."""
    text, width = paper.page.text, bar_width(paper, bar)
    left = right - width
    paper.write(left, top - 0.8 * text, bar.name, "label", bold=True)
    strip = Box(left, top - 2.1 * text, right, top - 1.3 * text)
    axes = paper.area(strip)
    axes.set_axis_off()
    corners = (strip.left, strip.right, strip.bottom, strip.top)
    axes.imshow(bar.ramp[None], aspect="auto", extent=corners, interpolation="nearest")
    base = strip.bottom - 1.15 * text
    paper.write(left, base, bar.low, size=_SMALL * text)
    paper.write(right, base, bar.high, size=_SMALL * text, ha="right")
    if bar.zero is not None and 0.3 <= bar.zero <= 0.7:
        paper.write(left + bar.zero * width, base, "0", size=_SMALL * text, ha="center")


# --- the list ----------------------------------------------------------------------------------


def beside(paper: Paper) -> bool:
    """Whether a list stands beside the map; else it runs below it."""
    return paper.page.width >= _ROOMY * paper.page.text


def most_entries(paper: Paper, box: Box) -> int:
    """How many lines a list has room for in its box."""
    return int((box.height - paper.page.text) / (_LINE * paper.page.text))


def list_width(paper: Paper, name: str, entries: tuple[LegendEntry, ...]) -> float:
    """Points that the list takes beside the map, its gap included."""
    text = paper.page.text
    words = [
        paper.width_of(_label(entry)) + paper.width_of(_count(entry), _SMALL * text) + 3.6 * text
        for entry in entries
    ]
    heading = paper.width_of(shown(name, _NAME_LENGTH), bold=True) + text
    return min(max(heading, *words) + text, _WIDEST_LIST * paper.page.width)


def draw_list(paper: Paper, name: str, entries: tuple[LegendEntry, ...], box: Box) -> None:
    """A dot, the category and how many rows it has, a line each, within the box."""
    text = paper.page.text
    title = fitted(paper, shown(name, _NAME_LENGTH), box.width, text, bold=True)
    paper.write(box.left, box.top - text, title, "label", bold=True)
    base = box.top - text
    for entry in entries:
        base -= _LINE * text
        if base < box.bottom:
            break
        count = _count(entry)
        room = box.width - 2.2 * text - paper.width_of(count, _SMALL * text)
        paper.dot(box.left + 0.45 * text, base + 0.36 * text, 0.85 * text, entry.rgb, entry.shape)
        label = fitted(paper, _label(entry), room, text)
        paper.write(box.left + 1.4 * text, base, label, "label")
        paper.write(box.right, base, count, size=_SMALL * text, ha="right")


@dataclass(frozen=True)
class Placed:
    """An entry of a running list: its line, from 0, and how far from the left, points."""

    entry: LegendEntry
    line: int
    x: float


def running(
    paper: Paper, name: str, entries: tuple[LegendEntry, ...], width: float
) -> list[Placed]:
    """Where the entries go in lines below the map."""
    text = paper.page.text
    x, line = paper.width_of(shown(name, _NAME_LENGTH), bold=True) + 1.4 * text, 0
    placed = []
    for entry in entries:
        needed = 1.3 * text + paper.width_of(f"{_label(entry)} {_count(entry)}")
        if x and x + needed > width:
            x, line = 0.0, line + 1
        placed.append(Placed(entry, line, x))
        x += needed + 1.2 * text
    return placed


def running_height(paper: Paper, placed: list[Placed]) -> float:
    """Points that a running list takes."""
    return (placed[-1].line + 1) * _LINE * paper.page.text if placed else 0.0


def draw_running(paper: Paper, name: str, placed: list[Placed], left: float, top: float) -> None:
    """The list below the map, from this corner, points."""
    text = paper.page.text
    paper.write(left, top - text, shown(name, _NAME_LENGTH), "label", bold=True)
    for one in placed:
        x, base = left + one.x, top - text - one.line * _LINE * text
        mark = one.entry
        paper.dot(x + 0.4 * text, base + 0.36 * text, 0.8 * text, mark.rgb, mark.shape)
        label = _label(one.entry)
        paper.write(x + 1.15 * text, base, label, "label")
        after = x + 1.15 * text + paper.width_of(f"{label} ")
        paper.write(after, base, _count(one.entry), size=_SMALL * text)


def fitted(paper: Paper, text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, shortened with an ellipsis to so many points."""
    if paper.width_of(text, size, bold=bold) <= width:
        return text
    while text and paper.width_of(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text.rstrip(' .')}…"


def _label(entry: LegendEntry) -> str:
    return shown(entry.label, _LABEL_LENGTH)


def _count(entry: LegendEntry) -> str:
    return f"{entry.count:,}"
