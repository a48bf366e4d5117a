"""The one loop: batches, optimiser, validation, history, snapshots, whatever the objective.

Chance comes from generators made of the seed, so that the same seed gives the same bytes and the
caller's random numbers are left alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.corpora import Texts
from explorer.errors import ExplorerError
from explorer.objectives import Objective, Summary, Task, TrainingParams
from explorer.parallel import spared_cores, torch_threads
from explorer.progress import Progress, Report, part, silent
from explorer.table import Note, Table

if TYPE_CHECKING:
    import torch

# Reading words takes about as long as learning from them (25,000 reviews: 8 s and 5 s).
_PREPARATION = 0.5
_SNAPSHOT_SECONDS = 0.25
# Validation holds no gradients, but Flatten holds (batch, maxlen, dim).
_VALIDATION_BATCH = 512


@dataclass(frozen=True, slots=True)
class EpochFigures:
    """One epoch, counted from 1. Losses are means over the examples, accuracies in [0, 1].

    loss, accuracy: over the epoch's own steps, dropout on, while the weights were moving.
    validation_loss, validation_accuracy: after it; None where nothing is held out.
    Both accuracies are None for an objective that knows no right and wrong.
    """

    epoch: int
    loss: float
    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Started:
    """The first thing a training tells: the layers, and how much there is to learn from.

    rows: of the table. documents, held_out: how many texts to train on and to validate on.
    steps: of the optimiser, over all epochs.
    """

    summary: Summary
    rows: int
    documents: int
    held_out: int
    steps: int


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The training so far, owned by the receiver.

    epoch: the one under way, from 1. step, steps: done, and in all if no epoch is left out;
        steps_per_epoch: in each.
    history: the epochs finished. losses: float32 (step,), the loss of every step.
    table: the table as it is now, whole.
    """

    epoch: int
    step: int
    steps: int
    steps_per_epoch: int
    history: tuple[EpochFigures, ...]
    losses: npt.NDArray[np.float32]
    table: Table
    summary: Summary


@dataclass(frozen=True, eq=False)
class Trained:
    """The result of a training.

    best_epoch: the epoch the table is of, from 1; None where it was stopped within one.
    stopped: whether it was ended before its time by whoever started it.
    """

    table: Table
    history: tuple[EpochFigures, ...]
    summary: Summary
    best_epoch: int | None
    stopped: bool = False


def train(
    texts: Texts,
    objective: Objective,
    params: TrainingParams,
    *,
    seed: int = 0,
    report: Report = silent,
) -> Trained:
    """A table trained on the texts; of the epoch with the lowest validation loss. What was noticed
    in the corpus leads the table's report.

    `Progress.partial` is first a Started, then a Snapshot at most four times a second and after
    every epoch. Where the report raises Cancelled it goes through; `keep` makes a result of the
    last Snapshot.
    Raises InputError (a corpus that does not suit the objective), ParameterError, and
    ExplorerError where the loss is no longer a number.
    """
    with torch_threads(params.threads or spared_cores()):
        task = objective.prepare(texts, params, seed=seed, report=part(report, 0, _PREPARATION))
        task = replace(task, table=_with_notes(task.table, texts.notes))
        return _Loop(task, params, seed, part(report, _PREPARATION, 1)).run()


def _with_notes(made: Callable[[], Table], notes: tuple[Note, ...]) -> Callable[[], Table]:
    """Tables whose report says first what was noticed in the corpus."""

    def noted() -> Table:
        table = made()
        return replace(table, report=(*notes, *table.report))

    return noted


def keep(snapshot: Snapshot) -> Trained:
    """The result of a training that was stopped: what it had learnt by its last Snapshot."""
    finished = bool(snapshot.history) and snapshot.history[-1].epoch == snapshot.epoch
    epoch = snapshot.epoch if finished else None
    return Trained(snapshot.table, snapshot.history, snapshot.summary, epoch, stopped=True)


class _Adam:
    """The step of a task that brings none of its own: autograd and Adam."""

    def __init__(self, task: Task, rate: float) -> None:
        import torch

        self._loss = task.loss
        self._optimiser = torch.optim.Adam(task.model.parameters(), lr=rate, fused=True)

    def __call__(self, batch: list[torch.Tensor], done: float) -> tuple[float, int | None]:
        loss, right = self._loss(*batch)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        return float(loss.detach()), _counted(right)


class _Tally:
    """Mean loss and accuracy over the examples of many batches."""

    def __init__(self) -> None:
        self._loss, self._right, self._examples = 0.0, 0, 0
        self._judged = True

    def add(self, loss: float, right: int | None, examples: int) -> None:
        self._loss += loss * examples
        self._right += right or 0
        self._judged &= right is not None
        self._examples += examples

    @property
    def means(self) -> tuple[float, float | None]:
        accuracy = self._right / self._examples if self._judged else None
        return self._loss / self._examples, accuracy


class _Loop:
    """The state of one training under way."""

    def __init__(self, task: Task, params: TrainingParams, seed: int, report: Report) -> None:
        import torch

        self._task, self._params, self._report = task, params, report
        self._generator = torch.Generator().manual_seed(seed)
        self._step = task.step or _Adam(task, params.learning_rate)
        count = len(task.training[0])
        self._batch_size = params.batch_size or _automatic_batch(count)
        self._per_epoch = math.ceil(count / self._batch_size)
        self._steps = self._per_epoch * params.epochs
        self._losses: list[float] = []
        self._history: list[EpochFigures] = []
        self._told = time.monotonic()

    def run(self) -> Trained:
        self._tell_start()
        best, weights = 0, _copied(self._task.model)
        for epoch in range(1, self._params.epochs + 1):
            self._history.append(self._epoch(epoch))
            self._tell(epoch, snapshot=True)
            if _better(self._history, best):
                best, weights = epoch, _copied(self._task.model)
            elif self._params.patience and epoch - best >= self._params.patience:
                break
        self._task.model.load_state_dict(weights)
        return Trained(self._task.table(), tuple(self._history), self._task.summary, best)

    def _epoch(self, epoch: int) -> EpochFigures:
        started = time.monotonic()
        loss, accuracy = self._learn(epoch)
        held_out = self._validate(epoch)
        seconds = time.monotonic() - started
        return EpochFigures(epoch, loss, accuracy, *held_out, seconds=seconds)

    def _learn(self, epoch: int) -> tuple[float, float | None]:
        """One pass over the training examples in a new order: (mean loss, accuracy)."""
        import torch

        self._task.model.train()
        count = len(self._task.training[0])
        order = torch.randperm(count, generator=self._generator)
        tally = _Tally()
        for batch in _slices(count, self._batch_size):
            rows = order[batch]
            done = len(self._losses) / self._steps
            loss, right = self._step([tensor[rows] for tensor in self._task.training], done)
            self._losses.append(self._finite(loss))
            tally.add(loss, right, len(rows))
            self._tell(epoch)
        return tally.means

    def _finite(self, loss: float) -> float:
        if math.isfinite(loss):
            return loss
        raise ExplorerError(
            f"The loss is no longer a number after step {len(self._losses) + 1:,}.",
            f"Use a learning rate below {self._params.learning_rate:g}.",
        )

    def _validate(self, epoch: int) -> tuple[float | None, float | None]:
        """(mean loss, accuracy) on the examples held out."""
        import torch

        count = len(self._task.held_out[0])
        if not count:
            return None, None
        self._task.model.eval()
        tally = _Tally()
        with torch.no_grad():
            for rows in _slices(count, _VALIDATION_BATCH):
                batch = [tensor[rows] for tensor in self._task.held_out]
                loss, right = self._task.loss(*batch)
                tally.add(float(loss), _counted(right), len(batch[0]))
                self._tell(epoch)
        return tally.means

    def _tell_start(self) -> None:
        task = self._task
        documents, held_out = len(task.training[0]), len(task.held_out[0])
        started = Started(task.summary, task.rows, documents, held_out, self._steps)
        self._report(Progress(0, self._steps, "Training starts", started))

    def _tell(self, epoch: int, *, snapshot: bool = False) -> None:
        """A checkpoint; with a Snapshot where one is due."""
        due = snapshot or time.monotonic() - self._told >= _SNAPSHOT_SECONDS
        partial = self._snapshot(epoch) if due else None
        message = f"Epoch {epoch} of {self._params.epochs}"
        self._report(Progress(len(self._losses), self._steps, message, partial))
        if due:
            self._told = time.monotonic()

    def _snapshot(self, epoch: int) -> Snapshot:
        return Snapshot(
            epoch,
            len(self._losses),
            self._steps,
            self._per_epoch,
            tuple(self._history),
            np.array(self._losses, dtype=np.float32),
            self._task.table(),
            self._task.summary,
        )


def _automatic_batch(examples: int) -> int:
    """8 to 128: a hundred steps an epoch, or a small corpus is not learnt in a few epochs."""
    return min(128, max(8, examples // 100))


def _slices(count: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, count, size))


def _better(history: list[EpochFigures], best: int) -> bool:
    """Whether the last epoch is the best so far; it always is where nothing is held out."""
    last = history[-1].validation_loss
    before = history[best - 1].validation_loss if best else None
    return last is None or before is None or last < before


def _counted(right: torch.Tensor | None) -> int | None:
    return None if right is None else int(right)


def _copied(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}
