"""What callers give, taken for what it must be: Python's own types, or a sentence that says why.

NumPy's numbers count as numbers; true and false do not.
"""

from __future__ import annotations

import os
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError

_LONGEST = 40  # characters of a value that is told
_LARGEST = 10**36  # beyond any size; Python does not write whole numbers of any length


def whole(name: str, value: Any) -> int:
    """Raises ParameterError for anything but a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise refused(name, value, "It is a whole number.")
    taken = int(value)
    if abs(taken) > _LARGEST:
        raise refused(name, value, "It is too large.")
    return taken


def number(name: str, value: Any) -> float:
    """NaN and infinity are numbers here. Raises ParameterError for anything else but a number."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise refused(name, value, "It is a number.")
    try:
        return float(value)
    except OverflowError as error:
        raise refused(name, value, "It is too large.") from error


def flag(name: str, value: Any) -> bool:
    """Raises ParameterError for anything but true and false."""
    if not isinstance(value, bool | np.bool_):
        raise refused(name, value, "It is True or False.")
    return bool(value)


def text(name: str, value: Any) -> str:
    """Raises ParameterError for anything but a text."""
    if not isinstance(value, str):
        raise refused(name, value, "It is a text.")
    return value


def path(name: str, value: Any) -> str | PathLike[str]:
    """Raises ParameterError for anything but a name that a file can have."""
    if not isinstance(value, str | PathLike):
        raise refused(name, value, "It is a path.")
    try:
        plain = os.fsencode(value)
    except UnicodeEncodeError as error:
        raise refused(name, value, "No file is called so.") from error
    if not plain or b"\0" in plain:
        raise refused(name, value, "No file is called so.")
    taken: str | PathLike[str] = value
    return taken


def numbers(name: str, value: Any) -> npt.NDArray[Any]:
    """A NumPy array of real numbers, from one, a tensor or nested lists, in its own dtype.

    Raises ParameterError for anything else.
    """
    try:
        array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:  # torch: no numbers yet
        raise refused(name, value, "It is an array of numbers.") from error
    if array.dtype.kind not in "fiu":
        raise refused(name, value, "It is an array of numbers.")
    return array


def refused(name: str, value: Any, hint: str) -> ParameterError:
    """What says that an argument of this name cannot have this value. hint: the way out."""
    return ParameterError(f"The {name} cannot be {_told(value)}.", hint)


def _told(value: Any) -> str:
    """A value in short; of what is neither number nor text, its kind."""
    if value is None or isinstance(value, bool | float | str | bytes):
        told = repr(value)
    elif isinstance(value, int):
        told = str(value) if abs(value) <= _LARGEST else "so large a number"
    else:
        told = f"of the type {type(value).__name__}"
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
