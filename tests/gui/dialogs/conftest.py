import pytest

from explorer import pipeline
from explorer.gui.state.session import Session
from explorer.table import Table


@pytest.fixture
def session(words: Table, qapp: object) -> Session:
    """One with a map."""
    made = Session()
    made.set_table(words)
    made.set_projection(pipeline.project(words))
    return made
