"""The page that shows the neighbours of the query in several spaces, side by side."""

from explorer.gui.panels.spaces.page import SpacesPage

__all__ = ["SpacesPage"]
