"""Our own file: a safetensors file that carries its tokens and columns, so nothing can be lost.

Tensors, all little-endian:
    embedding.weight           (rows, dim) in the table's own dtype
    explorer.tokens.utf8       U8 (bytes,): all tokens, one after the other, in UTF-8
    explorer.tokens.ends       I64 (rows,): where each token ends
    explorer.column.<i>        (rows,) a numeric column
    explorer.column.<i>.utf8, explorer.column.<i>.ends      a column of texts, as the tokens
Metadata (all texts): format "pt", embedding_explorer "1", columns (JSON list of {name,
description}), tokenizer_sha256 where a tokenizer stands beside as `<stem>.tokenizer.json`.

Lone surrogates, which real vocabularies hold, are kept by Python's "surrogatepass".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError, OutputError
from explorer.paths import file_digest, replacing, replacing_both
from explorer.progress import Progress, Report
from explorer.reading.files import parsed_json, readable, small_text
from explorer.reading.matrices import STORED
from explorer.reading.naming import Names, tokenizer_beside
from explorer.reading.safetensors_header import LARGEST_HEADER, Header, read_header
from explorer.table import Column, Note, Table, numbered_tokens
from explorer.token_lists import PackedTokens
from explorer.vectors import Vectors

WEIGHT = "embedding.weight"
_TOKENS = "explorer.tokens"
_COLUMN = "explorer.column."
_MARK, _VERSION = "embedding_explorer", "1"
_BLOCK = 16 * 2**20

_NAMES = {"f64": "F64", "f32": "F32", "f16": "F16", "bf16": "BF16",
          "f8_e4m3": "F8_E4M3", "f8_e5m2": "F8_E5M2"}  # fmt: skip
_READ = {"i8": "i1", "i16": "<i2", "i32": "<i4", "i64": "<i8", "u8": "u1", "u16": "<u2",
         "u32": "<u4", "u64": "<u8", "f16": "<f2", "f32": "<f4", "f64": "<f8"}  # fmt: skip

_Array = npt.NDArray[Any]


def has_tokens(header: Header) -> bool:
    """Whether the file carries its tokens inside."""
    return f"{_TOKENS}.ends" in header.tensors


def is_own_layout(path: Path) -> bool:
    """Whether a file is of this layout, with nothing in it but one table. Raises InputError."""
    header = read_header(path)
    others = [name for name in header.tensors if not name.startswith("explorer.")]
    return _MARK in header.metadata and others == [WEIGHT]


def own_names(path: Path, header: Header, rows: int) -> Names | None:
    """Tokens, columns and tokenizer of a file in our layout; None for any other safetensors file.

    Raises InputError where they are not what the layout says.
    """
    if _MARK not in header.metadata:
        return None
    columns = {column.name: column for column in _columns(path, header, rows)}
    tokenizer, notes = _own_tokenizer(path, header)
    if not has_tokens(header):
        return Names(numbered_tokens(rows), columns, notes, tokenizer, named=False)
    return Names(_texts(path, header, _TOKENS, rows), columns, notes, tokenizer)


def _own_tokenizer(path: Path, header: Header) -> tuple[str, tuple[Note, ...]]:
    """The tokenizer written with the table, told from a stranger's by its hash."""
    digest = header.metadata.get("tokenizer_sha256", "")
    beside = tokenizer_beside(path)
    if not digest:
        return "", ()
    if not beside.is_file():
        text = f"{beside.name} is missing: typed text cannot be split as it was in training."
        return "", (Note(text, "warning", of_names=True),)
    text = small_text(beside)
    if _digest(text) == digest:
        return text, ()
    other = f"{beside.name} is not the tokenizer this table was saved with: it is not used."
    return "", (Note(other, "warning", of_names=True),)


def _columns(path: Path, header: Header, rows: int) -> Iterator[Column]:
    listed = parsed_json(path, header.metadata.get("columns", "[]"), place="metadata")
    for place, about in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(about, dict):
            raise InputError(path, f"column {place} is not described.", place="metadata")
        name, description = str(about.get("name", "")), str(about.get("description", ""))
        yield Column(name, _column_values(path, header, f"{_COLUMN}{place}", rows), description)


def _column_values(path: Path, header: Header, name: str, rows: int) -> _Array:
    if name in header.tensors:
        return _array(path, header, name, rows)
    values = np.empty(rows, dtype=object)
    values[:] = tuple(_texts(path, header, name, rows))
    return values


def _texts(path: Path, header: Header, name: str, rows: int) -> PackedTokens:
    ends = _array(path, header, f"{name}.ends", rows)
    utf8 = _array(path, header, f"{name}.utf8").tobytes()
    try:
        return PackedTokens(utf8, ends.astype(np.int64))
    except UnicodeDecodeError as error:
        raise InputError(path, "a text is not UTF-8.", place=name) from error
    except ValueError as error:
        raise InputError(path, f"{error}.", place=name) from error


def _array(path: Path, header: Header, name: str, length: int | None = None) -> _Array:
    entry = header.tensors.get(name)
    if entry is None or entry.dtype not in _READ or len(entry.shape) != 1:
        raise InputError(path, f"tensor {name!r} is missing or not a list of numbers.")
    if length is not None and entry.shape[0] != length:
        raise InputError(path, f"{name!r} has {entry.shape[0]:,} rows, the matrix {length:,}.")
    with readable(path), path.open("rb") as file:
        file.seek(header.data_at + entry.start)
        raw = file.read(entry.stop - entry.start)
    stored = np.frombuffer(raw, _READ[entry.dtype])
    return stored.astype(stored.dtype.newbyteorder("="))


# Writing


@dataclass(frozen=True, eq=False)
class _Piece:
    """A tensor to be written: how the header calls it, and its bytes in order."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    nbytes: int
    data: Vectors | _Array


def write_layout(table: Table, path: Path, *, report: Report) -> None:
    """Writes the table in our layout, and its tokenizer beside it: both files or none.

    The same table gives the same bytes. Raises OutputError, as `ensure_tokenizer_free` does.
    """
    if not len(table) or not table.dim:
        raise OutputError(path, "the table has no numbers to write.")
    if table.tokenizer:
        ensure_tokenizer_free(path, table.tokenizer)
    pieces = list(_pieces(table))
    header = _header_bytes(path, pieces, _metadata(table))
    with ExitStack() as files:
        if table.tokenizer:
            both = files.enter_context(replacing_both(path, tokenizer_beside(path)))
            temporary, beside = both
            beside.write_bytes(table.tokenizer.encode())
        else:
            temporary = files.enter_context(replacing(path))
        with temporary.open("wb") as file:
            file.write(header)
            _write_pieces(file, pieces, report)


def ensure_tokenizer_free(path: Path, tokenizer: str = "") -> None:
    """Raises OutputError where saving to `path` would replace the tokenizer of another table:
    one that is neither `tokenizer` itself nor recorded in the table that is being replaced."""
    beside = tokenizer_beside(path)
    try:
        digest = file_digest(beside)
    except FileNotFoundError:
        return
    except OSError:  # what cannot be read is nobody's to replace
        digest = ""
    if digest not in (_digest(tokenizer), _recorded_digest(path) or None):
        hint = f"Save under another name, or move {beside.name} elsewhere."
        raise OutputError(beside, "is the tokenizer of another table.", hint)


def _recorded_digest(path: Path) -> str:
    try:
        return read_header(path).metadata.get("tokenizer_sha256", "")
    except InputError:
        return ""


def _digest(tokenizer: str) -> str:
    return hashlib.sha256(tokenizer.encode()).hexdigest()


def _write_pieces(file: BinaryIO, pieces: Sequence[_Piece], report: Report) -> None:
    total, done = sum(piece.nbytes for piece in pieces), 0
    for piece in pieces:
        for block in _blocks(piece):
            file.write(block)
            done += len(block)
            report(Progress(done, total, "Writing the table"))


def _blocks(piece: _Piece) -> Iterator[bytes]:
    if isinstance(piece.data, Vectors):
        step = max(1, _BLOCK * len(piece.data) // max(1, piece.nbytes))
        for start in range(0, len(piece.data), step):
            block = piece.data.stored(start, start + step)
            yield block.astype(STORED[piece.data.dtype], copy=False).tobytes()
    else:
        yield piece.data.tobytes()


def _pieces(table: Table) -> Iterator[_Piece]:
    """Widest numbers first, so that every tensor starts at a multiple of its own width."""
    pieces = [_vectors_piece(table.vectors)]
    if table.named:
        pieces += _text_pieces(_TOKENS, table.tokens)
    for place, column in enumerate(table.columns.values()):
        pieces += _column_pieces(f"{_COLUMN}{place}", column)
    pieces.sort(key=lambda piece: -np.dtype(_width(piece)).itemsize)
    yield from pieces


def _width(piece: _Piece) -> str:
    data = piece.data
    return STORED[data.dtype] if isinstance(data, Vectors) else data.dtype.str


def _vectors_piece(vectors: Vectors) -> _Piece:
    return _Piece(WEIGHT, _NAMES[vectors.dtype], vectors.shape, vectors.nbytes, vectors)


def _column_pieces(name: str, column: Column) -> list[_Piece]:
    if column.numeric:
        return [_array_piece(name, column.values)]
    return _text_pieces(name, [str(value) for value in column.values])


def _text_pieces(name: str, texts: Sequence[str]) -> list[_Piece]:
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.cumsum([len(one) for one in raw], dtype=np.int64)
    utf8 = np.frombuffer(b"".join(raw), np.uint8)
    return [_array_piece(f"{name}.ends", ends), _array_piece(f"{name}.utf8", utf8)]


def _array_piece(name: str, values: _Array) -> _Piece:
    values = values.astype(values.dtype.newbyteorder("<"), copy=False)
    dtype = f"{values.dtype.kind.upper()}{values.dtype.itemsize * 8}"
    return _Piece(name, dtype, values.shape, values.nbytes, values)


def _metadata(table: Table) -> dict[str, str]:
    columns = [{"name": c.name, "description": c.description} for c in table.columns.values()]
    metadata = {"format": "pt", _MARK: _VERSION, "columns": json.dumps(columns)}
    if table.tokenizer:
        metadata["tokenizer_sha256"] = _digest(table.tokenizer)
    return metadata


def _header_bytes(path: Path, pieces: Sequence[_Piece], metadata: Mapping[str, str]) -> bytes:
    fields: dict[str, Any] = {"__metadata__": dict(metadata)}
    at = 0
    for piece in pieces:
        offsets = [at, at + piece.nbytes]
        fields[piece.name] = {"dtype": piece.dtype, "shape": piece.shape, "data_offsets": offsets}
        at += piece.nbytes
    raw = json.dumps(fields, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)  # the specification asks that the data be aligned
    if len(raw) > LARGEST_HEADER:
        raise OutputError(path, "the table has too many columns to be described in one header.")
    return len(raw).to_bytes(8, "little") + raw
