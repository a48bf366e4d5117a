"""Type a text and see what an embedding layer looks up for it, piece by piece."""

from explorer.gui.panels.lookup.model import PieceModel
from explorer.gui.panels.lookup.panel import LookupPanel

__all__ = ["LookupPanel", "PieceModel"]
