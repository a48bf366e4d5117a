"""k-means of scikit-learn in steps short enough to be stopped between them.

Lloyd 1982 from k-means++ starts (Arthur and Vassilvitskii 2007); above 50,000 rows mini-batches
over all of them (Sculley 2010, doi:10.1145/1772690.1772862) from the centres of a sample.
"""

from __future__ import annotations

import numpy as np

from explorer.preparation import Prepared
from explorer.progress import Progress, Report, part
from explorer.vectors import F32

_WHOLE_ROWS = 50_000
_WHOLE_NUMBERS = 2**25  # 128 MiB of float32, of which scikit-learn makes a copy
_SAMPLE = 10_000
_STARTS = 3
_STEPS = 5  # of Lloyd between two checkpoints: a fifth of a second at 50,000 x 300 on two cores
_MOST_STEPS = 300
_BATCH = 4096
_PASSES = 3


def kmeans_centres(points: Prepared, count: int, seed: int, report: Report) -> tuple[F32, str]:
    """Centres float32 (count, dim) of the finite rows `points`, and the name of the method.

    Asks for no more centres than there are different rows.
    """
    if len(points) <= _WHOLE_ROWS and len(points) * points.dim <= _WHOLE_NUMBERS:
        return _best(points.to_numpy(), count, seed, report), "k-means"
    places = np.random.default_rng(seed).choice(len(points), _SAMPLE, replace=False)
    centres = _best(points.take(np.sort(places)), count, seed, part(report, 0, 0.4))
    return _refined(points, centres, seed, part(report, 0.4, 1)), "mini-batch k-means"


def _best(points: F32, count: int, seed: int, report: Report) -> F32:
    """The centres of least inertia among a few starts."""
    count = min(count, _different(points, count))
    starts = np.random.default_rng(seed).integers(2**31 - 1, size=_STARTS).tolist()
    found = [
        _descended(points, count, start, part(report, place / _STARTS, (place + 1) / _STARTS))
        for place, start in enumerate(starts)
    ]
    return min(found, key=lambda one: one[0])[1]


def _different(points: F32, wanted: int) -> int:
    """How many different rows there are, as far as it matters: scikit-learn warns where it cannot
    find as many clusters as it was asked for."""
    some = len(np.unique(points[: 20 * wanted], axis=0))
    return some if some >= wanted else len(np.unique(points, axis=0))


def _descended(points: F32, count: int, start: int, report: Report) -> tuple[float, F32]:
    """Inertia and centres, going on from where the steps before ended."""
    from sklearn.cluster import KMeans, kmeans_plusplus

    some = points
    if len(points) > _SAMPLE:  # enough to begin with, whatever the number of clusters
        some = points[np.random.default_rng(start).choice(len(points), _SAMPLE, replace=False)]
    report(Progress(0, _MOST_STEPS, "Choosing first centres"))
    centres, _ = kmeans_plusplus(some, count, random_state=start)
    for done in range(0, _MOST_STEPS, _STEPS):
        report(Progress(done, _MOST_STEPS, "Moving the centres"))
        model = KMeans(count, init=centres, n_init=1, max_iter=_STEPS, random_state=start)
        model.fit(points)
        centres = model.cluster_centers_
        if model.n_iter_ < _STEPS:
            break
    return float(model.inertia_), centres


def _refined(points: Prepared, centres: F32, seed: int, report: Report) -> F32:
    """The centres after a few passes of mini-batches over all rows, in an order by chance."""
    from sklearn.cluster import MiniBatchKMeans

    model = MiniBatchKMeans(
        len(centres), init=centres, n_init=1, random_state=seed, reassignment_ratio=0.0
    )
    random = np.random.default_rng(seed)
    for turn in range(_PASSES):
        order = random.permutation(len(points))
        for start in range(0, len(order) - _BATCH + 1, _BATCH):
            report(Progress(turn + start / len(order), _PASSES, "Moving the centres"))
            model.partial_fit(points.take(np.sort(order[start : start + _BATCH])))
    refined: F32 = model.cluster_centers_.astype(np.float32)
    return refined
