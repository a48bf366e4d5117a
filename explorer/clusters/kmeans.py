"""k-means of scikit-learn in steps short enough to be stopped between them.

Lloyd 1982 from k-means++ starts (Arthur and Vassilvitskii 2007); above 50,000 rows mini-batches
over all of them (Sculley 2010, doi:10.1145/1772690.1772862) from the centres of a sample.
"""

from __future__ import annotations

import numpy as np

from explorer.parallel import one_blas_thread
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, part
from explorer.vectors import F32

_WHOLE_ROWS = 50_000
_WHOLE_NUMBERS = 2**25  # 128 MiB of float32, of which scikit-learn makes a copy
_SAMPLE = 10_000
_STARTS = 3
_REPORTED = 10  # first centres between two checkpoints
# Of Lloyd between two checkpoints, at most, and products of numbers in them: half a second.
_STEPS, _STEP_WORK = 5, 1e10
# Squared lengths of this share of the rows' own are rounding, not distance.
_NO_LENGTH = 1e-5
_MOST_STEPS = 300
_BATCH = 4096
_PASSES = 3


def kmeans_centres(points: Prepared, count: int, seed: int, report: Report) -> tuple[F32, str]:
    """Centres float32 (count, dim) of the finite rows `points`, and the name of the method.

    There are fewer where fewer rows are different.
    """
    if len(points) <= _WHOLE_ROWS and len(points) * points.dim <= _WHOLE_NUMBERS:
        return _best(points.to_numpy(), count, seed, report), "k-means"
    some = min(_SAMPLE, len(points))
    places = np.random.default_rng(seed).choice(len(points), some, replace=False)
    centres = _best(points.take(np.sort(places)), count, seed, part(report, 0, 0.4))
    return _refined(points, centres, seed, part(report, 0.4, 1)), "mini-batch k-means"


def _best(points: F32, count: int, seed: int, report: Report) -> F32:
    """The centres of least inertia among a few starts."""
    starts = np.random.default_rng(seed).integers(2**31 - 1, size=_STARTS).tolist()
    found = [
        _descended(points, count, start, part(report, place / _STARTS, (place + 1) / _STARTS))
        for place, start in enumerate(starts)
    ]
    return min(found, key=lambda one: one[0])[1]


def _descended(points: F32, count: int, start: int, report: Report) -> tuple[float, F32]:
    """Inertia and centres, going on from where the steps before ended."""
    from sklearn.cluster import KMeans

    centres = _first_centres(points, count, start, report)
    steps = int(np.clip(_STEP_WORK / (points.size * len(centres)), 1, _STEPS))
    model = KMeans(len(centres), n_init=1, max_iter=steps, random_state=start)
    settled = model.tol * float(points[:_SAMPLE].var(axis=0).mean())
    for done in range(0, _MOST_STEPS, steps):
        report(Progress(done, _MOST_STEPS, "Moving the centres"))
        with one_blas_thread():  # or another's end would give threads to products inside of these
            centres, before = model.set_params(init=centres).fit(points).cluster_centers_, centres
        if model.n_iter_ < steps or np.square(centres - before).sum() <= settled:
            break
    return float(model.inertia_), centres


def _first_centres(points: F32, count: int, start: int, report: Report) -> F32:
    """Different rows, each drawn with a chance that goes with its squared distance to the nearest
    drawn before (k-means++), or fewer where there are no more. scikit-learn's own function takes
    half a minute for 200 of them."""
    random = np.random.default_rng(start)
    if len(points) > _SAMPLE:  # enough to begin with, whatever the number of clusters
        points = points[random.choice(len(points), _SAMPLE, replace=False)]
    near = points - points.mean(axis=0)
    squares = np.einsum("ij,ij->i", near, near)
    chosen, nearest = [int(random.integers(len(points)))], np.full(len(points), np.inf)
    while len(chosen) < count:
        if len(chosen) % _REPORTED == 1:
            report(Progress(0, _MOST_STEPS, "Choosing first centres"))
        both = squares + squares[chosen[-1]]
        lengths = both - 2 * (near @ near[chosen[-1]])
        nearest = np.minimum(nearest, np.where(lengths > _NO_LENGTH * both, lengths, 0))
        sums = np.cumsum(nearest)
        if not sums[-1] > 0:
            break
        chosen.append(int(np.searchsorted(sums, random.uniform(0, sums[-1]), side="right")))
    return points[np.minimum(chosen, len(points) - 1)]


def _refined(points: Prepared, centres: F32, seed: int, report: Report) -> F32:
    """The centres after a few passes of mini-batches over all rows, in an order by chance."""
    from sklearn.cluster import MiniBatchKMeans

    random, batch = np.random.default_rng(seed), min(_BATCH, len(points))
    model = MiniBatchKMeans(
        len(centres),
        init=centres,
        n_init=1,
        random_state=int(random.integers(2**31 - 1)),
        reassignment_ratio=0.0,
    )
    for turn in range(_PASSES):
        order = random.permutation(len(points))
        for start in range(0, len(order) - batch + 1, batch):
            report(Progress(turn + start / len(order), _PASSES, "Moving the centres"))
            with one_blas_thread():
                model.partial_fit(points.take(np.sort(order[start : start + batch])))
    refined: F32 = model.cluster_centers_.astype(np.float32)
    return refined
