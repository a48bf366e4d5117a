"""Letters for every script: a base typeface, and behind it what the machine has for the rest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

# The one typeface that matplotlib brings along; a picture then looks alike on every machine.
BASE = "DejaVu Sans"
NO_GLYPH = "□"

# Families with many scripts, asked first, so that Chinese is not pieced together from several.
_PREFERRED = (
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "Hiragino Sans",
    "PingFang SC",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Nirmala UI",
    "Segoe UI",
    "Segoe UI Symbol",
    "Segoe UI Emoji",
    "Noto Emoji",
    "Symbola",
    "Arial Unicode MS",
    "Droid Sans Fallback",
    "WenQuanYi Micro Hei",
    "FreeSans",
)
# A sign for every character that says nothing of it, and pictures that cannot be drawn as outlines.
_PLAIN = {("normal", weight, "normal") for weight in (400, "normal", "regular", "book")}
_NEVER = ("last resort", "color emoji", "coloremoji")


def families(text: str) -> tuple[str, ...]:
    """Names of the typefaces that a text needs, the base first.

    The fewest are taken that hold what the base lacks: those of `_PREFERRED` first, then by name.
    """
    return (BASE, *_fallbacks(frozenset(text) - _letters(BASE)))


def drawable(text: str) -> str:
    """The text with □ for each character that no typeface of the machine has."""
    missing = frozenset(text) - _letters(BASE)
    if not missing:
        return text
    there = frozenset[str]().union(*map(_letters, _fallbacks(missing)))
    return "".join(NO_GLYPH if char in missing - there else char for char in text)


@cache
def _fallbacks(missing: frozenset[str]) -> tuple[str, ...]:
    chosen: list[str] = []
    for family in _installed() if missing else ():
        if found := missing & _letters(family):
            chosen.append(family)
            missing -= found
        if not missing:
            break
    return tuple(chosen)


@cache
def _installed() -> tuple[str, ...]:
    files = _files()
    first = [family for family in _PREFERRED if family in files]
    return (*first, *sorted(files.keys() - {*first, BASE}))


@cache
def _files() -> dict[str, str]:
    """The file of every upright typeface of common weight, by its name."""
    from matplotlib.font_manager import fontManager

    return {
        font.name: font.fname
        for font in fontManager.ttflist
        if (font.style, font.weight, font.stretch) in _PLAIN
        and not any(word in font.name.lower() for word in _NEVER)
    }


@cache
def _letters(family: str) -> frozenset[str]:
    """The characters that a typeface has; none where its file cannot be read as outlines."""
    from matplotlib.font_manager import get_font

    try:
        font = get_font(_files()[family])
        charmap: Iterable[int] = font.get_charmap() if font.scalable else ()
    except (OSError, RuntimeError, ValueError):  # broken files and bitmaps: FreeType's refusals
        return frozenset()
    return frozenset(map(chr, charmap))
