"""Parquet files, Arrow files and streams, and folders of Arrow streams, as batches of columns.

Everything here runs in a child process (`explorer.reading.child`): Arrow's parsers are native code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.reading.files import DAMAGED, parsed_json, readable, small_text

# The first bytes of such files; an Arrow stream has none of its own.
PARQUET, ARROW = b"PAR1", b"ARROW1"

# A batch is decoded as a whole: its rows are few where they are wide.
_BATCH_NUMBERS = 2**20
_MOST_ROWS = 2**16

Batches = Callable[[Sequence[str]], Iterator[Any]]


@dataclass(frozen=True, eq=False)
class ColumnarFile:
    """schema: pyarrow.Schema. rows: as the metadata claims them. batches: the record batches of
    the columns named, in order."""

    schema: Any
    rows: int
    batches: Batches


def open_columnar(path: Path, kind: str) -> ColumnarFile:
    """kind: "parquet", "arrow" or "datasets". Raises InputError."""
    try:
        with readable(path):
            return _OPENERS[kind](path)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # whatever a broken file provokes in the parser
        raise broken(path) from error


def broken(path: Path) -> InputError:
    return InputError(path, "cannot be parsed: it is damaged or cut short.", DAMAGED)


# Parquet


def _parquet(path: Path) -> ColumnarFile:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, memory_map=True)
    return ColumnarFile(file.schema_arrow, file.metadata.num_rows, partial(_row_groups, file))


def _row_groups(file: Any, columns: Sequence[str]) -> Iterator[Any]:
    numbers = max(1, sum(_width(file.schema_arrow.field(name).type) for name in columns))
    size = max(16, min(_MOST_ROWS, _BATCH_NUMBERS // numbers))
    yield from file.iter_batches(batch_size=size, columns=list(columns), use_threads=False)


def _width(kind: Any) -> int:
    """Numbers in a value of that type: of lists without a fixed size, as many as are usual."""
    return int(getattr(kind, "list_size", 512 if hasattr(kind, "value_type") else 1))


# Arrow


def _arrow(path: Path) -> ColumnarFile:
    with path.open("rb") as file:
        is_file = file.read(len(ARROW)) == ARROW
    return _arrow_parts(path, [path], is_file=is_file)


def _arrow_parts(path: Path, parts: Sequence[Path], *, is_file: bool) -> ColumnarFile:
    schemas = [next(_opened(part, is_file, None)) for part in parts]
    if any(not schema.equals(schemas[0]) for schema in schemas[1:]):
        raise InputError(path, "its parts have different columns.", "Save them as one.")
    schema = schemas[0]
    rows = sum(_count(part, is_file, schema) for part in parts)

    def batches(columns: Sequence[str]) -> Iterator[Any]:
        for part in parts:
            opened = _opened(part, is_file, [schema.get_field_index(name) for name in columns])
            next(opened)
            yield from opened

    return ColumnarFile(schema, rows, batches)


def _opened(part: Path, is_file: bool, fields: list[int] | None) -> Iterator[Any]:
    """The schema, then the record batches, of an Arrow file or stream that is memory-mapped."""
    import pyarrow as pa

    options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
    with readable(part), pa.memory_map(str(part)) as source:
        if is_file:
            reader = pa.ipc.open_file(source, options=options)
            yield reader.schema
            for place in range(reader.num_record_batches):
                yield reader.get_batch(place)
        else:
            stream = pa.ipc.open_stream(source, options=options)
            yield stream.schema
            yield from stream


def _count(part: Path, is_file: bool, schema: Any) -> int:
    """Rows of a part; of its columns, only the first is looked at."""
    opened = _opened(part, is_file, [0] if len(schema) else [])
    next(opened)
    return sum(batch.num_rows for batch in opened)


# A folder of the library `datasets` (Dataset.save_to_disk)


def _datasets(path: Path) -> ColumnarFile:
    return _arrow_parts(path, dataset_parts(path), is_file=False)


def dataset_parts(folder: Path) -> list[Path]:
    """The Arrow streams that make the data set, in the order of its state.json, else of their
    names. Raises InputError where one is missing or lies outside the folder."""
    state = folder / "state.json"
    names = _listed(state) if state.is_file() else []
    parts = [folder / name for name in names] or sorted(folder.glob("*.arrow"))
    for part in parts:
        if not part.is_file():
            raise InputError(folder, f"its part {part.name!r} is missing.", "Copy it here as well.")
        if not part.resolve().is_relative_to(folder.resolve()):
            raise InputError(folder, f"its part {part.name!r} leads outside the folder.")
    if not parts and (splits := sorted(part.parent.name for part in folder.glob("*/state.json"))):
        listed = ", ".join(map(repr, splits[:8]))
        raise InputError(
            folder, f"holds several data sets: {listed}.", "Open one of these folders."
        )
    if not parts:
        raise InputError(folder, "holds no part of a data set (*.arrow).")
    return parts


def _listed(state: Path) -> list[str]:
    fields = parsed_json(state, small_text(state))
    if isinstance(fields, dict) and fields.get("_indices_data_files"):
        hint = "Call flatten_indices() before save_to_disk()."
        raise InputError(state, "the data set is a selection of rows that lie elsewhere.", hint)
    files = fields.get("_data_files") if isinstance(fields, dict) else None
    entries = files if isinstance(files, list) else []
    names = [entry.get("filename") for entry in entries if isinstance(entry, dict)]
    for name in names:
        if not isinstance(name, str) or not name or Path(name).name != name or "\\" in name:
            problem = f"names {name!r}, which lies outside its folder; such paths are not read."
            raise InputError(state, problem)
    return [str(name) for name in names]


_OPENERS = {"parquet": _parquet, "arrow": _arrow, "datasets": _datasets}
