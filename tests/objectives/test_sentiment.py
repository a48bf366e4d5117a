"""The sentiment objective: model, tensors, summary, table."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.errors import InputError, ParameterError
from explorer.objectives import objectives
from explorer.objectives.sentiment import OBJECTIVE, SentimentParams, layer_summary, prepare
from explorer.params import fields_of
from explorer.progress import silent


def ready(texts, params, seed=0):
    return prepare(texts, params, seed=seed, report=silent)


def test_the_objective_is_in_the_registry():
    assert objectives()["sentiment"] is OBJECTIVE


def test_every_parameter_explains_itself():
    assert all(field.info.help for field in fields_of(SentimentParams))


@pytest.mark.parametrize(
    "wrong", [{"pooling": "max"}, {"validation": 1.0}, {"dim": 0}, {"learning_rate": float("nan")}]
)
def test_a_value_out_of_range_is_refused(wrong):
    with pytest.raises(ParameterError):
        SentimentParams(**wrong)


def test_the_layer_summary_counts_parameters_as_by_hand():
    mean = layer_summary(1000, SentimentParams(dim=32, maxlen=500))
    assert [(layer.shape, layer.parameters) for layer in mean.layers] == [
        ((None, 500, 32), 32_000),
        ((None, 32), 0),
        ((None, 6), 198),
        ((None, 1), 7),
    ]
    assert mean.total == 32_205
    flat = layer_summary(1000, SentimentParams(dim=8, maxlen=10, pooling="flatten"))
    assert flat.layers[1].name == "Flatten"
    assert flat.layers[1].shape == (None, 80)
    assert flat.total == 8000 + 80 * 6 + 6 + 7


@pytest.mark.parametrize("pooling", ["mean", "flatten"])
def test_the_summary_is_of_the_model_that_is_trained(toy_reviews, small, pooling):
    task = ready(toy_reviews, small(pooling=pooling))
    assert task.summary.total == sum(p.numel() for p in task.model.parameters())


def test_the_mean_leaves_padding_out(toy_reviews, small):
    model = ready(toy_reviews, small()).model
    ids = torch.tensor([[2, 3, 0, 0], [4, 0, 0, 0], [0, 0, 0, 0]], dtype=torch.int32)
    weight = model.embedding.weight
    by_hand = torch.stack([(weight[2] + weight[3]) / 2, weight[4], torch.zeros(8)])
    torch.testing.assert_close(model.pooled(ids), by_hand)


def test_flatten_lays_the_rows_one_after_the_other(toy_reviews, small):
    model = ready(toy_reviews, small(pooling="flatten", maxlen=3)).model
    weight = model.embedding.weight
    flat = model.pooled(torch.tensor([[5, 0, 2]], dtype=torch.int32))
    torch.testing.assert_close(flat[0], torch.cat([weight[5], torch.zeros(8), weight[2]]))


@pytest.mark.parametrize("pooling", ["mean", "flatten"])
@pytest.mark.parametrize("initializer", ["uniform", "normal", "xavier_uniform", "xavier_normal"])
def test_the_padding_row_is_zero_and_gets_no_gradient(toy_reviews, small, pooling, initializer):
    task = ready(toy_reviews, small(pooling=pooling, initializer=initializer))
    loss, _ = task.loss(*task.training)
    loss.backward()
    gradient = task.model.embedding.weight.grad
    assert not task.model.embedding.weight[0].any()
    assert not gradient[0].any()
    assert gradient[1:].any()


def test_only_rows_that_were_looked_up_get_a_gradient(toy_reviews, small):
    task = ready(toy_reviews, small(word_dropout=0.0))
    ids, labels = (tensor[:2] for tensor in task.training)
    task.loss(ids, labels)[0].backward()
    touched = task.model.embedding.weight.grad.abs().sum(1).nonzero().flatten().tolist()
    assert set(touched) <= set(ids.unique().tolist()) - {0}


def test_the_row_of_unknown_words_is_trained_though_no_word_is_unknown(toy_reviews, small):
    task = ready(toy_reviews, small(min_frequency=1, word_dropout=0.2))
    assert task.table().columns["count"].values[1] == 0
    task.model.train()
    task.loss(*task.training)[0].backward()
    assert task.model.embedding.weight.grad[1].any()


def test_no_word_is_dropped_while_validating(toy_reviews, small):
    task = ready(toy_reviews, small(word_dropout=0.5))
    task.model.eval()
    first, again = (task.loss(*task.held_out)[0].item() for _ in range(2))
    assert first == again


def test_counts_are_those_of_the_training_part_alone(toy_reviews, small):
    params = small(validation=0.25)
    task = ready(toy_reviews, params)
    table = task.table()
    whole = sum(len(text.split()) for text in toy_reviews.texts)
    counted = table.columns["count"]
    assert counted.values.dtype == np.int64
    assert 0.7 * whole < counted.values.sum() < 0.8 * whole
    assert len(task.training[0]) == 300
    assert counted.values[2:].tolist() == sorted(counted.values[2:], reverse=True)


def test_the_tokens_of_the_table_are_the_ids_of_its_tokenizer(toy_reviews, small):
    from tokenizers import Tokenizer

    table = ready(toy_reviews, small()).table()
    tokenizer = Tokenizer.from_str(table.tokenizer)
    assert table.tokens[:2] == ("<pad>", "<unk>")
    assert [table.tokens[row] for row in tokenizer.encode("Superb NOVEL plot").ids] == [
        "superb",
        "<unk>",
        "plot",
    ]


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("pooling", ["mean", "flatten"])
def test_the_lean_of_a_row_is_the_logit_of_that_word_alone(toy_reviews, small, padding, pooling):
    task = ready(toy_reviews, small(padding=padding, pooling=pooling))
    ids = torch.zeros((len(task.table()), 12), dtype=torch.int32)
    ids[:, 0 if padding == "post" else 11] = torch.arange(len(ids))
    task.model.eval()
    logits = task.model(ids).detach().numpy()
    np.testing.assert_allclose(task.table().columns["lean"].values, logits, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("norm_type", [1.0, 2.0])
def test_rows_of_the_table_keep_to_max_norm(toy_reviews, small, norm_type):
    task = ready(toy_reviews, small(max_norm=0.05, norm_type=norm_type))
    before = np.linalg.norm(task.model.embedding.weight.detach(), norm_type, axis=1)
    rows = task.table().vectors.to_numpy()
    assert before.max() > 0.05
    assert np.linalg.norm(rows, norm_type, axis=1).max() <= 0.05 + 1e-6


def test_three_labels_are_refused_by_name(toy_reviews, small):
    three = replace(toy_reviews, label_names=("bad", "fair", "good"))
    with pytest.raises(InputError, match=r"toy\.csv: there are 3 .*\(bad, fair, good\)"):
        ready(three, small())


def test_a_minimum_frequency_that_no_word_has_is_refused(toy_reviews, small):
    with pytest.raises(InputError, match="10,000 times"):
        ready(toy_reviews, small(min_frequency=10_000))
