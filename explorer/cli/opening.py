"""Opening the table that a verb is about, within the memory that the settings allow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from explorer import pipeline, settings
from explorer.cli.terminal import token_cell
from explorer.errors import ExplorerError, NotFoundError, UnknownTokenError
from explorer.formats import Candidate
from explorer.progress import Report, silent
from explorer.reading.memory import memory_budget
from explorer.selections import Shelf, key_of
from explorer.table import Table


def probe(path: Path) -> list[Candidate]:
    """pipeline.probe. Raises InputError, ParameterError."""
    return pipeline.probe(path, memory=memory())


def open_table(
    path: Path, tensor: str = "", labels: Path | None = None, *, report: Report = silent
) -> Table:
    """pipeline.open_table. Raises InputError, NotFoundError, ParameterError."""
    return pipeline.open_table(path, tensor, labels=labels, memory=memory(), report=report)


def kept_selections(table: Table, *texts: str) -> Mapping[str, npt.NDArray[np.int64]]:
    """The rows kept by name of this table, read where one of the texts may speak of them."""
    if not any("@" in text for text in texts):
        return {}
    return Shelf(key_of(table), len(table)).read()[0]


@contextmanager
def spellings_offered(table: Table) -> Iterator[None]:
    """Offers tokens spelt nearly as one that is not in the table, in the error that says so."""
    try:
        yield
    except ExplorerError as error:
        unknown = _unknown_token(error)
        if unknown is None or not unknown.offers:
            raise
        rows = pipeline.nearest_spelling(table, unknown.token)
        if not rows:
            raise
        near = ", ".join(f"“{token_cell(table.tokens[row])}”" for row in rows)
        raise NotFoundError(error.message, f"Spelt nearly so: {near}.") from error


def _unknown_token(error: BaseException | None) -> UnknownTokenError | None:
    """The token that is not in the table, from whatever it is that could not be read for it."""
    while error is not None and not isinstance(error, UnknownTokenError):
        error = error.__cause__
    return error


def memory() -> int:
    """Bytes a table may take, as the settings say. Raises ParameterError."""
    return memory_budget(settings.load(settings.settings_file()).memory_share)
