"""Ways to draw a map: one module per method, each ending with one METHOD."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from explorer.params import Params
from explorer.preparation import Prepared
from explorer.progress import Report
from explorer.projection import Projection
from explorer.registry import discover
from explorer.vectors import F32


class Fit(Protocol):
    """See Method.fit."""

    def __call__(
        self, points: Prepared, params: Any, *, dims: int, seed: int, report: Report
    ) -> Projection: ...


class Estimate(Protocol):
    """See Method.estimate. rows, dim: of the points that take part."""

    def __call__(self, rows: int, dim: int, params: Any, *, dims: int) -> Cost: ...


# Neighbours of new points among old ones, nearest first: places int64 (m, k), distances float32.
Guides = tuple[npt.NDArray[np.int64], F32]


class Place(Protocol):
    """See Method.place. old, new: float32 (rows, dim); places, and the answer: (rows, dims)."""

    def __call__(
        self,
        old: F32,
        places: F32,
        new: F32,
        *,
        seed: int,
        report: Report,
        guides: Guides | None = None,
    ) -> F32: ...


class Locate(Protocol):
    """See Method.locate. vectors: float32 (m, dim). Returns float32 (m, components)."""

    def __call__(self, points: Prepared, projection: Projection, vectors: F32) -> F32: ...


# How many neighbours tell `Method.place` where a new point belongs.
GUIDES = 30


@dataclass(frozen=True)
class Cost:
    """What a run is expected to take. seconds: on this machine, about. nbytes: beside the table."""

    seconds: float
    nbytes: int


@dataclass(frozen=True, eq=False)
class Method:
    """One way to make a map.

    name: the word in flags and manifests ("pca"). title: the word in menus ("PCA").
    summary: one sentence on what the picture shows and what it does not.
    params: the frozen Params class.
    fit: (points, params, dims=2|3, seed, report) -> Projection. `points` are the rows that take
        part after the preprocessing. Pure; long ones report partial Projections (copies) and may be
        cancelled at each report.
    steps: the preprocessing where none is asked for, as `preparation.parse_steps` reads it.
    reason: why that, in one sentence.
    live: whether `fit` reports partial Projections worth drawing.
    startable: whether `fit` takes `start`, float32 (points, dims) with NaN where unknown: the map
        begins there; and `resume`: it goes on with the run that was stopped there, after so many
        iterations.
    chance: whether another seed draws another picture.
    place: (old points, old places, new points, seed, report) -> places of the new points in that
        map, which stays as it is; None where the method cannot. Where `guides` are given, the
        GUIDES nearest old points of each, these are taken, and the old points are not looked at.
    placing: how `place` finds a place, in words that follow "placed"; "" where it has none.
    locate: (points, projection, prepared vectors) -> scores of vectors that are in no row, by the
        formula of the map itself; None where it has none.
    estimate: what a run will take; None for methods that take no time to speak of.
    needs: the optional extra of the package that brings the library in, "" for none.
    libraries: distributions whose versions may change the map, named in the manifest.
    """

    name: str
    title: str
    summary: str
    params: type[Params]
    fit: Fit
    steps: str = "centre"
    reason: str = ""
    live: bool = False
    startable: bool = False
    chance: bool = False
    place: Place | None = None
    placing: str = ""
    locate: Locate | None = None
    estimate: Estimate | None = None
    needs: str = ""
    libraries: tuple[str, ...] = ("numpy",)
    order: int = 50

    @property
    def lacks(self) -> str:
        """How to get what the method needs, where a library is not installed; else ""."""
        if not self.needs or all(map(_installed, self.libraries)):
            return ""
        return f"pip install 'embedding-explorer[{self.needs}]' brings it."


def _installed(distribution: str) -> bool:
    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def mapped(
    points: Prepared, scores: npt.NDArray[np.floating], method: str, params: Params, **more: Any
) -> Projection:
    """The Projection of these points: what their preparation says of it is filled in.

    scores: (points, components), NaN where a point has no place; those whose scores are beyond
    float32 have none either. more: further fields of Projection; `preprocessing` are words added
    to those of the preparation.
    """
    lost = np.flatnonzero(~np.isfinite(scores).all(axis=1))
    placed = points.on_all_rows(scores)
    placed[points.table_rows(lost)] = np.nan
    return Projection(
        table=points.table,
        scores=placed,
        method=method,
        params=params.as_dict(),
        steps=tuple(map(str, points.steps)),
        sample=points.sample,
        preprocessing=(*points.words, *more.pop("preprocessing", ())),
        left_out=points.table_rows(lost),
        **more,
    )


@cache
def methods() -> dict[str, Method]:
    """Every method by name."""
    return discover(__name__, "METHOD")
