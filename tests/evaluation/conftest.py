"""Lists as files, and a table small enough to know every answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """A list in a file."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "list.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def kin() -> Table:
    """Six words in which woman - man is exactly queen - king, a zero row, and a second King."""
    words = {
        "man": [1, 0, 0],
        "woman": [1, 1, 0],
        "king": [1, 0, 1],
        "queen": [1, 1, 1],
        "dog": [-1, 0, 0.2],
        "puppy": [-1, 0.1, 0.1],
        "nothing": [0, 0, 0],
        "King": [-1, -1, -1],
    }
    return Table(tuple(words), Vectors(np.array(list(words.values()), dtype=np.float32)))
