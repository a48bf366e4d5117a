import pytest
from PySide6.QtWidgets import QLineEdit

from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.theme import Theme


@pytest.fixture
def theme(qapp):
    made = Theme(qapp, "dark")
    made.draw_icons()
    return made


def test_the_cross_is_there_while_there_is_text_and_empties_the_line(qtbot, theme):
    line = QLineEdit()
    qtbot.addWidget(line)
    cross = add_clear_button(line, theme)
    assert not cross.isVisible()
    line.setText("word")
    assert cross.isVisible()
    cross.trigger()
    assert line.text() == ""
    assert not cross.isVisible()


def test_the_cross_is_in_the_colour_of_the_text(qtbot, theme):
    line = QLineEdit()
    qtbot.addWidget(line)
    cross = add_clear_button(line, theme)
    for wish in ("dark", "light"):
        theme.choose(wish)
        picture = cross.icon().pixmap(32, 32).toImage()
        colours = {
            picture.pixelColor(x, y).name()
            for x in range(picture.width())
            for y in range(picture.height())
            if picture.pixelColor(x, y).alpha() == 255
        }
        assert colours == {theme.colour("text").name()}
