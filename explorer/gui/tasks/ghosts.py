"""The query at hand as a point on every map, where it is more than a row that has its dot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject

from explorer.errors import ExplorerError
from explorer.gui.map.ghost import Ghost
from explorer.gui.map.grid import MapGrid
from explorer.gui.state.belief import same_picture
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.querying import Query, Querying
from explorer.pipeline import Placer, placed_how
from explorer.progress import Report
from explorer.projection import Projection

_Placed = list[tuple[Placer, Ghost]]


@dataclass(frozen=True, eq=False)
class _Asked:
    query: Query
    placers: tuple[Placer, ...]


class Ghosts(QObject):
    """Places the query on the maps, in the background, whenever it or a map becomes another.

    While a map is being made, it has none: its places are still moving.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        querying: Querying,
        maps: MapGrid,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._querying, self._maps = querying, maps
        self._placers: list[Placer] = []
        self._asked: _Asked | None = None
        querying.changed.connect(self._look)
        session.maps.projection_changed.connect(lambda _: self._look())
        session.maps.closed.connect(lambda _: self._look())
        jobs.projection.busy_changed.connect(lambda _: self._look())
        maps.opened.connect(lambda _: self._look())
        jobs.ghost.succeeded.connect(self._show)

    def _look(self) -> None:
        """Asks for the places of this query on these maps, unless that was asked already."""
        query = self._querying.ghost
        self._placers = self._of_maps() if query is not None else []
        if query is None or not self._placers:
            self._clear()
            return
        asked = _Asked(query, tuple(self._placers))
        before = self._asked
        if before and before.query is query and before.placers == asked.placers:
            return
        self._clear()
        self._asked = asked
        title = self._querying.title

        def work(report: Report) -> _Placed:
            return [(placer, _ghost(placer, query, title, report)) for placer in asked.placers]

        self._jobs.ghost.start("Placing the query", work)

    def _of_maps(self) -> list[Placer]:
        """One for every settled picture; those at hand are kept, with what they know."""
        pictures = [self._session.maps.projection(number) for number in self._session.maps.all]
        return [self._placer(one) for one in pictures if one is not None and self._settled(one)]

    def _placer(self, projection: Projection) -> Placer:
        for known in self._placers:
            if same_picture(known.projection, projection):
                return known
        alike = (one for one in self._placers if one.projection.scores is projection.scores)
        return Placer(projection, like=next(alike, None))

    def _settled(self, projection: Projection) -> bool:
        return projection.complete or not self._jobs.projection.busy

    def _clear(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._jobs.ghost.cancel()
            for panel in self._maps.panels:
                panel.view.set_ghost(None)

    def _show(self, placed: _Placed) -> None:
        for panel in self._maps.panels:
            shown = panel.projection
            ghost = next((g for p, g in placed if same_picture(p.projection, shown)), None)
            panel.view.set_ghost(ghost)


def _ghost(placer: Placer, query: Query, title: str, report: Report) -> Ghost:
    projection = placer.projection
    row = int(query.rows[0]) if query.token else -1
    if row >= 0:
        place = projection.coordinates_of(np.array([row]))[0]
        if np.isfinite(place).all():
            return Ghost(title, "what was typed is this row", place)
    try:
        place = placer.place(query.values, report)[0]
    except ExplorerError as error:
        return Ghost(title, refusal=f"{title}: {error.message}")
    if not np.isfinite(place).all():
        return Ghost(title, refusal=f"{title}: it has no place on this map.")
    return Ghost(title, f"in no row of the table; {placed_how(projection)}", place)
