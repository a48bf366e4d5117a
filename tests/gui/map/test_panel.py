from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from explorer.errors import OutputError
from explorer.gui.map.legend import ends
from explorer.gui.map.panel import MapPanel
from explorer.gui.map.titles import swapped, title_of
from explorer.gui.state.session import Session
from explorer.nearest import neighbors
from explorer.palettes import colour_values
from explorer.table import Column

CAPTIONED = ("axis_x", "axis_y", "axis_z", "colour")


def test_a_selection_does_not_draw_the_other_dots_again(panel, session, table):
    dots = panel.view.stage.dots
    mapped = dots.mapped
    session.select([23])
    session.set_neighbors(neighbors(table, 23, 5))
    session.hover(12)
    panel.grab()
    assert dots.mapped == mapped
    assert dots.dimmed


def test_the_selected_row_and_its_neighbours_are_named_first(panel, session, table):
    session.select([23])
    session.set_neighbors(neighbors(table, 23, 5))
    panel.grab()
    named = [label.text for label in panel.view.stage.labels.labels]
    near = {f"word{row}" for row in session.neighbors.rows if row not in (7, 59)}
    assert named[0] == "word23"
    assert near <= set(named)


def test_neighbours_are_not_shown_beside_several_selected_rows(panel, session, table):
    session.select([4, 23])
    session.set_neighbors(neighbors(table, 23, 5))
    panel.grab()
    assert panel.view.stage.chosen.rows.tolist() == [4, 23]


@pytest.mark.parametrize(("method", "one_scale"), [("pca", True), ("tsne", True), ("axes", False)])
def test_both_directions_have_one_scale_where_the_axes_share_a_unit(
    panel, session, project, method, one_scale
):
    session.set_projection(project(method=method))
    box = panel.view.getViewBox()
    view, size = box.viewRect(), box.rect()
    same = view.width() / size.width() == pytest.approx(view.height() / size.height(), rel=1e-3)
    assert same == one_scale


def test_the_colour_list_colours_the_map(panel, session, qtbot):
    header = panel.header
    place = header.colour.findData("class")
    header.colour.setCurrentIndex(place)
    header.colour.activated.emit(place)
    assert session.colours.column.name == "class"
    assert panel.legend.isVisible()
    assert "<b>" in panel.legend.accessibleName()
    header.colour.activated.emit(0)
    assert session.colours.column is None
    assert not panel.legend.isVisible()


def test_the_axis_lists_show_other_components(panel, session):
    box = panel.header.findChild(QWidget, "map_axis_y")
    box.setCurrentIndex(3)
    box.activated.emit(3)
    assert session.projection.axes == (0, 3)
    assert panel.header.title.text().endswith("components 1 and 4")


def test_the_title_says_how_far_the_run_is(panel, session, project):
    session.set_projection(project(method="tsne", complete=False, explained=False))
    title = panel.header.title.text()
    assert title == "t-SNE · perplexity 30 · KL 1.02 (340 of 750)"


def test_axes_without_a_meaning_are_not_shown(panel, session, project):
    axis = panel.view.plotItem.getAxis("bottom")
    assert axis.isVisible()
    session.set_projection(project(method="tsne", explained=False))
    assert not axis.isVisible()


def test_live_frames_leave_a_view_moved_by_hand_alone(panel, session, project):
    session.set_projection(project(method="tsne", complete=False, explained=False))
    panel.view.zoom(0.5)
    before = panel.view.getViewBox().viewRect()
    session.set_projection(project(method="tsne", complete=False, explained=False, scale=3))
    assert panel.view.getViewBox().viewRect() == before


def test_live_frames_stay_in_sight_while_the_view_follows(panel, session, project):
    session.set_projection(project(method="tsne", complete=False, explained=False))
    session.set_projection(project(method="tsne", complete=False, explained=False, scale=50))
    view = panel.view.getViewBox().viewRect()
    assert view.contains(QPointF(450, 250))
    assert view.contains(QPointF(0, 0))


def test_an_empty_map_says_what_to_do_next(qtbot):
    empty = MapPanel(Session())
    qtbot.addWidget(empty)
    with qtbot.waitExposed(empty):
        empty.show()
    assert "Open a table" in empty.hint.text()
    assert empty.hint.isVisible()
    empty.set_hint("Reading…")
    assert empty.hint.text() == "Reading…"
    empty.grab()


def test_the_hint_leaves_when_there_is_a_map(panel):
    assert not panel.hint.isVisible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_background_follows_the_theme(panel, dark):
    panel.set_dark(dark)
    corner = panel.view.getViewBox().mapToScene(QPointF(3, 3)).toPoint()
    assert panel.picture().pixelColor(corner).lightness() < 60 or not dark
    assert panel.picture().pixelColor(corner).lightness() > 200 or dark


def test_the_picture_is_written_as_png(panel, tmp_path):
    panel.save_picture(tmp_path / "map.png")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_written_is_said_so(panel, tmp_path):
    with pytest.raises(OutputError, match="nowhere"):
        panel.save_picture(tmp_path / "nowhere" / "map.png")


def test_every_control_has_a_name_and_a_tip(panel):
    for name in ("pan", "zoom", "box", "lasso", "fit", "save"):
        button = panel.header.button(name)
        assert button.objectName()
        assert button.accessibleName()
        assert button.toolTip()
    assert panel.header.colour.accessibleName()


def written(axis):
    """(number, text) of the ticks on an axis, as it writes them."""
    low, high = axis.range
    ticks = []
    for spacing, values in axis.tickValues(low, high, 500):
        scale = axis.autoSIPrefixScale * axis.scale
        ticks += zip(values, axis.tickStrings(values, scale, spacing), strict=True)
    return ticks


@pytest.mark.parametrize("factor", [1e-3, 1, 1e4])
def test_the_numbers_on_the_axes_are_the_coordinates(panel, session, project, factor):
    for act in (
        lambda: session.set_projection(project(scale=factor)),
        lambda: panel.view.zoom(0.01),
        lambda: panel.set_dark(True),
        lambda: session.set_projection(project(scale=factor, axes=(1, 0))),
        panel.view.fit,
        lambda: panel.set_dark(False),
    ):
        act()
        panel.grab()
        for side in ("bottom", "left"):
            ticks = written(panel.view.plotItem.getAxis(side))
            assert ticks
            for value, text in ticks:
                assert float(text) == pytest.approx(value, rel=1e-3, abs=1e-9 * factor)


def flung(project, **how):
    """A map of which one row lies far away."""
    made = project(**how)
    scores = made.scores.copy()
    scores[3, 0] = 9000
    return replace(made, scores=scores)


@pytest.mark.parametrize("axes", [(0, 1), (0, 1, 2)])
def test_a_row_far_away_leaves_the_map_its_size(panel, session, project, axes):
    session.set_projection(flung(project, axes=axes))
    assert panel.view.getViewBox().viewRect().width() < 60


def test_fitting_twice_shows_the_far_row_and_a_third_time_the_map(panel, session, project):
    session.set_projection(flung(project))
    box = panel.view.getViewBox()
    panel.view.zoom(0.5)
    widths = []
    for _ in range(3):
        QTest.keyClick(panel.view, Qt.Key.Key_Home)
        widths.append(box.viewRect().width())
    assert widths[0] < 60
    assert widths[1] > 9000
    assert widths[2] == pytest.approx(widths[0])


def test_a_stopped_run_stays_as_it_is_seen(panel, session, project):
    frame = flung(project, method="tsne", complete=False, explained=False)
    session.set_projection(frame)
    session.set_projection(frame)
    assert panel.header.title.text().startswith("t-SNE (stopped at 340 of 750) · ")
    assert panel.view.getViewBox().viewRect().width() < 60


def test_the_title_names_the_phase_of_the_run(project):
    frame = replace(project(method="tsne", complete=False, explained=False), phase="warming")
    assert title_of(frame).endswith("(340 of 750, warming)")


def test_rows_that_are_all_alike_have_no_share_of_the_variance(project):
    title = title_of(replace(project(), explained=np.zeros(4)))
    assert "all rows are alike" in title
    assert "%" not in title


def test_the_header_gives_way_to_a_narrow_window(panel, session, project):
    session.set_projection(project(axes=(0, 1, 2)))
    session.colours.by("class")
    QApplication.processEvents()
    assert panel.minimumSizeHint().width() <= 420
    panel.resize(420, 500)
    QApplication.processEvents()
    assert panel.header.button("save").geometry().right() <= 420


def test_the_axes_of_a_solid_map_keep_their_captions_before_the_colour_does(
    panel, session, project
):
    session.set_projection(project(axes=(0, 1, 2)))
    captions = [panel.header.findChild(QWidget, f"map_{of}_caption") for of in CAPTIONED]
    seen = []
    for width in (1200, 520, 420):
        panel.resize(width, 500)
        QApplication.processEvents()
        seen.append([caption.isVisible() for caption in captions])
    assert seen == [[True] * 4, [True] * 3 + [False], [False] * 4]


def test_the_legend_says_where_values_lie_beyond_its_ends(panel, session, table):
    values = np.linspace(1, 2, len(table))
    values[5] = 40
    columns = {**table.columns, "score": Column("score", values)}
    session.set_table(replace(table, columns=columns))
    session.colours.by("score")
    low, high = ends(panel.legend._colouring)
    assert low.startswith("≤ 1.0")
    assert high.startswith("≥ ")
    assert "1 to 40" in panel.header.colour.toolTip()


def test_a_legend_that_holds_every_value_has_plain_ends():
    values = np.array([0.0] * 50 + [1.0] * 50)
    assert ends(colour_values(values, numeric=True, dark=False)) == ("0", "1")


def test_a_component_drawn_on_another_axis_changes_places(panel, session):
    box = panel.header.findChild(QWidget, "map_axis_y")
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert session.projection.axes == (1, 0)
    assert panel.header.findChild(QWidget, "map_axis_x").currentIndex() == 1


@pytest.mark.parametrize(
    ("before", "wished", "axes"),
    [
        ((0, 1, 2), (2, 1, 2), (2, 1, 0)),
        ((0, 1, 2), (0, 0, 2), (1, 0, 2)),
        ((0, 1), (0, 5), (0, 5)),
    ],
)
def test_the_axis_that_loses_its_component_gets_the_free_one(before, wished, axes):
    assert swapped(before, wished) == axes
