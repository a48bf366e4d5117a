"""PCA: the plane in which the table spreads most. Exact, centred, all rows and dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.components import Components
from explorer.params import Params, param
from explorer.preparation import Prepared
from explorer.progress import Report, silent
from explorer.projection import Projection
from explorer.projections import Method, mapped
from explorer.vectors import F32


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

    The sign of a component is such that its largest loading is positive. `seed` changes nothing.
    Where the table has fewer dimensions than the map, the missing components are zero.
    Raises ParameterError where no row is finite.
    """
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


METHOD = Method(
    name="pca",
    title="PCA",
    summary=(
        "The directions in which the table spreads most; distances on the map are shadows of "
        "real ones, and the axis titles say how much of the spread they show."
    ),
    params=PcaParams,
    fit=fit,
    steps="centre",
    reason="Components about the mean are those of the variance; about the origin, the first one "
    "is the mean itself.",
    order=10,
)
