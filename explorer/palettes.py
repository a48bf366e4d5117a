"""Which colour a row has: values of a column become colours, a legend or a ramp.

Categories take Okabe and Ito's colours (https://jfly.uni-koeln.de/color/, 2008), told apart with
any common colour vision; numbers take viridis (or cividis), whose lightness rises evenly; numbers
on both sides of zero take an orange - grey - blue ramp centred on zero.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.paths import resource

Rgb = tuple[int, int, int]
U8 = npt.NDArray[np.uint8]

OTHER = "Other"
MISSING = "No value"
# A column is drawn on a log scale where its upper half stretches this many times further than its
# lower half: word counts do (Zipf), norms and scores do not.
_SKEWED = 20.0


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One colour of a legend. count: how many rows have it."""

    label: str
    rgb: Rgb
    count: int


@dataclass(frozen=True, eq=False)
class Colouring:
    """Colours of the rows.

    palette: uint8 (colours, 4), RGBA. codes: uint16 (rows,), the colour of each row.
    legend: one entry a category, most frequent first; empty for numbers and for one colour.
    ramp: uint8 (256, 3) from `low` to `high` for numbers; None otherwise. `low` and `high` are in
        the column's unit: values beyond take the end colours.
    scale: "linear" or "log". diverging: whether the middle of the ramp is zero.
    least, greatest: of the finite numbers, in the column's unit; the same as `low` and `high`
        where no number is known.
    """

    palette: U8
    codes: npt.NDArray[np.uint16]
    legend: tuple[LegendEntry, ...] = ()
    low: float = 0.0
    high: float = 0.0
    ramp: U8 | None = field(default=None, repr=False)
    scale: str = "linear"
    diverging: bool = False
    least: float = 0.0
    greatest: float = 0.0

    @cached_property
    def rgba(self) -> U8:
        """uint8 (rows, 4)."""
        return self.palette[self.codes]


def plain(rows: int, *, dark: bool) -> Colouring:
    """One colour for every row."""
    return Colouring(_opaque([map_colours(dark)["point"]]), np.zeros(rows, np.uint16))


def colour_values(
    values: npt.NDArray[Any],
    *,
    numeric: bool,
    dark: bool,
    limit: int = 8,
    ramp: str = "viridis",
) -> Colouring:
    """Colours for one value a row.

    values: (rows,) numbers, NaN allowed, or texts. numeric: whether they are to be read as numbers.
    dark: whether they are drawn on a dark background.
    limit: categories with a colour of their own, the most frequent first (ties in the order of
        their text), at most 8; the rest is "Other", in grey.
    ramp: "viridis" or "cividis".

    Numbers are stretched between their 1st and 99th percentile, so that one outlier does not
    flatten the rest, and on a log scale where they are all positive and very skewed.
    """
    if numeric:
        return _numbers(np.asarray(values, dtype=np.float64), dark, ramp)
    return _categories(values, dark, min(limit, 8))


def map_colours(dark: bool) -> dict[str, Rgb]:
    """Colours of the map itself: background, axis, text, point, selected and so on."""
    return {name: _rgb(code) for name, code in _resource()["map"][_theme(dark)].items()}


def ramp_colours(name: str, *, dark: bool) -> U8:
    """A ramp of 256 colours, uint8 (256, 3): "viridis", "cividis" or "diverging".

    The ends that would vanish into the background are left out.
    """
    ramps = _resource()["ramps"]
    if name == "diverging":
        return _table(ramps[f"diverging {_theme(dark)}"])
    start, stop = _resource()["shown"][_theme(dark)]
    places = np.linspace(255 * start, 255 * stop, 256)
    whole = _table(ramps[name]).astype(np.float64)
    mixed = [np.interp(places, np.arange(256), whole[:, channel]) for channel in range(3)]
    return np.stack(mixed, axis=1).round().astype(np.uint8)


def _numbers(values: npt.NDArray[np.float64], dark: bool, ramp: str) -> Colouring:
    finite = np.isfinite(values)
    low, high = np.percentile(values[finite], (1, 99)) if finite.any() else (0.0, 0.0)
    diverging = bool(low < 0 < high)
    scale = "linear" if diverging else _scale_of(values[finite])
    if diverging:
        high = max(-low, high)
        low = -high
    if scale == "log":
        share = _share(np.log(np.where(values > 0, values, np.nan)), np.log(low), np.log(high))
    else:
        share = _share(values, low, high)
    ends = (values[finite].min(), values[finite].max()) if finite.any() else (low, high)
    colours = ramp_colours("diverging" if diverging else ramp, dark=dark)
    codes = np.where(finite, (share * 255).round(), 256).astype(np.uint16)
    palette = _opaque([*map(tuple, colours.tolist()), _rgb(_resource()["missing"][_theme(dark)])])
    least, greatest = map(float, ends)
    return Colouring(
        palette, codes, (), float(low), float(high), colours, scale, diverging, least, greatest
    )


def _scale_of(values: npt.NDArray[np.float64]) -> str:
    if not len(values) or values.min() <= 0:
        return "linear"
    low, middle, high = np.percentile(values, (1, 50, 99))
    return "log" if high - middle > _SKEWED * (middle - low) or high > 100 * middle else "linear"


def _share(values: npt.NDArray[np.float64], low: float, high: float) -> npt.NDArray[np.float64]:
    """Place between low and high, in [0, 1]; 0.5 where the two are equal, 0 for NaN."""
    if not high > low:
        return np.full(len(values), 0.5)
    share: npt.NDArray[np.float64] = np.clip((values - low) / (high - low), 0, 1)
    return np.nan_to_num(share)


def _categories(values: npt.NDArray[Any], dark: bool, limit: int) -> Colouring:
    texts = [str(value) for value in values.tolist()]
    counts = Counter(text for text in texts if text)
    ranked = sorted(counts, key=lambda text: (-counts[text], text))
    # One category more than the limit is shown as itself only if "Other" would hold nothing else.
    named = ranked[:limit]
    code_of = {text: code for code, text in enumerate(named)}
    other, missing = len(named), len(named) + 1
    codes = np.fromiter(
        (code_of.get(text, other) if text else missing for text in texts), np.uint16, len(texts)
    )
    theme = _resource()
    colours = [_rgb(code) for code in theme["categories"][_theme(dark)][: len(named)]]
    colours += [_rgb(theme[what][_theme(dark)]) for what in ("other", "missing")]
    labels = [*named, OTHER, MISSING]
    per_code = np.bincount(codes, minlength=len(labels)).tolist()
    entries = zip(labels, colours, per_code, strict=True)
    legend = tuple(LegendEntry(*entry) for entry in entries if entry[2])
    return Colouring(_opaque(colours), codes, legend)


def _opaque(colours: list[Any]) -> U8:
    return np.array([(*colour, 255) for colour in colours], dtype=np.uint8)


def _theme(dark: bool) -> str:
    return "dark" if dark else "light"


def _rgb(code: str) -> Rgb:
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def _table(digits: str) -> U8:
    return np.frombuffer(bytes.fromhex(digits), dtype=np.uint8).reshape(-1, 3)


@cache
def _resource() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("palettes.json").read_text(encoding="utf-8"))
    return content
