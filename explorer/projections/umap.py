"""UMAP (McInnes, Healy and Melville 2018, arXiv:1802.03426), by umap-learn, an optional extra."""

from __future__ import annotations

import contextlib
import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.descent.placing import weighted_means
from explorer.errors import ParameterError
from explorer.graph import knn_of
from explorer.metrics import DISTANCES
from explorer.params import Params, param
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.projections import GUIDES, Cost, Guides, Method, mapped
from explorer.vectors import F32

_FEWEST_ROWS = 5
_HALVINGS = 40
_COMPILING = 20.0  # seconds that numba takes in every new process, measured
_SECONDS_A_ROW = 2.4e-3  # 10,000 rows, 200 dimensions, two cores


@dataclass(frozen=True)
class UmapParams(Params):
    """The choices that change a UMAP map."""

    neighbours: int = param(
        15, minimum=2, maximum=500, help="How many neighbours count as near; few shows detail."
    )
    min_dist: float = param(
        0.1,
        minimum=0,
        maximum=1,
        label="Least distance",
        help="How tightly dots may be packed; 0 packs groups densely.",
    )
    epochs: int = param(
        0,
        minimum=10,
        maximum=5000,
        special=0,
        special_text="automatic",
        help="Rounds of the descent; automatic is 500 up to 10,000 rows, then 200.",
    )
    metric: str = param("cosine", choices=DISTANCES, help="What near means in the table.")


def fit(
    points: Prepared, params: UmapParams, *, dims: int = 2, seed: int = 0, report: Report = silent
) -> Projection:
    """UMAP of all points with finite numbers (under cosine: and a direction).

    The same seed gives the same map, on one core: umap-learn is not reproducible on several.
    Raises ParameterError where umap-learn is not installed, or for fewer than five rows or
    rows that are all alike.
    """
    library = _library()
    report(Progress(0, 1, "Reading the table"))
    vectors = points.to_numpy()
    usable = np.isfinite(vectors).all(axis=1)
    if params.metric == "cosine":
        usable &= vectors.any(axis=1)
    found = vectors[usable]
    _check(found)
    listener = _Listener(part(report, 0.1, 1.0))
    reducer = library.UMAP(
        n_components=dims,
        n_neighbors=min(params.neighbours, len(found) - 1),
        min_dist=params.min_dist,
        n_epochs=params.epochs or None,
        metric=params.metric,
        init="pca" if vectors.shape[1] >= dims else "random",
        random_state=seed,
        n_jobs=1,
        verbose=True,
        tqdm_kwds={"file": listener, "mininterval": 0.1, "bar_format": "{n_fmt}/{total_fmt}"},
    )
    scores = np.full((len(points), dims), np.nan, dtype=np.float32)
    scores[usable] = _run(reducer, found, listener)
    return mapped(points, scores, "umap", params, axes=tuple(range(dims)), seed=seed)


def _check(vectors: npt.NDArray[np.float32]) -> None:
    """Raises ParameterError for rows that UMAP finds no places for."""
    rows = len(vectors)
    if rows < _FEWEST_ROWS:
        what = "there is 1" if rows == 1 else f"there are {rows}"
        raise ParameterError(
            f"UMAP needs at least {_FEWEST_ROWS} rows it can compare, and {what}.", "Use PCA."
        )
    if (vectors == vectors[0]).all():
        raise ParameterError("All rows are alike: UMAP finds no place for any.", "Use PCA.")


def _library() -> Any:
    try:
        with warnings.catch_warnings():  # it remarks that TensorFlow is not there
            warnings.simplefilter("ignore")
            import umap
    except ImportError as error:
        raise ParameterError(
            "UMAP is not installed.", "pip install 'embedding-explorer[umap]' brings it."
        ) from error
    return umap


def _run(reducer: Any, vectors: npt.NDArray[np.float32], listener: _Listener) -> Any:
    listener.tell("Finding neighbours (the first run compiles)")
    with warnings.catch_warnings(), contextlib.redirect_stdout(listener):
        warnings.simplefilter("ignore")  # numba's and umap's remarks on one core and sparse graphs
        return reducer.fit_transform(vectors)


def place(
    old: F32,
    places: F32,
    new: F32,
    *,
    seed: int = 0,
    report: Report = silent,
    guides: Guides | None = None,
) -> F32:
    """Places of new points in an old map, float32 (m, dims): the means of their nearest neighbours'
    places, each counting what UMAP takes its membership for; where umap-learn's transform begins.

    old: float32 (n, dim); places: theirs, float32 (n, 2|3); new: float32 (m, dim); all finite, and
    compared by their distance. guides: the nearest old points of each new one, where known; `old`
    is not looked at then. The seed has no part in it.
    """
    if guides is None:
        guides = knn_of(new, old, min(GUIDES, len(old)), report=report)
    neighbors, distances = guides
    return weighted_means(places, neighbors, _memberships(distances))


def _memberships(distances: F32) -> F32:
    """What each neighbour counts, float32 (m, k), rows of sum one: exp(-d / s), where s makes them
    come to log2(k) (McInnes, Healy and Melville 2018, algorithm 3, none nearer than the nearest).

    distances: float32 (m, k), ascending.
    """
    longest = distances[:, -1:].astype(np.float64)
    shares = distances / np.where(longest > 0, longest, 1.0)
    low, high = np.zeros_like(longest), np.full_like(longest, 64.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            total = np.exp(-shares / middle).sum(axis=1, keepdims=True)
        wide = total > np.log2(distances.shape[1])
        low, high = np.where(wide, low, middle), np.where(wide, middle, high)
    weights = np.exp(-shares / high)
    weighed: F32 = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return weighed


class _Listener:
    """Takes what umap-learn prints for what it is: the only sign of its progress.

    Writing may raise Cancelled, which ends the descent between two epochs.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._share = 0.0

    def tell(self, message: str) -> None:
        self._report(Progress(round(1000 * self._share), 1000, message))

    def write(self, text: str) -> int:
        found = re.search(r"([0-9]+)/([0-9]+)", text)
        if found and int(found[2]):
            self._share = 0.2 + 0.8 * int(found[1]) / int(found[2])
            self.tell(f"Epoch {int(found[1]):,} of {int(found[2]):,}")
        return len(text)

    def flush(self) -> None:
        """There is nothing to flush."""


def estimate(rows: int, dim: int, params: UmapParams, *, dims: int) -> Cost:
    """Compilation, and time in proportion to rows and epochs."""
    usual = 500 if rows <= 10_000 else 200
    epochs = (params.epochs or usual) / usual
    seconds = _COMPILING + rows * _SECONDS_A_ROW * (0.4 + 0.6 * epochs)
    return Cost(seconds, rows * (4 * dim + 40 * params.neighbours))


METHOD = Method(
    name="umap",
    title="UMAP",
    summary="Who is near whom, drawn in the plane; distances between groups mean little.",
    params=UmapParams,
    fit=fit,
    steps="none",
    reason="UMAP looks at neighbours by its metric, in the vectors as they are.",
    estimate=estimate,
    chance=True,
    place=place,
    placing="at the mean of its nearest rows' places, the nearer counting more",
    libraries=("numpy", "umap-learn", "numba", "pynndescent"),
    needs="umap",
    order=30,
)
