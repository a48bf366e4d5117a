from dataclasses import replace

import pytest

from explorer.gui.map.titles import axis_titles, continues, title_of
from explorer.preparation import Sample


def test_a_preview_says_so(project):
    preview = replace(project(complete=False), iterations=None, phase="preview from 20,000 rows")
    assert title_of(preview).endswith("components 1 and 2 (preview from 20,000 rows)")


def test_a_run_stopped_at_its_preview_says_both(project):
    preview = replace(project(complete=False), iterations=None, phase="preview from 20,000 rows")
    title = title_of(preview, stopped=True)
    assert title.startswith("PCA (stopped, preview from 20,000 rows) · ")


def test_a_complete_map_has_no_brackets(project):
    assert "(" not in title_of(replace(project(), phase="left over"))


def test_a_sample_is_told(project):
    sampled = replace(project(), sample=Sample(20))
    assert "sample of 20 of 60 rows" in title_of(sampled)


def test_rows_that_were_placed_into_a_map_of_others_are_told_before_its_numbers(project):
    made = project(method="tsne", explained=False)
    placed = replace(made, placed=40, start="a map of 20 rows, at random")
    assert title_of(placed).startswith("t-SNE · 40 of 60 rows placed afterwards · perplexity 30")
    assert title_of(placed).endswith(" · began from a map of 20 rows, at random")


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (("centre",), ""),
        ((), "no preprocessing"),
        (("centre", "remove 3"), "after centre, remove 3"),
    ],
)
def test_preprocessing_is_told_where_it_is_not_the_usual_one(project, steps, told):
    title = title_of(replace(project(), steps=steps))
    assert title.endswith(told or "components 1 and 2")


def test_a_method_that_is_not_known_goes_by_its_name(project):
    assert title_of(replace(project(), method="from a file")).startswith("from a file")


def test_axes_without_a_meaning_have_no_titles(project):
    assert axis_titles(project(method="tsne", explained=False)) == ()
    assert axis_titles(project()) == ("PC 1 (50.0 %)", "PC 2 (20.0 %)")
    assert axis_titles(project(axes=(2, 0, 1))) == ("PC 3", "PC 1", "PC 2")


def test_a_frame_follows_the_frame_before(project):
    frame = project(method="tsne", complete=False, explained=False)
    assert continues(frame, project(method="tsne", explained=False))
    assert not continues(project(method="tsne", explained=False), frame)
    assert not continues(None, frame)
    assert not continues(frame, project())


def test_a_map_made_in_steps_tells_how_many_there_were(project):
    made = replace(project(method="tsne", explained=False), iterations=1000)
    assert title_of(made).startswith("t-SNE · perplexity 30 · KL 1.02 · 1,000 iterations")
