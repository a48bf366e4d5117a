"""A map as `project` wrote it: coordinates in CSV or Parquet, and the manifest beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.errors import InputError
from explorer.paths import file_digest
from explorer.preparation import Sample
from explorer.projection import Projection
from explorer.reading.coordinates import read_coordinates
from explorer.reading.manifest_fields import BESIDE, Fields, read_manifest
from explorer.reading.sheet_lines import sheet_lines
from explorer.table import Table
from explorer.vectors import F32

_LARGEST = sys.float_info.max
_APART = "Move it away to read the coordinates alone."


@dataclass(frozen=True, eq=False)
class Exported:
    """A map read back. note: why nothing is known of how it was made; "" where it is."""

    projection: Projection
    note: str = ""


def read_exported(path: Path, table: Table) -> Exported:
    """The map of `table` whose coordinates are in this file.

    How it was made is taken from the manifest beside it, if the manifest is of this very file.
    Raises InputError for coordinates that are not of this table, and for a manifest that is none.
    """
    coordinates = read_coordinates(path, len(table))
    _check_tokens(path, table)
    beside = path.with_name(path.name + BESIDE)
    if not beside.is_file():
        return Exported(_unknown(table, coordinates, path), f"{beside.name} is not there")
    told = read_manifest(beside)
    written = told.part("parquet" if told.has("parquet") else "csv")
    if written.text("sha256") != file_digest(path):
        note = f"{path.name} has changed since {beside.name} was written"
        return Exported(_unknown(table, coordinates, path), note)
    return Exported(_known(table, coordinates, told.part("projection")))


def sample_of(made: Fields) -> Sample | None:
    """The sample that a manifest tells of. Raises InputError, ParameterError."""
    if not made.has("sample"):
        return None
    told = made.part("sample")
    chosen = tuple(sorted(set(told.wholes("chosen")))) if told.has("chosen") else ()
    return Sample(told.whole("size"), told.text("by"), told.whole("seed"), chosen)


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


def _known(table: Table, coordinates: F32, made: Fields) -> Projection:
    axes = tuple(axis - 1 for axis in made.wholes("axes"))
    explained = _numbers(made, "explained_variance")
    titles = tuple(made.texts("titles"))
    components = len(explained) or len(titles) or max(axes, default=-1) + 1
    if not _fitting(axes, components, titles, coordinates.shape[1], table.dim):
        raise InputError(made.path, "its axes are not those of the coordinates.", _APART)
    scores = np.full((len(table), components), np.nan, dtype=np.float32)
    scores[:, axes] = coordinates
    sample = sample_of(made)
    absent = np.flatnonzero(np.isnan(coordinates).any(axis=1))
    return Projection(
        table=table,
        scores=scores,
        axes=axes,
        method=made.text("method"),
        params=made.mapping("params"),
        seed=made.whole("seed"),
        steps=tuple(made.texts("steps")),
        preprocessing=tuple(made.texts("preprocessing")),
        sample=sample,
        titles=titles,
        start=made.text("start"),
        explained=np.array(explained) if explained else None,
        kl=next(iter(_numbers(made, "kl_divergence")), None),
        iterations=made.whole("iterations") if made.has("iterations") else None,
        left_out=absent if sample is None else np.empty(0, np.int64),
        complete=made.flag("complete"),
    )


def _fitting(
    axes: tuple[int, ...], components: int, titles: tuple[str, ...], dims: int, widest: int
) -> bool:
    """Whether what is told of the axes may be of a map of so many dimensions, of a table of
    `widest`."""
    drawn = len(axes) == dims and all(0 <= axis < components for axis in axes)
    possible = components <= max(widest, dims)  # no method gives more
    return drawn and possible and (not titles or len(titles) == components)


def _numbers(told: Fields, name: str) -> list[float]:
    """The number, or the list of them, in a field; none where it is null."""
    value = told.told.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(type(one) in (int, float) and abs(one) <= _LARGEST for one in values):
        raise InputError(told.path, f"it is no manifest of a map: see {name!r}.", _APART)
    return [float(one) for one in values]


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
    with sheet_lines(path, ("row", "token")) as lines:
        header = [name.strip().lower() for name in next(lines, [])]
        if "row" not in header or "token" not in header:
            return
        row, token = header.index("row"), header.index("token")
        yield from ((int(cells[row]), cells[token]) for cells in lines if cells)
