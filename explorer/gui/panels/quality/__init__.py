"""How far the maps may be believed: one panel, part by part."""

from explorer.gui.panels.quality.panel import QualityPanel

__all__ = ["QualityPanel"]
