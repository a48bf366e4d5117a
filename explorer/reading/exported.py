"""A map as `project` wrote it: coordinates in a CSV, and the manifest beside it."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from explorer.errors import InputError
from explorer.preparation import Sample
from explorer.projection import Projection
from explorer.reading.coordinates import read_coordinates
from explorer.table import Table
from explorer.vectors import F32

T = TypeVar("T")

_BESIDE = ".manifest.json"
_MOST_MANIFEST = 2**26  # bytes; a manifest names at most the rows whose tokens were escaped
_WHOLE = (int,)
_NUMBER = (int, float)


@dataclass(frozen=True, eq=False)
class Exported:
    """A map read back. note: why nothing is known of how it was made; "" where it is."""

    projection: Projection
    note: str = ""


def read_exported(path: Path, table: Table) -> Exported:
    """The map of `table` whose coordinates are in this CSV.

    How it was made is taken from the manifest beside it, if the manifest is of this very file.
    Raises InputError for coordinates that are not of this table, and for a manifest that is none.
    """
    coordinates = read_coordinates(path, len(table))
    _check_tokens(path, table)
    beside = path.with_name(path.name + _BESIDE)
    if not beside.is_file():
        return Exported(_unknown(table, coordinates, path), f"{beside.name} is not there")
    told = _manifest(beside)
    if _field(_field(told, "csv", dict, beside), "sha256", str, beside) != _digest(path):
        note = f"{path.name} has changed since {beside.name} was written"
        return Exported(_unknown(table, coordinates, path), note)
    made = _field(told, "projection", dict, beside)
    return Exported(_known(table, coordinates, made, beside))


def _unknown(table: Table, coordinates: F32, path: Path) -> Projection:
    dims = coordinates.shape[1]
    return Projection(
        table=table,
        scores=coordinates,
        axes=tuple(range(dims)),
        method="as-is",
        params={},
        seed=0,
        start=f"coordinates from {path.name}",
    )


def _known(table: Table, coordinates: F32, made: dict[str, Any], path: Path) -> Projection:
    axes = tuple(axis - 1 for axis in _list(made, "axes", _WHOLE, path))
    explained = made.get("explained_variance") and _list(made, "explained_variance", _NUMBER, path)
    components = len(explained) if explained else max(axes, default=-1) + 1
    if len(axes) != coordinates.shape[1] or not all(0 <= axis < components for axis in axes):
        raise InputError(path, "its axes are not those of the coordinates.")
    scores = np.full((len(table), components), np.nan, dtype=np.float32)
    scores[:, axes] = coordinates
    sample = _sample(made, path)
    absent = np.flatnonzero(np.isnan(coordinates).any(axis=1))
    return Projection(
        table=table,
        scores=scores,
        axes=axes,
        method=_field(made, "method", str, path),
        params=_field(made, "params", dict, path),
        seed=_field(made, "seed", int, path),
        preprocessing=tuple(_list(made, "preprocessing", (str,), path)),
        titles=tuple(_list(made, "titles", (str,), path)) if made.get("titles") else (),
        sample=sample,
        explained=np.array(explained, np.float64) if explained else None,
        kl=_optional(made, "kl_divergence", _NUMBER, path),
        iterations=_optional(made, "iterations", _WHOLE, path),
        left_out=absent if sample is None else np.empty(0, np.int64),
        complete=made.get("complete") is not False,
    )


def _sample(made: dict[str, Any], path: Path) -> Sample | None:
    if not made.get("sample"):
        return None
    told = _field(made, "sample", dict, path)
    return Sample(
        _field(told, "size", int, path),
        _field(told, "by", str, path),
        _field(told, "seed", int, path),
    )


# --- the coordinates ---------------------------------------------------------------------------


def _check_tokens(path: Path, table: Table) -> None:
    """Raises InputError where a line names another token than the table's row has."""
    for row, token in _named_rows(path):
        there = table.tokens[row]
        # Exports for spreadsheets put ' before formulas; what UTF-8 cannot hold is written as \\u.
        if token not in (there, f"'{there}") and there.isprintable() and there.strip():
            raise InputError(
                path,
                f"row {row:,} is {token[:40]!r} here and {there[:40]!r} in the table.",
                "These are the coordinates of another table.",
            )


def _named_rows(path: Path) -> Iterator[tuple[int, str]]:
    """(row, token) of each line, where the file has both columns; it was read once already."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, strict=True)
        header = [name.strip().lower() for name in next(lines, [])]
        if "row" not in header or "token" not in header:
            return
        row, token = header.index("row"), header.index("token")
        yield from ((int(cells[row]), cells[token]) for cells in lines if cells)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- the manifest ------------------------------------------------------------------------------


def _manifest(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_MANIFEST:
            raise InputError(path, "it is too large for a manifest.")
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(path, f"it cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(path, "it is not JSON.", "Move it away to read the CSV alone.") from error
    if not isinstance(told, dict):
        raise _no_manifest(path, "projection")
    return told


def _no_manifest(path: Path, name: str) -> InputError:
    return InputError(
        path, f"it is no manifest of a map: see {name!r}.", "Move it away to read the CSV alone."
    )


def _field(told: dict[str, Any], name: str, kind: type[T], path: Path) -> T:
    value = told.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _no_manifest(path, name)
    return value


def _optional(told: dict[str, Any], name: str, kinds: tuple[type, ...], path: Path) -> Any:
    return None if told.get(name) is None else _of(told[name], kinds, name, path)


def _list(told: dict[str, Any], name: str, kinds: tuple[type, ...], path: Path) -> list[Any]:
    return [_of(value, kinds, name, path) for value in _field(told, name, list, path)]


def _of(value: Any, kinds: tuple[type, ...], name: str, path: Path) -> Any:
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise _no_manifest(path, name)
    return value
