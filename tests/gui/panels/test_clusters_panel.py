import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QSpinBox, QTableView

from explorer.clusters import METHODS
from explorer.gui.panels.clusters import ClustersPanel, rows_of
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tints import Tints
from explorer.gui.widgets.pages import Pages
from explorer.projection import Projection
from explorer.table import Column, Table
from explorer.vectors import Vectors

ROWS = 90


def grouped_table(seed: int = 0) -> Table:
    """Three groups of 45, 30 and 15 rows, far apart."""
    random = np.random.default_rng(seed)
    centres = np.repeat(np.eye(3, 5), (45, 30, 15), axis=0)
    vectors = (centres + 0.05 * random.normal(size=(ROWS, 5))).astype(np.float32)
    columns = {"count": Column("count", np.arange(ROWS, 0, -1))}
    return Table(tuple(f"word{row}" for row in range(ROWS)), Vectors(vectors), columns)


@pytest.fixture
def session(qapp) -> Session:
    made = Session()
    made.set_table(grouped_table())
    return made


@pytest.fixture
def tints(session) -> Tints:
    return Tints(session)


@pytest.fixture
def lane(jobs):
    return jobs.clusters


@pytest.fixture
def panel(bring_up, jobs, session, tints):
    made = ClustersPanel(session, jobs, tints)
    bring_up(made)
    return made


@pytest.fixture
def find(qtbot, panel, lane):
    """Finds clusters, and gives the list."""

    def run(**values) -> QTableView:
        for name, value in {"kmeans_clusters": 3, **values}.items():
            panel.findChild(QSpinBox, f"clusters_{name}").setValue(value)
        with qtbot.waitSignal(lane.succeeded):
            panel.findChild(QPushButton, "clusters_run").click()
        return panel.findChild(QTableView, "clusters_list")

    return run


def texts(view, column):
    model = view.model()
    return [model.index(place, column).data() for place in range(model.rowCount())]


def click(view, place, double=False):
    centre = view.visualRect(view.model().index(place, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    if double:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)


def test_clusters_are_listed_from_the_largest_on(find):
    view = find()
    assert texts(view, 2) == ["45", "30", "15"]
    assert len(set(texts(view, 1))) == 3


def test_the_list_keeps_the_rules_of_a_model(panel, find):
    tester = QAbstractItemModelTester(panel._model)
    find()
    assert tester.model() is panel._model


def test_the_maps_are_coloured_by_the_clusters(find, session, tints):
    find()
    assert session.colours.key == "clusters (k-means, 3)"
    assert [entry.count for entry in tints.colouring.legend] == [45, 30, 15]
    assert len(session.colours.landmarks) == 6


def test_hdbscan_finds_the_groups_by_itself(panel, find, session):
    panel.findChild(QComboBox, "clusters_method").setCurrentIndex(1)
    view = find(hdbscan_min_cluster_size=10)
    assert texts(view, 2) == ["45", "30", "15"]
    assert session.colours.key == "clusters (HDBSCAN, 3)"


def test_each_method_has_its_own_form(panel):
    for place, params in enumerate(METHODS.values()):
        panel.findChild(QComboBox, "clusters_method").setCurrentIndex(place)
        form = panel._forms.currentWidget()
        assert set(form.values()) == set(params().as_dict())


def test_a_click_selects_the_rows_with_the_most_typical_last(find, session, panel):
    click(find(), 1)
    assert sorted(session.selection.tolist()) == list(range(45, 75))
    assert session.current_row == panel._found.typical[1][0]


def test_a_double_click_shows_these_rows_alone_and_all_again(find, session):
    view = find()
    click(view, 2, double=True)
    assert session.isolated.tolist() == list(range(75, 90))
    click(view, 2, double=True)
    assert session.isolated is None


def test_the_keys_go_through_the_clusters(find, session):
    view = find()
    click(view, 0)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert len(session.selection) == 30
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert len(session.isolated) == 30


def test_a_list_that_gets_the_keys_selects_nothing(find, session):
    find().setFocus()
    assert len(session.selection) == 0


def test_swatches_are_rings_while_other_things_colour_the_map(find, session, panel):
    view = find()
    mark = view.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole).toImage()
    assert mark.pixelColor(mark.rect().center()).alpha() == 255
    session.colours.by("count")
    ring = view.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole).toImage()
    assert ring.pixelColor(ring.rect().center()).alpha() == 0
    panel.findChild(QPushButton, "clusters_colour").click()
    assert session.colours.key == "clusters (k-means, 3)"
    assert panel.findChild(QPushButton, "clusters_colour").isHidden()


def test_a_map_is_needed_to_find_clusters_on_it(qtbot, panel, session, lane):
    panel.findChild(QComboBox, "clusters_kmeans_space").setCurrentText("map")
    with qtbot.waitSignal(lane.failed):
        panel.run_or_stop()
    assert "no map" in panel._state.text()
    places = session.table.vectors.to_numpy()[:, :2].copy()
    session.set_projection(Projection(session.table, places, (0, 1), "pca", {}, 0))
    panel.findChild(QSpinBox, "clusters_kmeans_clusters").setValue(3)
    with qtbot.waitSignal(lane.succeeded):
        panel.run_or_stop()
    assert session.colours.key == "clusters (k-means, 3, on the map)"


def test_clusters_of_another_table_are_dropped(find, session, panel):
    view = find()
    session.set_table(grouped_table(1))
    assert panel._found is None
    assert view.isHidden()


def test_clusters_that_come_too_late_are_dropped(qtbot, panel, session):
    panel._adopt((grouped_table(1), None))
    assert panel._found is None
    assert session.colours.key == "count"


def test_another_table_stops_the_search(qtbot, panel, session, lane):
    panel.run_or_stop()
    with qtbot.waitSignal(lane.cancelled):
        session.set_table(grouped_table(1))
    assert not lane.busy


def test_without_a_table_there_is_nothing_to_find(qtbot):
    jobs, session = Jobs(), Session()
    made = ClustersPanel(session, jobs, Tints(session))
    qtbot.addWidget(made)
    assert not made.findChild(QPushButton, "clusters_run").isEnabled()
    made.run_or_stop()
    assert not jobs.clusters.busy
    jobs.close()


def test_rows_of_a_cluster_are_all_there(find, panel):
    find()
    for number in range(3):
        rows = rows_of(panel._found, number)
        assert sorted(rows.tolist()) == np.flatnonzero(panel._found.labels == number).tolist()


def test_every_control_has_a_name_and_a_tip(panel):
    for kind in (QComboBox, QPushButton, QSpinBox, QTableView):
        for widget in panel.findChildren(kind):
            assert widget.objectName()
            assert widget.accessibleName()
            assert widget.toolTip()


def test_there_is_no_hole_under_the_settings_before_clusters_are_found(panel):
    panel.resize(300, 700)
    QApplication.processEvents()
    forms, seed = panel.findChild(Pages), panel.findChild(QSpinBox, "clusters_seed")
    assert seed.y() - forms.geometry().bottom() < 20
    assert forms.height() == forms.sizeHint().height()
