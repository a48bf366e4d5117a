"""Sentiment: the table that tells praise from blame.

nn.Embedding -> mean of the words (or Flatten) -> Dense(6, ReLU) -> Dense(1), binary cross-entropy
on the logit, Adam. The mean is the "neural bag of words" of Iyyer et al. 2015 (Deep Unordered
Composition Rivals Syntactic Methods for Text Classification).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.objectives import (
    LabelledTexts,
    Layer,
    Objective,
    Summary,
    Task,
    TrainingParams,
)
from explorer.objectives._split import stratified_split
from explorer.objectives._words import (
    SPECIAL,
    Encoded,
    encode,
    learn_tokenizer,
    padded,
    tokens_of,
)
from explorer.params import param
from explorer.progress import Report, part, silent
from explorer.table import Column, Source, Table
from explorer.vectors import Vectors

if TYPE_CHECKING:
    import torch

    from explorer.objectives._sentiment_model import SentimentModel


@dataclass(frozen=True)
class SentimentParams(TrainingParams):
    """What may be chosen when a table is trained on sentiment."""

    vocabulary: int = param(
        20_000,
        minimum=3,
        maximum=5_000_000,
        unit="rows",
        help="Rows of the table at most: the commonest words of the training reviews, with <pad> "
        "and <unk>. Every other word is <unk>.",
    )
    min_frequency: int = param(
        2, minimum=1, help="Occurrences a word needs in the training reviews to have its own row."
    )
    lowercase: bool = param(True, help="Read Good and good as one word.")
    dim: int = param(
        32, minimum=1, maximum=4096, unit="numbers", help="Numbers in a row of the table."
    )
    pooling: str = param(
        "mean",
        choices=("mean", "flatten"),
        help="How the rows of a review become one: their mean, padding left out, or all of them "
        "one after the other (Flatten), which knows their order and overfits sooner.",
    )
    maxlen: int = param(
        500,
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
    training, held_out = stratified_split(texts.labels, params.validation, seed)
    chosen = [texts.texts[row] for row in training]
    tokenizer = learn_tokenizer(
        chosen,
        vocabulary=params.vocabulary,
        min_frequency=params.min_frequency,
        lowercase=params.lowercase,
        report=part(report, 0, 0.35),
    )
    tokens = tokens_of(tokenizer)
    if len(tokens) == len(SPECIAL):
        raise InputError(
            texts.path,
            f"no word stands {params.min_frequency:,} times in the training reviews.",
            "Lower the minimum frequency.",
        )
    encoded = encode(tokenizer, chosen, part(report, 0.35, 0.85))
    rest = encode(tokenizer, [texts.texts[row] for row in held_out], part(report, 0.85, 1))
    model = SentimentModel(len(tokens), params, seed)
    source = Source(tensor=f"trained on {texts.path.name}")
    counts = encoded.counts(len(tokens))
    finish = _finisher(model, tokens, counts, tokenizer.to_str(), texts.label_names, source)
    return Task(
        model=model,
        training=_tensors(encoded, texts.labels[training], params),
        held_out=_tensors(rest, texts.labels[held_out], params),
        loss=model.loss,
        table=finish,
        summary=layer_summary(len(tokens), params),
        rows=len(tokens),
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


def _finisher(
    model: SentimentModel,
    tokens: tuple[str, ...],
    counts: npt.NDArray[np.int64],
    tokenizer: str,
    labels: Sequence[str],
    source: Source,
) -> Callable[[], Table]:
    """What makes a Table of the model's weights as they are when it is called."""
    negative, positive = labels
    count = Column("count", counts, "Occurrences in the training reviews.")

    def finish() -> Table:
        vectors = Vectors(model.rows())
        lean = Column(
            "lean",
            model.leans(),
            f"What the model says of a review of this one word, in log-odds: above 0 for "
            f"{positive}, below 0 for {negative}.",
        )
        norm = Column("norm", vectors.norms, "Euclidean norm of the row.")
        columns = {column.name: column for column in (count, norm, lean)}
        return Table(tokens, vectors, columns, source, tokenizer=tokenizer)

    return finish


OBJECTIVE = Objective(
    name="sentiment",
    title="Sentiment of reviews",
    summary="Words lie by what they say of a review: praise on one side, blame on the other.",
    params=SentimentParams,
    prepare=prepare,
    order=10,
)
