"""When maps are measured, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.main_window import MainWindow
from explorer.gui.tasks import measuring
from explorer.progress import Progress, Report
from explorer.table import Table

Show = Callable[[Table], None]
Settle = Callable[[], None]


def test_the_map_of_a_small_table_is_measured_by_itself(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    settle()
    found = window.session.belief.quality(0)
    assert found is not None
    assert found.kept == pipeline.measure(pipeline.project(words)).kept


def test_nothing_is_measured_by_itself_where_that_is_not_wished(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    window.change_settings(replace(window.settings, measure_maps=False))
    show(words)
    settle()
    assert window.session.belief.measured(0) is None
    window.measuring.measure()
    settle()
    assert window.session.belief.quality(0) is not None


def test_a_large_table_is_measured_when_asked_for(
    settle: Settle, window: MainWindow, show: Show, words: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "AUTOMATIC_ROWS", len(words) - 1)
    show(words)
    settle()
    assert window.session.belief.measured(0) is None
    window.measuring.colour_by_kept()
    settle()
    assert window.session.colours.key == "neighbours kept (k=10, PCA)"


def test_numbers_are_of_the_axes_that_are_drawn(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    settle()
    session = window.session
    before = session.belief.quality(0)
    shown = session.projection
    assert shown is not None
    session.set_projection(shown.with_axes((2, 3)))
    assert session.belief.quality(0) is None
    settle()
    assert session.belief.quality(0) not in (None, before)
    session.set_projection(shown)
    assert session.belief.quality(0) is before


def test_colours_by_neighbours_kept_follow_the_map(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    settle()
    window.measuring.colour_by_kept()
    settle()
    session = window.session
    shown, before = session.projection, session.colours.column
    assert shown is not None
    assert before is not None
    session.set_projection(shown.with_axes((2, 3)))
    settle()
    after, measured = session.colours.column, session.belief.quality(0)
    assert after is not None
    assert measured is not None
    assert not np.array_equal(after.values, before.values, equal_nan=True)
    assert np.nanmean(after.values) == pytest.approx(measured.kept[0])


def test_another_metric_measures_again(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    settle()
    window.measuring.set_metric("euclidean")
    settle()
    measured = window.session.belief.quality(0)
    assert measured is not None
    assert measured.metric == "euclidean"


def test_a_measurement_that_was_stopped_is_not_begun_again(
    qtbot: QtBot,
    settle: Settle,
    window: MainWindow,
    show: Show,
    words: Table,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def endless(*_: object, report: Report, **__: object) -> None:
        while True:
            report(Progress(0, 0, "measuring"))

    monkeypatch.setattr(pipeline, "measure", endless)
    show(words)
    qtbot.waitUntil(lambda: window.jobs.quality.busy)
    window.jobs.quality.cancel()
    settle()
    known = window.session.belief.measured(0)
    assert known is not None
    assert known.quality is None
    assert "stopped" in known.refusal


def test_stopping_leaves_the_numbers_that_were_there(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    settle()
    before = window.session.belief.quality(0)
    window.measuring.measure()
    window.jobs.quality.cancel()
    settle()
    assert window.session.belief.quality(0) is before


def test_too_few_rows_are_told_as_the_answer(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    vectors = np.zeros((80, 6), np.float32)
    vectors[:2] = 1
    show(Table(words.tokens, type(words.vectors)(vectors)))
    settle()
    known = window.session.belief.measured(0)
    assert known is not None
    assert "Only 2 rows" in known.refusal


def test_another_table_forgets_what_was_measured(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    settle()
    old = window.session.projection
    window.session.set_table(Table(words.tokens, words.vectors))
    assert window.session.belief.measured(0) is None
    window.session.maps.show(0, old)
    assert window.session.belief.measured(0) is None


def test_the_manifest_of_an_export_has_the_measures(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    assert window.session.belief.facts(1) == {}
    settle()
    (entry,) = window.session.belief.facts(0).items()
    assert entry[0] == "quality"
    assert entry[1]["metric"] == "cosine"


def test_two_maps_are_compared_row_by_row(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    session = window.session
    first = session.projection
    assert first is not None
    other = session.maps.open()
    assert other is not None
    session.set_projection(first.with_axes((2, 3)))
    window.measuring.compare(0, other)
    settle()
    compared, column = session.belief.compared, session.colours.column
    assert compared is not None
    assert column is not None
    assert column.name == "in both maps (k=10)"
    assert np.nanmean(column.values) == pytest.approx(compared.agreement.mean, abs=1e-6)
    session.maps.close(other)
    assert session.belief.compared is None


def test_another_seed_is_drawn_beside_the_map_and_compared_with_it(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    how = {"perplexity": 8.0, "iterations": 20}
    window.commands.project("tsne", seed=4, steps="centre, unit", **how)
    settle()
    window.measuring.compare_with_another_seed()
    settle()
    made = window.session.projection
    compared = window.session.belief.compared
    assert made is not None
    assert compared is not None
    assert (made.seed, made.steps, made.params["perplexity"]) == (5, ("centre", "unit"), 8.0)
    assert compared.second.scores is made.scores
    assert compared.first.seed == 4


def test_a_map_without_chance_is_not_drawn_with_another_seed(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    window.measuring.compare_with_another_seed()
    assert window.session.maps.all == (0,)


def test_a_dot_is_asked_about_while_someone_wants_to_know(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    belief = window.session.belief
    window.session.select([7])
    settle()
    assert belief.believed(0) is None
    belief.want(watched=True, drawn=False)
    settle()
    found = belief.believed(0)
    assert found is not None
    assert found.row == 7
    assert window.map.view.stage._rows.missing.size == 0
    belief.want(watched=True, drawn=True)
    assert window.map.view.stage._rows.missing.tolist() == found.missing.tolist()
    assert window.map.view.stage._rows.false.tolist() == found.false.tolist()


def test_a_row_that_is_not_on_the_map_is_asked_about_in_vain(
    settle: Settle, window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    window.session.belief.want(watched=True, drawn=True)
    window.session.select([0])  # the padding row has no direction
    settle()
    assert window.session.belief.answered == 0
    assert window.session.belief.believed(0) is None
