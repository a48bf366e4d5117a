"""What a list says, on the clipboard: for a spreadsheet, a notebook, a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QTableView

from explorer.gui.lists.list_model import ListModel


def copies_lines(view: QTableView) -> None:
    """Ctrl+C, and the menu of the right button, copy the lines of a list; its model is set."""
    action = QAction("&Copy lines", view)
    action.setObjectName(f"{view.objectName()}_copy")
    action.setShortcut(QKeySequence.StandardKey.Copy)
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda: _copy(view))
    view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


def as_text(model: ListModel, places: Iterable[int]) -> str:
    """Titles and lines, tab-separated; without the columns that are pictures only."""
    lines = [[model.copied(place, at) for at in range(len(model.titles))] for place in places]
    told = [at for at, title in enumerate(model.titles) if title or any(line[at] for line in lines)]
    titles = [title or "#" for title in model.titles]
    return "\n".join("\t".join(line[at] for at in told) for line in (titles, *lines))


def _copy(view: QTableView) -> None:
    """The lines that are selected where several can be, else all."""
    model = view.model()
    assert isinstance(model, ListModel)
    places: Sequence[int] = range(model.rowCount())
    if view.selectionMode() != QTableView.SelectionMode.SingleSelection:
        chosen = view.selectionModel().selectedRows()
        places = sorted(index.row() for index in chosen) or places
    if places:
        QGuiApplication.clipboard().setText(as_text(model, places))
