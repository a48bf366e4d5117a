"""The sentiment classifier. Apart from sentiment.py, as the class itself needs torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from explorer.objectives._words import PAD, UNKNOWN

if TYPE_CHECKING:
    from explorer.objectives.sentiment import SentimentParams

_SPREAD = 0.05


class SentimentModel(nn.Module):
    """Embedding -> mean or Flatten -> Linear, ReLU -> Linear.

    Everything random comes from its own generator: torch's global one is neither read nor moved.
    """

    def __init__(self, rows: int, params: SentimentParams, seed: int) -> None:
        super().__init__()
        self.params = params
        self.generator = torch.Generator().manual_seed(seed)
        self.embedding = nn.Embedding(
            rows,
            params.dim,
            padding_idx=PAD,
            max_norm=params.max_norm or None,
            norm_type=params.norm_type,
            _weight=_initial(rows, params, self.generator),
        )
        pooled = params.dim * (params.maxlen if params.pooling == "flatten" else 1)
        self.hidden = _linear(pooled, params.hidden, self.generator)
        self.output = _linear(params.hidden, 1, self.generator)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """int32 ids (batch, maxlen) -> float32 logits (batch,)."""
        if self.training and self.params.word_dropout:
            ids = self._with_unknowns(ids)
        return self._judge(self.pooled(ids))

    def pooled(self, ids: torch.Tensor) -> torch.Tensor:
        """The rows of every document as one: (batch, dim), or (batch, maxlen * dim) flattened.

        The mean leaves padding out and is zero for a document without words. `embedding_bag` is
        the look-up and the masked mean in one pass, without the (batch, maxlen, dim) between.
        """
        if self.params.pooling == "flatten":
            flat: torch.Tensor = self.embedding(ids).flatten(1)
            return flat
        return functional.embedding_bag(
            ids,
            self.embedding.weight,
            mode="mean",
            padding_idx=PAD,
            max_norm=self.embedding.max_norm,
            norm_type=self.params.norm_type,
        )

    def _with_unknowns(self, ids: torch.Tensor) -> torch.Tensor:
        chance = torch.rand(ids.shape, generator=self.generator)
        return ids.masked_fill((chance < self.params.word_dropout) & (ids != PAD), UNKNOWN)

    def _judge(self, pooled: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.output(functional.relu(self.hidden(pooled)))
        return logits.squeeze(1)

    def loss(self, ids: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(mean binary cross-entropy in nats, number of right answers)."""
        logits = self(ids)
        loss = functional.binary_cross_entropy_with_logits(logits, labels)
        return loss, ((logits > 0) == (labels > 0.5)).sum()

    @torch.no_grad()
    def rows(self) -> npt.NDArray[np.float32]:
        """float32 copy (rows, dim) of the table as a look-up gives it: norms within max_norm."""
        weight = self.embedding.weight.detach().clone()
        if self.params.max_norm:
            # The last step may have moved rows beyond it; the next look-up would bring them back.
            weight = torch.renorm(weight, self.params.norm_type, 0, self.params.max_norm)
        array: npt.NDArray[np.float32] = weight.numpy()
        return array

    @torch.no_grad()
    def leans(self) -> npt.NDArray[np.float64]:
        """float64 (rows,): the logit of the text that is the one word of each row."""
        words = torch.from_numpy(self.rows())
        place = 0 if self.params.padding == "post" else self.params.maxlen - 1
        if self.params.pooling == "mean":
            place = 0
        # The other places hold padding, whose rows are zero: they add nothing.
        weight = self.hidden.weight[:, place * self.params.dim : (place + 1) * self.params.dim]
        hidden = functional.relu(words @ weight.T + self.hidden.bias)
        leans: npt.NDArray[np.float64] = self.output(hidden).squeeze(1).numpy().astype(np.float64)
        return leans


def _initial(rows: int, params: SentimentParams, generator: torch.Generator) -> torch.Tensor:
    weight = torch.empty(rows, params.dim)
    if params.initializer == "uniform":
        nn.init.uniform_(weight, -_SPREAD, _SPREAD, generator=generator)
    elif params.initializer == "normal":
        nn.init.normal_(weight, 0, _SPREAD, generator=generator)
    elif params.initializer == "xavier_uniform":
        nn.init.xavier_uniform_(weight, generator=generator)
    else:  # no zeros: behind zero rows the ReLU would stay shut, and nothing would be learnt
        nn.init.xavier_normal_(weight, generator=generator)
    weight[PAD] = 0
    return weight


def _linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    """A dense layer that begins as Keras's: Glorot's uniform weights, zero biases."""
    # Made without numbers: the constructor would draw them from the global generator.
    layer = nn.Linear(inputs, outputs, device="meta").to_empty(device="cpu")
    nn.init.xavier_uniform_(layer.weight, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer
