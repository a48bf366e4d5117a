"""The Project panel."""

from explorer.gui.panels.projection.panel import ProjectionPanel

__all__ = ["ProjectionPanel"]
