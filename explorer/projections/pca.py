"""PCA: the plane in which the table spreads most. Exact, centred, all rows and dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.components import Components, principal_components
from explorer.params import Params, param
from explorer.progress import Report, silent
from explorer.projection import Projection
from explorer.projections import Method
from explorer.table import Table
from explorer.vectors import F32


@dataclass(frozen=True)
class PcaParams(Params):
    """How many components are kept, for choosing other axes afterwards."""

    components: int = param(
        10, minimum=2, maximum=50, help="Components kept; any of them can be an axis of the map."
    )


def fit(
    table: Table, params: PcaParams, *, dims: int = 2, seed: int = 0, report: Report = silent
) -> Projection:
    """PCA of all rows; the first `dims` components are drawn, up to `components` are kept.

    The sign of a component is such that its largest loading is positive. `seed` changes nothing.
    Where the table has fewer dimensions than the map, the missing components are zero.
    Raises ParameterError where no row is finite.
    """
    found = principal_components(table.vectors, max(dims, params.components), report)
    missing = max(0, dims - found.scores.shape[1])
    return Projection(
        table=table,
        scores=_widened(found, missing),
        axes=tuple(range(dims)),
        method="pca",
        params=params.as_dict(),
        seed=seed,
        preprocessing=_preprocessing(found, missing),
        explained=np.concatenate([found.explained, np.zeros(missing)]),
        left_out=found.left_out,
    )


def _widened(found: Components, missing: int) -> F32:
    """The scores with zero components added; rows left out stay NaN."""
    if not missing:
        return found.scores
    zeros = np.zeros((len(found.scores), missing), dtype=np.float32)
    zeros[found.left_out] = np.nan
    return np.hstack([found.scores, zeros])


def _preprocessing(found: Components, missing: int) -> tuple[str, ...]:
    steps = ["centred: the mean of all rows was subtracted"]
    if missing:
        kept = found.scores.shape[1]
        steps.append(
            f"{missing} zero {'component' if missing == 1 else 'components'} added: "
            f"the table has {kept} of its own"
        )
    return tuple(steps)


METHOD = Method(
    name="pca",
    title="PCA",
    summary=(
        "The directions in which the table spreads most; distances on the map are shadows of "
        "real ones, and the axis titles say how much of the spread they show."
    ),
    params=PcaParams,
    fit=fit,
    order=10,
)
