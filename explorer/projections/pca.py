"""PCA: the plane in which the table spreads most. Exact, centred, all rows and dimensions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from explorer.components import Components
from explorer.errors import ParameterError
from explorer.params import Params, param
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, silent
from explorer.projection import Projection
from explorer.projections import Method, mapped
from explorer.vectors import F32

# Where products and placing take more multiplications than this, half a second on two cores, a map
# of some rows is shown first; not of wide tables, whose eigenvectors take longer than that alone.
_AT_ONCE = 4e10
_PREVIEW_ROWS = 20_000
_PREVIEW_DIM = 1536


@dataclass(frozen=True)
class PcaParams(Params):
    """How many components are kept, for choosing other axes afterwards."""

    components: int = param(
        10, minimum=2, maximum=50, help="Components kept; any of them can be an axis of the map."
    )


def fit(
    points: Prepared, params: PcaParams, *, dims: int = 2, seed: int = 0, report: Report = silent
) -> Projection:
    """PCA of all points, about the origin of what the preprocessing left; the first `dims`
    components are drawn, up to `components` are kept.

    Where that takes longer than about half a second, a partial Projection is reported first, of
    20,000 points: `complete` is False, and the others have no place on it.
    The sign of a component is such that its largest loading is positive. `seed` changes nothing.
    Where the table has fewer dimensions than the map, the missing components are zero.
    Raises ParameterError where no row is finite.
    """
    if _takes_long(points, params):
        _show_preview(points, params, dims, seed, report)
    return _drawn(points, params, dims, seed, report)


def _takes_long(points: Prepared, params: PcaParams) -> bool:
    """Whether a preview would be there long before the exact map."""
    work = len(points) * points.dim * (points.dim + 4 * params.components)
    return work > _AT_ONCE and len(points) > 3 * _PREVIEW_ROWS and points.dim <= _PREVIEW_DIM


def _show_preview(
    points: Prepared, params: PcaParams, dims: int, seed: int, report: Report
) -> None:
    """Reports the map of some points, evenly over all; the others have no place on it yet."""
    places = np.linspace(0, len(points) - 1, _PREVIEW_ROWS).astype(np.int64)
    phase = f"preview from {_PREVIEW_ROWS:,} rows"
    try:
        made = _drawn(points.thinned(places), params, dims, seed, lambda _: report(Progress(0, 1)))
    except ParameterError:  # none of these is finite; others may be
        return
    report(Progress(0, 1, phase.capitalize(), replace(made, complete=False, phase=phase)))


def _drawn(points: Prepared, params: PcaParams, dims: int, seed: int, report: Report) -> Projection:
    found = points.components(max(dims, params.components), report)
    missing = max(0, dims - found.scores.shape[1])
    return mapped(
        points,
        _widened(found, missing),
        "pca",
        params,
        axes=tuple(range(dims)),
        seed=seed,
        preprocessing=_added(found, missing),
        loadings=np.pad(found.loadings, ((0, 0), (0, missing))),
        explained=np.concatenate([found.explained, np.zeros(missing)]),
        spectrum=found.spectrum,
    )


def _widened(found: Components, missing: int) -> F32:
    """The scores with zero components added; rows left out stay NaN."""
    if not missing:
        return found.scores
    zeros = np.zeros((len(found.scores), missing), dtype=np.float32)
    zeros[found.left_out] = np.nan
    return np.hstack([found.scores, zeros])


def _added(found: Components, missing: int) -> tuple[str, ...]:
    """What was done beside the preprocessing, in words."""
    if not missing:
        return ()
    components = "component" if missing == 1 else "components"
    kept = found.scores.shape[1]
    return (f"{missing} zero {components} added: the points have {kept} of their own",)


def locate(points: Prepared, projection: Projection, vectors: F32) -> F32:
    """Scores of further prepared vectors, float32 (m, components), by the map's own loadings."""
    assert projection.loadings is not None
    scores: F32 = (vectors.astype(np.float64) @ projection.loadings).astype(np.float32)
    return scores


METHOD = Method(
    name="pca",
    title="PCA",
    summary=(
        "The directions in which the table spreads most; distances on the map are shadows of "
        "real ones, and the axis titles say how much of the spread they show."
    ),
    params=PcaParams,
    fit=fit,
    locate=locate,
    steps="centre",
    reason="Components about the mean are those of the variance; about the origin, the first one "
    "is the mean itself.",
    order=10,
)
