"""Training data: one module per kind of corpus, each ending with one CORPUS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.params import Params
from explorer.progress import Report
from explorer.registry import discover
from explorer.table import Note


@dataclass(frozen=True, eq=False)
class Texts:
    """Labelled texts, cleaned of markup and control characters.

    texts: one a document. labels: int64 (documents,), an index into label_names.
    """

    texts: list[str]
    labels: npt.NDArray[np.int64]
    label_names: tuple[str, ...]
    path: Path
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, eq=False)
class Corpus:
    """One kind of training data.

    recognises: path -> can this be read as such? Looks at headers and names only.
    params: what may be chosen, such as the columns.
    read: (path, params, report) -> Texts. Raises InputError.
    """

    name: str
    title: str
    params: type[Params]
    recognises: Callable[[Path], bool]
    read: Callable[[Path, Any, Report], Texts]
    order: int = 50


@cache
def corpora() -> dict[str, Corpus]:
    """Every kind of corpus by name."""
    return discover(__name__, "CORPUS")
