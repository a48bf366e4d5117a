from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from explorer.gui.app import make_window
from explorer.gui.state.colours import FIELD
from explorer.settings import MapLook, Settings


def test_the_look_of_the_maps_is_remembered_when_the_window_closes(window):
    heard = []
    window.settings_changed.connect(heard.append)
    window.maps.set_look(MapLook(dot_size=2.0))
    window.close()
    assert heard[-1].look == MapLook(dot_size=2.0)


def test_a_window_begins_with_the_look_remembered(qtbot, qapp):
    made = make_window(qapp, Settings(look=MapLook(density=True, label_size=15)))
    qtbot.addWidget(made)
    assert made.map.view.stage.dots.mode == "density"
    made.session.maps.open()
    assert made.maps.look.label_size == 15
    made.close()


def test_keys_go_to_maps_that_are_there(window, show, words):
    show(words)
    actions = window.menus.actions
    assert not actions["next_map"].isEnabled()
    assert not actions["map_2"].isEnabled()
    window.session.maps.open()
    assert actions["map_2"].isEnabled()
    assert not actions["map_3"].isEnabled()
    first, second = window.maps.panels
    actions["map_1"].trigger()
    assert window.map is first
    actions["next_map"].trigger()
    assert window.map is second
    window.session.maps.close(second.number)
    assert not actions["close_map"].isEnabled()


def test_the_map_follows_the_mouse_with_the_true_cosines(window, show, words, qtbot):
    show(words)
    box = window.map.header.findChild(QComboBox, "map_colour")
    box.activated.emit(box.findData(FIELD))
    window.session.hover(7)
    qtbot.waitUntil(lambda: window.maps.tints.title == "cosine to ‘word7’")
    assert window.map.legend.isVisible()
    assert "cosine to ‘word7’" in window.map.legend.accessibleName()


def test_the_map_has_the_keys_at_first(window):
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    assert window.focusWidget() is window.map.view
    QTest.keyClick(window.map.view, Qt.Key.Key_Home)
