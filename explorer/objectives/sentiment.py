"""Sentiment: the table that tells praise from blame.

nn.Embedding -> mean of the words (or Flatten) -> Dense(6, ReLU) -> Dense(1), binary cross-entropy
on the logit, Adam. The mean is the "neural bag of words" of Iyyer et al. 2015 (Deep Unordered
Composition Rivals Syntactic Methods for Text Classification).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.objectives import LabelledTexts, Layer, Objective, Summary, Task
from explorer.objectives._corpus_words import CorpusWords, WordParams, read_words
from explorer.objectives._words import Encoded, padded
from explorer.params import param
from explorer.progress import Report, silent
from explorer.table import Column, Table
from explorer.vectors import Vectors

if TYPE_CHECKING:
    import torch

    from explorer.objectives._sentiment_model import SentimentModel


@dataclass(frozen=True)
class SentimentParams(WordParams):
    """What may be chosen when a table is trained on sentiment."""

    pooling: str = param(
        "mean",
        choices=("mean", "flatten"),
        help="How the rows of a review become one: their mean, padding left out, or all of them "
        "one after the other (Flatten), which knows their order and overfits sooner.",
    )
    maxlen: int = param(
        500,
        label="Longest review",
        minimum=1,
        maximum=100_000,
        unit="words",
        help="Words of a review that are read; shorter reviews are padded to it.",
    )
    padding: str = param(
        "post",
        choices=("pre", "post"),
        help="Where <pad> fills a short review: before its words or after them. "
        "Without effect on the mean.",
    )
    truncating: str = param(
        "pre",
        choices=("pre", "post"),
        help="Where a long review is cut: at its start (pre) or at its end (post). Reviews tend to "
        "judge at the end.",
    )
    word_dropout: float = param(
        0.05,
        minimum=0,
        maximum=0.9,
        help="Share of the words read as <unk>, drawn anew in every step. It trains the row of "
        "unknown words and slows overfitting (Iyyer et al. 2015).",
    )
    initializer: str = param(
        "uniform",
        choices=("uniform", "normal", "xavier_uniform", "xavier_normal"),
        advanced=True,
        help="How the rows begin: uniform in -0.05..0.05, normal with deviation 0.05, or "
        "Glorot's two (2010). The <pad> row begins and stays zero.",
    )
    hidden: int = param(
        6, minimum=1, maximum=4096, advanced=True, help="Units of the hidden layer (ReLU)."
    )
    max_norm: float = param(
        0.0,
        minimum=0.0,
        special=0,
        special_text="off",
        advanced=True,
        help="Longest norm a row may have: a longer one is scaled down when it is looked up; "
        "0: off.",
    )
    norm_type: float = param(
        2.0,
        minimum=0.1,
        advanced=True,
        help="Which norm max_norm speaks of: 1 for the sum of sizes, 2 for Euclid's.",
    )


def layer_summary(rows: int, params: SentimentParams) -> Summary:
    """The model's layers for a table of `rows` rows, in the order of the computation."""
    pooled = params.dim * (params.maxlen if params.pooling == "flatten" else 1)
    pooling = "Flatten" if params.pooling == "flatten" else "Mean of the words"
    return Summary(
        (
            Layer("Embedding", (None, params.maxlen, params.dim), rows * params.dim),
            Layer(pooling, (None, pooled), 0),
            Layer("Dense (ReLU)", (None, params.hidden), (pooled + 1) * params.hidden),
            Layer("Dense (logit)", (None, 1), params.hidden + 1),
        )
    )


def prepare(
    texts: LabelledTexts, params: SentimentParams, *, seed: int, report: Report = silent
) -> Task:
    """Tokenizer, tensors and model. Raises InputError where there are not exactly two labels, or
    where no word is frequent enough."""
    from explorer.objectives._sentiment_model import SentimentModel

    _check_labels(texts)
    words = read_words(texts, params, seed=seed, report=report)
    model = SentimentModel(len(words), params, seed)
    return Task(
        model=model,
        training=_tensors(words.training, words.training_labels, params),
        held_out=_tensors(words.held_out, words.held_out_labels, params),
        loss=model.loss,
        table=lambda: _table(words, model),
        summary=layer_summary(len(words), params),
        rows=len(words),
    )


def _check_labels(texts: LabelledTexts) -> None:
    names = texts.label_names
    if len(names) == 2:
        return
    some = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    raise InputError(
        texts.path,
        f"there are {len(names):,} different labels ({some}) and sentiment needs two.",
        "Name another label column, or keep the reviews of two labels.",
    )


def _tensors(
    encoded: Encoded, labels: npt.NDArray[np.int64], params: SentimentParams
) -> tuple[torch.Tensor, ...]:
    """(int32 ids (documents, maxlen), float32 labels (documents,))."""
    import torch

    ids = padded(encoded, params.maxlen, padding=params.padding, truncating=params.truncating)
    return torch.from_numpy(ids), torch.from_numpy(labels.astype(np.float32))


def _table(words: CorpusWords, model: SentimentModel) -> Table:
    """A Table of the model's weights as they are now."""
    negative, positive = words.label_names
    lean = Column(
        "lean",
        model.leans(),
        f"What the model says of a review of this one word, in log-odds: above 0 for "
        f"{positive}, below 0 for {negative}.",
    )
    return words.table(Vectors(model.rows()), [lean])


OBJECTIVE = Objective(
    name="sentiment",
    title="Sentiment of reviews",
    summary="Words lie by what they say of a review: praise on one side, blame on the other.",
    params=SentimentParams,
    prepare=prepare,
    order=10,
)
