from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer.corpora import Texts
from explorer.objectives.sentiment import SentimentParams

_PLOT = [
    "the",
    "a",
    "film",
    "story",
    "scene",
    "actor",
    "music",
    "camera",
    "ending",
    "plot",
    "town",
    "night",
]


@pytest.fixture
def toy_reviews() -> Texts:
    """400 short reviews of neutral words with one word that tells: separable, in equal halves."""
    rng = np.random.default_rng(3)
    telling = {0: ["dreadful", "dull"], 1: ["superb", "lovely"]}
    texts, labels = [], np.arange(400) % 2
    for label in labels:
        words = [*rng.choice(_PLOT, rng.integers(4, 12)), rng.choice(telling[int(label)])]
        texts.append(" ".join(rng.permutation(words)))
    return Texts(texts, labels, ("negative", "positive"), Path("toy.csv"))


@pytest.fixture
def small() -> Callable[..., SentimentParams]:
    """Parameters that suit the toy reviews; keywords change them."""

    def make(**changes: object) -> SentimentParams:
        chosen: dict[str, object] = {
            "epochs": 4,
            "dim": 8,
            "maxlen": 12,
            "batch_size": 16,
            "learning_rate": 0.02,
            "threads": 1,
        }
        return SentimentParams(**(chosen | changes))  # type: ignore[arg-type]

    return make
