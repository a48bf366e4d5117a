"""Small maps, and a look at what is written on a figure before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from explorer.projection import Projection
from explorer.table import Column, Table
from explorer.vectors import Vectors


def _projected(
    tokens: Sequence[str] | int, scores: Any = None, columns: Sequence[Column] = (), **made: Any
) -> Projection:
    names = [f"word{row}" for row in range(tokens)] if isinstance(tokens, int) else tokens
    rng = np.random.default_rng(0)
    vectors = Vectors(rng.normal(size=(len(names), 4)).astype(np.float32))
    table = Table(tuple(names), vectors, {column.name: column for column in columns})
    scores = rng.normal(size=(len(names), 3)) if scores is None else np.asarray(scores)
    made = {"axes": (0, 1), "method": "pca", "params": {"components": 3}, "seed": 0} | made
    return Projection(table, scores.astype(np.float32), **made)


@pytest.fixture
def projected() -> Callable[..., Projection]:
    """projected(tokens or how many, scores, columns, **fields of the Projection)."""
    return _projected


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that is written in the figures that are saved."""
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    texts: list[str] = []
    save = Figure.savefig

    def spy(self: Figure, *args: Any, **options: Any) -> None:
        texts.extend(text.get_text() for text in self.findobj(Text) if text.get_text())
        save(self, *args, **options)

    monkeypatch.setattr(Figure, "savefig", spy)
    return texts
