"""Plain decimal numbers in text, thousands at a time: eight characters are worked on as one word.

A plain number is a sign or none, then at most 16 characters: digits, and a point or none. Its
value is exact, as float() gives it: fifteen digits are a whole number that float64 holds, and so
is the power of ten they are divided by, so there is one rounding (Clinger 1990, "How to read
floating point numbers accurately"; sixteen digits have no point, and are rounded once too). Eight
digits are summed up in three steps, as in Lemire 2021, "Number parsing at a gigabyte per second".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BEFORE, AFTER = 16, 8  # bytes that must stand before the first number and after the last

_U64 = np.uint64
_POWERS = 10.0 ** np.arange(24)  # two points, in a field that is no number, count up to 22

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
F64 = npt.NDArray[np.float64]
_Words = npt.NDArray[np.uint64]


def _eight(byte: int) -> np.uint64:
    return _U64(int.from_bytes(bytes([byte]) * 8, "little"))


_ZEROS, _POINTS, _ONES, _HIGH = (
    _eight(ord("0")),
    _eight(ord(".") ^ ord("0")),
    _eight(1),
    _eight(128),
)
_OVER_NINE = _eight(0x76)  # carries any byte over nine into its highest bit


def decimals(text: Bytes, ends: Places, lengths: Places) -> tuple[F64, Flags]:
    """The values of the fields text[end - length : end], and which of the fields are plain numbers.

    text holds at least BEFORE bytes before the first field, and AFTER bytes after the last. Both
    results are of the shape of `ends`, (n,); the value of a field that is not plain means nothing.
    """
    words = text[: len(text) // 8 * 8].view("<u8")
    first = text.take(ends - lengths)
    negative = first == ord("-")
    lengths = lengths - (negative | (first == ord("+")))
    read = _digits(_word_from(words, ends - 8), np.minimum(lengths, 8))
    long = np.flatnonzero(lengths > 8)
    if len(long):
        high = _word_from(words, ends[long] - 16)
        _put_before(read, long, _digits(high, np.minimum(lengths[long] - 8, 8)))
    read.plain &= (lengths > read.pointed) & (lengths <= 16)
    values = read.value.view(np.int64).astype(np.float64)
    values /= _POWERS.take(read.decimals.view(np.int64))
    signs = values.view(np.uint64)
    signs ^= negative.astype(np.uint64) << _U64(63)
    return values, read.plain


def _word_from(words: _Words, starts: Places) -> _Words:
    """The eight bytes from each of `starts` on, put together from two aligned words: NumPy takes
    unaligned ones half as fast."""
    places = starts >> 3
    low = words.take(places)
    places += 1
    high = words.take(places)
    shift = (starts & 7).view(np.uint64)
    shift <<= _U64(3)
    low >>= shift
    np.subtract(_U64(64), shift, out=shift)
    high <<= shift  # NumPy defines a shift by 64: nothing is left
    low |= high
    return low


@dataclass(slots=True, eq=False)
class _Digits:
    """What words hold: their digits as one number, how many of them are behind a point, whether
    there is one, and whether there is nothing else. Each is (n,)."""

    value: _Words
    decimals: _Words
    pointed: Flags
    plain: Flags


def _digits(words: _Words, lengths: Places) -> _Digits:
    """What the last `lengths` characters of each word are; the first of a word is its lowest
    byte."""
    room = (8 - lengths).view(np.uint64)
    room <<= _U64(3)
    digits = words ^ _ZEROS
    digits >>= room
    digits <<= room  # what stands before the field is now 0, as leading zeros are
    point = _lowest_point(digits)
    pointed = point != 0
    joined = _without(digits, point)
    np.copyto(joined, digits, where=~pointed)
    over = joined + _OVER_NINE
    over |= joined
    over &= _HIGH
    point *= _U64(0x0706050403020100)  # its highest byte: how many bytes stand behind the point
    point >>= _U64(56)
    return _Digits(_number(joined), point, pointed, over == 0)


def _lowest_point(digits: _Words) -> _Words:
    """1 in the byte of the first point, 0 elsewhere: the lowest byte that is equal is found
    exactly by this subtraction, those above it may not be."""
    other = digits ^ _POINTS
    found = other - _ONES
    np.invert(other, out=other)
    found &= other
    found &= _HIGH
    np.negative(found, out=other)
    found &= other
    found >>= _U64(7)
    return found


def _without(digits: _Words, point: _Words) -> _Words:
    """The digits before the point moved up into its byte."""
    below = point - _U64(1)
    joined = digits & below
    joined <<= _U64(8)
    below <<= _U64(8)
    below |= _U64(255)
    np.invert(below, out=below)
    below &= digits
    joined |= below
    return joined


def _number(digits: _Words) -> _Words:
    """The number that eight digits make: pairs, then fours, then all. In place."""
    for factor, shift, mask in (
        (2561, 8, 0x00FF00FF00FF00FF),
        (6553601, 16, 0x0000FFFF0000FFFF),
        (42949672960001, 32, 0x00000000FFFFFFFF),
    ):
        digits *= _U64(factor)
        digits >>= _U64(shift)
        digits &= _U64(mask)
    return digits


def _put_before(read: _Digits, long: Places, high: _Digits) -> None:
    """Joins the upper halves of the fields `long` to the lower ones. In place."""
    pointed = read.pointed[long]
    read.value[long] += high.value * np.where(pointed, _U64(10**7), _U64(10**8))
    read.decimals[long] += high.decimals + (high.pointed.astype(np.uint64) << _U64(3))
    read.plain[long] &= high.plain & ~(high.pointed & pointed)
    read.pointed[long] |= high.pointed
