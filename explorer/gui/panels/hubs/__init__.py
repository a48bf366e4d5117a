"""The rows that are near to very many others, those near to none, and those nearly the same."""

from explorer.gui.panels.hubs.page import HubsPage

__all__ = ["HubsPage"]
