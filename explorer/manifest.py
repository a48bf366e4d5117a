"""Exporting a map: coordinates, and beside them what is needed to make and check them again.

The manifest holds no date, so the same map exported twice gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import OutputError
from explorer.paths import file_digest, replacing_both
from explorer.preparation import Sample
from explorer.progress import Report, part, silent
from explorer.projection import Projection
from explorer.projections import methods
from explorer.reading.manifest_fields import BESIDE
from explorer.sheets import Sheet, ensure_suffix, sheet_of, write_sheet
from explorer.table import Column, Source, Table
from explorer.version import __version__

SCHEMA = 1
CHANGED = "The file changed after the table was opened, so its hash is not that of the table."

_ROWS_NAMED = 100


def export_projection(
    projection: Projection,
    path: Path | str,
    *,
    spreadsheet_safe: bool = False,
    columns: Sequence[str] | None = None,
    computed: Sequence[Column] = (),
    rows: npt.NDArray[np.int64] | None = None,
    facts: Mapping[str, Any] | None = None,
    report: Report = silent,
) -> tuple[Path, Path]:
    """Writes `path` (row, token, x, y[, z] and the columns) and `path`.manifest.json.

    path: CSV, or Parquet by its ending. spreadsheet_safe: puts `'` before texts that a spreadsheet
        would run as a formula (CSV).
    columns: names of the table's columns to write; None for all. One that is named like a
        coordinate is written as `column_x`, and the manifest says so.
    computed: further columns, one value a row: clusters, neighbours kept, a selection.
    rows: those to write, such as a selection, int64 in any order; None for all.
    facts: further entries of the manifest, ready for JSON, such as the quality of the map.
    Rows left out of the map have empty coordinates. float32 numbers are written in the fewest
    digits that read back exactly. Both files are written beside and then renamed: on failure an
    older pair is as it was. Returns both paths.
    Raises OutputError, NotFoundError for a column or row that is not there, ParameterError for an
    ending that is neither.
    """
    target = Path(path)
    ensure_suffix(target)
    if not target.name:
        raise OutputError(target, "this names no file.", "Name one.")
    beside = target.with_name(target.name + BESIDE)
    _refuse_source(projection.table, (target, beside))
    sheet = sheet_of(projection, columns, computed, spreadsheet_safe=spreadsheet_safe, rows=rows)
    with replacing_both(target, beside) as (sheet_part, manifest_part):
        write_sheet(sheet, sheet_part, target.suffix, part(report, 0.0, 0.5))
        content = _manifest(sheet, target, sheet_part, part(report, 0.5, 1.0)) | dict(facts or {})
        text = json.dumps(content, indent=2, allow_nan=False) + "\n"
        manifest_part.write_text(text, encoding="ascii", newline="\n")
    return target, beside


def _refuse_source(table: Table, targets: Iterable[Path]) -> None:
    labels = table.source.labels
    read = {"the table itself": table.source.path, "its labels": labels and labels.path}
    for target in targets:
        for words, source in read.items():
            if source and target.exists() and source.exists() and target.samefile(source):
                raise OutputError(target, f"this is {words}.", "Choose another name.")


# --- the manifest ------------------------------------------------------------------------------


def _manifest(sheet: Sheet, target: Path, written: Path, report: Report) -> dict[str, Any]:
    projection, table = sheet.projection, sheet.table
    kind = "parquet" if target.suffix.lower() == ".parquet" else "csv"
    computed = [c for c in sheet.columns.values() if table.columns.get(c.name) is not c]
    return {
        "schema": SCHEMA,
        "source": _opened(table, report),
        "projection": made(projection),
        "versions": versions(projection.method),
        kind: {
            "name": target.name,
            "sha256": file_digest(written),
            "rows": len(sheet),
            "spreadsheet_safe": sheet.safe,
            "renamed_columns": sheet.renamed,
            "computed_columns": {column.name: column.description for column in computed},
            "escaped_tokens": _escaped(sheet.escaped_rows),
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


def made(projection: Projection) -> dict[str, Any]:
    """How the map was made; axes count from 1, as on the map."""
    explained = projection.explained
    return {
        "method": projection.method,
        "params": dict(projection.params),
        "dims": projection.dims,
        "axes": [axis + 1 for axis in projection.axes],
        "seed": projection.seed,
        "steps": list(projection.steps),
        "preprocessing": list(projection.preprocessing),
        "selections": {name: rows.tolist() for name, rows in projection.selections.items()},
        "sample": None if projection.sample is None else _sample(projection.sample),
        "start": projection.start,
        "titles": list(projection.titles),
        "coordinates_sha256": digest_of(projection.coordinates),
        "explained_variance": None if explained is None else np.round(explained, 8).tolist(),
        "kl_divergence": projection.kl,
        "iterations": projection.iterations,
        "complete": projection.complete,
        "left_out": {
            "count": len(projection.left_out),
            "first_rows": projection.left_out[:_ROWS_NAMED].tolist(),
        },
    }


def _sample(sample: Sample) -> dict[str, Any]:
    """Rows are told one by one only where they were chosen so."""
    told = asdict(sample)
    chosen = told.pop("chosen")
    return {**told, "chosen": list(chosen)} if chosen else told


def digest_of(coordinates: npt.NDArray[np.float32]) -> str:
    """SHA-256 of the coordinates, float32 (rows, dims) row by row, in hex; every NaN alike."""
    plain = np.where(np.isnan(coordinates), np.float32(np.nan), coordinates).astype("<f4")
    return hashlib.sha256(np.ascontiguousarray(plain).tobytes()).hexdigest()


def versions(method: str) -> dict[str, str]:
    """Versions of what made the map; none of these libraries is imported to learn them."""
    from importlib import metadata  # brings the email package: not while the window opens

    known = methods().get(method)
    libraries = known.libraries if known else ("numpy",)
    return {
        "embedding-explorer": __version__,
        "python": platform.python_version(),
        **{library: metadata.version(library) for library in libraries},
    }


def _escaped(rows: list[int]) -> dict[str, Any] | None:
    r"""Which tokens UTF-8 cannot hold, and how they are written."""
    if not rows:
        return None
    rule = "lone surrogates are written as \\uXXXX and backslashes doubled, in these rows only"
    return {"rule": rule, "rows": rows}
