"""A NumPy archive (np.savez): several arrays in a zip, the tokens often one of them.

Each member's header is checked against the archive's directory before the member is expanded, for
np.load believes both: 58 KB become 60 MB without a word.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report, part, silent
from explorer.reading.archives import ZIP, member_names, opened_archive
from explorer.reading.arrays import ArrayHeader, read_array_header
from explorer.reading.choosing import Tensor, pick, rank
from explorer.reading.column_names import token_column
from explorer.reading.decoding import LONGEST_TOKEN, Decoder
from explorer.reading.files import DAMAGED
from explorer.reading.matrices import as_vectors
from explorer.reading.memory import ensure_fits
from explorer.reading.naming import Names, has_names, name_rows, tokens_from
from explorer.table import Column, Source, Table

_CHUNK = 2**22
_WHOLE = {"i": np.int64, "u": np.int64, "b": np.int64, "f": np.float64}


@dataclass(frozen=True, slots=True)
class _Member:
    """An array in the archive: its name there, and its header."""

    info: zipfile.ZipInfo
    header: ArrayHeader


def _recognises(path: Path, head: bytes) -> bool:
    if not head.startswith(ZIP):
        return False
    names = member_names(path)
    return bool(names) and all(name.endswith(".npy") for name in names)


# The members


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, _Member]:
    """Every array by its name without `.npy`, its size checked. Raises InputError."""
    found = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        with archive.open(info) as file:
            header = read_array_header(path, file, place=f"array {name!r}")
        _check(path, name, info, header)
        found[name] = _Member(info, header)
    return found


def _check(path: Path, name: str, info: zipfile.ZipInfo, header: ArrayHeader) -> None:
    place = f"array {name!r}"
    if header.dtype.hasobject:
        problem = "holds Python objects, which are pickles and may run code."
        hint = "Save tokens as text, np.array(tokens, dtype=str), and numbers with a float dtype."
        raise InputError(path, problem, hint, place=place)
    available = info.file_size - header.start
    if header.nbytes > available:
        problem = f"its header claims {header.nbytes:,} bytes and there are {available:,}."
        raise InputError(path, problem, DAMAGED, place=place)


def _array(
    path: Path, archive: zipfile.ZipFile, member: _Member, report: Report = silent
) -> npt.NDArray[Any]:
    """The array, expanded once into its own memory."""
    header = member.header
    ensure_fits(path, header.nbytes)
    raw, done = np.empty(header.nbytes, np.uint8), 0
    with archive.open(member.info) as file:
        file.read(header.start)
        while done < len(raw):
            chunk = file.read(min(_CHUNK, len(raw) - done))
            if not chunk:
                raise InputError(path, "the archive is cut short.", DAMAGED)
            raw[done : done + len(chunk)] = np.frombuffer(chunk, np.uint8)
            done += len(chunk)
            report(Progress(done, len(raw), f"Reading {path.name}"))
    return raw.view(header.dtype).reshape(header.shape, order=header.order)


# Probe and read


def _candidates(path: Path, members: Mapping[str, _Member]) -> list[Candidate]:
    tensors = [
        Tensor(name, member.header.shape, _dtype(member.header), member.header.nbytes)
        for name, member in members.items()
    ]
    found = rank(path, tensors, named=has_names(path))
    named = {one.name: _token_member(members, one.rows) is not None for one in found}
    return [replace(one, named=True) if named[one.name] else one for one in found]


def _dtype(header: ArrayHeader) -> str:
    return header.float_name or {"i1": "i8", "u1": "u8"}.get(header.dtype.str[1:], "other")


def _token_member(members: Mapping[str, _Member], rows: int) -> str | None:
    """The list of texts, one a row, that is named most like tokens."""
    fitting = [name for name, member in members.items() if member.header.shape == (rows,)]
    texts = [p for p, name in enumerate(fitting) if members[name].header.dtype.kind in "US"]
    at = token_column(fitting, texts) if texts else None
    return fitting[at] if at is not None else None


def _probe(path: Path) -> list[Candidate]:
    with opened_archive(path) as archive:
        return _candidates(path, _members(path, archive))


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    with opened_archive(path) as archive:
        members = _members(path, archive)
        chosen = pick(path, _candidates(path, members), tensor)
        matrix = _array(path, archive, members[chosen.name], part(report, 0.0, 0.8))
        report(Progress(0.8, 1, "Reading tokens"))
        names = _names(path, archive, members, chosen)
    if chosen.dtype == "bf16":
        matrix = matrix.view("<u2")
    return names.table(as_vectors(matrix, chosen.dtype), Source(path, FORMAT.name, chosen.name))


# Tokens and columns


def _names(
    path: Path, archive: zipfile.ZipFile, members: Mapping[str, _Member], chosen: Candidate
) -> Names:
    token = _token_member(members, chosen.rows)
    if token is None:
        return name_rows(path, chosen.rows)
    decoder = Decoder()
    tokens = _texts(path, archive, members[token], decoder)
    columns = {
        name: _column(path, archive, name, member)
        for name, member in members.items()
        if name != token and member.header.shape == (chosen.rows,) and _shown(member)
    }
    notes = (tokens_from(f"the array {token!r}"), *decoder.notes())
    return Names(tokens, columns, notes)


def _shown(member: _Member) -> bool:
    return member.header.dtype.kind in {"U", "S", *_WHOLE}


def _texts(
    path: Path, archive: zipfile.ZipFile, member: _Member, decoder: Decoder
) -> tuple[str, ...]:
    if member.header.dtype.itemsize > 4 * LONGEST_TOKEN:
        problem = f"its tokens are beyond the limit of {LONGEST_TOKEN:,} characters."
        raise InputError(path, problem, "Are these tokens?")
    try:
        texts = _array(path, archive, member).tolist()
    except UnicodeDecodeError as error:  # code points beyond Unicode
        raise InputError(path, "its tokens are no Unicode text.", DAMAGED) from error
    return tuple(decoder.text(one) if isinstance(one, bytes) else one for one in texts)


def _column(path: Path, archive: zipfile.ZipFile, name: str, member: _Member) -> Column:
    kind = member.header.dtype.kind
    if kind in "US":
        return Column.from_text(name, _texts(path, archive, member, Decoder()))
    return Column(name, _array(path, archive, member).astype(_WHOLE[kind]))


FORMAT = Format(
    name="npz",
    title="NumPy archive",
    suffixes=(".npz",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=30,
)
