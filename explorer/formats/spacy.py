"""The vectors of a spaCy pipeline: the folder that `nlp.to_disk` writes, or its `vocab` folder.

`vocab/vectors` is a NumPy array, `key2row` says which row a hashed text has, `strings.json` holds
the texts. The table may have spare rows, and several texts may share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report
from explorer.reading.arrays import ArrayHeader, read_array_header
from explorer.reading.choosing import pick
from explorer.reading.files import DAMAGED, file_size, parsed_json, readable, small_text
from explorer.reading.matrices import as_vectors
from explorer.reading.naming import tokens_from
from explorer.reading.spacy_strings import rows_by_key, texts_by_key
from explorer.table import Note, Source, Table, numbered_tokens

_KEYS, _STRINGS, _CONFIG = "key2row", "strings.json", "vectors.cfg"


def _recognises(path: Path, head: bytes) -> bool:
    if not path.is_dir():
        return False
    vectors = _vectors_file(path)
    return vectors.is_file() and vectors.with_name(_STRINGS).is_file()


def _vectors_file(folder: Path) -> Path:
    inside = folder / "vocab" / "vectors"
    return inside if inside.is_file() else folder / "vectors"


def _checked(path: Path) -> tuple[Path, ArrayHeader, Candidate]:
    """The matrix file, its header, and what it is as a table. Raises InputError."""
    file = _vectors_file(path)
    _refuse_floret(file.with_name(_CONFIG))
    with readable(file), file.open("rb") as opened:
        header = read_array_header(file, opened)
    dtype = header.float_name
    if dtype is None or dtype == "bf16" or len(header.shape) != 2:
        raise InputError(file, f"is no matrix of numbers: {header.shape} of {header.dtype}.")
    if header.nbytes > (available := file_size(file) - header.start):
        problem = f"its header claims {header.nbytes:,} bytes and the file has {available:,}."
        raise InputError(file, problem, DAMAGED)
    rows, dim = header.shape
    named = file.with_name(_KEYS).is_file()
    return file, header, Candidate("", rows, dim, dtype, header.nbytes, named)


def _refuse_floret(config: Path) -> None:
    """floret's rows are shared by pieces of words, and none belongs to a word."""
    fields = parsed_json(config, small_text(config)) if config.is_file() else {}
    if isinstance(fields, dict) and fields.get("mode") == "floret":
        hint = "Compute the vectors of the words you want in spaCy, and save those."
        raise InputError(config, "its rows are hashed pieces of words (floret), not words.", hint)


def _probe(path: Path) -> list[Candidate]:
    return [_checked(path)[2]]


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    file, header, candidate = _checked(path)
    chosen = pick(path, [candidate], tensor)
    report(Progress(0, 1, "Mapping the vectors"))
    with readable(file):
        stored = np.memmap(file, header.dtype, "r", header.start, header.shape, header.order)
    report(Progress(0.2, 1, "Naming rows"))
    tokens, notes = _named(file, chosen.rows) if chosen.named else (None, ())
    return Table(
        tokens=numbered_tokens(chosen.rows) if tokens is None else tokens,
        vectors=as_vectors(stored, chosen.dtype),
        source=Source(path, FORMAT.name),
        report=notes,
        named=tokens is not None,
    )


def _named(vectors: Path, rows: int) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """A token a row: the first text that points to it, or its number; and what to tell of it."""
    keys = vectors.with_name(_KEYS)
    texts = texts_by_key(vectors.with_name(_STRINGS))
    tokens = list(numbered_tokens(rows))
    keyed: set[int] = set()
    named: set[int] = set()
    shared = 0
    for key, row in rows_by_key(keys).items():
        if not 0 <= row < rows:
            problem = f"names row {row:,}, and the table has {rows:,} rows."
            raise InputError(keys, problem, DAMAGED)
        keyed.add(row)
        if (text := texts.get(key)) is None:
            continue
        if row in named:
            shared += 1
        else:
            tokens[row] = text
            named.add(row)
    return tuple(tokens), tuple(_notes(rows, keyed, named, shared))


def _notes(rows: int, keyed: set[int], named: set[int], shared: int) -> Iterator[Note]:
    yield tokens_from(f"{_KEYS} and {_STRINGS}")
    spare = [row for row in range(rows) if row not in keyed]
    if spare:
        what = "1 spare row has" if len(spare) == 1 else f"{len(spare):,} spare rows have"
        text = f"{what} no token: named by number."
        yield Note(text, "info", tuple(spare[:20]), of_names=True)
    if unknown := sorted(keyed - named):
        what = "1 row has" if len(unknown) == 1 else f"{len(unknown):,} rows have"
        why = f"a key without a text in {_STRINGS} (spaCy keeps some texts in its own code)"
        text = f"{what} {why}: named by number."
        yield Note(text, "info", tuple(unknown[:20]), of_names=True)
    if shared:
        what = "1 text shares" if shared == 1 else f"{shared:,} texts share"
        text = f"{what} a row with a text before it, which names the row."
        yield Note(text, "warning", of_names=True)


FORMAT = Format(
    name="spacy",
    title="spaCy vectors folder",
    suffixes=(),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=35,
)
