"""The small picture that is looked at before a figure is saved."""

import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.figure import draw_map, map_image
from explorer.progress import Cancelled

# --- looking at it before it is saved ----------------------------------------------------------


@pytest.mark.parametrize(
    ("look", "size"),
    [({}, (400, 300)), ({"width": 10, "height": 20}, (150, 300))],
)
def test_an_image_fits_into_the_pixels_given(projected, look, size):
    image = map_image(projected(30), (400, 300), **look)
    assert image.shape == (size[1], size[0], 4)
    assert image.dtype == np.uint8


def test_an_image_shows_what_the_file_will(projected, tmp_path):
    import matplotlib.image

    projection = projected(30)
    how = {"dark": True, "selection": [1, 2, 3], "title": "Words"}
    draw_map(projection, tmp_path / "map.png", dpi=100, **how)
    drawn = (matplotlib.image.imread(tmp_path / "map.png") * 255).round().astype(np.uint8)
    assert np.array_equal(map_image(projection, (1000, 10_000), dpi=100, **how), drawn)


def test_an_image_of_a_look_that_cannot_be_is_refused(projected):
    with pytest.raises(ParameterError, match="width of the picture"):
        map_image(projected(30), (400, 300), width=0.2)


def test_a_stopped_image_lets_the_next_one_be_drawn(projected):
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        map_image(projected(30), (400, 300), report=stop)
    assert map_image(projected(30), (400, 300)).shape == (300, 400, 4)


def test_an_image_of_a_huge_page_is_larger_than_asked_for(projected):
    assert map_image(projected(30), (400, 300), width=100, unit="in", dpi=20).shape[:2] == (
        1500,
        2000,
    )
