"""How the map is made: method, its parameters, run and stop."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.commands import Commands
from explorer.gui.form import LABEL_WIDTH, Form
from explorer.gui.jobs import Jobs
from explorer.gui.pages import Pages
from explorer.gui.plain import plain_label
from explorer.gui.session import Session
from explorer.progress import Progress
from explorer.projections import Method, methods


class ProjectionPanel(QWidget):
    """Choose a method, turn its knobs, run it; the map shows the frames of those that are live."""

    def __init__(
        self, session: Session, jobs: Jobs, commands: Commands, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("projection_panel")
        self._session = session
        self._lane = jobs.projection
        self._commands = commands
        self._methods = list(methods().values())
        self._method = self._method_box()
        self._dims = self._dims_box()
        self._seed = self._seed_box()
        self._forms = Pages(self)
        self._form_of: dict[str, Form] = {}
        self._summary = plain_label("projection_summary", "muted", wrap=True)
        self._state = plain_label("projection_state", "muted", wrap=True)
        self._run = self._run_button()
        self._arrange()
        self._lane.busy_changed.connect(self._show_busy)
        self._lane.progressed.connect(self._show_progress)
        session.table_changed.connect(self._show_ready)
        session.projection_changed.connect(self._show_projection)
        self._show_method(0)
        self._show_ready()

    @property
    def method(self) -> Method:
        """The method chosen."""
        return self._methods[self._method.currentIndex()]

    def _method_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("projection_method")
        box.setAccessibleName("Projection method")
        box.setToolTip("How the rows are laid out on the map")
        box.addItems([method.title for method in self._methods])
        box.currentIndexChanged.connect(self._show_method)
        return box

    def _dims_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("projection_dims")
        box.setAccessibleName("Dimensions")
        box.setToolTip("A flat map, or one that can be turned")
        box.addItem("2-D", 2)
        box.addItem("3-D", 3)
        return box

    def _seed_box(self) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName("projection_seed")
        box.setAccessibleName("Seed")
        box.setToolTip("The same seed makes the same map again")
        box.setRange(0, 2**31 - 1)
        return box

    def _run_button(self) -> QPushButton:
        button = QPushButton("Make the map", self)
        button.setObjectName("projection_run")
        button.setAccessibleName("Make the map")
        button.setProperty("role", "primary")
        button.setToolTip("Project all rows (Ctrl+R); while it runs: stop and keep the picture")
        button.clicked.connect(self.run_or_stop)
        return button

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._method, 1)
        line.addWidget(self._dims)
        for method in self._methods:
            form = Form(method.params, f"projection_{method.name}", self)
            page = QWidget()
            layout = QVBoxLayout(page)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(form)
            layout.addStretch(1)
            self._forms.addWidget(page)
            self._form_of[method.name] = form
        seed = QFormLayout()
        seed.setHorizontalSpacing(10)
        seed.addRow("Seed", self._seed)
        label = seed.labelForField(self._seed)
        label.setMinimumSize(LABEL_WIDTH, self._seed.sizeHint().height())
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 4, 0)
        inner.addWidget(self._summary)
        inner.addWidget(self._forms)
        inner.addLayout(seed)
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("projection_scroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(7)
        layout.addLayout(line)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._run)
        layout.addWidget(self._state)

    def run_or_stop(self) -> None:
        """Makes the map, or stops the one being made."""
        if self._lane.busy:
            self._lane.cancel()
            return
        form = self._form_of[self.method.name]
        self._commands.project(
            self.method.name,
            dims=self._dims.currentData(),
            seed=self._seed.value(),
            **form.values(),
        )

    def _show_method(self, place: int) -> None:
        self._forms.setCurrentIndex(place)
        self._summary.setText(self._methods[place].summary)

    def _show_ready(self) -> None:
        self._run.setEnabled(self._session.table is not None)

    def _show_busy(self, busy: bool) -> None:
        self._run.setText("Stop and keep the picture" if busy else "Make the map")
        self._run.setProperty("role", "" if busy else "primary")
        self._run.style().unpolish(self._run)
        self._run.style().polish(self._run)
        if not busy:
            self._show_projection()

    def _show_progress(self, progress: Progress) -> None:
        if progress.message:
            self._state.setText(progress.message)

    def _show_projection(self) -> None:
        projection = self._session.projection
        if projection is None:
            self._state.setText("")
        elif not self._lane.busy:
            self._state.setText(projection.verdict)
