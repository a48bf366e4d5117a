"""Skip-gram: who meets whom, the gradient, what is learnt, the table."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.corpora import Texts
from explorer.errors import ParameterError
from explorer.objectives import TrainingParams, objectives
from explorer.objectives._skipgram_model import (
    BLOCK,
    Blocks,
    SkipgramModel,
    _loss_to_gradient,
    _move,
)
from explorer.objectives._words import Encoded
from explorer.objectives.skipgram import OBJECTIVE, SkipgramParams, document_frequencies, prepare
from explorer.params import fields_of
from explorer.progress import silent
from explorer.training import Trained, train

SUBJECTS = {
    "sea": ["ship", "captain", "wave", "harbour", "sail", "anchor"],
    "court": ["judge", "lawyer", "trial", "jury", "witness", "verdict"],
}


@pytest.fixture(scope="module")
def tales() -> Texts:
    """400 tales, each of one subject and of common words; no word of one is in the other."""
    rng = np.random.default_rng(3)
    common = ["the", "a", "and", "then", "was", "old", "one", "day"]
    labels = np.arange(400) % 2
    texts = [
        " ".join(rng.permutation([*rng.choice(words, 8), *rng.choice(common, 4)]))
        for words in (list(SUBJECTS.values())[label] for label in labels)
    ]
    return Texts(texts, labels, tuple(SUBJECTS), Path("tales.csv"))


def params(**changes: object) -> SkipgramParams:
    chosen = {"epochs": 8, "dim": 8, "batch_size": 16, "threads": 1, "min_frequency": 1}
    return SkipgramParams(**(chosen | changes))


@pytest.fixture(scope="module")
def trained(tales: Texts) -> Trained:
    return train(tales, OBJECTIVE, params())


def encoded(*documents: list[int]) -> Encoded:
    starts = np.concatenate([[0], np.cumsum([len(d) for d in documents], dtype=np.int64)])
    return Encoded(np.array([i for d in documents for i in d], dtype=np.int32), starts)


def model_of(*documents: list[int], rows: int = 100, **changes: object) -> SkipgramModel:
    """A model of some documents with every word kept."""
    chosen = params(**({"subsampling": 0.0} | changes))
    return SkipgramModel(encoded(*documents), encoded(), rows, chosen, 0)


def blocks_of(model: SkipgramModel, *documents: int, seed: int = 0) -> Blocks:
    return model.blocks(torch.tensor(documents), torch.Generator().manual_seed(seed))


def test_the_objective_is_in_the_registry_and_not_the_first():
    assert objectives()["skipgram"] is OBJECTIVE
    assert next(iter(objectives())) != "skipgram"


def test_every_parameter_explains_itself_in_the_order_of_its_kind():
    fields = fields_of(SkipgramParams)
    assert all(field.info.help for field in fields)
    shared = [field.name for field in fields_of(TrainingParams)]
    assert [field.name for field in fields][: len(shared)] == shared


@pytest.mark.parametrize(
    "wrong", [{"window": 0}, {"window": 32}, {"negatives": 0}, {"subsampling": 2.0}]
)
def test_a_value_out_of_range_is_refused(wrong):
    with pytest.raises(ParameterError):
        SkipgramParams(**wrong)


def test_words_meet_within_their_window_only_and_never_themselves():
    model = model_of(list(range(2, 52)), window=3)
    blocks = blocks_of(model, 0)
    place = torch.arange(BLOCK)
    distance = (place[:, None] - place[None, :]).abs()
    met = blocks.meets.bool()
    assert not met[:, distance > 3].any()
    assert not met[:, distance == 0].any()
    inner = met[0, 3:-3]  # the reach of a word is its own, the same on both sides
    assert set(inner.sum(1).tolist()) == {2, 4, 6}


def test_words_of_different_documents_never_meet():
    model = model_of([2, 3, 4], [5, 6], [7, 8, 9, 10], window=10)
    blocks = blocks_of(model, 2, 0, 1)
    assert blocks.ids[0, :9].tolist() == [7, 8, 9, 10, 2, 3, 4, 5, 6]
    document = torch.tensor([0] * 4 + [1] * 3 + [2] * 2 + [-1] * (BLOCK - 9))
    apart = document[:, None] != document[None, :]
    assert not blocks.meets[0][apart].any()
    assert blocks.meets[0, :9].sum(1).min() >= 1


def test_what_fills_a_block_meets_nobody():
    blocks = blocks_of(model_of([2, 3, 4]), 0)
    assert blocks.ids[0, 3:].tolist() == [0] * (BLOCK - 3)
    assert not blocks.meets[0, 3:].any()
    assert not blocks.meets[0, :, 3:].any()
    assert not blocks.noise_weight[0, 3:].any()


def test_noise_weighs_as_many_words_as_were_asked_for_against_each_neighbour():
    blocks = blocks_of(model_of(list(range(2, 60)), negatives=7), 0)
    noise = blocks.noise_weight.expand(-1, -1, BLOCK).sum()
    assert float(noise) == pytest.approx(7 * blocks.pairs)


@pytest.mark.parametrize(("exponent", "share"), [(1.0, 0.9), (0.0, 0.5)])
def test_noise_follows_the_counts_to_their_power(exponent, share):
    model = model_of([2] * 900 + [3] * 100, noise_exponent=exponent)
    noise = blocks_of(model, 0).noise
    assert set(noise.unique().tolist()) == {2, 3}  # never what does not occur
    assert float((noise == 2).float().mean()) == pytest.approx(share, abs=0.05)


def test_common_words_are_thinned_out_and_rare_ones_kept():
    model = model_of([2] * 9_990 + [3] * 10, subsampling=0.001)
    kept = blocks_of(model, 0).ids
    # sqrt(t/f) + t/f with f = 0.999
    assert int((kept == 2).sum()) == pytest.approx(9_990 * 0.0326, rel=0.2)
    assert int((kept == 3).sum()) == 10


@pytest.mark.parametrize("documents", [[[]], [[], []], [[2]]])
def test_documents_without_a_pair_teach_nothing(documents):
    model = model_of(*documents, [2, 3, 2, 3])
    before = model.rows()
    everything = torch.arange(len(documents))
    assert model.step([everything], 0.0) == (0.0, None)
    assert model.loss(everything)[0] == 0
    np.testing.assert_array_equal(model.rows(), before)


def test_the_gradient_is_the_one_of_autograd():
    """The written-out step beside the textbook's loss, over all pairs, one by one."""
    model = model_of(list(range(2, 40)), dim=5)
    model.neighbours.copy_(torch.randn(100, 5, generator=torch.Generator().manual_seed(1)))
    blocks = blocks_of(model, 0)
    words = model.words.clone().requires_grad_()
    others = model.neighbours.clone().requires_grad_()
    neighbours = torch.einsum("bid,bjd->bij", words[blocks.ids], others[blocks.ids])
    noise = torch.einsum("bid,bjd->bij", words[blocks.ids], others[blocks.noise])
    log = torch.nn.functional.logsigmoid
    loss = -(log(neighbours) * blocks.meets).sum() - (log(-noise) * blocks.noise_weight).sum()
    loss.backward()

    scores = model._scores(blocks)[0]
    assert _loss_to_gradient(scores, blocks) == pytest.approx(loss.item(), rel=1e-5)
    start = model.words.clone(), model.neighbours.clone()
    model._descend(blocks, 1e-3)
    for table, before, gradient in zip(
        (model.words, model.neighbours), start, (words.grad, others.grad), strict=True
    ):
        torch.testing.assert_close(table - before, -1e-3 * gradient, rtol=1e-3, atol=1e-6)


def test_no_row_moves_further_than_half_in_one_step():
    table = torch.zeros(4, 2)
    gradient = torch.tensor([[[30.0, 40.0], [30.0, 40.0], [0.3, 0.4]]])
    _move(table, torch.tensor([[1, 1, 3]]), gradient, 0.1)
    torch.testing.assert_close(table[1], torch.tensor([-0.3, -0.4]))
    torch.testing.assert_close(table[3], torch.tensor([-0.03, -0.04]))
    assert not table[[0, 2]].any()


def test_the_learning_rate_falls_to_a_hundredth():
    moved = []
    for done in (0.0, 0.5, 0.9999):
        model = model_of(list(range(2, 40)), learning_rate=0.01)
        model.neighbours.fill_(0.1)
        before = model.rows()
        model.step([torch.tensor([0])], done)
        moved.append(float(np.linalg.norm(model.rows() - before)))
    assert moved[1] / moved[0] == pytest.approx(0.5, rel=1e-3)
    assert moved[2] / moved[0] == pytest.approx(0.01, rel=1e-2)


def test_words_of_one_subject_become_neighbours(trained: Trained):
    table = trained.table
    unit = table.vectors.to_numpy() / np.maximum(table.vectors.norms, 1e-9)[:, None]
    for name, words in SUBJECTS.items():
        inside = unit[[table.find(word) for word in words]]
        other = next(others for key, others in SUBJECTS.items() if key != name)
        outside = unit[[table.find(word) for word in other]]
        assert (inside @ inside.T).min() > (inside @ outside.T).max()


def test_the_loss_on_unseen_documents_falls(trained: Trained):
    losses = [figures.validation_loss for figures in trained.history]
    assert losses[-1] < losses[0] < 6 * np.log(2)  # what six coins would say
    assert [figures.accuracy for figures in trained.history] == [None] * 8
    assert [figures.validation_accuracy for figures in trained.history] == [None] * 8


def test_validation_says_the_same_twice(tales: Texts):
    task = prepare(tales, params(), seed=0, report=silent)
    first, again = (task.loss(*task.held_out)[0].item() for _ in range(2))
    assert first == again


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tales: Texts):
    first, again, other = (
        train(tales, OBJECTIVE, params(epochs=2), seed=seed).table.vectors.to_numpy().tobytes()
        for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_the_callers_random_numbers_are_left_alone(tales: Texts):
    before = torch.get_rng_state()
    train(tales, OBJECTIVE, params(epochs=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_learning_rate_far_too_large_does_not_end_in_nan(tales: Texts):
    table = train(tales, OBJECTIVE, params(epochs=2, learning_rate=10.0)).table
    assert table.vectors.finite.all()


def test_rows_that_nothing_is_known_of_are_zero(trained: Trained):
    assert trained.table.columns["count"].values[:2].tolist() == [0, 0]  # no word was unknown
    assert trained.table.zero_rows.tolist() == [0, 1]
    assert not np.signbit(trained.table.vectors.rows(0)).any()  # an export would say -0


def test_the_row_of_unknown_words_is_trained_where_there_are_some(tales: Texts):
    odd = replace(tales, texts=[f"{text} odd{place}" for place, text in enumerate(tales.texts)])
    table = train(odd, OBJECTIVE, params(epochs=1, min_frequency=2)).table
    assert table.columns["count"].values[1] == 380
    assert table.zero_rows.tolist() == [0]


def test_the_lean_is_the_difference_of_log_odds(tales: Texts):
    table = prepare(tales, params(validation=0.0), seed=0, report=silent).table()
    lean = table.columns["lean"]
    for word in ("judge", "ship", "the"):
        holding = np.array([word in text.split() for text in tales.texts])
        sea, court = (holding[tales.labels == label].sum() + 0.5 for label in (0, 1))
        expected = np.log(court / (201 - court)) - np.log(sea / (201 - sea))
        assert lean.values[table.find(word)] == pytest.approx(expected)
    assert lean.values[table.find("judge")] > 4
    assert lean.values[0] == 0
    assert "counted" in lean.description


@pytest.mark.parametrize("names", [("only",), ("bad", "fair", "good")])
def test_without_two_labels_there_is_no_lean(tales: Texts, names: tuple[str, ...]):
    labels = np.arange(400) % len(names)
    other = replace(tales, labels=labels, label_names=names)
    table = prepare(other, params(), seed=0, report=silent).table()
    assert set(table.columns) == {"count", "norm"}


def test_documents_are_counted_once_for_a_word_however_often_they_hold_it():
    documents = encoded([2, 2, 3], [3], [], [2, 4])
    chosen = np.array([True, True, True, False])
    assert document_frequencies(documents, chosen, 6).tolist() == [0, 0, 1, 2, 0, 0]


def test_the_summary_is_of_the_model_that_is_trained(tales: Texts):
    task = prepare(tales, params(), seed=0, report=silent)
    assert task.summary.total == sum(p.numel() for p in task.model.parameters())
    assert task.summary.layers[1].shape == (None, 6, 8)


def test_a_snapshot_is_not_moved_by_the_steps_after_it(tales: Texts):
    task = prepare(tales, params(), seed=0, report=silent)
    table = task.table()
    before = table.vectors.to_numpy().copy()
    for _ in range(2):  # the first moves the neighbours alone, which begin at zero
        task.step([task.training[0]], 0.0)
    np.testing.assert_array_equal(table.vectors.to_numpy(), before)
    assert not np.array_equal(task.table().vectors.to_numpy(), before)
