"""The pages beside the map, in the order of their tabs. A page is one line here and one package
under panels/, which is loaded when the page is first looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from explorer.gui.center_page import CenterPage
    from explorer.gui.main_window import MainWindow


@dataclass(frozen=True)
class Page:
    """title: on its tab. name: of its action, `action_page_<name>`. keys: that bring it in sight.
    tip: what it is for. make: the widget, a child of another."""

    title: str
    name: str
    keys: str
    tip: str
    make: Callable[[MainWindow, QWidget], CenterPage]

    def made(self, window: MainWindow, parent: QWidget) -> CenterPage:
        """The widget; the window shows what it tells."""
        page = self.make(window, parent)
        page.failed.connect(window.messages.show_error)
        page.told.connect(window.messages.show_info)
        page.write_asked.connect(window.commands.write)
        return page


def _spaces(window: MainWindow, parent: QWidget) -> CenterPage:
    from explorer.gui.panels.spaces.page import SpacesPage

    return SpacesPage(window.session, window.jobs, window.querying, window.theme, parent)


def _compare(window: MainWindow, parent: QWidget) -> CenterPage:
    from explorer.gui.panels.compare.page import ComparePage

    return ComparePage(window.session, window.jobs, window.theme, parent)


def _analogies(window: MainWindow, parent: QWidget) -> CenterPage:
    from explorer.gui.panels.analogies.page import AnalogiesPage

    page = AnalogiesPage(window.session, window.jobs, window.theme, parent)
    page.asked.connect(window.querying.ask)
    page.asked.connect(lambda _: window.show_dock("Neighbours"))
    return page


def _layer(window: MainWindow, parent: QWidget) -> CenterPage:
    from explorer.gui.panels.layer.page import LayerPage

    return LayerPage(window.session, window.jobs, window.theme, parent)


def _evaluation(window: MainWindow, parent: QWidget) -> CenterPage:
    from explorer.gui.panels.evaluation.page import EvaluationPage

    return EvaluationPage(window.session, window.jobs, window.theme, parent)


def _hubs(window: MainWindow, parent: QWidget) -> CenterPage:
    from explorer.gui.panels.hubs.page import HubsPage

    return HubsPage(window.session, window.jobs, window.graphing, window.theme, parent)


PAGES: tuple[Page, ...] = (
    Page("Spaces", "spaces", "Ctrl+Alt+S", "The query's neighbours in several spaces", _spaces),
    Page("Compare", "compare", "Ctrl+Alt+C", "How similar tokens are to one another", _compare),
    Page("Analogies", "analogies", "Ctrl+Alt+A", "What is to c as b is to a", _analogies),
    Page("Layer", "layer", "Ctrl+Alt+L", "What an embedding layer does, step by step", _layer),
    Page("Evaluate", "evaluate", "Ctrl+Alt+E", "Lists of word pairs and analogies", _evaluation),
    Page("Hubs", "hubs", "Ctrl+Alt+H", "Who is near to how many; near duplicates", _hubs),
)
