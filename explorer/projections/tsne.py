"""t-SNE: who is whose neighbour, drawn in the plane (van der Maaten and Hinton 2008).

The neighbours are exact, the start is the principal plane (Kobak and Berens 2019,
doi:10.1038/s41467-019-13056-x), and `explorer.descent` goes down: by interpolation on a grid in
two dimensions, by openTSNE's Barnes-Hut tree in three.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.components import Components
from explorer.descent.affinities import conditional_affinities, joint_affinities
from explorer.descent.barnes_hut import TreeForces
from explorer.descent.cost import Run, expected_bytes, expected_seconds
from explorer.descent.placing import placed, weighted_means
from explorer.descent.starts import made_tiny, principal_start
from explorer.descent.steps import Descent, Forces, GridForces
from explorer.errors import ParameterError
from explorer.graph import knn_graph, knn_of
from explorer.parallel import spared_cores, torch_threads
from explorer.params import Params, fields_of, param
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.projections import GUIDES, Cost, Guides, Method, mapped
from explorer.vectors import F32

# Shares of the iterations: up to which the attraction is exaggerated in full, and up to which the
# factor falls to 1, as a power. A factor that falls at once leaves groups torn apart: 10,000 rows
# ended at a divergence 2 to 3 % higher after as many steps (measured).
_FULL_SHARE, _FADED_SHARE = 0.1, 0.4
# Rows / step length after the early phase. Belkina et al. 2019 (doi:10.1038/s41467-019-13055-y)
# take rows / 12 early; a quarter afterwards ended lower than a twelfth did.
_LATE_PACE = 4.0
_LEAST_RATE = 200.0
_FEWEST_ROWS = 4
# Seconds between two pictures, at least (seven a second), and the share of the time they may take.
_PICTURE_EVERY = 0.14
_PICTURE_SHARE = 0.2


@dataclass(frozen=True)
class TsneParams(Params):
    """The choices that change a t-SNE map, and how long it may take."""

    perplexity: float = param(
        30.0,
        minimum=1,
        maximum=500,
        help="How many neighbours each row tries to keep; small shows detail, large shows groups.",
    )
    iterations: int = param(
        1000,
        minimum=10,
        maximum=10_000,
        help="Steps of the descent; the first two fifths exaggerate the attraction.",
    )
    early_exaggeration: float = param(
        12.0,
        minimum=1,
        maximum=100,
        advanced=True,
        help="Factor on the attraction at first, which lets groups find each other; then it fades.",
    )
    learning_rate: float = param(
        0.0,
        minimum=1,
        maximum=1_000_000,
        special=0,
        special_text="automatic",
        advanced=True,
        help="Length of a step; automatic is rows / exaggeration early on, then rows / 4.",
    )
    pca_components: int = param(
        50,
        minimum=2,
        maximum=1000,
        special=0,
        special_text="all dimensions",
        advanced=True,
        label="PCA components",
        help="The table is first reduced to this many principal components.",
    )
    threads: int = param(
        0,
        minimum=1,
        maximum=256,
        special=0,
        special_text="automatic",
        advanced=True,
        help="Processor cores to use; the map is the same whatever the number.",
    )


def fit(
    points: Prepared,
    params: TsneParams,
    *,
    dims: int = 2,
    seed: int = 0,
    report: Report = silent,
    start: F32 | None = None,
    resume: int | None = None,
) -> Projection:
    """t-SNE of all points; partial Projections go through `report` several times a second.

    start: float32 (points, dims), the map to begin from, made tiny; NaN where a place is not known
    (then the mean of the neighbours'). resume: `start` is the map of a run like this one that was
    stopped after so many iterations, and the rest of them is done from there; its momentum is lost.

    The same table, parameters and seed give the same bytes. `kl` is the Kullback-Leibler
    divergence at the end, rounded to 6 places. A perplexity left at its default is lowered to
    (rows - 1) / 3 in a small table, and `params` of the result tells the one used.
    Raises ParameterError where fewer than four rows are finite, the perplexity is too large, or
    there is nothing to begin from or to go on with.
    """
    _check_resumable(params, start, resume)
    width = params.pca_components or points.dim
    found = points.components(max(dims, width), part(report, 0.0, 0.04))
    kept = np.delete(found.scores, found.left_out, axis=0)
    used = replace(params, perplexity=_perplexity(params.perplexity, len(kept)))
    given = None if start is None else np.delete(start, found.left_out, axis=0)
    begin = _begin(kept, dims, seed, given, resume)
    sketch = mapped(
        points,
        _on_all_points(begin, found),
        "tsne",
        used,
        axes=tuple(range(dims)),
        seed=seed,
        preprocessing=_words(found, used, params),
        start=_origin(start, resume),
        complete=False,
        iterations=resume or 0,
    )
    affinities = _affinities(kept, used, part(report, 0.04, 0.15))
    watch = _Watch(points, sketch, found, used.iterations, part(report, 0.15, 1.0))
    return _descended(begin, affinities, used, watch)


def _check_resumable(params: TsneParams, start: F32 | None, resume: int | None) -> None:
    if resume is None:
        return
    if start is None:
        raise ParameterError("There is no map to go on from.", "Begin a new one.")
    if resume >= params.iterations:
        raise ParameterError(
            f"This map has already had its {params.iterations:,} iterations.",
            f"Ask for more than {resume:,} to go on.",
        )


def _begin(points: F32, dims: int, seed: int, start: F32 | None, resume: int | None) -> F32:
    """Where the descent begins, float32 (n, dims)."""
    if start is None:
        return principal_start(points, dims, seed)
    known = _known_start(points, start)
    return known if resume else made_tiny(known, seed)


def _origin(start: F32 | None, resume: int | None) -> str:
    """What a map began from that did not begin at the principal plane."""
    if start is None:
        return ""
    return f"iteration {resume:,} of an earlier run" if resume else "another map"


def _perplexity(wished: float, rows: int) -> float:
    """The perplexity that the number of rows allows: at most a third of the other rows."""
    if rows < _FEWEST_ROWS:
        raise ParameterError(
            f"t-SNE needs at least {_FEWEST_ROWS} rows of finite numbers, and there "
            f"{'is' if rows == 1 else 'are'} {rows}.",
            "Use PCA.",
        )
    most = (rows - 1) / 3
    default = next(f.default for f in fields_of(TsneParams) if f.name == "perplexity")
    if wished <= most:
        return wished
    if wished == default:
        return most
    raise ParameterError(
        f"A perplexity of {wished:g} asks for more neighbours than {rows:,} rows have.",
        f"The greatest possible here is {np.floor(most * 10) / 10:g}.",
    )


def _words(found: Components, used: TsneParams, wished: TsneParams) -> tuple[str, ...]:
    """What was done beside the preprocessing."""
    steps = []
    kept = found.scores.shape[1]
    if wished.pca_components:
        share = 100 * float(found.explained.sum())
        steps.append(f"reduced to {kept} principal components ({share:.1f} % of the variance)")
    if used.perplexity != wished.perplexity:
        steps.append(f"perplexity lowered to {used.perplexity:g}: the table is small")
    return tuple(steps)


def _known_start(points: F32, start: F32) -> F32:
    """`start` with the places that are not known (NaN) filled in: the mean of the neighbours'."""
    known = np.isfinite(start).all(axis=1)
    if not known.any():
        raise ParameterError(
            "The map to begin from has no place for any of these rows.", "Begin without it."
        )
    filled = start.astype(np.float32, copy=True)
    if not known.all():
        neighbors, weights = _weighed(*_guides(points[~known], points[known]))
        filled[~known] = weighted_means(start[known], neighbors, weights)
    return filled


def _guides(queries: F32, base: F32, report: Report = silent) -> Guides:
    """Neighbours of points outside a map among those inside."""
    return knn_of(queries, base, min(GUIDES, len(base)), report=report)


def _weighed(neighbors: npt.NDArray[np.int64], distances: F32) -> tuple[npt.NDArray[np.int64], F32]:
    """What each of these neighbours counts: affinities of a perplexity of a third of them."""
    return neighbors, conditional_affinities(distances, max(1.0, neighbors.shape[1] / 3))


def _on_all_points(places: npt.NDArray[np.floating[Any]], found: Components) -> F32:
    """float32 places of every point: NaN in those left out. Always a copy."""
    scores = np.full((len(found.scores), places.shape[1]), np.nan, dtype=np.float32)
    fit_rows = np.ones(len(scores), dtype=bool)
    fit_rows[found.left_out] = False
    scores[fit_rows] = places
    return scores


def _affinities(points: F32, params: TsneParams, report: Report) -> Any:
    """The joint probabilities, of exact neighbours, three times the perplexity of them."""
    k = min(len(points) - 1, max(1, int(3 * params.perplexity)))
    neighbors, distances = knn_graph(points, k, part(report, 0.0, 0.8))
    return joint_affinities(neighbors, distances, params.perplexity, part(report, 0.8, 1.0))


def _threads(params: TsneParams) -> int:
    """Where all cores are busy, threads would wait for each other."""
    return params.threads or spared_cores()


# --- the descent -------------------------------------------------------------------------------


def _descended(start: F32, affinities: Any, params: TsneParams, watch: _Watch) -> Projection:
    """The map at the end of both phases; raises whatever the report raises to stop it."""
    with torch_threads(_threads(params)):
        descent = Descent(start, _forces(start, affinities, params), watch.pulse)
        for iteration in range(watch.done, params.iterations):
            exaggeration = _exaggeration(iteration, params)
            watch.phase = "early exaggeration" if exaggeration > 1 else ""
            descent.step(exaggeration, params.learning_rate or _rate(len(start), exaggeration))
            watch.after_step(descent)
        descent.settle()
        return watch.picture(descent, complete=True)


def _forces(start: F32, affinities: Any, params: TsneParams) -> Forces:
    if start.shape[1] == 2:
        return GridForces(affinities)
    return TreeForces(affinities, _threads(params))


def _exaggeration(iteration: int, params: TsneParams) -> float:
    """The factor on the attraction in this iteration: from early_exaggeration down to 1."""
    share = iteration / params.iterations
    left = (_FADED_SHARE - share) / (_FADED_SHARE - _FULL_SHARE)
    return float(params.early_exaggeration ** min(1.0, max(0.0, left)))


def _rate(rows: int, exaggeration: float) -> float:
    """The automatic length of a step."""
    return max(_LEAST_RATE, rows / max(exaggeration, _LATE_PACE))


class _Watch:
    """Tells how far the descent is, several times in a step, and shows pictures now and then.

    done: steps taken. phase: what the present one is called, "" for the usual. A picture needs
    the divergence, which costs time: they come seven times a second at most, and take a fifth of
    the time at most.
    """

    def __init__(
        self,
        points: Prepared,
        sketch: Projection,
        found: Components,
        iterations: int,
        report: Report,
    ) -> None:
        self.done, self.phase = sketch.iterations or 0, ""
        self._points, self._sketch, self._found = points, sketch, found
        self._report, self._iterations = report, iterations
        self._due = 0.0

    def pulse(self) -> None:
        """Reports without a picture; raises what the report raises."""
        self._report(Progress(self.done, self._iterations, self._message()))

    def after_step(self, descent: Descent) -> None:
        self.done += 1
        partial = self._picture_if_due(descent)
        self._report(Progress(self.done, self._iterations, self._message(), partial))

    def _message(self) -> str:
        step = f"Iteration {self.done:,} of {self._iterations:,}"
        return f"{step}, {self.phase}" if self.phase else step

    def _picture_if_due(self, descent: Descent) -> Projection | None:
        begun = time.monotonic()
        if begun < self._due:
            return None
        picture = self.picture(descent)
        took = time.monotonic() - begun
        self._due = begun + max(_PICTURE_EVERY, took / _PICTURE_SHARE)
        return picture

    def picture(self, descent: Descent, *, complete: bool = False) -> Projection:
        """The map as it is now, a copy."""
        return replace(
            self._sketch,
            scores=self._points.on_all_rows(_on_all_points(descent.places.numpy(), self._found)),
            # Sums over threads differ in the last digits; six places do not.
            kl=round(descent.divergence(), 6),
            iterations=self.done,
            complete=complete,
            phase="" if complete else self.phase,
        )


# --- beside a run ------------------------------------------------------------------------------


def place(
    old: F32,
    places: F32,
    new: F32,
    *,
    seed: int = 0,
    report: Report = silent,
    guides: Guides | None = None,
) -> F32:
    """Places of new points in an old map, float32 (m, dims); the old ones stay where they are.

    old: float32 (n, dim); places: theirs, float32 (n, 2|3); new: float32 (m, dim); all finite.
    guides: the nearest old points of each new one, where known; `old` is not looked at then.
    The same input gives the same places: the seed has no part in it.
    """
    neighbors, weights = _weighed(*(guides or _guides(new, old, part(report, 0.0, 0.5))))
    return placed(places, neighbors, weights, part(report, 0.5, 1.0))


def estimate(rows: int, dim: int, params: TsneParams, *, dims: int) -> Cost:
    """About what a run takes on this machine, from a short timing of each of its parts."""
    width = min(dim, params.pca_components or dim)
    neighbors = min(rows - 1, 3 * params.perplexity)
    run = Run(rows, width, neighbors, params.iterations, dims)
    return Cost(expected_seconds(run, _threads(params)), expected_bytes(run))


METHOD = Method(
    name="tsne",
    title="t-SNE",
    summary=(
        "Who is whose neighbour; distances between groups, their sizes and densities mean little."
    ),
    params=TsneParams,
    fit=fit,
    steps="centre",
    reason="Distances between rows are what counts, and they do not depend on the mean.",
    live=True,
    startable=True,
    chance=True,
    place=place,
    placing="where its nearest rows pull it and the others push it",
    estimate=estimate,
    libraries=("numpy", "openTSNE", "scipy", "torch"),
    order=20,
)
