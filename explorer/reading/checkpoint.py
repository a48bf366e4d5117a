"""The tensors and vocabularies inside a loaded PyTorch checkpoint, however deep they are nested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from explorer.reading.choosing import Tensor
from explorer.reading.naming import Names, tokens_from
from explorer.table import Note, numbered_tokens

_DEPTH = 8
_DTYPES = {
    "float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16",
    "float8_e4m3fn": "f8_e4m3", "float8_e5m2": "f8_e5m2", "int8": "i8", "uint8": "u8",
}  # fmt: skip
_VOCABULARIES = {
    "vocab", "vocabulary", "tokens", "words", "itos", "stoi", "word_index", "index_word",
    "idx2word", "word2idx", "index2word", "word2index", "id2word", "word2id", "id2token",
    "token2id", "idx_to_token", "token_to_idx", "index_to_key", "key_to_index",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """tensors by dotted name; what each is; why one cannot be a table; the vocabularies found."""

    tensors: Mapping[str, Any]
    described: Mapping[str, Tensor]
    faults: Mapping[str, str]
    vocabularies: Mapping[str, Any]


def flattened(held: Any) -> Checkpoint:
    """Everything in what torch.load gave; a bare tensor has the name ""."""
    tensors: dict[str, Any] = {}
    vocabularies: dict[str, Any] = {}
    for name, found in walked(held, _is_tensor):
        if _is_tensor(found):
            tensors[name] = found
        else:
            vocabularies[name] = found
    described = {name: _described(name, tensor) for name, tensor in tensors.items()}
    faults = {
        name: fault
        for name, tensor in tensors.items()
        if tensor.dim() == 2 and (fault := _fault(tensor))
    }
    return Checkpoint(tensors, described, faults, vocabularies)


def walked(held: Any, is_tensor: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    """Every tensor and vocabulary in nested mappings, by its dotted name; a mapping that stands in
    several places is walked once, for it could hold itself."""
    return _walk(held, "", 0, is_tensor, set())


def _walk(
    held: Any, name: str, depth: int, is_tensor: Callable[[Any], bool], seen: set[int]
) -> Iterator[tuple[str, Any]]:
    listed = name.rpartition(".")[2] in _VOCABULARIES and isinstance(held, dict | list | tuple)
    if listed or is_tensor(held):
        yield name, held
    elif isinstance(held, dict) and depth < _DEPTH and id(held) not in seen:
        seen.add(id(held))
        for key, value in held.items():
            inside = f"{name}.{key}" if name else str(key)
            yield from _walk(value, inside, depth + 1, is_tensor, seen)


def _is_tensor(held: Any) -> bool:
    import torch

    return isinstance(held, torch.Tensor)


def _described(name: str, tensor: Any) -> Tensor:
    dtype = str(tensor.dtype).removeprefix("torch.")
    nbytes = tensor.numel() * tensor.element_size()
    return Tensor(name, tuple(tensor.shape), _DTYPES.get(dtype, dtype), nbytes)


def _fault(tensor: Any) -> str:
    """Why a tensor that the restricted loader let through cannot be read; "" where it can."""
    import torch

    if type(tensor) not in {torch.Tensor, torch.nn.Parameter} or tensor.is_quantized:
        return "is quantised or of a kind of its own, not plain numbers"
    if tensor.layout != torch.strided:
        return "is sparse: save it dense"
    if tensor.device.type != "cpu":
        return f"has no numbers with it (device {tensor.device.type})"
    # A stride of 0 makes a file of 1.6 KB a tensor of 16 GB.
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        return "claims more numbers than its storage holds"
    return ""


def names_inside(held: Checkpoint, rows: int) -> tuple[Names | None, tuple[Note, ...]]:
    """Tokens from the first vocabulary in the checkpoint that fits `rows`; else None and why."""
    passed = []
    for name, vocabulary in held.vocabularies.items():
        tokens = _tokens(vocabulary, rows)
        if tokens is not None:
            return Names(tokens, {}, (tokens_from(f"{name!r} in the checkpoint"),)), ()
        text = f"{name!r} in the checkpoint has {len(vocabulary):,} entries that do not name the "
        passed.append(Note(f"{text}{rows:,} rows: it is not used.", "warning", of_names=True))
    return None, tuple(passed)


def _tokens(vocabulary: Any, rows: int) -> tuple[str, ...] | None:
    """A list of one text a row, or a mapping between texts and row numbers, as tokens."""
    if not isinstance(vocabulary, dict):
        whole = len(vocabulary) == rows and all(isinstance(one, str) for one in vocabulary)
        return tuple(vocabulary) if whole else None
    pairs = [(k, v) if isinstance(k, str) else (v, k) for k, v in vocabulary.items()]
    if not pairs or len(pairs) < rows // 2:
        return None
    if not all(isinstance(t, str) and type(row) is int and 0 <= row < rows for t, row in pairs):
        return None
    tokens = list(numbered_tokens(rows))
    for token, row in pairs:
        tokens[row] = token
    return tuple(tokens)
