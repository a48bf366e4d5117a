"""Exporting a map: coordinates as CSV, and beside it what is needed to make and check them again.

The CSV is RFC 4180 in UTF-8: CRLF line ends, cells quoted where they must be, tokens exactly as
they are. The manifest holds no date, so the same map exported twice gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import NotFoundError, OutputError
from explorer.paths import replacing_both
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.projections import methods
from explorer.table import Column, Source, Table
from explorer.version import __version__

SCHEMA = 1
CHANGED = "The file changed after the table was opened, so its hash is not that of the table."

_FIXED = ("row", "token", "x", "y", "z")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a spreadsheet takes for a formula: CWE-1236 and the OWASP page "CSV Injection".
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_ROWS_AT_ONCE = 20_000
_ROWS_NAMED = 100


def export_projection(
    projection: Projection,
    path: Path | str,
    *,
    spreadsheet_safe: bool = False,
    columns: Sequence[str] | None = None,
    report: Report = silent,
) -> tuple[Path, Path]:
    """Writes `path` (CSV: row, token, x, y[, z] and the columns) and `path`.manifest.json.

    spreadsheet_safe: puts `'` before texts that a spreadsheet would run as a formula.
    columns: names of the table's columns to write; None for all. One that is named like a
        coordinate is written as `column_x`, and the manifest says so.
    Rows left out of the map have empty coordinates. float32 numbers are written in the fewest
    digits that read back exactly. Both files are written beside and then renamed: on failure an
    older pair is as it was. Returns both paths.
    Raises OutputError, and NotFoundError for a column that is not there.
    """
    target = Path(path)
    beside = target.with_name(target.name + ".manifest.json")
    _refuse_source(projection.table, (target, beside))
    sheet = _Sheet(projection, _columns(projection.table, columns), spreadsheet_safe)
    with replacing_both(target, beside) as (csv_part, manifest_part):
        digest = _write_csv(sheet, csv_part, part(report, 0.0, 0.5))
        content = _manifest(sheet, target.name, digest, part(report, 0.5, 1.0))
        text = json.dumps(content, indent=2) + "\n"
        manifest_part.write_text(text, encoding="ascii", newline="\n")
    return target, beside


def _refuse_source(table: Table, targets: Iterable[Path]) -> None:
    source = table.source.path
    for target in targets:
        if source is not None and target.exists() and source.exists() and target.samefile(source):
            raise OutputError(target, "this is the table itself.", "Choose another name.")


# --- the CSV -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Sheet:
    """What is written: the map and its columns by the names they have in the file."""

    projection: Projection
    columns: dict[str, Column]
    safe: bool

    @property
    def table(self) -> Table:
        return self.projection.table

    @property
    def header(self) -> list[str]:
        names = [*_FIXED[: 2 + self.projection.dims], *self.columns]
        return [self.text(name) for name in names]

    def text(self, text: str) -> str:
        """A text cell: unchanged but for what UTF-8 cannot hold, and for formulas if safe."""
        if not text.isascii() and _SURROGATE.search(text):
            text = _escaped(text)
        return f"'{text}" if self.safe and text.startswith(_FORMULA) else text

    def rows(self, start: int, stop: int) -> Iterator[tuple[Any, ...]]:
        coordinates = self.projection.coordinates[start:stop]
        cells: list[Iterable[Any]] = [
            range(start, stop),
            map(self.text, self.table.tokens[start:stop]),
            *(_float32_cells(coordinates[:, axis]) for axis in range(self.projection.dims)),
            *(self._cells(column.values[start:stop]) for column in self.columns.values()),
        ]
        return zip(*cells, strict=True)

    def _cells(self, values: npt.NDArray[Any]) -> list[Any]:
        if values.dtype.kind == "f":
            return ["" if value != value else value for value in values.tolist()]
        if values.dtype.kind in "iu":
            return list(values.tolist())
        return [self.text(str(value)) for value in values.tolist()]


def _escaped(text: str) -> str:
    r"""A text with lone surrogates, as ASCII marks: U+DC80 becomes \udc80, and \ becomes \\."""
    doubled = text.replace("\\", "\\\\")
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", doubled)


def _float32_cells(values: npt.NDArray[np.float32]) -> list[str]:
    # str of a float32 is the shortest text that reads back as the same float32.
    return ["" if value != value else str(value) for value in values]


def _columns(table: Table, names: Sequence[str] | None) -> dict[str, Column]:
    """The columns to write, by their names in the file."""
    chosen: dict[str, Column] = {}
    for name in table.columns if names is None else names:
        if name not in table.columns:
            there = ", ".join(table.columns) or "none"
            raise NotFoundError(f"There is no column {name!r}.", f"The table's columns: {there}.")
        written = name
        while written in _FIXED or written in chosen:
            written = f"column_{written}"
        chosen[written] = table.columns[name]
    return chosen


def _write_csv(sheet: _Sheet, path: Path, report: Report) -> str:
    """Writes the file and returns its SHA-256, in hex."""
    total = len(sheet.table)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(sheet.header)
        for start in range(0, total, _ROWS_AT_ONCE):
            report(Progress(start, total, "Writing coordinates"))
            writer.writerows(sheet.rows(start, min(total, start + _ROWS_AT_ONCE)))
    with path.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


# --- the manifest ------------------------------------------------------------------------------


def _manifest(sheet: _Sheet, name: str, digest: str, report: Report) -> dict[str, Any]:
    projection, table = sheet.projection, sheet.table
    return {
        "schema": SCHEMA,
        "source": _opened(table, report),
        "projection": _made(projection),
        "versions": _versions(projection.method),
        "csv": {
            "name": name,
            "sha256": digest,
            "spreadsheet_safe": sheet.safe,
            "renamed_columns": {
                written: column.name
                for written, column in sheet.columns.items()
                if written != column.name
            },
            "escaped_tokens": _escaped_rows(table.tokens),
        },
    }


def _opened(table: Table, report: Report) -> dict[str, Any]:
    """What the map was made from. The hash is taken now: it is null where the file is no longer
    the one that was opened."""
    source = table.source
    content: dict[str, Any] = {
        **_file(source, report),
        "format": source.format,
        "tensor": source.tensor,
        "rows": len(table),
        "dim": table.dim,
        "dtype": table.vectors.dtype,
    }
    return content | ({"labels": _file(source.labels, report)} if source.labels else {})


def _file(source: Source, report: Report) -> dict[str, Any]:
    digest = source.sha256(report)
    told = {"path": str(source.path) if source.path else None, "sha256": digest or None}
    if source.changed:  # asked after the hash, so that a change meanwhile is seen too
        return told | {"sha256": None, "note": CHANGED}
    return told


def _made(projection: Projection) -> dict[str, Any]:
    """How the map was made; axes count from 1, as on the map."""
    explained = projection.explained
    return {
        "method": projection.method,
        "params": dict(projection.params),
        "dims": projection.dims,
        "axes": [axis + 1 for axis in projection.axes],
        "seed": projection.seed,
        "preprocessing": list(projection.preprocessing),
        "explained_variance": None if explained is None else np.round(explained, 8).tolist(),
        "kl_divergence": projection.kl,
        "iterations": projection.iterations,
        "complete": projection.complete,
        "left_out": {
            "count": len(projection.left_out),
            "first_rows": projection.left_out[:_ROWS_NAMED].tolist(),
        },
    }


def _versions(method: str) -> dict[str, str]:
    """Versions of what made the map; none of these libraries is imported to learn them."""
    from importlib import metadata  # brings the email package: not while the window opens

    known = methods().get(method)
    libraries = known.libraries if known else ("numpy",)
    return {
        "embedding-explorer": __version__,
        "python": platform.python_version(),
        **{library: metadata.version(library) for library in libraries},
    }


def _escaped_rows(tokens: Sequence[str]) -> dict[str, Any] | None:
    r"""Which tokens UTF-8 cannot hold, and how they are written."""
    rows = [
        row for row, token in enumerate(tokens) if not token.isascii() and _SURROGATE.search(token)
    ]
    if not rows:
        return None
    rule = "lone surrogates are written as \\uXXXX and backslashes doubled, in these rows only"
    return {"rule": rule, "rows": rows}
