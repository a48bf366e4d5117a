from __future__ import annotations

import pytest

from explorer import pipeline
from explorer.gui.tasks.making import departures, expected
from explorer.preparation import Sample
from explorer.projections import Cost
from explorer.table import Table


def test_a_map_made_as_the_method_has_it_departs_in_nothing(table: Table) -> None:
    assert departures(pipeline.project(table, "pca")) == []


def test_steps_and_sample_that_were_chosen_are_told(table: Table) -> None:
    made = pipeline.project(table, "pca", steps="unit, remove 2", sample=Sample(20))
    assert departures(made) == ["unit, remove 2", "sample of 20 of 60 rows"]

    made = pipeline.project(table, "pca", steps="none")
    assert departures(made) == ["no preprocessing"]


@pytest.mark.parametrize(
    ("seconds", "nbytes", "words"),
    [
        (0.4, 10**9, ""),
        (37.0, 312_000_000, "About 40 s and 300 MB."),
        (12.4, 2_345_000_000, "About 12 s and 2 GB."),
        (89.0, 100, "About 90 s and 1 MB."),
        (700.0, 15_000_000, "About 12 min and 15 MB."),
        (9000.0, 15_000_000, "About 2 h and 15 MB."),
    ],
)
def test_an_estimate_has_the_digits_that_are_known(seconds: float, nbytes: int, words: str) -> None:
    assert expected(Cost(seconds, nbytes)) == words


def test_no_estimate_is_no_words() -> None:
    assert expected(None) == ""
