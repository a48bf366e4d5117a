import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from explorer.gui.map.grid import MapGrid
from explorer.gui.map.panel import MapPanel
from explorer.gui.state.session import Session
from explorer.projection import Projection
from explorer.table import Column, Table
from explorer.vectors import Vectors

ROWS = 60


@pytest.fixture
def table():
    rng = np.random.default_rng(1)
    classes = np.empty(ROWS, dtype=object)
    classes[:] = [("noun", "verb", "<b>")[row % 3] for row in range(ROWS)]
    columns = {
        "count": Column("count", np.arange(ROWS, 0, -1)),
        "class": Column("class", classes),
    }
    tokens = (*[f"word{row}" for row in range(ROWS - 1)], "<b>bold</b>\n")
    return Table(tokens, Vectors(rng.normal(size=(ROWS, 8)).astype(np.float32)), columns)


@pytest.fixture
def project(table):
    """Makes a projection of the table whose dots lie on a grid, apart from each other."""

    def make(*, axes=(0, 1), method="pca", complete=True, scale=1.0, explained=True):
        rows = np.arange(ROWS, dtype=np.float32)
        scores = np.stack([rows % 10, rows // 10, rows * 7 % 13, rows * 5 % 11], axis=1) * scale
        scores[7] = np.nan
        return Projection(
            table,
            scores.astype(np.float32),
            axes,
            method,
            {"perplexity": 30.0, "iterations": 750} if method == "tsne" else {},
            0,
            steps=("centre",),
            explained=np.array([0.5, 0.2, 0.1, 0.05]) if explained else None,
            kl=None if explained else 1.02,
            complete=complete,
            iterations=None if complete else 340,
        )

    return make


@pytest.fixture
def session(table):
    made = Session()
    made.set_table(table)
    return made


@pytest.fixture
def panel(qtbot, session, project):
    """A shown panel with a grid of dots."""
    made = MapPanel(session)
    qtbot.addWidget(made)
    made.resize(700, 600)
    session.set_projection(project())
    with qtbot.waitExposed(made):
        made.show()
    QApplication.processEvents()
    made.grab()
    return made


@pytest.fixture
def grid(qtbot, session, project):
    """Maps side by side, one of them open, in the active window."""
    made = MapGrid(session)
    qtbot.addWidget(made)
    made.resize(700, 600)
    session.set_projection(project())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    QApplication.processEvents()
    made.grab()
    return made
