"""Numbers as a person writes them, and the ends of a colour ramp in words."""

from __future__ import annotations

from explorer.palettes import Colouring

_LARGEST = 1e12  # written digit by digit below it


def number(value: float) -> str:
    """A number as a person writes it: 12,345, 0.42, −3; 2.5e+20 where digits would fill a line."""
    written_out = 1000 <= abs(value) < _LARGEST or (value == int(value) and abs(value) < _LARGEST)
    return (f"{value:,.0f}" if written_out else f"{value:.3g}").replace("-", "−")


def ends(colouring: Colouring) -> tuple[str, str]:
    """What the two end colours of a ramp stand for: "≤ −60.7" where values lie beyond."""
    low, high = number(colouring.low), number(colouring.high)
    return (
        f"≤ {low}" if colouring.least < colouring.low else low,
        f"≥ {high}" if colouring.greatest > colouring.high else high,
    )


def whole_range(colouring: Colouring) -> str:
    """The least and the greatest number in words; "" for colours that are not of numbers."""
    if colouring.ramp is None:
        return ""
    return f"Values from {number(colouring.least)} to {number(colouring.greatest)}"
