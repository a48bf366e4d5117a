"""What a reader must know of a map, in phrases: how it was made and how far it may be believed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from explorer.params import ParamField, fields_of
from explorer.preparation import CHOSEN
from explorer.projection import Projection
from explorer.projections import methods
from explorer.tokens import shown

# How fast a map is made changes nothing on it.
_SILENT = ("threads",)
_GIVEN = "as-is"


def phrases(
    projection: Projection, *, quality: str = "", beyond: int = 0, drawn: int | None = None
) -> list[str]:
    """The caption: method, rows, sample, parameters, seed, preprocessing, variance or
    divergence, quality, and what is not on the picture.

    quality: how far the map may be believed, in words. beyond: rows outside the frame. drawn: how
    many rows there may be a dot of; None for all.
    """
    told = [_method(projection), *_sample(projection), *_parameters(projection)]
    if projection.params:  # nothing is known of a map whose coordinates were merely given
        told.append(f"seed {projection.seed}")
    told += [shown(step, 200) for step in projection.preprocessing]
    if projection.start and projection.method != _GIVEN:
        told.append(f"began from {shown(projection.start, 200)}")
    told += [
        phrase for phrase in (projection.verdict, shown(quality, 300) if quality else "") if phrase
    ]
    return [*told, *_absent(projection, beyond, drawn)]


def _method(projection: Projection) -> str:
    known = methods().get(projection.method)
    rows = len(projection.table) if projection.sample is None else len(projection.shown_rows)
    title = known.title if known else projection.method
    if projection.method == _GIVEN and projection.start:
        return _given(projection)
    return f"{shown(title, 60)} of {_size(rows, projection.table.dim)}"


def _size(rows: int, dim: int) -> str:
    across = "1 dimension" if dim == 1 else f"{dim:,} dimensions"
    return f"1 row × {across}" if rows == 1 else f"{rows:,} rows × {across}"


def _given(projection: Projection) -> str:
    """Where coordinates are from that no method made, and of how many rows they are."""
    there, rows = len(projection.shown_rows), len(projection.table)
    which = f"{rows:,}" if there == rows else f"{there:,} of {rows:,}"
    origin = shown(projection.start[:1].upper() + projection.start[1:], 60)
    return f"{origin}: {which} rows × {projection.table.dim:,} dimensions"


def _sample(projection: Projection) -> Iterator[str]:
    if projection.sample is not None:
        rows = f"{len(projection.table):,}"
        if projection.sample.by == CHOSEN:
            yield f"chosen by hand among {rows}"
        else:
            yield f"a sample of {rows}: {projection.sample}"


def _parameters(projection: Projection) -> Iterator[str]:
    """Each parameter under the name that the window gives it."""
    known = methods().get(projection.method)
    labels = {field.name: field for field in fields_of(known.params)} if known else {}
    for name, value in projection.params.items():
        if name not in _SILENT and value != "":
            yield _parameter(name, value, labels.get(name))


def _parameter(name: str, value: Any, field: ParamField | None) -> str:
    label = field.label if field else name.replace("_", " ")
    if not label[:2].isupper():
        label = label[:1].lower() + label[1:]
    if field and field.info.special is not None and value == field.info.special:
        return f"{label}: {field.info.special_text}"
    if isinstance(value, bool):
        return label if value else f"no {label}"
    return f"{label} {value:,g}" if isinstance(value, float) else f"{label} {shown(str(value), 80)}"


def _absent(projection: Projection, beyond: int, drawn: int | None) -> Iterator[str]:
    if drawn is not None:
        yield f"only {drawn:,} {'row' if drawn == 1 else 'rows'} drawn"
    if lost := len(projection.left_out):
        yield f"{lost:,} {'row' if lost == 1 else 'rows'} left out"
    if beyond:
        yield f"{beyond:,} far out, beyond the edge"
