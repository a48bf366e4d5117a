"""Skip-gram with negative sampling. Apart from skipgram.py, as the class itself needs torch.

The words of a batch are laid in blocks of 32. Within a block every word meets its neighbours and
one set of noise words, so that all scores of the block are one matrix product and every row is
read and written once: the sharing of Ji et al. 2016 (Parallelizing Word2Vec in Shared and
Distributed Memory, arXiv:1604.04661), with the products of many blocks in one call. The gradient is
written out: autograd would keep every matrix in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from explorer.objectives._words import PAD, Encoded

if TYPE_CHECKING:
    from explorer.objectives.skipgram import SkipgramParams

BLOCK = 32  # words in a block, and noise words that they share
_CHUNK = 256  # blocks between two writes; with more of them the rows of common words are stale
_LONGEST_STEP = 0.5  # of a row in one write: a sum over hundreds of pairs would throw it far off
_LAST_RATE = 1e-2  # the last learning rate as a share of the first
_LEAST = 1e-7  # probability in a logarithm


@dataclass(frozen=True, eq=False)
class Blocks:
    """Words in blocks, and who meets whom.

    ids: int64 (blocks, 32). meets: float32 (blocks, 32, 32), 1 where the second word is within
    the first one's window. noise: int64 (blocks, 32). noise_weight: float32 (blocks, 32, 1): what
    one noise word counts for each word, so that as many as asked for stand against each neighbour.
    """

    ids: torch.Tensor
    meets: torch.Tensor
    noise: torch.Tensor
    noise_weight: torch.Tensor

    @property
    def pairs(self) -> float:
        """How many words meet a neighbour."""
        return float(self.meets.sum())

    def chunks(self) -> Iterator[Blocks]:
        """The same, few enough at a time for one write."""
        parts = (self.ids, self.meets, self.noise, self.noise_weight)
        for some in zip(*(torch.split(part, _CHUNK) for part in parts), strict=True):
            yield Blocks(*some)


class SkipgramModel(nn.Module):
    """Two tables of one row a word: the one that is kept, and that of the words as neighbours.

    training, held_out: documents; those held out are numbered after those trained on.
    """

    def __init__(
        self, training: Encoded, held_out: Encoded, rows: int, params: SkipgramParams, seed: int
    ) -> None:
        super().__init__()
        self.params, self._seed = params, seed
        self._generator = torch.Generator().manual_seed(seed)
        counts = torch.from_numpy(training.counts(rows))
        self.words = nn.Parameter(_initial(counts, params.dim, self._generator), False)
        self.neighbours = nn.Parameter(torch.zeros(rows, params.dim), False)
        self._noise = counts.double().pow(params.noise_exponent) * (counts > 0)
        self._kept = _kept(counts, params.subsampling)
        self._ids = torch.from_numpy(np.concatenate([training.ids, held_out.ids]))
        self._lengths = torch.from_numpy(
            np.concatenate([np.diff(training.starts), np.diff(held_out.starts)])
        )
        self._starts = self._lengths.cumsum(0) - self._lengths

    def step(self, batch: list[torch.Tensor], done: float) -> tuple[float, None]:
        """One pass over the documents of a batch; the mean loss of a pair while it lasted.

        done: share of the training behind us: the learning rate falls with it in a line, as in
        word2vec.
        """
        rate = self.params.learning_rate * max(_LAST_RATE, 1 - done)
        blocks = self.blocks(batch[0], self._generator)
        total = sum(self._descend(chunk, rate) for chunk in blocks.chunks())
        return total / max(1.0, blocks.pairs), None

    def loss(self, documents: torch.Tensor) -> tuple[torch.Tensor, None]:
        """(mean loss of a pair in nats, None). Thinning, windows and noise are the same in every
        call, so that two epochs can be compared."""
        blocks = self.blocks(documents, torch.Generator().manual_seed(self._seed + 1))
        total = sum(_loss_to_gradient(self._scores(chunk)[0], chunk) for chunk in blocks.chunks())
        return torch.tensor(total / max(1.0, blocks.pairs)), None

    def rows(self) -> npt.NDArray[np.float32]:
        """float32 copy (rows, dim) of the table that is kept."""
        array: npt.NDArray[np.float32] = self.words.numpy().copy()
        return array

    def blocks(self, documents: torch.Tensor, generator: torch.Generator) -> Blocks:
        """The words of some documents in blocks, common ones thinned out.

        A block may cut a document, other words each time, and hold parts of several: words of
        different documents never meet.
        """
        ids, documents = self._thinned(documents, generator)
        count = max(1, -(-len(ids) // BLOCK)) * BLOCK
        radius = torch.randint(1, self.params.window + 1, (count,), generator=generator)
        radius[len(ids) :] = 0
        noise = torch.multinomial(self._noise, count, replacement=True, generator=generator)
        documents = _blocks(documents, count, -1)
        meets = _distances() <= radius.view(-1, BLOCK, 1)
        meets &= documents[:, :, None] == documents[:, None, :]
        weight = meets.sum(2, keepdim=True) * (self.params.negatives / BLOCK)
        return Blocks(_blocks(ids, count, PAD), meets.float(), noise.view(-1, BLOCK), weight)

    def _thinned(
        self, documents: torch.Tensor, generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """(ids of the words kept, the document of each)."""
        lengths = self._lengths[documents]
        first = self._starts[documents] - (lengths.cumsum(0) - lengths)
        place = torch.arange(int(lengths.sum())) + first.repeat_interleave(lengths)
        ids = self._ids[place].long()
        kept = torch.rand(len(ids), generator=generator) < self._kept[ids]
        return ids[kept], documents.repeat_interleave(lengths)[kept]

    def _scores(self, blocks: Blocks) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """(scores (blocks, 32, 64), words (blocks, 32, dim), neighbours and noise (.., 64, dim))"""
        words = functional.embedding(blocks.ids, self.words)
        others = functional.embedding(torch.cat([blocks.ids, blocks.noise], 1), self.neighbours)
        return torch.bmm(words, others.transpose(1, 2)), words, others

    def _descend(self, blocks: Blocks, rate: float) -> float:
        """One step of all rows of some blocks; the sum of the loss before it."""
        gradient, words, others = self._scores(blocks)
        loss = _loss_to_gradient(gradient, blocks)
        toward_words = torch.bmm(gradient, others)
        toward_others = torch.bmm(gradient.transpose(1, 2), words)
        _move(self.words, blocks.ids, toward_words, rate)
        _move(self.neighbours, torch.cat([blocks.ids, blocks.noise], 1), toward_others, rate)
        return loss


def _loss_to_gradient(scores: torch.Tensor, blocks: Blocks) -> float:
    """The loss summed over all pairs; turns the scores into its gradient by them, in place.

    -log sigmoid(neighbour) - sum log sigmoid(-noise): Mikolov et al. 2013, equation 4.
    """
    pairs, noise = torch.split(scores.sigmoid_(), BLOCK, dim=2)
    loss = pairs.clamp(min=_LEAST).log_().mul_(blocks.meets).sum()
    loss += (1 - noise).clamp_(min=_LEAST).log_().mul_(blocks.noise_weight).sum()
    pairs.sub_(1).mul_(blocks.meets)
    noise.mul_(blocks.noise_weight)
    return -float(loss)


def _move(table: torch.Tensor, ids: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
    """Moves the rows against the sum of their gradients, each by a bounded step."""
    rows, place = torch.unique(ids, return_inverse=True)
    steps = torch.zeros(len(rows), table.shape[1])
    steps.index_add_(0, place.flatten(), gradient.flatten(0, 1)).mul_(-rate)
    table.index_add_(0, rows, torch.renorm(steps, 2, 0, _LONGEST_STEP))


def _blocks(values: torch.Tensor, count: int, fill: int) -> torch.Tensor:
    return functional.pad(values, (0, count - len(values)), value=fill).view(-1, BLOCK)


def _distances() -> torch.Tensor:
    """Places between two words of a block, (32, 32); no word is near itself."""
    place = torch.arange(BLOCK)
    return (place[:, None] - place[None, :]).abs().fill_diagonal_(torch.iinfo(torch.int64).max)


def _initial(counts: torch.Tensor, dim: int, generator: torch.Generator) -> torch.Tensor:
    """Uniform in -0.5/dim..0.5/dim as in word2vec; zero for a row with nothing to learn from."""
    weight = torch.empty(len(counts), dim).uniform_(-0.5, 0.5, generator=generator) / dim
    return weight.masked_fill_((counts == 0)[:, None], 0)


def _kept(counts: torch.Tensor, threshold: float) -> torch.Tensor:
    """Chance of each word to be kept: sqrt(t/f) + t/f with f its share of all words.

    That is what the authors' program computes; the paper's equation 5 is 1 - sqrt(t/f) dropped.
    """
    if not threshold:
        return torch.ones(len(counts))
    ratio = threshold * counts.sum() / counts.clamp(min=1)
    return ratio.sqrt() + ratio
