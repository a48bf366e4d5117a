"""The TensorBoard projector's files: a matrix as TSV or raw float32, labels beside it, a config.

Rules from tensorboard's data-provider.ts and projector_plugin.py. Opens a config file, a matrix
file, or the folder they lie in; with no config, the shape of a `.bytes` file is found from the
number of labels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from explorer.errors import InputError, OutputError
from explorer.formats import Candidate, Format
from explorer.paths import replacing
from explorer.progress import Progress, Report, part
from explorer.reading.choosing import pick
from explorer.reading.delimiting import first_lines
from explorer.reading.files import file_size, head
from explorer.reading.labels import count_labels, labels_for
from explorer.reading.lines import opened_lines
from explorer.reading.matrices import mapped_matrix
from explorer.reading.naming import Names, numbers_only, tokens_from
from explorer.reading.numbers import is_number
from explorer.reading.projector_config import looks_like_config, read_config
from explorer.reading.rows import Rows, Shape, read_rows
from explorer.reading.writing import (
    check_writable,
    labels_of,
    number_blocks,
    number_lines,
    refuse_float64,
)
from explorer.table import Note, Source, Table, numbered_tokens
from explorer.vectors import Vectors

_CONFIG = "projector_config.json"
_LABEL_WORDS = ("labels", "metadata", "meta")
_MATRIX_WORDS = ("tensors", "tensor", "vectors", "vecs", "embeddings")


@dataclass(frozen=True, slots=True)
class _Part:
    """A table on the disk: name, matrix file, label file or None, shape as a config claims it."""

    name: str
    matrix: Path
    labels: Path | None
    shape: tuple[int, int] | None


def _recognises(path: Path, start: bytes) -> bool:
    if path.is_dir():
        return bool(_configs(path)) or _is_of_matrices(path)
    if looks_like_config(start) or _is_number_lines(start):
        return True
    return path.suffix == ".bytes"  # raw numbers have no mark: only the name tells


def _is_number_lines(start: bytes) -> bool:
    """Whether the first lines are numbers parted by tabs, of one width."""
    lines = start.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if len(lines) > 1:
        lines.pop()  # perhaps cut off
    rows = [line.rstrip(b"\r").split(b"\t") for line in lines if line.strip()]
    if not rows or len(rows[0]) < 2 or len({len(row) for row in rows}) > 1:
        return False
    return all(is_number(field) for row in rows[:20] for field in row[:-1])


# Which tables a path leads to


def _parts(path: Path) -> list[_Part]:
    """Every table that `path` (a config, a matrix or a folder) leads to. Raises InputError."""
    if path.is_dir():
        if configs := _configs(path):
            return [part for config in configs for part in _configured(config)]
        return [_loose(matrix) for matrix in _loose_matrices(path)]
    if looks_like_config(head(path)):
        return _configured(path)
    return [_named_by_config(path) or _loose(path)]


def _named_by_config(matrix: Path) -> _Part | None:
    """What a config beside the matrix says of it; a config that cannot be read says nothing."""
    for config in _configs(matrix.parent):
        with suppress(InputError):
            for found in _entries(config):
                if found.matrix.name == matrix.name:
                    return found
    return None


def _configs(folder: Path) -> list[Path]:
    names = sorted(
        [*folder.glob("*projector_config.json"), *folder.glob("*projector_config.pbtxt")]
    )
    return names[:1] if len({path.stem for path in names}) == 1 else names


def _configured(config: Path) -> list[_Part]:
    parts = list(_entries(config))
    there = [part for part in parts if part.matrix.is_file()]
    if not there:
        missing = ", ".join(repr(part.matrix.name) for part in parts[:5]) or "no table"
        hint = "Put the files it names into the config's own folder."
        raise InputError(config, f"names {missing}, and no such file is in its folder.", hint)
    return there


def _entries(config: Path) -> Iterator[_Part]:
    for entry in read_config(config):
        if not entry.tensor_path:
            continue  # it lies in a TensorFlow checkpoint
        labels = _inside(config, entry.metadata_path) if entry.metadata_path else None
        matrix = _inside(config, entry.tensor_path)
        yield _Part(entry.name, matrix, labels, entry.shape)


def _inside(config: Path, written: str) -> Path:
    """The file a config names, which must not lie outside the config's folder."""
    folder = config.parent.resolve()
    try:
        found = (folder / written).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(config, f"names {written!r}, which is no path.") from error
    if not found.is_relative_to(folder):
        raise InputError(
            config,
            f"names {written!r}, which lies outside its folder; such paths are not read.",
            "Put the file beside the config and name it there.",
        )
    beside = (folder / found.name).resolve()
    if not found.is_file() and beside.is_file() and beside.is_relative_to(folder):
        return beside  # configs of web pages keep their folders' names
    return found


def _is_of_matrices(folder: Path) -> bool:
    """Whether every matrix in it can be read: a folder of all kinds of files is none of ours, and
    the first `.bytes` in it is not to blame."""
    matrices = list(_loose_matrices(folder))
    return bool(matrices) and all(_labels_beside(one) or not _is_raw(one) for one in matrices)


def _loose_matrices(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.bytes"))
    for path in sorted(folder.glob("*.tsv")):
        named = any(word in path.stem.lower() for word in _MATRIX_WORDS)
        if named and _is_number_lines(head(path)):
            yield path


def _loose(matrix: Path) -> _Part:
    return _Part(matrix.stem, matrix, _labels_beside(matrix), None)


def _labels_beside(matrix: Path) -> Path | None:
    """The label file of a matrix: its name with "labels" or "metadata" for "tensors" first."""
    stem = matrix.stem
    names = [stem.replace(m, word) for m in _MATRIX_WORDS if m in stem for word in _LABEL_WORDS]
    names += [f"{stem}_{word}" for word in _LABEL_WORDS] + [f"{stem}.{_LABEL_WORDS[1]}"]
    for name in [*names, *_LABEL_WORDS]:
        found = matrix.with_name(f"{name}.tsv")
        if found.is_file() and found != matrix:
            return found
    return None


# Reading one of them


def _probe(path: Path) -> list[Candidate]:
    parts = _parts(path)
    return [_candidate(part, only=len(parts) == 1) for part in parts]


def _candidate(part: _Part, *, only: bool) -> Candidate:
    rows, dim = _shape(part)
    name = "" if only else part.name
    named = part.labels is not None and part.labels.is_file()
    return Candidate(name, rows, dim, "f32", rows * dim * 4, named, reason=part.matrix.name)


def _shape(part: _Part) -> tuple[int, int]:
    return _raw_shape(part) if _is_raw(part.matrix) else _text_shape(part.matrix)


def _is_raw(matrix: Path) -> bool:
    return not _is_number_lines(head(matrix))


def _raw_shape(part: _Part) -> tuple[int, int]:
    """Rows and columns of a raw float32 file, from the config or the number of labels."""
    size = file_size(part.matrix)
    if part.shape is not None:
        rows, dim = part.shape
        if rows * dim * 4 != size:
            problem = f"has {size:,} bytes, and {rows:,} x {dim:,} float32 are {rows * dim * 4:,}."
            raise InputError(part.matrix, problem, "Correct the shape in the config.")
        return rows, dim
    if part.labels is None:
        hint = "Put a projector_config.json, or a labels.tsv with one line a row, beside it."
        problem = "is raw numbers, which need their shape: there is no config and no label file."
        raise InputError(part.matrix, problem, hint)
    return _divided(part.matrix, size, part.labels)


def _divided(matrix: Path, size: int, labels: Path) -> tuple[int, int]:
    rows = count_labels(labels)
    if not rows or size % (4 * rows) or not size:
        raise InputError(
            matrix,
            f"has {size:,} bytes, which cannot be {rows:,} rows of float32 ({labels.name} names "
            f"{rows:,} rows).",
            "Name the shape in a projector_config.json.",
        )
    return rows, size // (4 * rows)


def _text_shape(matrix: Path) -> tuple[int, int]:
    with opened_lines(matrix) as lines:
        counted = [line.count(b"\t") for _, line in lines if line.strip()]
    return len(counted), counted[0] + 1 if counted else 0


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    parts = _parts(path)
    candidates = [Candidate("" if len(parts) == 1 else p.name, 1, 1, "f32", 0, True) for p in parts]
    chosen = parts[candidates.index(pick(path, candidates, tensor))]
    vectors, notes = _vectors(chosen, part(report, 0.0, 0.9))
    report(Progress(0.9, 1, "Reading labels"))
    names = _names(chosen, len(vectors))
    source = Source(chosen.matrix, FORMAT.name, "" if len(parts) == 1 else chosen.name)
    return replace(names, notes=(*notes, *names.notes)).table(vectors, source)


def _vectors(chosen: _Part, report: Report) -> tuple[Vectors, tuple[Note, ...]]:
    if _is_raw(chosen.matrix):
        return mapped_matrix(chosen.matrix, "f32", 0, _raw_shape(chosen)), ()
    rows = _text_rows(chosen.matrix, report)
    matrix = rows.matrix()
    if chosen.shape is not None and chosen.shape != matrix.shape:
        claimed = "{:,} x {:,}".format(*chosen.shape)
        text = f"The config says {claimed}; the file has {len(matrix):,} x {rows.dim:,}."
        return Vectors(matrix), (Note(text, "warning"), *rows.notes())
    return Vectors(matrix), tuple(rows.notes())


def _text_rows(matrix: Path, report: Report) -> Rows:
    """Every row of a TSV; one that does not fit stops the reading, for the labels count on it."""
    with opened_lines(matrix) as lines:
        first = first_lines(lines)
    if not first:
        raise InputError(matrix, "holds no row.")
    dim = first[0][1].count(b"\t") + 1
    with opened_lines(matrix) as lines:
        rows = read_rows(matrix, lines, Shape(dim, b"\t", labelled=False), 1, report=report)
    if rows.skipped:
        number, why = rows.skipped[0]
        hint = "Every row must have the numbers of the first, or the labels would shift."
        raise InputError(matrix, f"{why}.", hint, place=f"line {number:,}")
    return rows


def _names(chosen: _Part, rows: int) -> Names:
    if chosen.labels is None:
        return numbers_only(rows)
    if not chosen.labels.is_file():
        missing = Note(f"The label file {chosen.labels.name} is missing.", "warning", of_names=True)
        return Names(numbered_tokens(rows), {}, (missing,), named=False)
    labels = labels_for(chosen.labels, chosen.matrix, rows)
    notes = (tokens_from(chosen.labels.name), *labels.notes)
    return Names(labels.tokens, labels.columns, notes)


# Writing


def _write(table: Table, path: Path, *, report: Report) -> None:
    """The matrix (`.bytes` raw, else TSV), its labels and a config, all named after `path`.

    All three files or none. Raises OutputError.
    """
    check_writable(table, path, "\t\n\r")
    raw = path.suffix.lower() == ".bytes"
    if raw:
        refuse_float64(table, path)
    elif table.dim == 1:
        hint = "Save it as .bytes, or as safetensors."
        raise OutputError(path, "a TSV of one column is a list of labels, not a matrix.", hint)
    with ExitStack() as files:
        config = files.enter_context(replacing(path.with_name(f"{path.stem}_{_CONFIG}")))
        config.write_text(_config_of(table, path), encoding="utf-8")
        if table.named:
            labels = files.enter_context(replacing(_labels_path(path)))
            labels.write_bytes(labels_of(table))
        matrix = files.enter_context(replacing(path))
        with matrix.open("wb") as file:
            for block in _matrix_blocks(table, report, raw=raw):
                file.write(block)


def _matrix_blocks(table: Table, report: Report, *, raw: bool) -> Iterator[bytes]:
    if raw:
        for _, block in number_blocks(table, report):
            yield block.tobytes()
    else:
        for _, lines in number_lines(table, "\t", report):
            yield "".join(f"{line}\n" for line in lines).encode()


def _labels_path(matrix: Path) -> Path:
    return matrix.with_name(f"{matrix.stem}_metadata.tsv")


def _config_of(table: Table, path: Path) -> str:
    entry = {"tensorName": path.stem, "tensorShape": table.vectors.shape, "tensorPath": path.name}
    if table.named:
        entry["metadataPath"] = _labels_path(path).name
    return json.dumps({"embeddings": [entry]}, indent=2)


FORMAT = Format(
    name="projector",
    title="TensorBoard projector (TSV, .bytes, projector_config)",
    suffixes=(".tsv", ".bytes", ".json", ".pbtxt"),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    write=_write,
    writes=(".tsv", ".bytes"),
    order=40,
)
