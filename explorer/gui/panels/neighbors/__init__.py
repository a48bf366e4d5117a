"""The dock of neighbours: of a selected row, of several, or of what is typed."""

from explorer.gui.panels.neighbors.panel import NeighborsPanel

__all__ = ["NeighborsPanel"]
