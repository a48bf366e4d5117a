import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.gui.state.combining import combined


@pytest.mark.parametrize(
    ("how", "afterwards"),
    [
        ("replace", [2, 9, 1]),
        ("add", [5, 2, 7, 1, 9]),
        ("remove", [5, 7]),
        ("intersect", [2]),
        ("toggle", [5, 7, 1, 9]),
    ],
)
def test_what_stays_keeps_its_order_and_what_comes_is_behind_it(
    how: str, afterwards: list[int]
) -> None:
    assert combined(np.array([5, 2, 7]), np.array([2, 9, 1]), how).tolist() == afterwards


def test_another_word_is_refused() -> None:
    with pytest.raises(ParameterError, match="'append'"):
        combined(np.array([5]), np.array([2]), "append")
