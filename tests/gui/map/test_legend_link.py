import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton

from explorer.gui.map.legend_link import category_of


def entry(panel, label):
    return next(
        button
        for button in panel.legend.findChildren(QAbstractButton)
        if getattr(button, "entry", None) is not None and button.entry.label == label
    )


@pytest.fixture
def classes(panel, session):
    session.colours.by("class")
    panel.grab()
    return panel


def test_a_pressed_category_alone_is_shown_and_all_again(classes, session):
    entry(classes, "verb").click()
    assert session.isolated.tolist() == list(range(1, 60, 3))
    assert classes.view.stage.isolated.tolist() == list(range(1, 60, 3))
    entry(classes, "verb").click()
    assert session.isolated is None
    assert classes.view.stage.isolated is None


def test_names_keep_clear_of_the_legend_while_it_is_there(classes):
    covered = classes.view.stage.labels.covered
    legend = classes.legend.geometry()
    place = classes.view.getViewBox().mapToScene(covered.topLeft())
    assert (round(place.x()), round(place.y())) == (legend.x(), legend.y())
    assert covered.width() == pytest.approx(legend.width(), abs=1)
    classes.legend.hide()
    assert classes.view.stage.labels.covered.isEmpty()


def test_a_legend_that_folds_up_stays_in_its_corner(classes):
    right = classes.legend.geometry().right()
    classes.legend._fold.click()
    assert classes.legend.folded
    assert classes.legend.geometry().right() == right


def test_undo_takes_the_mark_off_the_legend_too(classes, session):
    entry(classes, "verb").click()
    assert classes.legend.isolated == "verb"
    session.undoing.undo()
    assert classes.legend.isolated == ""
    session.undoing.redo()
    assert classes.legend.isolated == "verb"


def test_rows_isolated_elsewhere_are_no_category(classes, session):
    session.isolate([1, 4])
    assert classes.legend.isolated == ""


def test_a_map_made_while_rows_are_isolated_shows_only_these(panel, session, project):
    session.isolate([3, 5, 9])
    session.set_projection(None)
    session.set_projection(project())
    assert panel.view.stage.isolated.tolist() == [3, 5, 9]


def test_moved_ends_of_the_ramp_change_the_colours(panel, session):
    session.colours.by("count")
    panel.legend.range_changed.emit(10.0, 20.0)
    codes = panel._tints.colouring.codes
    assert codes[:40].tolist() == [255] * 40  # counts fall from 60
    panel.legend.range_reset.emit()
    assert len(set(panel._tints.colouring.codes.tolist())) > 50


def test_fewer_categories_are_named_where_the_legend_asks(classes):
    classes.legend.limit_changed.emit(2)
    assert [e.label for e in classes._tints.colouring.legend] == ["<b>", "noun", "Other"]


def test_the_legend_explains_a_density_picture(panel, session, qtbot):
    panel.view.set_mode("density")
    panel.grab()
    qtbot.waitUntil(lambda: "Rows within" in panel.legend.accessibleName())
    panel.view.set_mode("dots")
    panel.grab()
    qtbot.waitUntil(lambda: "Rows within" not in panel.legend.accessibleName())


def test_a_category_is_known_by_all_its_rows(classes):
    colouring = classes._tints.colouring
    assert category_of(np.arange(0, 60, 3), colouring) == "noun"
    assert category_of(np.arange(0, 57, 3), colouring) == ""
    assert category_of(np.arange(60), colouring) == ""
    assert category_of(None, colouring) == ""
    assert category_of(np.array([99]), colouring) == ""
