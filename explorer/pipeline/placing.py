"""Where a vector that is in no row belongs on a map: the ghost point of a query."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.cosines import directions
from explorer.errors import ParameterError
from explorer.pipeline.queries import query
from explorer.preparation import Prepared, parse_steps, prepare
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.projections import GUIDES, Guides, Method, methods
from explorer.vectors import F32

if TYPE_CHECKING:
    from explorer.figure import GhostPoint

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def place_vectors(
    projection: Projection, vectors: npt.NDArray[np.floating], *, report: Report = silent
) -> F32:
    """float32 (m, dims): where float vectors (m, dim), or one (dim,), belong on a map, such as what
    an expression comes to. See Placer, which keeps what it finds of the table for the next time.

    Raises ParameterError where the method has no place for vectors that are in no row, or they are
    of another length.
    """
    wanted = np.atleast_2d(vectors)
    if wanted.ndim != 2 or wanted.shape[1] != projection.table.dim:
        raise ParameterError(
            f"Vectors of the shape {np.shape(vectors)} have no place on this map.",
            f"The table's rows hold {projection.table.dim:,} numbers.",
        )
    return Placer(projection).place(wanted, report)


def ghost_of(
    projection: Projection,
    text: str,
    *,
    selections: Mapping[str, Rows] | None = None,
    report: Report = silent,
) -> GhostPoint:
    """The vector that a text stands for (see `query`) as a point on a map, to be drawn there.

    selections: rows by name, which an expression may speak of.
    Raises what `query` raises, and ParameterError where the map has no place for it.
    """
    from explorer.figure import GhostPoint

    found = query(projection.table, text, selections, report=report)
    place = Placer(projection).place(found.values, report)[0]
    if not np.isfinite(place).all():
        raise ParameterError(f"{text}: it has no place on this map.", "Choose another query.")
    return GhostPoint(text, place, placed_how(projection))


def placed_how(projection: Projection) -> str:
    """How a map places a vector that is in no row, in words."""
    method = methods()[projection.method]
    return f"placed {'by the formula of the map' if method.locate is not None else method.placing}"


class Placer:
    """Places vectors on one map, which stays as it is.

    Maps with a formula (PCA, semantic axes, as is) by that, exactly; t-SNE and UMAP as rows outside
    their sample are placed. What it needs to know of the table is found once, when first asked.
    """

    def __init__(self, projection: Projection, *, like: Placer | None = None) -> None:
        """like: of the same map along other axes, whose knowledge of the table is taken over."""
        self.projection = projection
        self._points: Prepared | None = like._points if like is not None else None

    def place(self, vectors: npt.NDArray[np.floating], report: Report = silent) -> F32:
        """float32 (m, dims): places of float vectors (m, dim of the table), in the table's own
        numbers; NaN for those that have none.

        Raises ParameterError where the method has no place for new vectors.
        """
        projection, method = self.projection, self._method
        if method.locate is None and method.place is None:
            raise ParameterError(
                f"{method.title} has no place for a vector that is in no row.",
                "PCA, semantic axes, t-SNE and UMAP have.",
            )
        points = self._prepared(part(report, 0.0, 0.3))
        new = as_compared(projection, points.of_vectors(np.atleast_2d(vectors)))
        places = np.full((len(new), projection.dims), np.nan, np.float32)
        usable = np.isfinite(new).all(axis=1)
        if method.locate is not None:
            located = method.locate(points, projection, new[usable])
            places[usable] = located[:, list(projection.axes)]
        elif method.place is not None and usable.any():
            places[usable] = self._settled(method, points, new[usable], part(report, 0.3, 1.0))
        return places

    @property
    def _method(self) -> Method:
        return methods()[self.projection.method]

    def _prepared(self, report: Report) -> Prepared:
        projection = self.projection
        if self._points is None:
            steps = parse_steps(projection.steps)
            self._points = prepare(projection.table, steps, projection.sample, report)
        return self._points

    @cached_property
    def _there(self) -> Rows:
        return self.projection.shown_rows

    def _settled(self, method: Method, points: Prepared, new: F32, report: Report) -> F32:
        assert method.place is not None
        guides = self._guides(points, new, part(report, 0.0, 0.5))
        return method.place(
            np.empty((0, points.dim), np.float32),
            self.projection.coordinates[self._there],
            new,
            seed=self.projection.seed,
            report=part(report, 0.5, 1.0),
            guides=guides,
        )

    def _guides(self, points: Prepared, new: F32, report: Report) -> Guides:
        """The nearest rows of each new vector among those on the map, as places in `_there`; block
        by block, so that no copy of the table is made."""
        there = self._there
        k = min(GUIDES, len(there))
        best = np.empty((len(new), 0), np.int64), np.empty((len(new), 0))
        size = max(k, 2**22 // max(1, points.dim))
        for start in range(0, len(there), size):
            report(Progress(start, len(there), "Finding neighbours"))
            block = as_compared(self.projection, points.of_table(there[start : start + size]))
            places = np.broadcast_to(np.arange(start, start + len(block)), (len(new), len(block)))
            squares = np.hstack([best[1], _squares(block, new)])
            best = _nearest(np.hstack([best[0], places]), squares, k)
        distances = np.minimum(np.sqrt(best[1]), np.finfo(np.float32).max)
        return best[0], distances.astype(np.float32)


def as_compared(projection: Projection, points: F32) -> F32:
    """Prepared points as the map's method compared them: by their directions, NaN for none, where
    its metric is the cosine; else as they are."""
    if projection.params.get("metric") != "cosine":
        return points
    return directions(points.astype(np.float64)).astype(np.float32)


def _nearest(places: Rows, squares: F64, k: int) -> tuple[Rows, F64]:
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(places, order, 1), np.take_along_axis(squares, order, 1)


def _squares(block: F32, new: F32) -> F64:
    """Squared distances, float64 (m, rows), which hold those of any float32 numbers; by
    differences, so that near ones keep their digits."""
    apart = (np.subtract(block, one, dtype=np.float64) for one in new)
    return np.stack([np.einsum("rd,rd->r", difference, difference) for difference in apart])
