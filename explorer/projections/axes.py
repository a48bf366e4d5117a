"""Semantic axes: how far every row lies along directions that were named.

The x axis may be "good" - "bad" and the y axis "cheap" - "dear": what is drawn is then the cosine
with that direction or the length of the shadow on it, and nothing is fitted. (Such axes: Bolukbasi
et al. 2016, arXiv:1607.06520; SemAxis, An et al. 2018, arXiv:1806.05521.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.expressions import Context, ExpressionError, evaluate, selections_in
from explorer.params import Params, param
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, silent
from explorer.projection import Projection
from explorer.projections import Method, mapped
from explorer.vectors import F32, lengths

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

MEASURES = ("cosine", "projection")
_AXES = "xyz"


@dataclass(frozen=True)
class AxesParams(Params):
    """An expression for each axis, and what is measured along it."""

    x: str = param(
        "",
        label="X axis",
        special_text='"good" - "bad"',
        help="Direction to the right.",
        expression=True,
    )
    y: str = param(
        "",
        label="Y axis",
        special_text='"man" - "woman"',
        help="Direction upwards.",
        expression=True,
    )
    z: str = param(
        "",
        label="Z axis",
        special_text='"old" - "young"',
        help="Direction towards you, in 3-D.",
        expression=True,
    )
    measure: str = param(
        "cosine",
        choices=MEASURES,
        help="The cosine with the direction, or the scalar projection on it.",
    )


def fit(
    points: Prepared, params: AxesParams, *, dims: int = 2, seed: int = 0, report: Report = silent
) -> Projection:
    """Every point along `dims` named directions. `seed` changes nothing.

    Points of zeros have no cosine and are left out under that measure. An expression may speak of
    the selections of `points` (`mean(@animals)`); those it does speak of go with the map.
    Raises ParameterError for an axis that is not named, cannot be read or has no direction.
    """
    texts = _texts(params, dims)
    directions = _directions(points, texts)
    scores = np.empty((len(points), dims), np.float32)
    for start, block in points.blocks():
        report(Progress(start, len(points), "Measuring along the axes"))
        scores[start : start + len(block)] = _measured(block, directions, params.measure)
    return mapped(
        points,
        scores,
        "axes",
        params,
        axes=tuple(range(dims)),
        seed=seed,
        titles=tuple(f"{text.strip()} ({params.measure})" for text in texts),
        selections=_spoken_of(points, texts),
    )


def locate(points: Prepared, projection: Projection, vectors: F32) -> F32:
    """Further prepared vectors along the map's own directions, float32 (m, dims); NaN for those
    that have no cosine."""
    params = AxesParams(**projection.params)
    named = replace(points, selections=projection.selections)
    directions = _directions(named, _texts(params, projection.scores.shape[1]))
    return _measured(vectors, directions, params.measure)


def _texts(params: AxesParams, dims: int) -> list[str]:
    return [params.x, params.y, params.z][:dims]


def _directions(points: Prepared, texts: list[str]) -> F64:
    return np.stack([_direction(points, text, axis) for axis, text in enumerate(texts)])


def _spoken_of(points: Prepared, texts: list[str]) -> dict[str, Rows]:
    names = sorted({name for text in texts for name in selections_in(text)})
    return {name: points.selections[name] for name in names}


def _direction(points: Prepared, text: str, axis: int) -> F64:
    """The expression as a unit vector, float64 (dim,)."""
    name = _AXES[axis]
    if not text.strip():
        raise ParameterError(
            f"The {name} axis has no direction.", f'Name one, such as {name} = "good" - "bad".'
        )
    context = Context(
        points.table, lambda rows: points.of_table(rows).astype(np.float64), points.selections
    )
    try:
        vector = evaluate(text, context).values
    except ExpressionError as error:
        raise ParameterError(f"The {name} axis: {error.message}", error.hint) from error
    length = float(lengths(vector[None])[0])
    if not 0 < length < np.inf:
        raise ParameterError(
            f"The {name} axis, {text.strip()!r}, comes to zeros: it has no direction.",
            "Subtract two different tokens.",
        )
    return vector / length


def _measured(block: F32, directions: F64, measure: str) -> F32:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        along = block.astype(np.float64) @ directions.T
        if measure == "cosine":
            along /= lengths(block.astype(np.float64))[:, None]
    along[~np.isfinite(along).all(axis=1)] = np.nan
    measured: F32 = along.astype(np.float32)
    return measured


METHOD = Method(
    name="axes",
    title="Semantic axes",
    summary=(
        'Directions you name: x = "good" - "bad". Positions are exact cosines or projections; '
        "nothing is fitted and nothing moves."
    ),
    params=AxesParams,
    fit=fit,
    locate=locate,
    steps="none",
    reason="The directions are read in the vectors as they are.",
    order=40,
)
