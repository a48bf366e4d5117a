"""The Layer page: what an embedding layer does when it looks something up, step by step."""

from explorer.gui.panels.layer.page import LayerPage

__all__ = ["LayerPage"]
