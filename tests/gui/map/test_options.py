import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QPushButton, QSlider, QWidget

from explorer.gui.map.options import Options
from explorer.settings import MapLook

Escape = Qt.Key.Key_Escape


@pytest.fixture
def card(grid):
    grid.panels[0].header.button("options").click()
    return grid.findChild(Options)


def test_the_button_opens_the_card_and_closes_it(grid, card):
    assert card.isVisible()
    grid.panels[0].header.button("options").click()
    assert not card.isVisible()


def test_escape_closes_the_card_and_hands_the_keys_back(grid, card):
    assert card.isAncestorOf(grid.focusWidget())
    QTest.keyClick(card.focusWidget(), Escape)
    assert not card.isVisible()
    assert grid.panels[0].header.button("options").hasFocus()


def test_the_card_lies_within_the_maps(grid, card):
    assert grid.rect().contains(card.geometry())


def test_every_editor_has_a_name_and_a_tip_and_takes_the_keys(card):
    kinds = (QSlider, QCheckBox, QComboBox, QPushButton)
    editors = [editor for kind in kinds for editor in card.findChildren(kind)]
    assert len(editors) == 9
    for editor in editors:
        assert editor.objectName()
        assert editor.accessibleName()
        assert editor.toolTip()
        assert editor.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize(
    ("name", "value", "look"),
    [
        ("map_dot_size", 10, MapLook(dot_size=2.0)),
        ("map_dot_size", -20, MapLook(dot_size=0.25)),
        ("map_opacity", 40, MapLook(opacity=0.4)),
        ("map_label_size", 18, MapLook(label_size=18)),
    ],
)
def test_a_slider_changes_every_map(grid, card, session, name, value, look):
    session.maps.open()
    card.findChild(QSlider, name).setValue(value)
    assert grid.look == look
    for panel in grid.panels:
        stage = panel.view.stage
        assert stage._factor == look.dot_size
        assert stage.dots._picture.opacity == look.opacity


def test_a_map_opened_later_looks_like_the_others(grid, card, session):
    card.findChild(QComboBox, "map_kind").setCurrentIndex(1)
    session.maps.open()
    assert grid.look.density
    assert [panel.view.stage.dots.mode for panel in grid.panels] == ["density"] * 2


def test_boxes_are_told_as_they_are_ticked(grid, card):
    card.findChild(QCheckBox, "map_shapes").click()
    card.findChild(QCheckBox, "map_labels").click()
    assert grid.look == MapLook(shapes=True, labels=False)


def test_categories_get_shapes_where_they_are_wished(grid, card, session):
    session.colours.by("class")
    card.findChild(QCheckBox, "map_shapes").click()
    shapes = grid.tints.colouring.shapes
    of_class = {one: shapes[row] for row, one in enumerate(session.table.columns["class"].values)}
    assert sorted(of_class.values()) == [0, 1, 2]


def test_as_usual_takes_everything_back(grid, card):
    grid.set_look(MapLook(2.0, 0.5, True, True, False, 20))
    assert card.findChild(QSlider, "map_dot_size").value() == 10
    card.findChild(QPushButton, "map_look_usual").click()
    assert grid.look == MapLook()
    assert card.findChild(QSlider, "map_opacity").value() == 100


def test_showing_a_look_tells_nothing(grid, qtbot):
    card = grid.findChild(Options)
    with qtbot.assertNotEmitted(card.changed):
        card.set_look(MapLook(3.0, 0.3, True, True, False, 9))


def test_only_maps_in_3d_can_turn_by_themselves(grid, card, session, project):
    box = card.findChild(QCheckBox, "map_rotate")
    assert not box.isEnabled()
    session.set_projection(project(axes=(0, 1, 2)))
    assert box.isEnabled()
    box.click()
    assert grid.panels[0].view.spinning
    grid.panels[0].view.set_auto_rotate(False)
    assert not box.isChecked()


def test_the_keys_go_from_map_to_map(grid, session):
    session.maps.open()
    session.maps.open()
    grid.go_to(0)
    assert grid.panels[0].view.hasFocus()
    assert session.maps.active == grid.panels[0].number
    grid.go_on()
    assert grid.panels[1].view.hasFocus()
    grid.panels[1].header.button("options").setFocus()
    grid.go_on()
    assert grid.panels[1].view.hasFocus()
    grid.go_on()
    grid.go_on()
    assert grid.panels[0].view.hasFocus()
    grid.go_to(3)
    assert grid.panels[0].view.hasFocus()


def test_the_active_map_has_a_line_where_there_are_several(grid, session):
    def marked():
        return [bool(panel.header.property("active")) for panel in grid.panels]

    assert marked() == [False]
    session.maps.open()
    assert marked() == [False, True]
    session.maps.activate(grid.panels[0].number)
    assert marked() == [True, False]


def test_the_first_map_has_the_legend_of_all(grid, session, project):
    session.colours.by("class")
    session.set_projection(project(), session.maps.open())
    first, second = grid.panels
    assert first.legend.isVisible()
    assert not second.legend.isVisible()
    session.maps.close(first.number)
    assert second.legend.isVisible()


def test_the_row_under_the_mouse_is_ringed_on_every_map(grid, session, project):
    session.set_projection(project(axes=(1, 0)), session.maps.open())
    grid.grab()
    session.hover(23)
    assert [panel.view.stage.tip.text for panel in grid.panels] == ["word23"] * 2


def test_a_component_can_be_read_however_narrow_the_map_is(grid, session, project):
    for _ in range(3):
        session.set_projection(project(axes=(0, 1, 2)), session.maps.open())
    grid.resize(640, 600)
    grid.grab()
    for panel in grid.panels[1:]:
        box = panel.header.findChild(QWidget, "map_axis_z")
        assert box.width() >= box.fontMetrics().horizontalAdvance("3") + 24


def test_the_keys_stay_with_the_maps_when_one_is_closed(grid, session):
    session.maps.open()
    grid.go_to(1)
    session.maps.close(grid.panels[1].number)
    assert grid.panels[0].view.hasFocus()


def test_the_card_goes_with_the_map_that_called_it(grid, session):
    session.maps.open()
    grid.panels[1].header.button("options").click()
    card = grid.findChild(Options)
    session.maps.close(grid.panels[1].number)
    assert not card.isVisible()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QTest.keyClick(card, Escape)
    grid.panels[0].header.button("options").click()
    assert card.isVisible()


def test_the_card_stays_within_a_smaller_window(grid, card):
    grid.resize(420, 380)
    QApplication.processEvents()
    assert grid.rect().contains(card.geometry())
