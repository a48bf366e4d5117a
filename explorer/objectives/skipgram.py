"""Skip-gram with negative sampling: the table that tells which words stand beside which.

Mikolov et al. 2013 (Distributed Representations of Words and Phrases and their Compositionality,
arXiv:1310.4546), with noise words shared by neighbouring words (see _skipgram_model). Labels teach
it nothing; where there are two, the column `lean` says what the reviews say of a word.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.objectives import (
    LabelledTexts,
    Layer,
    Objective,
    Summary,
    Task,
    TrainingParams,
)
from explorer.objectives._corpus_words import CorpusWords, WordParams, read_words
from explorer.objectives._words import Encoded
from explorer.params import param, varied
from explorer.progress import Report, silent
from explorer.table import Column
from explorer.vectors import Vectors


@dataclass(frozen=True)
class SkipgramParams(WordParams):
    """What may be chosen when a table is trained on the company of words."""

    epochs: int = varied(TrainingParams, "epochs", 10)
    patience: int = varied(TrainingParams, "patience", 0)
    validation: float = varied(TrainingParams, "validation", 0.05)
    learning_rate: float = varied(
        TrainingParams,
        "learning_rate",
        0.1,
        help="Step size of gradient descent at the start; it falls in a line to a hundredth of "
        "that. No row moves further than 0.5 in one step.",
    )
    min_frequency: int = varied(WordParams, "min_frequency", 5)
    dim: int = varied(WordParams, "dim", 64)
    window: int = param(
        5,
        minimum=1,
        maximum=31,
        unit="words",
        help="How far a neighbour may stand on either side. The reach is drawn anew for every "
        "word, from 1 to this, so that near neighbours count more. Narrow: words that can "
        "replace each other; wide: words of one subject.",
    )
    negatives: int = param(
        5,
        minimum=1,
        maximum=100,
        help="Noise words against every neighbour: 5 to 20 for a small corpus, 2 to 5 for a large "
        "one (Mikolov et al. 2013).",
    )
    subsampling: float = param(
        1e-3,
        minimum=0,
        maximum=1,
        special=0,
        special_text="off",
        help="Share of all words above which a word is thinned out, as it says little of its "
        "neighbours; 0: off.",
    )
    noise_exponent: float = param(
        0.75,
        minimum=0,
        maximum=1,
        advanced=True,
        help="Noise words are drawn by their count to this power: 1 as they occur, 0 all alike.",
    )


def layer_summary(rows: int, params: SkipgramParams) -> Summary:
    """The model's layers for a table of `rows` rows, in the order of the computation."""
    others = 1 + params.negatives
    return Summary(
        (
            Layer("Embedding (words)", (None, params.dim), rows * params.dim),
            Layer("Embedding (neighbours)", (None, others, params.dim), rows * params.dim),
            Layer("Dot product", (None, others), 0),
        )
    )


def prepare(
    texts: LabelledTexts, params: SkipgramParams, *, seed: int, report: Report = silent
) -> Task:
    """Tokenizer, documents and model; an example is a document.

    Raises InputError where no word is frequent enough.
    """
    import torch

    from explorer.objectives._skipgram_model import SkipgramModel

    words = read_words(texts, params, seed=seed, report=report)
    model = SkipgramModel(words.training, words.held_out, len(words), params, seed)
    documents = torch.arange(len(words.training) + len(words.held_out))
    extra = _leans(words)
    return Task(
        model=model,
        training=(documents[: len(words.training)],),
        held_out=(documents[len(words.training) :],),
        loss=model.loss,
        table=lambda: words.table(Vectors(model.rows()), extra),
        summary=layer_summary(len(words), params),
        rows=len(words),
        step=model.step,
    )


def _leans(words: CorpusWords) -> tuple[Column, ...]:
    """The column `lean`, where the corpus has two labels."""
    if len(words.label_names) != 2:
        return ()
    negative, positive = words.label_names
    odds = [_log_odds(words, label) for label in (0, 1)]
    values = np.where(words.counts > 0, odds[1] - odds[0], 0.0)
    description = (
        f"How much likelier a {positive} training review is to hold the word than a {negative} "
        "one: difference of log-odds, half a review added to each count. It is counted, not learnt."
    )
    return (Column("lean", values, description),)


def _log_odds(words: CorpusWords, label: int) -> npt.NDArray[np.float64]:
    """float64 (rows,): log-odds that a document of a label holds each word.

    Half a document is added to both counts (Haldane 1956), so that a word seen on one side only
    has finite odds.
    """
    chosen = words.training_labels == label
    holding = document_frequencies(words.training, chosen, len(words))
    odds: npt.NDArray[np.float64] = np.log((holding + 0.5) / (chosen.sum() - holding + 0.5))
    return odds


def document_frequencies(
    encoded: Encoded, chosen: npt.NDArray[np.bool_], rows: int
) -> npt.NDArray[np.int64]:
    """int64 (rows,): how many of the chosen documents hold each id."""
    document = np.repeat(np.arange(len(encoded)), np.diff(encoded.starts))
    kept = chosen[document]
    held = np.unique(document[kept] * rows + encoded.ids[kept])
    return np.bincount(held % rows, minlength=rows).astype(np.int64)


OBJECTIVE = Objective(
    name="skipgram",
    title="Skip-gram with negative sampling",
    summary="Words lie by the company they keep: those with the same neighbours, side by side.",
    params=SkipgramParams,
    prepare=prepare,
    order=20,
)
