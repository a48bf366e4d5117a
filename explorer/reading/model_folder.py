"""A Hugging Face model folder: which file holds which tensor, and what its config says.

Layout: huggingface/transformers, modeling_utils.py (`from_pretrained`): one model.safetensors, or
an index whose `weight_map` names the shard of each tensor; the same for pytorch_model.bin. The
names in an index are untrusted: none may lead out of the folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.reading.choosing import name_score
from explorer.reading.files import parsed_json, small_text

# In the order in which transformers looks for them.
_WEIGHTS = (
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)  # fmt: skip
_INDEX = ".index.json"
_CONFIG = "config.json"
_OTHERS = {
    _CONFIG, "generation_config.json", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
    "tokenizer.model",
}  # fmt: skip
_CONFIG_KEYS = {"model_type", "architectures", "vocab_size", "transformers_version"}
_LONGEST_NAME = 255
_LARGEST_CONFIG = 16 * 2**20


@dataclass(frozen=True, eq=False)
class Model:
    """files: the weights, or the shards that an index names. shard_of: file of each tensor, empty
    for one file. vocabulary: how many tokens the config says, 0 where it does not. tied: whether
    the output table is the input table (`tie_word_embeddings`)."""

    folder: Path
    files: tuple[Path, ...]
    shard_of: Mapping[str, Path]
    vocabulary: int = 0
    tied: bool = False

    def likely_files(self, tensor: str) -> list[Path]:
        """The files that must be there to read `tensor`, or the likeliest where it is ""."""
        if not self.shard_of:
            return list(self.files)
        if tensor in self.shard_of:
            return [self.shard_of[tensor]]
        best = max(map(name_score, self.shard_of))
        if best <= 0:
            return list(self.files)
        return list(dict.fromkeys(f for n, f in self.shard_of.items() if name_score(n) == best))


def folder_of(path: Path, head: bytes) -> Path | None:
    """The model folder that `path` is, or is a file of; None where it is none.

    A file is taken for its folder where it is an index, one of the names that such folders have,
    or a shard; `head` are its first bytes.
    """
    if path.is_dir():
        return path if _weights_in(path) else None
    if head.lstrip().startswith(b"{") and path.name.endswith(_INDEX):
        return path.parent if b'"weight_map"' in head or path.name in _WEIGHTS else None
    weights = _weights_in(path.parent) if _may_belong(path.name) else ""
    belongs = path.name in _OTHERS or path.name == weights
    return path.parent if weights and (belongs or _is_shard(path, weights)) else None


def _may_belong(name: str) -> bool:
    return name in _OTHERS or name in _WEIGHTS or "-of-" in name


def _is_shard(path: Path, weights: str) -> bool:
    """Whether the index speaks of a file of that name; what it says is checked when it is read."""
    index = path.with_name(weights)
    return weights.endswith(_INDEX) and f'"{path.name}"' in small_text(index)


def _weights_in(folder: Path) -> str:
    """Name of the file to start from; "" where the folder is no model. One file of weights makes a
    model only beside a config."""
    found = next((name for name in _WEIGHTS if (folder / name).is_file()), "")
    if found.endswith(_INDEX):
        return found
    return found if found and _CONFIG_KEYS & _config(folder).keys() else ""


def read_model(path: Path) -> Model:
    """The model in a folder, or of a file in it. Raises InputError."""
    folder = path if path.is_dir() else path.parent
    named = path.name if path.name.endswith(_INDEX) and not path.is_dir() else ""
    start = folder / (named or _weights_in(folder))
    config = _config(folder)
    vocabulary, tied = _of(config, "vocab_size"), _of(config, "tie_word_embeddings")
    shards = _shards(start) if start.name.endswith(_INDEX) else {}
    files = tuple(dict.fromkeys(shards.values())) or (start,)
    return Model(folder, files, shards, vocabulary if type(vocabulary) is int else 0, tied is True)


def _config(folder: Path) -> dict[str, Any]:
    """The config, {} where there is none that can be read: nothing in it is needed."""
    path = folder / _CONFIG
    try:
        config = parsed_json(path, small_text(path, _LARGEST_CONFIG))
    except InputError:
        return {}
    return config if isinstance(config, dict) else {}


def _of(config: Mapping[str, Any], key: str) -> Any:
    """A value of the config, or of its part for text in a model of several senses."""
    text = config.get("text_config")
    return config[key] if key in config else text.get(key) if isinstance(text, dict) else None


def _shards(index: Path) -> dict[str, Path]:
    fields = parsed_json(index, small_text(index))
    mapped = fields.get("weight_map") if isinstance(fields, dict) else None
    if not isinstance(mapped, dict) or not mapped:
        hint = "It should say in `weight_map` which file holds which tensor."
        raise InputError(index, "names no tensors.", hint)
    inside = {name: _inside(index, name) for name in _texts(index, mapped.values())}
    return {tensor: inside[name] for tensor, name in mapped.items()}


def _texts(index: Path, names: Iterable[Any]) -> Iterator[str]:
    for name in dict.fromkeys(name if isinstance(name, str) else "" for name in names):
        if not name:
            raise InputError(index, "gives a tensor a file that is no name.")
        yield name


def _inside(index: Path, name: str) -> Path:
    """The shard of that name in the index's folder. Raises InputError where it leads elsewhere."""
    shard = index.parent / name
    plain = Path(name).name == name and not set(name) & set("/\\:\0") and name not in {".", ".."}
    if not plain or len(name) > _LONGEST_NAME or not _stays(shard):
        problem = f"names the shard {name[:80]!r}: paths outside the folder are not read."
        raise InputError(index, problem, "All shards must lie beside the index.")
    return shard


def _stays(shard: Path) -> bool:
    """Whether a link leads to the folder itself, or from a snapshot of the Hugging Face cache to
    that model's own blobs (models--NAME/snapshots/REVISION/FILE -> models--NAME/blobs/DIGEST)."""
    try:
        folder, real = Path(os.path.realpath(shard.parent)), Path(os.path.realpath(shard))
    except (OSError, ValueError):
        return False
    cached = folder.parent.name == "snapshots" and real.parent == folder.parent.parent / "blobs"
    return real.parent == folder or cached


def require(model: Model, shard: Path, tensor: str = "") -> None:
    """Raises InputError, naming it, where a file of weights is not there."""
    if not shard.is_file():
        held = tensor or next((n for n, file in model.shard_of.items() if file == shard), "")
        problem = f"the shard {shard.name!r} is missing, which should hold {held!r}."
        raise InputError(model.folder, problem, "Fetch it into this folder.")
