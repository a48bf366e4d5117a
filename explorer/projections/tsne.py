"""t-SNE: who is whose neighbour, drawn in the plane (van der Maaten and Hinton 2008).

openTSNE does the descent (Policar et al. 2024, doi:10.18637/jss.v109.i03): Barnes-Hut up to
15,000 rows and in three dimensions, FFT-accelerated interpolation above. The neighbours are exact,
the start is the principal plane (Kobak and Berens 2019, doi:10.1038/s41467-019-13056-x).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.components import Components
from explorer.errors import ParameterError
from explorer.graph import knn_graph
from explorer.params import Params, fields_of, param
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.projections import Method, mapped
from explorer.vectors import F32

F64 = npt.NDArray[np.float64]

_BARNES_HUT_ROWS = 15_000
_EARLY_SHARE = 4 / 15  # 200 of 750 iterations
# Rows / step length after the early phase. Belkina et al. 2019 (doi:10.1038/s41467-019-13055-y)
# take rows / 12 early; a quarter afterwards ended lower than all of them, or a twelfth, did.
_LATE_PACE = 4.0
_LEAST_RATE = 200.0
_START_DEVIATION = 1e-4
_JITTER = 0.01
_FEWEST_ROWS = 4
# Seconds between two pictures, at most: seven a second.
_PICTURE_EVERY = 0.14


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
        750,
        minimum=10,
        maximum=10_000,
        help="Steps of the descent; the first quarter exaggerates the attraction.",
    )
    early_exaggeration: float = param(
        12.0,
        minimum=1,
        maximum=100,
        advanced=True,
        help="Factor on the attraction in the first quarter, which lets groups find each other.",
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
    points: Prepared, params: TsneParams, *, dims: int = 2, seed: int = 0, report: Report = silent
) -> Projection:
    """t-SNE of all points; partial Projections go through `report` several times a second.

    The same table, parameters and seed give the same bytes. `kl` is the Kullback-Leibler
    divergence at the end, rounded to 6 places. A perplexity left at its default is lowered to
    (rows - 1) / 3 in a small table, and `params` of the result tells the one used.
    Raises ParameterError where fewer than four rows are finite or the perplexity is too large.
    """
    width = params.pca_components or points.dim
    found = points.components(max(dims, width), part(report, 0.0, 0.04))
    kept = np.delete(found.scores, found.left_out, axis=0)
    used = replace(params, perplexity=_perplexity(params.perplexity, len(kept)))
    sketch = mapped(
        points,
        _on_all_points(_start(kept, dims, seed), found),
        "tsne",
        used,
        axes=tuple(range(dims)),
        seed=seed,
        preprocessing=_words(found, used, params),
        complete=False,
        iterations=0,
    )
    affinities = _affinities(kept, used, part(report, 0.04, 0.15))
    watch = _Watch(points, sketch, found, used.iterations, part(report, 0.15, 1.0))
    return _descended(_start(kept, dims, seed), affinities, used, watch)


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


def _start(points: F32, dims: int, seed: int) -> F64:
    """The first principal plane made tiny, and shaken a little, so that equal rows can part."""
    start = np.zeros((len(points), dims))
    start[:, : points.shape[1]] = points[:, :dims]
    deviation = float(start[:, 0].std())
    if deviation > 0:
        start *= _START_DEVIATION / deviation
    shake = np.random.default_rng(seed).normal(size=start.shape)
    start += _START_DEVIATION * (_JITTER if deviation > 0 else 1.0) * shake
    return start


def _on_all_points(places: npt.NDArray[np.floating[Any]], found: Components) -> F32:
    """float32 places of every point: NaN in those left out. Always a copy."""
    scores = np.full((len(found.scores), places.shape[1]), np.nan, dtype=np.float32)
    fit_rows = np.ones(len(scores), dtype=bool)
    fit_rows[found.left_out] = False
    scores[fit_rows] = places
    return scores


def _affinities(points: F32, params: TsneParams, report: Report) -> Any:
    """openTSNE's affinities from exact neighbours, three times the perplexity of them."""
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    k = min(len(points) - 1, max(1, int(3 * params.perplexity)))
    rows, distances = knn_graph(points, k, part(report, 0.0, 0.7))
    report(Progress(0.7, 1, "Weighing neighbours"))
    index = PrecomputedNeighbors(rows, distances)
    return PerplexityBasedNN(knn_index=index, perplexity=params.perplexity, n_jobs=_threads(params))


def _threads(params: TsneParams) -> int:
    return params.threads or os.cpu_count() or 1


# --- the descent -------------------------------------------------------------------------------


def _descended(start: F64, affinities: Any, params: TsneParams, watch: _Watch) -> Projection:
    """The map at the end of both phases; raises whatever the report raised to stop it."""
    from openTSNE.tsne import TSNEEmbedding

    places = TSNEEmbedding(start, affinities, n_jobs=_threads(params))
    early = round(params.iterations * _EARLY_SHARE)
    phases = (
        (early, params.early_exaggeration, "early exaggeration"),
        (params.iterations - early, 1.0, ""),
    )
    for iterations, exaggeration, phase in phases:
        watch.begin(iterations, _gradient(*start.shape), phase)
        places = places.optimize(
            iterations,
            inplace=True,
            exaggeration=exaggeration,
            momentum=0.8,
            learning_rate=params.learning_rate or _rate(len(start), exaggeration),
            max_step_norm=None,  # clipping steps ended 2 % higher, measured at 4,000 rows
            negative_gradient_method=watch.objective,
            callbacks=watch,
            callbacks_every_iters=1,
        )
        if watch.stopped is not None:
            raise watch.stopped
    return watch.picture(places, float(places.kl_divergence), complete=True)


def _rate(rows: int, exaggeration: float) -> float:
    """The automatic length of a step."""
    return max(_LEAST_RATE, rows / max(exaggeration, _LATE_PACE))


def _gradient(rows: int, dims: int) -> Callable[..., Any]:
    """Barnes-Hut is the faster up to some 15,000 rows, and the only one in three dimensions."""
    from openTSNE import tsne

    barnes_hut = dims > 2 or rows <= _BARNES_HUT_ROWS
    gradient: Callable[..., Any] = tsne.kl_divergence_bh if barnes_hut else tsne.kl_divergence_fft
    return gradient


class _Watch:
    """Follows openTSNE through its iterations: shows pictures, and stops it when asked to.

    It is called after every iteration, so that a wish to stop is heard at once; but the
    divergence, which costs time, is evaluated for pictures only. An exception thrown through
    openTSNE would leave the affinities multiplied by the exaggeration: it is kept in `stopped`,
    and True tells openTSNE to end.
    """

    def __init__(
        self,
        points: Prepared,
        sketch: Projection,
        found: Components,
        iterations: int,
        report: Report,
    ) -> None:
        self.stopped: BaseException | None = None
        self._points, self._sketch, self._found = points, sketch, found
        self._report, self._iterations = report, iterations
        self._done = self._phase_done = self._phase_length = 0
        self._gradient: Callable[..., Any] | None = None
        self._phase = ""
        self._picture_due, self._shown = True, 0.0
        self._before = time.monotonic()

    def begin(self, iterations: int, gradient: Callable[..., Any], phase: str) -> None:
        """A phase of so many iterations starts. phase: what it is called, "" for the usual."""
        self._phase = phase
        self._phase_done, self._phase_length, self._gradient = 0, iterations, gradient

    def objective(self, embedding: Any, P: Any, **options: Any) -> Any:  # noqa: N803
        """openTSNE's objective: (divergence, gradient); the divergence only where it is shown."""
        assert self._gradient is not None
        at_the_end = self._phase_done >= self._phase_length
        options["should_eval_error"] = self._picture_due or at_the_end
        return self._gradient(embedding, P, **options)

    def __call__(self, iteration: int, divergence: float, embedding: Any) -> bool:
        self._done += 1
        self._phase_done = iteration
        partial = self.picture(embedding, divergence) if self._picture_due else None
        try:
            self._report(Progress(self._done, self._iterations, self._message(), partial))
        except BaseException as stop:  # kept, and raised again outside openTSNE
            self.stopped = stop
            return True
        self._plan_picture(shown=partial is not None)
        return False

    def _message(self) -> str:
        step = f"Iteration {self._done:,} of {self._iterations:,}"
        return f"{step}, {self._phase}" if self._phase else step

    def _plan_picture(self, *, shown: bool) -> None:
        """Whether the next iteration, if it takes as long as this one, ends late enough."""
        now = time.monotonic()
        if shown:
            self._shown = now
        self._picture_due = 2 * now - self._before >= self._shown + _PICTURE_EVERY
        self._before = now

    def picture(self, embedding: Any, divergence: float, *, complete: bool = False) -> Projection:
        """The map as it is now, a copy."""
        return replace(
            self._sketch,
            scores=self._points.on_all_rows(_on_all_points(np.asarray(embedding), self._found)),
            # Sums over threads differ in the last digits; six places do not.
            kl=round(float(divergence), 6),
            iterations=self._done,
            complete=complete,
            phase="" if complete else self._phase,
        )


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
    libraries=("numpy", "openTSNE", "scikit-learn", "scipy"),
    order=20,
)
