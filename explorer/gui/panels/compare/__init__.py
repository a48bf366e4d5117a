"""The page that compares tokens with one another."""

from explorer.gui.panels.compare.page import ComparePage

__all__ = ["ComparePage"]
