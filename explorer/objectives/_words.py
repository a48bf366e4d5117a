"""Words and their numbers: a word-level tokenizer, and documents as rows of ids.

The engine is Hugging Face `tokenizers`: what it learns here is what the lookup uses later, and it
is stored as JSON. Row 0 is `<pad>`, row 1 is `<unk>`, then come the words, commonest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.progress import Progress, Report, silent

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PAD, UNKNOWN = 0, 1
SPECIAL = ("<pad>", "<unk>")
# Letters and digits of any script; an apostrophe belongs to a word only within it.
WORD = r"[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*"
_CHUNK = 1000


@dataclass(frozen=True, eq=False)
class Encoded:
    """Documents as ids, one after the other.

    ids: int32 (words of all documents,). starts: int64 (documents + 1,); document i is
    ids[starts[i]:starts[i + 1]].
    """

    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def counts(self, rows: int) -> npt.NDArray[np.int64]:
        """How often each of `rows` ids occurs, int64 (rows,)."""
        return np.bincount(self.ids, minlength=rows).astype(np.int64)


def learn_tokenizer(
    texts: Sequence[str],
    *,
    vocabulary: int,
    min_frequency: int,
    lowercase: bool,
    report: Report = silent,
) -> Tokenizer:
    """A word-level tokenizer of the commonest words; padding and truncation are off.

    vocabulary: rows at most, the two special ones included.
    min_frequency: occurrences a word must have.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordLevel(unk_token=SPECIAL[UNKNOWN]))
    if lowercase:
        tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), "removed", invert=True)
    trainer = trainers.WordLevelTrainer(
        vocab_size=vocabulary,
        min_frequency=min_frequency,
        special_tokens=list(SPECIAL),
        show_progress=False,
    )
    # The generator is the only place where the work can be watched, and stopped.
    tokenizer.train_from_iterator(_told(texts, "Building the vocabulary", report), trainer)
    return tokenizer


def _told(texts: Sequence[str], message: str, report: Report) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), _CHUNK):
        report(Progress(start, len(texts), message))
        yield texts[start : start + _CHUNK]


def encode(tokenizer: Tokenizer, texts: Sequence[str], report: Report = silent) -> Encoded:
    """Every text as ids, whole."""
    lengths: list[int] = []
    parts: list[npt.NDArray[np.int32]] = []
    for chunk in _told(texts, "Encoding the reviews", report):
        ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(chunk))]
        lengths += map(len, ids)
        parts.append(_flat(ids, sum(map(len, ids))))
    starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return Encoded(np.concatenate(parts) if parts else _flat([], 0), starts)


def _flat(ids: Iterable[Iterable[int]], count: int) -> npt.NDArray[np.int32]:
    return np.fromiter(chain.from_iterable(ids), dtype=np.int32, count=count)


def padded(
    encoded: Encoded, maxlen: int, *, padding: str, truncating: str
) -> npt.NDArray[np.int32]:
    """int32 (documents, maxlen): every document cut or filled with PAD to one length.

    padding, truncating: "pre" fills or cuts at the start, "post" at the end, as in Keras's
    `pad_sequences`: [1, 2, 3] to 2 is [2, 3] (pre) or [1, 2] (post).
    """
    whole = np.diff(encoded.starts)
    kept = np.minimum(whole, maxlen)
    first = encoded.starts[:-1] + (whole - kept if truncating == "pre" else 0)
    into = (maxlen - kept) if padding == "pre" else np.zeros_like(kept)
    row = np.repeat(np.arange(len(kept)), kept)
    place = np.arange(len(row)) - np.repeat(np.cumsum(kept) - kept, kept)
    result = np.full((len(kept), maxlen), PAD, dtype=np.int32)
    result[row, place + np.repeat(into, kept)] = encoded.ids[place + np.repeat(first, kept)]
    return result


def tokens_of(tokenizer: Tokenizer) -> tuple[str, ...]:
    """The token of every row."""
    return tuple(str(tokenizer.id_to_token(row)) for row in range(tokenizer.get_vocab_size()))
