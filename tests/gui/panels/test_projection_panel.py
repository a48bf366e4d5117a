from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer.gui.fields.steps_editor import StepsEditor
from explorer.gui.main_window import MainWindow
from explorer.gui.panels.projection import ProjectionPanel
from explorer.gui.widgets.scree import Scree
from explorer.preparation import Sample
from explorer.projection import Projection
from explorer.projections import Method, methods
from explorer.table import Table

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def panel(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> ProjectionPanel:
    """The panel in front, in a window that shows the PCA of a table of 80 rows."""
    show(words)
    window.show_dock("Project")
    qtbot.waitUntil(window.projection.isVisible)
    return window.projection


def _part(panel: ProjectionPanel, kind: type[W], name: str) -> W:
    found = panel.findChild(kind, f"projection_{name}")
    assert found is not None
    return found


def _choose(panel: ProjectionPanel, method: str) -> None:
    _part(panel, QComboBox, "method").setCurrentIndex(list(methods()).index(method))


def _run(panel: ProjectionPanel, window: MainWindow, qtbot: QtBot) -> Projection:
    _part(panel, QAbstractButton, "run").click()
    return _finished(window, qtbot)


def _finished(window: MainWindow, qtbot: QtBot) -> Projection:
    qtbot.waitUntil(lambda: not window.jobs.projection.busy)
    assert window.session.projection is not None
    return window.session.projection


def _short(panel: ProjectionPanel, iterations: int = 60) -> None:
    _choose(panel, "tsne")
    _part(panel, QSpinBox, "tsne_iterations").setValue(iterations)


def test_chosen_steps_and_sample_make_the_map_and_are_told(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    _part(panel, StepsEditor, "steps").add("unit")
    _part(panel, QAbstractButton, "sample_wanted").setChecked(True)
    _part(panel, QSpinBox, "sample_size").setValue(40)
    _part(panel, QSpinBox, "seed").setValue(5)
    made = _run(panel, window, qtbot)

    assert made.steps == ("centre", "unit")
    assert made.sample == Sample(40, "uniform", 5)
    state = _part(panel, QLabel, "state").text()
    assert "centre, unit" in state
    assert "40 of 80 rows" in state


def test_every_method_keeps_the_preprocessing_chosen_for_it(panel: ProjectionPanel) -> None:
    steps = _part(panel, StepsEditor, "steps")
    steps.add("unit")
    _choose(panel, "axes")
    assert steps.choice is None
    assert steps.steps == ()

    _choose(panel, "pca")
    assert steps.choice == "centre, unit"


def test_a_stopped_run_goes_on_to_its_end(
    panel: ProjectionPanel,
    window: MainWindow,
    hold: Callable[[str, type], Callable[[], None]],
    qtbot: QtBot,
) -> None:
    go_on = _part(panel, QAbstractButton, "go_on")
    assert not go_on.isVisible()
    _short(panel, 80)
    let_go = hold("project", Projection)
    run = _part(panel, QAbstractButton, "run")
    run.click()
    qtbot.waitUntil(lambda: bool(window.session.projection.iterations))
    run.click()
    stopped = window.session.projection
    assert stopped is not None
    assert not stopped.complete
    assert go_on.isVisible()

    let_go()
    go_on.click()
    finished = _finished(window, qtbot)
    assert finished.complete
    assert finished.iterations == 80
    began = f"began from iteration {stopped.iterations:,} of an earlier run"
    assert f"80 iterations · {began}" in window.map.header.title.text()
    assert began in _part(panel, QLabel, "state").text()


def test_a_finished_map_goes_on_where_more_iterations_are_asked_for(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    _short(panel)
    _run(panel, window, qtbot)
    go_on = _part(panel, QAbstractButton, "go_on")
    assert not go_on.isVisible()

    _part(panel, QSpinBox, "tsne_iterations").setValue(80)
    assert go_on.isVisible()
    go_on.click()
    assert _finished(window, qtbot).iterations == 80


def test_a_map_can_begin_from_the_one_at_hand_of_as_many_dimensions(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    begin = _part(panel, QAbstractButton, "begin")
    assert not begin.isVisible()  # PCA has nothing to begin with
    _short(panel)
    assert begin.isVisible()
    _part(panel, QComboBox, "dims").setCurrentIndex(1)
    assert not begin.isEnabled()
    _part(panel, QComboBox, "dims").setCurrentIndex(0)
    begin.setChecked(True)
    made = _run(panel, window, qtbot)

    assert made.start == "another map"
    assert "began from another map" in _part(panel, QLabel, "state").text()


def test_rows_outside_the_sample_are_placed_into_its_map(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    place = _part(panel, QAbstractButton, "place")
    _short(panel)
    _part(panel, QAbstractButton, "sample_wanted").setChecked(True)
    _part(panel, QSpinBox, "sample_size").setValue(40)
    before = _run(panel, window, qtbot)
    assert place.isVisible()
    assert len(before.shown_rows) == 40

    place.click()
    after = _finished(window, qtbot)
    assert len(after.shown_rows) == 80
    there = before.shown_rows
    np.testing.assert_array_equal(after.coordinates[there], before.coordinates[there])
    assert not place.isVisible()
    assert "40 rows placed afterwards" in _part(panel, QLabel, "state").text()


def test_a_method_that_is_not_installed_says_how_to_get_it(
    panel: ProjectionPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Method, "lacks", property(lambda method: "install it." * bool(method.needs))
    )
    run = _part(panel, QAbstractButton, "run")
    _choose(panel, "umap")

    assert "install it." in _part(panel, QLabel, "lacks").text()
    assert _part(panel, QLabel, "lacks").isVisible()
    assert not run.isEnabled()
    assert "install it." in run.toolTip()
    _choose(panel, "pca")
    assert run.isEnabled()


def test_the_panel_shows_how_the_map_was_made_that_becomes_active(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    first = window.session.maps.active
    _part(panel, StepsEditor, "steps").add("unit")
    _part(panel, QSpinBox, "pca_components").setValue(5)
    _part(panel, QSpinBox, "seed").setValue(3)
    _run(panel, window, qtbot)
    window.session.maps.open()
    _short(panel)
    _part(panel, QComboBox, "dims").setCurrentIndex(1)
    _part(panel, QSpinBox, "seed").setValue(9)
    _run(panel, window, qtbot)

    window.session.maps.activate(first)

    assert panel.method.name == "pca"
    assert _part(panel, StepsEditor, "steps").choice == "centre, unit"
    assert _part(panel, QSpinBox, "pca_components").value() == 5
    assert _part(panel, QSpinBox, "seed").value() == 3
    assert _part(panel, QComboBox, "dims").currentData() == 2


def test_clicking_a_bar_draws_its_component_and_a_token_at_an_end_is_selected(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    _part(panel, QAbstractButton, "components_fold").setChecked(True)
    scree = _part(panel, Scree, "scree")
    qtbot.mouseClick(scree, Qt.MouseButton.LeftButton, pos=scree.bar(3).center().toPoint())
    assert window.session.projection.axes == (3, 1)
    shifted = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(scree, Qt.MouseButton.LeftButton, shifted, scree.bar(3).center().toPoint())
    assert window.session.projection.axes == (1, 3)

    ends = _part(panel, QTableWidget, "ends_x")
    highest = int(np.nanargmax(window.session.projection.scores[:, 1]))
    lowest = int(np.nanargmin(window.session.projection.scores[:, 1]))
    ends.itemClicked.emit(ends.item(0, 1))
    assert window.session.selection.tolist() == [highest]
    ends.itemActivated.emit(ends.item(0, 0))
    assert window.session.selection.tolist() == [lowest]


def test_components_are_offered_for_maps_that_have_a_variance(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    fold = _part(panel, QAbstractButton, "components_fold")
    assert fold.isVisible()
    _choose(panel, "as-is")
    _run(panel, window, qtbot)

    assert not fold.isVisible()


def test_the_word_on_a_map_stays_with_its_method(panel: ProjectionPanel) -> None:
    state = _part(panel, QLabel, "state")
    assert "of the variance" in state.text()
    _choose(panel, "tsne")
    assert not state.text()
    assert not _part(panel, QAbstractButton, "components_fold").isVisible()
    _choose(panel, "pca")
    assert "of the variance" in state.text()
    assert _part(panel, QAbstractButton, "components_fold").isVisible()


def test_the_third_direction_is_asked_for_in_three_dimensions_only(panel: ProjectionPanel) -> None:
    dims = _part(panel, QComboBox, "dims")
    for method, name in (("axes", "axes_z"), ("as-is", "as-is_z_dim")):
        _choose(panel, method)
        dims.setCurrentIndex(0)
        assert not _part(panel, QWidget, name).isVisible()
        dims.setCurrentIndex(1)
        assert _part(panel, QWidget, name).isVisible()


def test_a_seed_is_asked_for_where_it_changes_the_map(panel: ProjectionPanel) -> None:
    seed = _part(panel, QSpinBox, "seed")
    assert not seed.isVisible()  # PCA has one result
    _part(panel, QAbstractButton, "sample_wanted").setChecked(True)
    _part(panel, QSpinBox, "sample_size").setValue(40)
    assert seed.isVisible()
    _part(panel, QAbstractButton, "sample_wanted").setChecked(False)
    assert not seed.isVisible()
    _choose(panel, "tsne")
    assert seed.isVisible()


def test_an_estimate_is_told_before_a_long_run(
    panel: ProjectionPanel, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    asked: list[dict[str, Any]] = []

    def estimate(table: Table, method: str, **how: Any) -> Any:
        from explorer.projections import Cost

        asked.append(how)
        return Cost(how["iterations"] / 10, 5_000_000)

    monkeypatch.setattr("explorer.pipeline.estimate", estimate)
    cost = _part(panel, QLabel, "cost")
    _short(panel, 400)
    qtbot.waitUntil(lambda: cost.text() == "About 40 s and 5 MB.")
    _part(panel, QSpinBox, "tsne_iterations").setValue(10)
    qtbot.waitUntil(lambda: not cost.isVisible())
    assert asked[-1]["iterations"] == 10


def test_the_button_stays_where_it_is_whatever_is_told_of_the_run(
    panel: ProjectionPanel, window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    from explorer.projections import Cost

    monkeypatch.setattr("explorer.pipeline.estimate", lambda *_, **__: Cost(40, 5_000_000))
    run = _part(panel, QAbstractButton, "run")
    before = run.mapTo(window, QPoint())
    _short(panel, 400)
    qtbot.waitUntil(lambda: bool(_part(panel, QLabel, "cost").text()))
    QApplication.processEvents()
    assert run.mapTo(window, QPoint()) == before


def test_a_wrong_expression_is_told_without_running(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    _choose(panel, "axes")
    line = _part(panel, QLineEdit, "axes_x")
    line.setText('"good" - "bda"')
    qtbot.waitUntil(lambda: "'bda' is not in the table" in line.accessibleDescription())

    line.setText('"good" - "bad"')
    assert line.accessibleDescription() == ""
    assert window.session.projection.method == "pca"


def test_a_map_of_the_selected_rows_alone_is_one_key_away(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    window.session.select([40, 2, 9, 31])
    action = window.menus.actions["project_selected"]
    assert action.isEnabled()
    action.trigger()
    made = _finished(window, qtbot)
    assert made.sample == Sample.of([2, 9, 31, 40])
    assert made.shown_rows.tolist() == [2, 9, 31, 40]
    assert "4 of 80 rows, chosen" in window.map.header.title.text()
    assert "4 of 80 rows, chosen" in _part(panel, QLabel, "state").text()
    assert panel.choices.sample is None, "the next map is of all rows again"
    window.session.select([2, 9])
    assert not action.isEnabled()


def test_what_was_wrong_with_a_map_is_forgotten_when_another_is_made(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot
) -> None:
    _choose(panel, "axes")
    with qtbot.waitSignal(window.commands.failed):
        _part(panel, QAbstractButton, "run").click()
    assert window.messages.isVisible()
    _part(panel, QLineEdit, "axes_x").setText('"good" - "bad"')
    _part(panel, QLineEdit, "axes_y").setText('"good"')
    assert _run(panel, window, qtbot).method == "axes"
    assert not window.messages.isVisible()


@pytest.mark.parametrize("name", list(methods()))
def test_nothing_is_cut_off_in_a_narrow_dock(
    panel: ProjectionPanel, window: MainWindow, qtbot: QtBot, name: str
) -> None:
    _choose(panel, name)
    for fold in ("steps_fold", "sample_fold", "components_fold", "tsne_more"):
        _part(panel, QAbstractButton, fold).setChecked(True)
    _part(panel, StepsEditor, "steps").add("remove")
    _part(panel, QAbstractButton, "sample_wanted").setChecked(True)
    dock = window.docks["Project"]
    window.resizeDocks([dock], [200], Qt.Orientation.Horizontal)
    scroll = _part(panel, QScrollArea, "scroll")
    scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # as on a low screen
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().isVisible())

    assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width()
    assert dock.width() <= 300
