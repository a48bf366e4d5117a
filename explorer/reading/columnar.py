"""Tables of vectors in columnar files: which columns hold what, and reading them batch by batch.

Parsing happens in a child process, which hands back one matrix and plain columns; the two
functions at the end are for the formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.progress import Progress, Report, part, silent
from explorer.reading.child import MEMORY_LIMIT, Result, in_child
from explorer.reading.choosing import Candidate, pick
from explorer.reading.column_names import adjacent, numbered, token_column, vector_score
from explorer.reading.columnar_files import ColumnarFile, broken, open_columnar
from explorer.reading.decoding import LONGEST_TOKEN
from explorer.reading.matrices import as_vectors
from explorer.reading.memory import ensure_fits
from explorer.reading.naming import nameless, tokens_from
from explorer.table import Column, Note, Source, Table, numbered_tokens

_FLOATS = {"halffloat": "f16", "float": "f32", "double": "f64"}
_NATIVE = {"f16": np.float16, "f32": np.float32, "f64": np.float64}
_MOST_TEXT = 2**28


@dataclass(frozen=True, slots=True)
class Plan:
    """columns: the names that make the vector: one of lists, or one for each number (`wide`).
    token: the column of tokens, or "". others: columns kept beside. left: columns left out."""

    columns: tuple[str, ...]
    wide: bool
    dtype: str
    token: str
    others: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def name(self) -> str:
        return "" if self.wide else self.columns[0]


# In the child: planning


def probed(path: Path, kind: str) -> Result:
    """facts["tables"]: every way in which the file is a table, the likeliest first."""
    file = open_columnar(path, kind)
    tables: list[dict[str, Any]] = []
    empty: list[str] = []
    for plan in _plans(path, file):
        dim = len(plan.columns) if plan.wide else _list_size(path, file, plan.columns[0])
        score, reason = vector_score(plan.name) if plan.name else (0.0, "columns of numbers")
        if not dim and file.rows:
            empty.append(plan.name)
            continue
        tables.append(
            {"name": plan.name, "rows": file.rows, "dim": dim, "dtype": plan.dtype,
             "named": bool(plan.token), "score": score, "reason": reason}
        )  # fmt: skip
    if empty and not tables:
        raise InputError(path, f"column {empty[0]!r} holds no vector in any row.")
    return Result(facts={"tables": sorted(tables, key=lambda table: -table["score"])})


def _plans(path: Path, file: ColumnarFile) -> list[Plan]:
    kinds = {name: file.schema.field(name).type for name in _single_names(file)}
    lists = {name: dtype for name, kind in kinds.items() if (dtype := _list_dtype(kind))}
    if lists:
        return [_plan(kinds, (name,), dtype, wide=False) for name, dtype in lists.items()]
    floats = {p: name for p, name in enumerate(kinds) if str(kinds[name]) in _FLOATS}
    places = numbered(floats) or adjacent(floats)
    if len(places) < 2:
        listing = ", ".join(f"{name!r} {kind}" for name, kind in list(kinds.items())[:8])
        problem = f"holds no column of lists of floating-point numbers; it holds {listing}."
        raise InputError(path, problem, "A table has a vector a row, as a list or as columns.")
    columns = tuple(floats[place] for place in places)
    widest = max(_FLOATS[str(kinds[name])] for name in columns)
    return [_plan(kinds, columns, widest, wide=True)]


def _single_names(file: ColumnarFile) -> list[str]:
    """Column names that occur once: the others cannot be asked for by name."""
    names = list(file.schema.names)
    return [name for name in names if names.count(name) == 1]


def _list_dtype(kind: Any) -> str | None:
    import pyarrow.types as types

    is_list = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return _FLOATS.get(str(kind.value_type)) if is_list else None


def _plan(kinds: Mapping[str, Any], columns: tuple[str, ...], dtype: str, *, wide: bool) -> Plan:
    free = [name for name in kinds if name not in columns]
    texts = [place for place, name in enumerate(free) if _is_text(kinds[name])]
    at = token_column(free, texts)
    token = free[at] if at is not None and (texts or _is_number(kinds[free[at]])) else ""
    shown = [n for n in free if n != token and (_is_text(kinds[n]) or _is_number(kinds[n]))]
    left = [name for name in free if name != token and name not in shown]
    return Plan(columns, wide, dtype, token, tuple(shown), tuple(left))


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return str(kind) in {"string", "large_string", "string_view"}


def _is_number(kind: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))


def _list_size(path: Path, file: ColumnarFile, column: str) -> int:
    """Numbers a row, by the type or by the first row that has a vector; 0 where none has."""
    size = getattr(file.schema.field(column).type, "list_size", None)
    if size is not None:
        return int(size)
    for batch in _batches(path, file, [column]):
        lengths = _lengths(batch.column(0))
        if len(found := lengths[lengths > 0]):
            return int(found[0])
    return 0


# In the child: reading


@dataclass(eq=False)
class _Gathered:
    """What has been read: rows so far, texts by column (None where they grew too large) and how
    many characters they have, numbers by column, and the rows without a vector."""

    rows: int = 0
    texts: dict[str, list[str] | None] = field(default_factory=dict)
    numbers: dict[str, list[npt.NDArray[Any]]] = field(default_factory=dict)
    size: int = 0
    missing: list[int] = field(default_factory=list)


def gathered(path: Path, kind: str, name: str, *, report: Report = silent) -> Result:
    """The table `name`: arrays "vectors" and the columns of numbers, facts tokens, texts, notes."""
    file = open_columnar(path, kind)
    plan = next(plan for plan in _plans(path, file) if plan.name == name)
    dim = len(plan.columns) if plan.wide else _list_size(path, file, plan.columns[0])
    ensure_fits(path, file.rows * dim * np.dtype(_NATIVE[plan.dtype]).itemsize)
    matrix = np.empty((file.rows, dim), _NATIVE[plan.dtype])
    into = _Gathered()
    wanted = [*plan.columns, *([plan.token] if plan.token else []), *plan.others]
    for batch in _batches(path, file, wanted):
        if into.rows + batch.num_rows > file.rows:
            raise _miscounted(path, file.rows, into.rows + batch.num_rows)
        _take(path, batch, plan, matrix, into)
        ensure_fits(path, matrix.nbytes + into.size)
        report(Progress(into.rows, file.rows))
    if into.rows != file.rows:
        raise _miscounted(path, file.rows, into.rows)
    numbers = {f"column {name}": np.concatenate(parts) for name, parts in into.numbers.items()}
    facts = {
        "token": plan.token, "texts": into.texts, "missing": into.missing[:20],
        "missed": len(into.missing), "left": list(plan.left), "order": list(plan.others),
    }  # fmt: skip
    return Result({"vectors": matrix, **numbers}, facts)


def _miscounted(path: Path, claimed: int, found: int) -> InputError:
    problem = f"its metadata claims {claimed:,} rows and its columns hold {found:,} or more."
    return InputError(path, problem, "The file is damaged; fetch it again.")


def _batches(path: Path, file: ColumnarFile, columns: list[str]) -> Iterator[Any]:
    try:
        for batch in file.batches(columns):
            batch.validate(full=True)  # Arrow does not check the offsets of what it maps
            yield batch
    except (InputError, MemoryError):
        raise
    except Exception as error:  # whatever a broken file provokes in the parser
        raise broken(path) from error


def _take(path: Path, batch: Any, plan: Plan, matrix: npt.NDArray[Any], into: _Gathered) -> None:
    part = matrix[into.rows : into.rows + batch.num_rows]
    if plan.wide:
        for place, name in enumerate(plan.columns):
            part[:, place] = batch.column(name).to_numpy(zero_copy_only=False)
    else:
        _take_lists(path, batch.column(plan.columns[0]), part, into)
    for name in [plan.token, *plan.others]:
        if name:
            _take_column(path, batch.column(name), name, into, token=name == plan.token)
    into.rows += batch.num_rows


def _take_lists(path: Path, lists: Any, part: npt.NDArray[Any], into: _Gathered) -> None:
    """A row without a list becomes a row of NaN. Arrow's flatten() would leave it out silently,
    and every later row would take the token of another."""
    dim = part.shape[1]
    lengths = _lengths(lists)
    there = lengths > 0
    wrong = np.flatnonzero(there & (lengths != dim))
    if len(wrong):
        row = int(wrong[0])
        raise InputError(
            path,
            f"its vector has {lengths[row]:,} numbers and those before it have {dim:,}.",
            "All vectors of a table must be of one length.",
            place=f"row {into.rows + row:,}",
        )
    part[~there] = np.nan
    if there.any():
        import pyarrow as pa

        flat = lists.filter(pa.array(there)).flatten().to_numpy(zero_copy_only=False)
        part[there] = flat.reshape(-1, dim)
    into.missing += (into.rows + np.flatnonzero(~there)).tolist()


def _lengths(lists: Any) -> npt.NDArray[np.int64]:
    """Numbers in each list, 0 for a missing one."""
    import pyarrow.compute as pc

    lengths = pc.list_value_length(lists).fill_null(0)
    return np.asarray(lengths.to_numpy(zero_copy_only=False), dtype=np.int64)


def _take_column(path: Path, column: Any, name: str, into: _Gathered, *, token: bool) -> None:
    if _is_text(column.type) or token:
        values = ["" if value is None else str(value) for value in column.to_pylist()]
        if token:
            _check_tokens(path, values, into.rows)
        _add_texts(name, values, into, token=token)
    else:
        values = column.to_numpy(zero_copy_only=False)
        wide = np.float64 if column.null_count or values.dtype.kind not in "iub" else np.int64
        into.numbers.setdefault(name, []).append(values.astype(wide))


def _check_tokens(path: Path, values: list[str], start: int) -> None:
    for row, value in enumerate(values, start):
        if len(value) > LONGEST_TOKEN:
            problem = f"a token of {len(value):,} characters is beyond the limit of"
            place = f"row {row:,}"
            raise InputError(path, f"{problem} {LONGEST_TOKEN:,}.", "Is this it?", place=place)


def _add_texts(name: str, values: list[str], into: _Gathered, *, token: bool) -> None:
    """Columns of long texts are left out where they would not fit into the memory."""
    texts, size = into.texts.setdefault(name, []), sum(map(len, values))
    if texts is None:
        return
    if token or into.size + size <= _MOST_TEXT:
        texts += values
        into.size += size
    else:
        into.texts[name] = None
        into.size -= sum(map(len, texts))


# For the formats


def probe_columns(path: Path, kind: str) -> list[Candidate]:
    """The tables in a columnar file, the likeliest first. Raises InputError."""
    tables = in_child(probed, path, kind).facts["tables"]
    only = len(tables) == 1
    return [_candidate(table, only=only) for table in tables]


def _candidate(table: Mapping[str, Any], *, only: bool) -> Candidate:
    rows, dim, dtype = table["rows"], table["dim"], table["dtype"]
    nbytes = rows * dim * np.dtype(_NATIVE[dtype]).itemsize
    name = "" if only else table["name"]
    return Candidate(
        name, rows, dim, dtype, nbytes, table["named"], table["score"], table["reason"]
    )


def read_columns(path: Path, kind: str, tensor: str, format_name: str, report: Report) -> Table:
    """The table `tensor` of a columnar file. Raises InputError, NotFoundError."""
    tables = in_child(probed, path, kind, report=report).facts["tables"]
    found = [_candidate(table, only=len(tables) == 1) for table in tables]
    chosen = pick(path, found, tensor)
    column = tables[found.index(chosen)]["name"]
    limit = MEMORY_LIMIT + chosen.nbytes
    told = part(report, 0.0, 0.9)
    result = in_child(gathered, path, kind, column, report=told, memory_limit=limit)
    report(Progress(0.9, 1, "Taking the columns"))
    texts, token = dict(result.facts["texts"]), result.facts["token"]
    tokens = tuple(texts.pop(token)) if token else numbered_tokens(chosen.rows)
    columns = {name: _column(name, result, texts) for name in result.facts["order"]}
    kept = {name: column for name, column in columns.items() if column is not None}
    dropped = [*result.facts["left"], *(name for name in columns if name not in kept)]
    return Table(
        tokens=tokens,
        vectors=as_vectors(result.arrays["vectors"], chosen.dtype),
        columns=kept,
        source=Source(path, format_name, chosen.name),
        report=tuple(_notes(token, column, dropped, result.facts)),
        named=bool(token),
    )


def _column(name: str, result: Result, texts: Mapping[str, list[str] | None]) -> Column | None:
    if (numbers := result.arrays.get(f"column {name}")) is not None:
        return Column(name, np.array(numbers))
    cells = texts.get(name)
    return None if cells is None else Column.from_text(name, cells)


def _notes(token: str, column: str, dropped: list[str], facts: Mapping[str, Any]) -> Iterator[Note]:
    if token:
        yield tokens_from(f"column {token!r}")
    else:
        yield nameless("No column of tokens was found")
    if missed := facts["missed"]:
        rows = "1 row has" if missed == 1 else f"{missed:,} rows have"
        first = ", ".join(f"{row:,}" for row in facts["missing"][:5])
        text = f"{rows} no vector in {column!r} (row {first}): left out of maps and neighbours."
        yield Note(text, "warning", tuple(facts["missing"]))
    if dropped:
        yield Note(f"Columns left out, for they are no numbers or short texts: {dropped!r}.")
