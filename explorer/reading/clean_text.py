"""Rows of numbers in clean text, many at once, by Arrow's CSV reader.

Clean means: one separator between fields, the same number of fields in every line, plain decimal
numbers. It is asked for what `explorer.reading.plain_lines` does not read: numbers with an exponent
or of more than fifteen digits. Whatever is not clean is left to `explorer.reading.rows`, line by
line; where both can read a text they give the same rows, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LEAST = 2**20  # bytes of text below which loading Arrow takes longer than it saves

_MARK = b"\xef\xbb\xbf"

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class CleanRows:
    """tokens: one a row as the file has it; b"" where rows have none. numbers: (rows, dim)."""

    tokens: list[bytes]
    numbers: F32


def clean_rows(
    block: bytes, dim: int, separator: bytes, longest: int, *, labelled: bool
) -> CleanRows | None:
    """The rows of a block of whole lines, or None where anything in it is not clean.

    separator: b" " or b"\\t". longest: bytes of the longest token that is allowed.
    """
    text = _plain(block, separator)
    if text is None:
        return None
    table = _parsed(text, dim, separator, labelled=labelled)
    if table is None:
        return None
    numbers = _matrix(table, int(labelled))
    # Arrow takes `nan(0)` for a number too: rows with NaN are read the careful way.
    if bool(np.isnan(numbers).any()):
        return None
    tokens: list[bytes] = table.column(0).to_pylist() if labelled else [b""] * len(numbers)
    if max(map(len, tokens), default=0) > longest:
        return None
    return CleanRows(tokens, numbers)


def _plain(block: bytes, separator: bytes) -> bytes | None:
    """The lines as Arrow must see them: ended by LF alone, no separator at the end."""
    if block.startswith(_MARK):  # Arrow would drop it; in the midst of a file it is a token's
        return None
    other = b"\t" if separator == b" " else b" "
    # Arrow trims blanks around a number, at which the careful reader parts or refuses.
    if other in block and (separator == b" " or b"\t " in block or b" \t" in block):
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
        if b"\r" in block:
            return None
    if block[: block.find(b"\n")].endswith(separator):  # so word2vec's own program ends its lines
        block = block.replace(separator + b"\n", b"\n")
    return block


def _parsed(text: bytes, dim: int, separator: bytes, *, labelled: bool) -> Any:
    """A pyarrow Table: the token column, if there is one, and `dim` columns of float64.

    float64, then rounded to float32: as the careful reader does, and NumPy and gensim.
    """
    import pyarrow
    from pyarrow import csv

    tokens = ["token"] if labelled else []
    types = dict.fromkeys(map(str, range(dim)), pyarrow.float64())
    names = [*tokens, *types]
    try:
        return csv.read_csv(
            pyarrow.BufferReader(text),
            # The caller's threads each read a block; Arrow's own would wait for one another.
            csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
            csv.ParseOptions(
                delimiter=separator.decode(), quote_char=False, ignore_empty_lines=False
            ),
            csv.ConvertOptions(
                check_utf8=False,
                column_types={**dict.fromkeys(tokens, pyarrow.binary()), **types},
                null_values=[],
                strings_can_be_null=False,
            ),
        )
    except (pyarrow.ArrowInvalid, pyarrow.ArrowCapacityError):
        return None


def _matrix(table: Any, first: int) -> F32:
    """float32 (rows, dim) of the columns from `first` on."""
    numbers = np.empty((len(table), table.num_columns - first), np.float32)
    at = 0
    with np.errstate(over="ignore"):
        for batch in table.to_batches():
            wide = np.array([column.to_numpy() for column in batch.columns[first:]])
            numbers[at : at + len(batch)] = wide.T
            at += len(batch)
    return numbers
