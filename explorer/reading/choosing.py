"""Which of a file's tensors is the token table, and why: a score with its reason in words.

The names are those that nn.Embedding(vocab_size, ...) is given in transformers 5.23, counted by
searching its source; the traps are the other embeddings and matrices found beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import InputError, NotFoundError
from explorer.vectors import DTYPES


@dataclass(frozen=True, slots=True)
class Candidate:
    """A table that a file holds, known from its header alone.

    name: the tensor's name; "" where a file holds just one.
    nbytes: size as stored. named: whether tokens were found for the rows.
    score: how likely it is the token table; the highest is opened unless the user says otherwise.
    reason: the score in words.
    """

    name: str
    rows: int
    dim: int
    dtype: str
    nbytes: int
    named: bool
    score: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as a header describes it. dtype: one of vectors.DTYPES, or another such as "i8"."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    nbytes: int


# Wrappers put these before a name: DataParallel, torch.compile, and the usual checkpoint keys.
_PREFIX = re.compile(r"^(?:module|_orig_mod|model|state_dict|model_state_dict|net|ema)\.")
_TOKEN_TABLES = {
    "embed_tokens", "word_embeddings", "shared", "token_embedding", "token_embeddings", "wte",
    "embeddings", "embedding", "tok_embeddings", "embed_in", "word_embedding", "tokens_embed",
    "token_embedder_tokens", "tok_emb", "token_emb", "word_emb", "emb", "vectors", "token_embd",
}  # fmt: skip
_TRAPS = re.compile(
    r"position|pos_|(?:^|[._])pos(?:$|[._])|wpe|type|segment|relative|rotary|char|lm_head|norm"
    r"|bias|optimi[sz]er|exp_avg|momentum|grad"
)
_QUANTISED = {"i8", "u8", "i4", "u4", "qint8", "quint8"}


def rank(
    path: Path, tensors: Sequence[Tensor], *, named: bool, vocabulary: int = 0
) -> list[Candidate]:
    """The two-dimensional float tensors of a file as candidates, the likeliest first.

    vocabulary: how many tokens the model says it has; 0 where it does not say.
    Quantised (8-bit integer) matrices are listed last; reading one is refused with the reason.
    Raises InputError, listing what is there, where no tensor could be a table.
    """
    matrices = [t for t in tensors if len(t.shape) == 2 and t.dtype in {*DTYPES, *_QUANTISED}]
    if not matrices:
        raise InputError(
            path,
            f"holds no two-dimensional tensor of floating-point numbers; {_listing(tensors)}.",
            "An embedding table is a matrix, one row a token.",
        )
    largest = max(tensor.shape[0] for tensor in matrices)
    found = [_candidate(tensor, largest, vocabulary, named) for tensor in matrices]
    return sorted(found, key=lambda c: (-c.score, -c.rows, c.name))


def pick(path: Path, candidates: Sequence[Candidate], tensor: str) -> Candidate:
    """The candidate called `tensor` ("" for the first). Raises NotFoundError where there is none,
    InputError where the one named cannot be read as a table."""
    chosen = candidates[0] if not tensor else _called(path, candidates, tensor)
    label = f"tensor {chosen.name!r}" if chosen.name else "the matrix"
    if chosen.dtype in _QUANTISED:
        raise InputError(
            path,
            f"{label} holds 8-bit integers without their scales; quantised weights mean nothing "
            "until they are multiplied by their scales.",
            "Save the table as float32, float16 or bfloat16.",
        )
    if not chosen.rows or not chosen.dim:
        empty = "rows" if not chosen.rows else "columns"
        raise InputError(path, f"{label} has no {empty}: {chosen.rows:,} x {chosen.dim:,}.")
    return chosen


def _called(path: Path, candidates: Sequence[Candidate], tensor: str) -> Candidate:
    for candidate in candidates:
        if tensor in {candidate.name, _bare(candidate.name)}:
            return candidate
    names = ", ".join(repr(c.name) for c in candidates[:8] if c.name)
    there = f"There are: {names}." if names else "Its one table has no name: ask for none."
    raise NotFoundError(f"{path}: there is no table called {tensor!r}.", there)


def _candidate(tensor: Tensor, largest: int, vocabulary: int, named: bool) -> Candidate:
    rows, dim = tensor.shape
    parts = list(_points(tensor, largest, vocabulary))
    score = sum(points for points, _ in parts)
    reason = "; ".join(words for _, words in parts)
    return Candidate(tensor.name, rows, dim, tensor.dtype, tensor.nbytes, named, score, reason)


def name_score(name: str) -> float:
    """How likely a tensor is the token table, by its name alone."""
    return sum(points for points, _ in _name_points(name))


def _points(tensor: Tensor, largest: int, vocabulary: int) -> Iterable[tuple[float, str]]:
    yield from _name_points(tensor.name)
    if tensor.shape[0] == largest:
        yield 1.0, "has the most rows"
    if tensor.shape[0] == vocabulary > 0:
        yield 2.0, f"has a row for each of the {vocabulary:,} tokens"
    if tensor.dtype in _QUANTISED:
        yield -8.0, "8-bit integers without scales cannot be read"


def _name_points(full: str) -> Iterable[tuple[float, str]]:
    name = _bare(full).lower()
    last = name.removesuffix(".weight").rsplit(".", 1)[-1]
    if last in _TOKEN_TABLES:
        yield 3.0, "named like a token table"
    elif "embed" in name or "vectors" in name:
        yield 1.5, "its name speaks of embeddings"
    if trap := _TRAPS.search(name):
        yield -4.0, f"its name ({trap.group().strip('._')!r}) is that of another table"


def _bare(name: str) -> str:
    while (shorter := _PREFIX.sub("", name)) != name:
        name = shorter
    return name


def _listing(tensors: Sequence[Tensor]) -> str:
    if not tensors:
        return "it holds no tensor at all"
    shown = [f"{t.name!r} {t.dtype} {'x'.join(map(str, t.shape))}" for t in tensors[:6]]
    more = f" and {len(tensors) - 6:,} more" if len(tensors) > 6 else ""
    return "it holds " + ", ".join(shown) + more


def count(shape: Sequence[int]) -> int:
    """Numbers in a tensor of that shape, as a Python int (a header may claim 2**80)."""
    return math.prod(shape)
