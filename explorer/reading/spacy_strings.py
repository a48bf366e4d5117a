"""How spaCy names the rows of its vectors: by a hash of each text, in `key2row`.

A key is MurmurHash64A (Austin Appleby, MurmurHash2.cpp, public domain) of the text's UTF-8 with
seed 1, as in spaCy's strings.pyx; the texts stand in `strings.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.reading.files import (
    DAMAGED,
    LARGEST_JSON,
    file_size,
    parsed_json,
    readable,
    small_text,
)

_SEED = 1
_MIX = np.uint64(0xC6A4A7935BD1E995)
_SHIFT = np.uint64(47)

U64 = npt.NDArray[np.uint64]


def rows_by_key(path: Path) -> dict[int, int]:
    """The row of each key in a `key2row` file. Raises InputError."""
    import msgpack

    if (size := file_size(path)) > LARGEST_JSON:
        raise InputError(path, f"is {size:,} bytes, too large for a list of rows.")
    with readable(path):
        raw = path.read_bytes()
    try:
        rows = msgpack.unpackb(raw, strict_map_key=False)
    except Exception as error:  # the library raises many kinds on broken bytes
        raise InputError(path, "is no list of rows: it cannot be parsed.", DAMAGED) from error
    if not isinstance(rows, dict) or not all(
        type(key) is int and type(row) is int for key, row in rows.items()
    ):
        raise InputError(path, "is no list of rows by key.", DAMAGED)
    return rows


def texts_by_key(path: Path) -> dict[int, str]:
    """The text of each key, from a `strings.json` file. Raises InputError."""
    texts = parsed_json(path, small_text(path))
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputError(path, "is no list of texts.", DAMAGED)
    return dict(zip(keys_of(texts), texts, strict=True))


def keys_of(texts: Sequence[str]) -> list[int]:
    """The key of each text, as spaCy computes it."""
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    keys = [0] * len(raw)
    by_length: dict[int, list[int]] = {}
    for place, text in enumerate(raw):
        by_length.setdefault(len(text), []).append(place)
    for length, places in by_length.items():
        hashes = _hashes((raw[place] for place in places), length, len(places))
        for place, key in zip(places, hashes.tolist(), strict=True):
            keys[place] = key
    return keys


def _hashes(texts: Iterable[bytes], length: int, count: int) -> U64:
    """MurmurHash64A of texts of one length, all at once; (count,)."""
    whole = -(-length // 8) * 8
    joined = b"".join(text.ljust(whole, b"\0") for text in texts)
    blocks = np.frombuffer(joined, "<u8").reshape(count, whole // 8)
    hashes = np.full(count, _SEED ^ (length * int(_MIX)) % 2**64, np.uint64)
    for place in range(length // 8):
        mixed = blocks[:, place] * _MIX
        mixed ^= mixed >> _SHIFT
        hashes = (hashes ^ (mixed * _MIX)) * _MIX
    if length % 8:
        hashes = (hashes ^ blocks[:, -1]) * _MIX
    hashes ^= hashes >> _SHIFT
    hashes *= _MIX
    return hashes ^ (hashes >> _SHIFT)
