"""The page that asks what is to c as b is to a."""

from explorer.gui.panels.analogies.page import AnalogiesPage

__all__ = ["AnalogiesPage"]
