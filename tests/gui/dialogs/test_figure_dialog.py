"""A figure, chosen in the window and looked at before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.figure import GhostPoint
from explorer.gui.dialogs.figure_dialog import FigureDialog, Seen
from explorer.gui.dialogs.figure_preview import FigurePreview
from explorer.gui.state.belief import Measured
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Lane
from explorer.table import Column

# How a 3-D map is turned: a quarter about the screen's upright axis.
TURNED = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])


@pytest.fixture
def lane(qapp: object, typefaces: None) -> Iterator[Lane]:
    made = Lane("preview")
    yield made
    made.close()


@pytest.fixture
def dialog(session: Session, lane: Lane, qtbot: QtBot) -> Callable[[], FigureDialog]:
    def opened() -> FigureDialog:
        made = FigureDialog(session, lane, lambda: Seen(TURNED, (-0.5, 0.5)))
        qtbot.addWidget(made)
        made.show()
        return made

    return opened


def choose(dialog: FigureDialog, name: str, start: str) -> None:
    """Chooses an entry as the user would."""
    box = dialog.findChild(QComboBox, name)
    texts = [box.itemText(place) for place in range(box.count())]
    place = next(place for place, text in enumerate(texts) if text.startswith(start))
    box.setCurrentIndex(place)
    box.activated.emit(place)


def seen(dialog: FigureDialog, qtbot: QtBot) -> FigurePreview:
    """The small picture, once the last wish is drawn."""
    preview = dialog.findChild(FigurePreview)
    qtbot.waitUntil(lambda: not dialog._soon.isActive())
    qtbot.waitUntil(lambda: not dialog._lane.busy)
    return preview


def saved(session: Session, dialog: FigureDialog, path: Path) -> str:
    """What stands in the SVG that the dialog asks for."""
    assert session.projection is not None
    return pipeline.draw(session.projection, path, **dialog.how()).read_text(encoding="utf-8")


def test_the_small_picture_fits_into_its_place(
    dialog: Callable[[], FigureDialog], qtbot: QtBot
) -> None:
    preview = seen(dialog(), qtbot)
    image = preview.image
    assert image is not None
    width, height = preview.pixels
    assert image.width() == width or image.height() == height
    assert image.width() <= width
    assert image.height() <= height


def test_every_change_is_seen_in_the_small_picture(
    dialog: Callable[[], FigureDialog], qtbot: QtBot
) -> None:
    opened = dialog()
    before = seen(opened, qtbot).image
    opened.findChild(QCheckBox, "figure_dark").click()
    after = seen(opened, qtbot).image
    assert before is not None
    assert after is not None
    assert before.pixelColor(3, 3).lightness() > 200 > 60 > after.pixelColor(3, 3).lightness()


def test_a_size_that_cannot_be_is_told_in_place_of_the_picture(
    dialog: Callable[[], FigureDialog], qtbot: QtBot
) -> None:
    opened = dialog()
    seen(opened, qtbot)
    opened._form.set_values({"width": 0.5})
    preview = seen(opened, qtbot)
    assert preview.image is None
    assert "width of the picture cannot be" in preview.text


def test_the_figure_is_drawn_as_chosen(
    session: Session,
    dialog: Callable[[], FigureDialog],
    tmp_path: Path,
) -> None:
    session.colours.add(Column.from_text("clusters", ["left", "right"] * 40), show=False)
    opened = dialog()
    opened.findChild(QLineEdit, "figure_title").setText("Words & <b>more</b>")
    choose(opened, "figure_colour", "clusters")
    drawn = saved(session, opened, tmp_path / "figure.svg")

    assert "Words &amp; &lt;b&gt;more&lt;/b&gt;" in drawn
    assert ">left<" in drawn


def test_colours_follow_the_map_unless_another_column_is_chosen(
    session: Session, dialog: Callable[[], FigureDialog]
) -> None:
    opened = dialog()
    session.colours.by("lean")
    assert opened.how()["colour_by"].name == "lean"
    session.colours.by("")
    assert opened.how()["colour_by"] is None
    choose(opened, "figure_colour", "count")
    session.colours.by("lean")
    assert opened.how()["colour_by"].name == "count"
    choose(opened, "figure_colour", "One colour")
    assert opened.how()["colour_by"] is None


def test_the_ends_of_the_ramp_are_those_of_the_map_if_its_column_is(
    session: Session, dialog: Callable[[], FigureDialog]
) -> None:
    opened = dialog()
    assert opened.how()["span"] == (-0.5, 0.5)
    choose(opened, "figure_colour", "lean")
    assert opened.how()["span"] is None


def test_a_selection_stands_out_is_labelled_or_is_not_marked(
    session: Session, dialog: Callable[[], FigureDialog]
) -> None:
    session.select([9, 4, 6])
    opened = dialog()
    how = opened.how()
    assert (list(how["selection"]), how["label_rows"]) == ([9, 4, 6], None)
    choose(opened, "figure_selection", "3 rows, labelled")
    how = opened.how()
    assert (how["selection"], list(how["label_rows"])) == (None, [6, 4, 9])
    session.select([])
    how = opened.how()
    assert (how["selection"], how["label_rows"]) == (None, None)
    session.select([1, 2])
    assert list(opened.how()["label_rows"]) == [2, 1]


def test_one_row_that_was_clicked_is_labelled_and_does_not_grey_the_others(
    session: Session, dialog: Callable[[], FigureDialog]
) -> None:
    session.select([9])
    how = dialog().how()
    assert how["selection"] is None
    assert list(how["label_rows"]) == [9]


def test_isolated_rows_are_drawn_alone_unless_all_are_wished_for(
    session: Session, dialog: Callable[[], FigureDialog]
) -> None:
    opened = dialog()
    only = opened.findChild(QCheckBox, "figure_only")
    assert opened.how()["only"] is None
    assert not only.isVisible()
    session.isolate([3, 4, 5])
    assert only.text() == "Only the 3 isolated rows"
    assert list(opened.how()["only"]) == [3, 4, 5]
    only.click()
    assert opened.how()["only"] is None


def test_a_map_is_drawn_as_it_is_turned_in_the_window(dialog: Callable[[], FigureDialog]) -> None:
    opened = dialog()
    assert opened.how()["rotation"] is TURNED
    assert not {"azimuth", "elevation"} & opened.how().keys()


def test_the_caption_tells_what_was_measured(
    session: Session,
    dialog: Callable[[], FigureDialog],
    tmp_path: Path,
) -> None:
    shown = session.projection
    assert shown is not None
    session.belief.add(Measured(shown, pipeline.measure(shown, (5,))))
    drawn = saved(session, dialog(), tmp_path / "figure.svg")
    assert "trustworthiness" in drawn


def test_an_empty_map_has_no_figure(
    session: Session, dialog: Callable[[], FigureDialog], qtbot: QtBot
) -> None:
    opened = dialog()
    seen(opened, qtbot)
    session.maps.open()
    preview = seen(opened, qtbot)
    assert (preview.image, preview.text) == (None, "This map is empty: make one first.")
    assert not opened.findChild(QPushButton, "figure_do").isEnabled()


def test_the_ghost_point_of_the_map_is_offered_and_may_be_left_out(
    session: Session, lane: Lane, qtbot: QtBot, tmp_path: Path
) -> None:
    ghost = [GhostPoint("good - bad", np.zeros(session.projection.dims, np.float32), "placed")]
    dialog = FigureDialog(session, lane, lambda: Seen(None, None, *ghost))
    qtbot.addWidget(dialog)
    dialog.show()
    check = dialog.findChild(QCheckBox, "figure_ghost")
    assert not check.isHidden()
    assert "good - bad" in saved(session, dialog, tmp_path / "with.svg")
    check.setChecked(False)
    assert "good - bad" not in saved(session, dialog, tmp_path / "without.svg")
    ghost.clear()
    dialog._refresh()
    assert check.isHidden()
    check.setChecked(True)
    assert dialog.how()["ghost"] is None
