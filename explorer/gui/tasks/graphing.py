"""The neighbour graph of the selection on every map: found in the background while it is wanted."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer import pipeline
from explorer.gui.map.grid import MapGrid
from explorer.gui.map.near_graph import Linked
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.neighborhoods import Graph
from explorer.progress import Report

K, STEPS = 10, 2
MOST_SELECTED = 40  # of more, the graph hides the map
MOST_NODES = 250


class Graphing(QObject):
    """Follows the selection while it is on. changed: it was switched on or off. found: a Graph, or
    None where there is none. failed: an exception to be shown. told: a sentence on what is left
    out, once each time it is switched on."""

    changed = Signal()
    found = Signal(object)
    failed = Signal(object)
    told = Signal(str)

    def __init__(
        self, session: Session, jobs: Jobs, maps: MapGrid, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._lane, self._maps = session, jobs.graph, maps
        self._on = self._said = False
        self._graph: Graph | None = None
        session.selection_changed.connect(self._look)
        session.table_changed.connect(self._look)
        session.vectors_changed.connect(self._look)
        maps.opened.connect(lambda _: self._draw())
        self._lane.succeeded.connect(self._take)
        self._lane.failed.connect(self._fail)

    @property
    def on(self) -> bool:
        """Whether the graph is drawn."""
        return self._on

    @property
    def graph(self) -> Graph | None:
        """What is drawn; None for nothing."""
        return self._graph

    def set_on(self, wish: bool) -> None:
        """Draws the graph of what is selected, from now on; or no longer."""
        if wish != self._on:
            self._on, self._said = wish, False
            self.changed.emit()
            self._look()

    def _look(self) -> None:
        table, rows = self._session.table, self._session.selection
        self._lane.cancel()
        if not self._on or table is None or not 0 < len(rows) <= MOST_SELECTED:
            self._set(None)
            if self._on and len(rows) > MOST_SELECTED:
                self._say(f"Lines to neighbours are drawn of up to {MOST_SELECTED} selected rows.")
            return

        def work(report: Report) -> Graph:
            return pipeline.neighbor_graph(table, rows, K, STEPS, most=MOST_NODES, report=report)

        self._lane.start("Finding the neighbour graph", work)

    def _take(self, graph: Graph) -> None:
        self._set(graph)
        if not graph.whole:
            self._say(f"The graph holds the {MOST_NODES} nearest rows; there are more.")

    def _say(self, text: str) -> None:
        if not self._said:
            self._said = True
            self.told.emit(text)

    def _fail(self, error: Exception) -> None:
        self._set(None)
        self.failed.emit(error)

    def _set(self, graph: Graph | None) -> None:
        if graph is not self._graph:
            self._graph = graph
            self._draw()
            self.found.emit(graph)

    def _draw(self) -> None:
        linked = None if self._graph is None else _linked(self._graph)
        for panel in self._maps.panels:
            panel.view.set_graph(linked)


def _linked(graph: Graph) -> Linked:
    asked = graph.rows[graph.step == 0]
    first = np.logical_or(*np.isin(graph.edges, asked).T)
    return Linked(graph.rows, graph.edges, graph.mutual, first)
