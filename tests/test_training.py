"""The loop: what it learns, tells, keeps and refuses."""

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.corpora import Texts
from explorer.errors import ExplorerError
from explorer.objectives.sentiment import OBJECTIVE, SentimentParams
from explorer.progress import Cancelled, Progress
from explorer.table import Note
from explorer.training import Snapshot, Started, _automatic_batch, keep, train

PRAISE, BLAME = ("superb", "lovely"), ("dreadful", "dull")


@pytest.fixture(scope="module")
def reviews() -> Texts:
    """300 reviews of neutral words with one word that tells."""
    rng = np.random.default_rng(5)
    plot = [
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
    labels = np.arange(300) % 2
    texts = [
        " ".join([*rng.choice(plot, rng.integers(3, 10)), rng.choice((BLAME, PRAISE)[label])])
        for label in labels
    ]
    return Texts(texts, labels, ("negative", "positive"), Path("toy.csv"))


def small(**changes) -> SentimentParams:
    chosen = {
        "epochs": 6, "dim": 8, "maxlen": 10, "batch_size": 16, "learning_rate": 0.02, "threads": 1,
    }  # fmt: skip
    return SentimentParams(**(chosen | changes))


def learn(reviews, seed=0, report=lambda progress: None, **changes):
    return train(reviews, OBJECTIVE, small(**changes), seed=seed, report=report)


def stopper(after: type, times: int, seen: list[Progress]):
    """A report that keeps what it is told and stops at the n-th partial of a kind."""

    def report(progress: Progress) -> None:
        seen.append(progress)
        if sum(isinstance(told.partial, after) for told in seen) == times:
            raise Cancelled

    return report


def partials(seen, kind):
    return [progress.partial for progress in seen if isinstance(progress.partial, kind)]


@pytest.mark.parametrize("pooling", ["mean", "flatten"])
def test_a_separable_corpus_is_learnt_and_its_words_lean_the_right_way(reviews, pooling):
    result = learn(reviews, pooling=pooling, epochs=12, patience=0)
    assert result.history[result.best_epoch - 1].validation_accuracy >= 0.95
    lean = {t: result.table.columns["lean"].values[result.table.find(t)] for t in PRAISE + BLAME}
    assert min(lean[word] for word in PRAISE) > max(lean[word] for word in BLAME)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(reviews):
    first, again, other = (learn(reviews, seed).table for seed in (0, 0, 1))
    for name in ("count", "norm", "lean"):
        assert first.columns[name].values.tobytes() == again.columns[name].values.tobytes()
    assert first.vectors.to_numpy().tobytes() == again.vectors.to_numpy().tobytes()
    assert first.tokenizer == again.tokenizer
    assert first.vectors.to_numpy().tobytes() != other.vectors.to_numpy().tobytes()


def test_watching_changes_nothing(reviews, monkeypatch):
    monkeypatch.setattr("explorer.training._SNAPSHOT_SECONDS", 0.0)
    seen: list[Progress] = []
    watched = learn(reviews, report=seen.append)
    assert len(partials(seen, Snapshot)) > 50
    monkeypatch.undo()
    assert (
        watched.table.vectors.to_numpy().tobytes()
        == learn(reviews).table.vectors.to_numpy().tobytes()
    )


def test_what_was_noticed_in_the_corpus_is_in_the_report_of_every_table(reviews):
    notes = (Note("3 reviews without a label left out.", "warning", ()),)
    seen: list[Progress] = []
    result = learn(replace(reviews, notes=notes), epochs=1, report=seen.append)
    assert result.table.report == notes
    assert {snapshot.table.report for snapshot in partials(seen, Snapshot)} == {notes}


def test_the_callers_random_numbers_and_threads_are_left_alone(reviews):
    random, threads = torch.get_rng_state(), torch.get_num_threads()
    learn(reviews, threads=1, epochs=1)
    assert torch.equal(torch.get_rng_state(), random)
    assert torch.get_num_threads() == threads


def test_the_padding_row_is_zero_after_training(reviews):
    table = learn(reviews).table
    assert not table.vectors.rows(0).any()
    assert table.zero_rows.tolist() == [0]


@pytest.mark.parametrize("norm_type", [1.0, 2.0])
def test_max_norm_holds_after_training(reviews, norm_type):
    rows = learn(reviews, max_norm=0.5, norm_type=norm_type).table.vectors.to_numpy()
    norms = np.linalg.norm(rows, norm_type, axis=1)
    assert 0.45 < norms.max() <= 0.5 + 1e-6


def test_the_layers_are_told_before_the_first_step(reviews):
    seen: list[Progress] = []
    result = learn(reviews, report=seen.append)
    first = next(progress.partial for progress in seen if progress.partial is not None)
    assert isinstance(first, Started)
    assert first.summary == result.summary
    assert (first.documents, first.held_out, first.rows) == (240, 60, len(result.table))
    assert first.steps == 15 * 6


@pytest.mark.parametrize(("examples", "size"), [(20_000, 128), (5_120, 51), (160, 8), (1, 8)])
def test_an_automatic_batch_gives_small_corpora_steps_enough(examples, size):
    assert _automatic_batch(examples) == size


def test_a_batch_size_that_is_asked_for_is_the_one_used(reviews):
    seen: list[Progress] = []
    learn(reviews, report=seen.append, batch_size=100, epochs=1)
    last = partials(seen, Snapshot)[-1]
    assert (last.steps, last.steps_per_epoch) == (3, 3)


def test_progress_never_goes_back_and_ends_at_the_whole(reviews):
    seen: list[Progress] = []
    learn(reviews, patience=0, report=seen.append)
    done = [progress.fraction for progress in seen]
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_a_snapshot_is_a_whole_table_of_its_own(reviews):
    seen: list[Progress] = []
    learn(reviews, report=seen.append)
    snapshots = partials(seen, Snapshot)
    first, last = snapshots[0].table, snapshots[-1].table
    assert set(first.columns) == {"count", "norm", "lean"}
    assert first.tokens is last.tokens
    np.testing.assert_array_equal(first.columns["norm"].values, first.vectors.norms)
    assert not np.array_equal(first.vectors.to_numpy(), last.vectors.to_numpy())
    assert len(snapshots[-1].losses) == snapshots[-1].step
    assert [figures.epoch for figures in snapshots[-1].history] == [
        *range(1, snapshots[-1].epoch + 1)
    ]


def test_stopping_keeps_what_was_learnt(reviews, monkeypatch):
    # No snapshot but at the end of an epoch, however long that takes.
    monkeypatch.setattr("explorer.training._SNAPSHOT_SECONDS", math.inf)
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        learn(reviews, report=stopper(Snapshot, 3, seen), epochs=500, patience=0)
    last = partials(seen, Snapshot)[-1]
    result = keep(last)
    assert result.stopped
    assert result.table is last.table
    assert len(result.history) >= 1
    lean = result.table.columns["lean"].values
    assert lean[result.table.find("superb")] > lean[result.table.find("dreadful")]


def test_a_training_can_be_stopped_while_it_reads_words(reviews):
    def stop(progress: Progress) -> None:
        raise Cancelled

    threads = torch.get_num_threads()
    with pytest.raises(Cancelled):
        learn(reviews, report=stop, threads=threads + 1)
    assert torch.get_num_threads() == threads


def test_the_table_is_of_the_epoch_with_the_lowest_validation_loss(reviews):
    # Labels that mean nothing: from some epoch on, validation can only get worse.
    rng = np.random.default_rng(0)
    noise = replace(reviews, labels=rng.permutation(reviews.labels))
    seen: list[Progress] = []
    result = learn(noise, report=seen.append, epochs=30, patience=3, learning_rate=0.05)
    losses = [figures.validation_loss for figures in result.history]
    assert result.best_epoch == 1 + int(np.argmin(losses))
    assert len(losses) == result.best_epoch + 3 < 30
    ends = [s for s in partials(seen, Snapshot) if len(s.history) == s.epoch]
    best = next(s for s in ends if s.epoch == result.best_epoch)
    assert best.table.vectors.to_numpy().tobytes() == result.table.vectors.to_numpy().tobytes()


def test_without_validation_the_last_epoch_is_kept(reviews):
    result = learn(reviews, validation=0.0, epochs=3)
    assert result.best_epoch == 3
    assert [figures.validation_loss for figures in result.history] == [None] * 3


def test_a_loss_that_is_no_number_ends_with_advice(reviews):
    def broken(texts, params, *, seed, report):
        task = OBJECTIVE.prepare(texts, params, seed=seed, report=report)

        def loss(ids, labels):
            value, right = task.loss(ids, labels)
            return value * float("nan"), right

        return replace(task, loss=loss)

    with pytest.raises(ExplorerError, match=r"step 1\b.*learning rate below 0\.02"):
        train(reviews, replace(OBJECTIVE, prepare=broken), small())


def test_dropout_is_on_while_learning_and_off_while_validating(reviews):
    modes: list[tuple[bool, bool]] = []

    def watched(texts, params, *, seed, report):
        task = OBJECTIVE.prepare(texts, params, seed=seed, report=report)

        def loss(ids, labels):
            modes.append((torch.is_grad_enabled(), task.model.training))
            return task.loss(ids, labels)

        return replace(task, loss=loss)

    train(reviews, replace(OBJECTIVE, prepare=watched), small(epochs=2))
    assert modes == ([(True, True)] * 15 + [(False, False)]) * 2


def test_the_loop_drives_any_task(reviews):
    """A straight line through points, without words, labels or validation."""
    from explorer.objectives import Layer, Summary, Task

    x = torch.linspace(-1, 1, 50)
    line = torch.nn.Linear(1, 1)
    table = OBJECTIVE.prepare(reviews, small(), seed=0, report=lambda p: None).table()

    def loss(x, y):
        error = (line(x[:, None]).squeeze(1) - y).square()
        return error.mean(), (error < 0.01).sum()

    def prepare(texts, params, *, seed, report):
        summary = Summary((Layer("Dense", (None, 1), 2),))
        none = torch.empty(0)
        return Task(line, (x, 3 * x + 1), (none, none), loss, lambda: table, summary, 0)

    objective = replace(OBJECTIVE, prepare=prepare)
    result = train(reviews, objective, small(epochs=100, learning_rate=0.1))
    assert result.history[-1].accuracy == 1.0
    assert line.weight.item() == pytest.approx(3, abs=0.01)


def test_a_task_may_bring_its_own_step(reviews):
    """The same loop counts, tells and keeps; only the weights are moved elsewhere."""
    done: list[float] = []

    def prepare(texts, params, *, seed, report):
        task = OBJECTIVE.prepare(texts, params, seed=seed, report=report)

        def step(batch, share):
            done.append(share)
            with torch.no_grad():
                task.model.embedding.weight[2:] += 1.0
            return 10.0 - len(done) / 100, None

        def loss(*batch):  # worse from epoch to epoch, and nothing is right or wrong
            return torch.tensor(float(len(done))), None

        return replace(task, step=step, loss=loss)

    seen: list[Progress] = []
    result = train(
        reviews,
        replace(OBJECTIVE, prepare=prepare),
        small(epochs=3, patience=0),
        report=seen.append,
    )
    assert done == [step / 45 for step in range(45)]
    np.testing.assert_allclose(
        partials(seen, Snapshot)[-1].losses, 10 - np.arange(1, 46) / 100, rtol=1e-6
    )
    assert [figures.loss for figures in result.history] == pytest.approx([9.92, 9.77, 9.62])
    assert [figures.accuracy for figures in result.history] == [None] * 3
    assert [figures.validation_accuracy for figures in result.history] == [None] * 3
    assert result.best_epoch == 1
    means = result.table.vectors.to_numpy()[2:].mean()
    assert means == pytest.approx(15.0, abs=0.1)  # the weights of the first epoch, 15 steps


def test_the_registries_and_the_loop_load_no_heavy_library():
    program = (
        "import sys, explorer.training, explorer.corpora, explorer.objectives\n"
        "explorer.corpora.corpora(), explorer.objectives.objectives()\n"
        "print(sorted({'torch', 'sklearn', 'scipy', 'tokenizers', 'PySide6'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
