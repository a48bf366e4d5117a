"""GGUF, the files of llama.cpp: the token table and the vocabulary, nothing else is read.

f32, f16 and bf16 tables are memory-mapped; quantised ones are widened once, block by block, by the
gguf library's own arithmetic (NumPy).
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report
from explorer.reading.choosing import Tensor, pick, rank
from explorer.reading.files import readable
from explorer.reading.gguf_header import MAGIC, GgufHeader, Stored, read_gguf
from explorer.reading.matrices import mapped_matrix
from explorer.reading.memory import ensure_fits
from explorer.reading.naming import Names, nameless
from explorer.table import Note, Source, Table, numbered_tokens
from explorer.vectors import F32, Vectors

_PLAIN = {"F64": "f64", "F32": "f32", "F16": "f16", "BF16": "bf16"}
_INTEGERS = {"I8": "i8", "I16": "i16", "I32": "i32", "I64": "i64"}
_BLOCK_BYTES = 16 * 2**20
# Of a split model (llama.cpp, tools/gguf-split); parts count from 0.
_PART, _PARTS = "split.no", "split.count"
_NUMBERED = re.compile(r"(-[0-9]{5}-of-[0-9]{5})?\.gguf$")
_TABLE = "token_embd"


def _recognises(path: Path, head: bytes) -> bool:
    return head.startswith(MAGIC)


def _probe(path: Path) -> list[Candidate]:
    return _candidates(path, read_gguf(path))


def _candidates(path: Path, header: GgufHeader, tensor: str = "") -> list[Candidate]:
    _refuse_tableless(path, header, tensor)
    tensors = [
        Tensor(name, stored.shape, _dtype(stored), stored.nbytes)
        for name, stored in header.tensors.items()
    ]
    ranked = rank(path, tensors, named=bool(header.tokens), vocabulary=len(header.tokens))
    return [_with_quantisation(one, header.tensors[one.name].quantisation) for one in ranked]


def _refuse_tableless(path: Path, header: GgufHeader, tensor: str) -> None:
    """Raises InputError for a file of the vocabulary alone, and for a part of a split model that
    holds other weights, naming the part to open."""
    part, parts = _split(header)
    if header.tokens and not header.tensors:
        problem = f"holds a vocabulary of {len(header.tokens):,} tokens and no table."
        hint = "Open the model's own file, not one of the vocabulary."
        raise InputError(path, problem, _other_part(path, 2, parts) if parts > 1 else hint)
    if part > 1 and not tensor and not any(name.startswith(_TABLE) for name in header.tensors):
        problem = f"is part {part} of {parts} of a model and holds no token table."
        raise InputError(path, problem, _other_part(path, 1, parts))


def _split(header: GgufHeader) -> tuple[int, int]:
    """Which part of a split model it is, counted from 1, and of how many."""
    part, parts = header.keys.get(_PART), header.keys.get(_PARTS)
    if isinstance(part, int) and isinstance(parts, int) and 0 <= part < parts:
        return part + 1, parts
    return 1, 1


def _other_part(path: Path, part: int, parts: int) -> str:
    """A hint that names another part, as llama.cpp numbers them (name-00001-of-00003.gguf)."""
    stem = _NUMBERED.sub("", path.name)
    return f"Open {f'{stem}-{part:05d}-of-{parts:05d}.gguf'!r}, where it should be."


def _dtype(stored: Stored) -> str:
    """The dtype it has once read: a quantised tensor is widened to f32."""
    return (_PLAIN | _INTEGERS).get(stored.quantisation, "f32")


def _with_quantisation(candidate: Candidate, quantisation: str) -> Candidate:
    if quantisation in _PLAIN | _INTEGERS:
        return candidate
    said = f"quantised: {quantisation}"
    reason = f"{candidate.reason}; {said}" if candidate.reason else said
    return replace(candidate, reason=reason)


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    report(Progress(0, 1, f"Reading the vocabulary of {path.name}"))
    header = read_gguf(path)
    chosen = pick(path, _candidates(path, header, tensor), tensor)
    stored = header.tensors[chosen.name]
    notes: tuple[Note, ...] = ()
    if stored.quantisation in _PLAIN:
        shape = (chosen.rows, chosen.dim)
        vectors = mapped_matrix(path, chosen.dtype, stored.start, shape)
    else:
        vectors = Vectors(_widened(path, stored, report))
        text = f"Quantised: {stored.quantisation}. The numbers are those that the model computes "
        notes = (Note(text + "with, rounded when it was quantised; similarities are too."),)
    names = _names(header, chosen.rows)
    source = Source(path, FORMAT.name, chosen.name)
    return replace(names, notes=(*notes, *names.notes)).table(vectors, source)


def _widened(path: Path, stored: Stored, report: Report) -> F32:
    """The tensor as float32 (rows, dim); a few megabytes at a time beside the result."""
    from gguf.constants import GGMLQuantizationType
    from gguf.quants import dequantize

    rows, dim = stored.shape
    kind = GGMLQuantizationType[stored.quantisation]
    shape = (rows, stored.nbytes // rows)
    with readable(path):
        packed = np.memmap(path, np.uint8, mode="r", offset=stored.start, shape=shape)
    ensure_fits(path, rows * dim * 4)
    wide = np.empty((rows, dim), np.float32)
    step = max(1, _BLOCK_BYTES // (4 * dim))
    for start in range(0, rows, step):
        report(Progress(start, rows, f"Widening {stored.quantisation} numbers"))
        try:
            # A damaged scale may be infinite, times zero is not a number: the row is then told.
            with np.errstate(all="ignore"):
                wide[start : start + step] = dequantize(packed[start : start + step], kind)
        except NotImplementedError as error:
            hint = "Convert it to F16 or Q8_0 (llama-quantize) and open that."
            problem = f"its table is quantised as {stored.quantisation}, which cannot be widened."
            raise InputError(path, problem, hint) from error
    return wide


def _names(header: GgufHeader, rows: int) -> Names:
    known = len(header.tokens)
    if not known:
        note = nameless("The file has no vocabulary")
        return Names(numbered_tokens(rows), {}, (note,), named=False)
    tokens = [raw.decode(errors="backslashreplace") for raw in header.tokens[:rows]]
    broken = [row for row, raw in enumerate(header.tokens[:rows]) if not _is_utf8(raw)]
    notes = []
    if broken:
        count = "1 token is" if len(broken) == 1 else f"{len(broken):,} tokens are"
        text = f"{count} not valid UTF-8; shown with \\x escapes."
        notes.append(Note(text, "warning", tuple(broken[:20]), of_names=True))
    if rows > known:
        text = f"{rows - known:,} rows lie beyond the {known:,} tokens: named by number."
        some = tuple(range(known, min(rows, known + 20)))
        notes.append(Note(text, "info", some, of_names=True))
    if known > rows:
        text = f"{known - rows:,} tokens have no row in the table."
        notes.append(Note(text, "warning", of_names=True))
    return Names((*tokens, *numbered_tokens(rows)[known:]), {}, tuple(notes))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


FORMAT = Format(
    name="gguf",
    title="GGUF model",
    suffixes=(".gguf",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=5,
)
