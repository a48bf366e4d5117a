"""What every objective on words shares: its parameters, the reading of a corpus, the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.objectives import LabelledTexts, TrainingParams
from explorer.objectives._split import stratified_split
from explorer.objectives._words import SPECIAL, Encoded, encode, learn_tokenizer, tokens_of
from explorer.params import param
from explorer.progress import Report, part
from explorer.table import Column, Source, Table
from explorer.vectors import Vectors


@dataclass(frozen=True)
class WordParams(TrainingParams):
    """Which words have a row, and how long it is."""

    vocabulary: int = param(
        20_000,
        minimum=3,
        maximum=5_000_000,
        unit="rows",
        help="Rows of the table at most: the commonest words of the training reviews, with <pad> "
        "and <unk>. Every other word is <unk>.",
    )
    min_frequency: int = param(
        2,
        minimum=1,
        maximum=1_000_000_000,
        help="Occurrences a word needs in the training reviews to have its own row.",
    )
    lowercase: bool = param(True, help="Read Good and good as one word.")
    dim: int = param(
        32,
        label="Dimensions",
        minimum=1,
        maximum=4096,
        unit="numbers",
        help="Numbers in a row of the table.",
    )


@dataclass(frozen=True, eq=False)
class CorpusWords:
    """A corpus in words, in two parts.

    tokens: of every row. tokenizer: the same as tokenizer.json.
    training, held_out: the documents of each part; training_labels, held_out_labels: int64, one
        a document, an index into label_names.
    path: of the corpus.
    """

    tokens: tuple[str, ...]
    tokenizer: str
    training: Encoded
    held_out: Encoded
    training_labels: npt.NDArray[np.int64]
    held_out_labels: npt.NDArray[np.int64]
    label_names: tuple[str, ...]
    path: Path

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Occurrences of every word in the training part, int64 (rows,)."""
        return self.training.counts(len(self))

    def table(self, vectors: Vectors, extra: Sequence[Column] = ()) -> Table:
        """The words with their vectors; columns `count`, `norm` and the extra ones."""
        count = Column("count", self.counts, "Occurrences in the training reviews.")
        norm = Column("norm", vectors.norms, "Euclidean norm of the row.")
        columns = {column.name: column for column in (count, norm, *extra)}
        source = Source(tensor=f"trained on {self.path.name}")
        return Table(self.tokens, vectors, columns, source, tokenizer=self.tokenizer)


def read_words(
    texts: LabelledTexts, params: WordParams, *, seed: int, report: Report
) -> CorpusWords:
    """Splits the corpus, learns the words of its training part, and encodes both parts.

    Raises InputError where no word is frequent enough.
    """
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
    return CorpusWords(
        tokens,
        tokenizer.to_str(),
        encode(tokenizer, chosen, part(report, 0.35, 0.85)),
        encode(tokenizer, [texts.texts[row] for row in held_out], part(report, 0.85, 1)),
        texts.labels[training],
        texts.labels[held_out],
        texts.label_names,
        texts.path,
    )
