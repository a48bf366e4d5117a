"""Training a table on a corpus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer import paths
from explorer.corpora import Texts, corpora
from explorer.errors import InputError, ParameterError
from explorer.params import build
from explorer.pipeline.maps import project
from explorer.pipeline.seeds import check_seed
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.reading.files import head

if TYPE_CHECKING:
    from explorer.training import Snapshot, Trained

SAMPLE_CORPUS = "sample/reviews.csv"


def train(
    corpus: Path | str | None = None,
    objective: str = "sentiment",
    *,
    seed: int = 0,
    corpus_params: dict[str, Any] | None = None,
    report: Report = silent,
    **params: Any,
) -> Trained:
    """Trains an embedding table on a corpus; the sample reviews where no path is given.

    objective: a name in explorer.objectives; params: its parameters by name.
    corpus_params: parameters of the corpus reader, such as `text_column`.
    Partial results of `report` are training.Started, then training.Snapshot.
    Raises InputError for a corpus that cannot be read, ParameterError, Cancelled.
    """
    from explorer import training
    from explorer.objectives import objectives

    path = Path(corpus) if corpus is not None else paths.resource(SAMPLE_CORPUS)
    known = objectives()
    if objective not in known:
        raise ParameterError(
            f"There is no objective {objective!r}.", f"There are: {', '.join(known)}."
        )
    goal = known[objective]
    check_seed(seed)
    checked = build(goal.params, params)  # before minutes of reading
    texts = read_corpus(path, corpus_params, report=part(report, 0.0, 0.2))
    return training.train(texts, goal, checked, seed=seed, report=part(report, 0.2, 1.0))


@dataclass(frozen=True, eq=False)
class TrainingFrame:
    """A moment of a training: its snapshot and the PCA map of the table as it was."""

    snapshot: Snapshot
    projection: Projection


def with_map(report: Report) -> Report:
    """A report for `train` that turns every Snapshot into a TrainingFrame.

    Components have no sign of their own: each is turned to agree with the frame before, so that
    the map does not flip from one frame to the next.
    """
    previous: Projection | None = None

    def framed(progress: Progress) -> None:
        nonlocal previous
        from explorer.training import Snapshot

        if isinstance(progress.partial, Snapshot):
            previous = _like(previous, project(progress.partial.table))
            progress = replace(progress, partial=TrainingFrame(progress.partial, previous))
        report(progress)

    return framed


def _like(previous: Projection | None, projection: Projection) -> Projection:
    if previous is None or previous.scores.shape != projection.scores.shape:
        return projection
    agreement = np.nansum(previous.scores * projection.scores, axis=0)
    return replace(
        projection, scores=projection.scores * np.where(agreement < 0, -1, 1).astype("f4")
    )


def read_corpus(
    path: Path | str, params: dict[str, Any] | None = None, *, report: Report = silent
) -> Texts:
    """The labelled texts of a file or folder. Raises InputError where no reader knows it."""
    path = Path(path)
    if not head(path, 1) and not path.is_dir():
        raise InputError(path, "the file is empty.", "Give a file with labelled texts.")
    kind = next((entry for entry in corpora().values() if entry.recognises(path)), None)
    if kind is None:
        kinds = "; ".join(entry.title for entry in corpora().values())
        raise InputError(path, "this is not a corpus we can read.", f"We read: {kinds}.")
    return kind.read(path, build(kind.params, params or {}), report)
