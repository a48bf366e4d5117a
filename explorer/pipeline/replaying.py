"""Making an exported map again, and saying whether it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import ExplorerError, InputError
from explorer.manifest import SCHEMA, digest_of, versions
from explorer.paths import file_digest
from explorer.pipeline.maps import check_params, project
from explorer.pipeline.tables import open_table, probe
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.reading.coordinates import read_coordinates
from explorer.reading.exported import sample_of
from explorer.reading.manifest_fields import BESIDE, Fields, read_manifest
from explorer.table import Source, Table

# Of the spread of the map: what rounding on another processor moves, and what no eye sees.
_ROUNDING = 1e-4


@dataclass(frozen=True, eq=False)
class Replay:
    """What came of making a map again.

    same: whether every coordinate is the same, bit by bit.
    largest: the greatest distance between a dot and its place in the file, as a share of the
        map's longer side; None where the file of coordinates is not there to compare with.
    remarks: what is different about the making: the source, versions, the file of coordinates.
    """

    projection: Projection
    same: bool
    largest: float | None
    remarks: tuple[str, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether the map is the same but for rounding."""
        return self.same or (self.largest is not None and self.largest <= _ROUNDING)

    @property
    def verdict(self) -> str:
        """One line."""
        if self.same:
            seen = "" if self.largest is not None else " as the manifest tells of"
            return f"The same map{seen}: every coordinate is the same, bit by bit."
        if self.largest is None:
            return "Another map: the coordinates are not those of the manifest."
        if self.alike:
            return f"The same map but for rounding: dots moved by at most {self.largest:.1e} of it."
        return f"Another map: dots moved by up to {100 * self.largest:.2g} % of it."


def replay(
    path: Path | str,
    table: Path | str | None = None,
    *,
    memory: int | None = None,
    report: Report = silent,
) -> Replay:
    """Makes the map of a manifest again. path: the manifest, or the coordinates beside it.

    table: where the table is now, in whatever format; None for where it was, or else beside the
    manifest.
    Raises InputError for a manifest that is none, or a table that is not there; ParameterError for
    a map that cannot be made again: one that was stopped, or begun from another map.
    """
    path = Path(path)
    if not path.name:
        raise InputError(path, "this names no file.", "Name the manifest of a map.")
    manifest = path if path.name.endswith(BESIDE) else path.with_name(path.name + BESIDE)
    told = read_manifest(manifest)
    if told.whole("schema") != SCHEMA:
        raise InputError(manifest, "it was written by another version.", "Export the map again.")
    source, made = told.part("source"), told.part("projection")
    _ensure_repeatable(made, manifest)
    where = _where(source, table, manifest)
    opened = open_table(
        where,
        _tensor(source, where, memory),
        labels=_there(source.part("labels"), manifest) if source.has("labels") else None,
        memory=memory,
        report=part(report, 0.0, 0.1),
    )
    again = _made_again(opened, made, part(report, 0.1, 0.95))
    report(Progress(95, 100, "Comparing"))
    coordinates, lost = _coordinates_there(manifest, told, again)
    return Replay(
        again,
        digest_of(again.coordinates) == made.text("coordinates_sha256"),
        None if coordinates is None else _moved(coordinates, again.coordinates),
        (*_source_remarks(opened.source, source), *_version_remarks(told), *lost),
    )


def _ensure_repeatable(made: Fields, manifest: Path) -> None:
    if not made.flag("complete"):
        raise InputError(
            manifest, "the run was stopped, so it cannot be made again.", "Replay a finished map."
        )
    if made.text("start"):
        raise InputError(
            manifest,
            f"the map began from {made.text('start')}, which is not in the manifest.",
            "Replay a map that begins by itself.",
        )


def _where(source: Fields, table: Path | str | None, manifest: Path) -> Path:
    if table is not None:
        return Path(table)
    if not source.has("path"):
        raise InputError(
            manifest, "the table was in no file.", "Name the file it was saved to: --table FILE."
        )
    path = _there(source, manifest)
    if not _exists(path):
        raise InputError(
            manifest, f"the table {path} is not there.", "Say where it is: --table FILE."
        )
    return path


def _there(source: Fields, manifest: Path) -> Path:
    """Where a file is that a manifest names: where it was, or beside the manifest, if they were
    moved together."""
    path = Path(source.text("path"))
    places = (path, manifest.parent / path, manifest.parent / path.name)
    return next(filter(_exists, places), path)


def _tensor(source: Fields, path: Path, memory: int | None) -> str:
    """What the table is called in the file; "" where it was written anew under another name."""
    name = source.text("tensor")
    return name if any(one.name == name for one in probe(path, memory=memory)) else ""


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name that is too long
        return False


def _made_again(table: Table, made: Fields, report: Report) -> Projection:
    method, params = made.text("method"), made.mapping("params")
    check_params(method, params)  # before any of them could be taken for a keyword of ours
    return project(
        table,
        method,
        dims=made.whole("dims"),
        seed=made.whole("seed"),
        axes=made.wholes("axes"),
        steps=made.texts("steps"),
        sample=sample_of(made),
        selections=_named_rows(made, len(table)),
        report=report,
        **params,
    )


def _named_rows(made: Fields, rows: int) -> dict[str, npt.NDArray[np.int64]]:
    """The selections that the map's expressions speak of."""
    told = made.part("selections") if made.has("selections") else None
    named = {} if told is None else {name: told.wholes(name) for name in told.told}
    for name, numbers in named.items():
        if any(not 0 <= number < rows for number in numbers):
            raise InputError(
                made.path,
                f"the selection {name!r} names a row that the table has not.",
                "Say where the table is that the map was made from: --table FILE.",
            )
    return {name: np.array(numbers, dtype=np.int64) for name, numbers in named.items()}


def _coordinates_there(
    manifest: Path, told: Fields, again: Projection
) -> tuple[np.ndarray[Any, Any] | None, tuple[str, ...]]:
    """The exported coordinates, if they are still what was exported, and why not."""
    kind = next((kind for kind in ("csv", "parquet") if told.has(kind)), None)
    if kind is None:
        return None, ()
    sheet = told.part(kind)
    beside = manifest.with_name(Path(sheet.text("name")).name)
    if not beside.is_file():
        return None, (
            f"{beside.name} is not there, so that only the manifest can be compared with.",
        )
    if file_digest(beside) != sheet.text("sha256"):
        return None, (f"{beside.name} has been changed since: compared with the manifest.",)
    try:
        found = read_coordinates(beside, len(again.scores), again.dims)
    except ExplorerError as error:
        return None, (str(error),)
    if sheet.has("rows") and sheet.whole("rows") < len(found):  # a selection of the rows
        found = np.where(np.isnan(found), again.coordinates, found)
    return found, ()


def _moved(before: np.ndarray[Any, Any], now: np.ndarray[Any, Any]) -> float:
    """The greatest move as a share of the longer side; infinite where other rows have a place."""
    if not np.array_equal(np.isnan(before), np.isnan(now)):
        return float("inf")
    if np.isnan(before).all():
        return 0.0
    side = float((np.nanmax(before, axis=0) - np.nanmin(before, axis=0)).max()) or 1.0
    moves = np.linalg.norm(before.astype(np.float64) - now, axis=1)
    return float(np.nanmax(moves) / side)


def _source_remarks(source: Source, told: Fields) -> Iterator[str]:
    if told.has("sha256") and source.sha256() != told.text("sha256"):
        yield f"{source.path} is not the file that the map was made from."
    if source.labels is not None and told.has("labels"):
        yield from _source_remarks(source.labels, told.part("labels"))


def _version_remarks(told: Fields) -> Iterator[str]:
    before = told.mapping("versions")
    now = versions(told.part("projection").text("method"))
    for name in sorted(before.keys() & now.keys()):
        if before[name] != now[name]:
            yield f"{name} was {before[name]} then, and is {now[name]} now."
