from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.corpora import Texts
from explorer.corpora.reviews import CORPUS, ReviewsParams

ReadReviews = Callable[..., Texts]


@pytest.fixture
def read_reviews(tmp_path: Path) -> ReadReviews:
    """Writes a file of the given content and reads it as reviews."""

    def read(content: str | bytes, name: str = "reviews.csv", **params: str) -> Texts:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CORPUS.read(path, ReviewsParams(**params), lambda progress: None)

    return read
