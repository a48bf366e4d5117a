"""What a figure makes of odd maps, full disks, cancelling and the user's own settings."""

import sys

import numpy as np
import pytest

from explorer.errors import OutputError
from explorer.figure import draw_map
from explorer.progress import Cancelled

_EMPTY = {"caption": False, "heading": False}  # words tell how many rows there are


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("dims", [2, 3])
def test_a_map_of_one_place_shows_it_and_a_map_of_none_is_empty(
    projected, tmp_path, rows, dims, density
):
    def drawn(place, name):
        scores = np.full((rows, dims), place)
        absent = np.flatnonzero(np.isnan(scores[:, 0]))
        made = projected(rows, scores, axes=tuple(range(dims)), left_out=absent)
        return draw_map(made, tmp_path / name, density=density, **_EMPTY).read_bytes()

    one, none = drawn(0.0, "one.png"), drawn(np.nan, "none.png")
    assert one[:8] == none[:8] == b"\x89PNG\r\n\x1a\n"
    assert one != none


@pytest.mark.parametrize("message", ["Drawing the map", "Writing labels", "Drawing the dots"])
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_stopped_picture_leaves_an_older_one_as_it_was(projected, tmp_path, ending, message):
    path = tmp_path / f"map.{ending}"
    path.write_bytes(b"old picture")

    def stop(progress):
        if progress.message == message:
            raise Cancelled

    with pytest.raises(Cancelled):
        draw_map(projected(5), path, report=stop)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old picture"


def test_many_dots_are_reported_while_they_are_drawn(projected, tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.figure.marks._AT_ONCE", 10)
    told = []
    draw_map(projected(95), tmp_path / "map.png", report=told.append)
    done = [one.done / one.total for one in told]
    assert len(done) >= 13
    assert done == sorted(done)
    assert done[-1] <= 1


def test_a_folder_that_is_not_there_is_named(projected, tmp_path):
    with pytest.raises(OutputError, match="absent"):
        draw_map(projected(5), tmp_path / "absent" / "map.png")


def test_the_users_own_settings_of_matplotlib_change_nothing(projected, tmp_path):
    import matplotlib

    made = projected(50)
    usual = draw_map(made, tmp_path / "usual.svg").read_bytes()
    theirs = {
        "text.usetex": True,
        "savefig.bbox": "tight",
        "savefig.transparent": True,
        "axes.linewidth": 7.0,
        "path.sketch": (1.0, 100.0, 2.0),
        "scatter.marker": "x",
        "font.size": 30.0,
    }
    with matplotlib.rc_context(theirs):
        assert draw_map(made, tmp_path / "theirs.svg").read_bytes() == usual


def test_drawing_leaves_no_global_figure_and_no_changed_setting(projected, tmp_path):
    import matplotlib

    before = dict(matplotlib.rcParams)
    draw_map(projected(5), tmp_path / "map.svg")
    assert dict(matplotlib.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()
