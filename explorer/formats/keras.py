"""Keras: a `.keras` archive, a `.weights.h5` file, or a whole model in the old `.h5` form.

Read through h5py alone: Keras's own loader runs code that a file asks for, and its safe mode was
got round more than once (CVE-2025-1550, -8747, -9905, -9906). Layers are named as the model's
config names them, for `.keras` stores them as `layers/embedding/vars/0` whatever they are called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report, part, silent
from explorer.reading.archives import ZIP, member_names
from explorer.reading.child import MEMORY_LIMIT, in_child
from explorer.reading.choosing import Tensor, pick, rank
from explorer.reading.files import file_size, parsed_json
from explorer.reading.hdf5 import CONFIG, HDF5, WEIGHTS, array, described
from explorer.reading.matrices import as_vectors
from explorer.reading.memory import ensure_fits
from explorer.reading.naming import has_names, name_rows
from explorer.table import Source, Table

_CONTAINERS = {"layers", "_layer_checkpoint_dependencies", "vars", "model_weights"}
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])")
_EMBEDDING = re.compile(r"embedding(_\d+)?")
_DEEPEST = 16


def _recognises(path: Path, head: bytes) -> bool:
    if head.startswith(HDF5):
        return True
    return head.startswith(ZIP) and {WEIGHTS, CONFIG} <= set(member_names(path))


# Names


def _names(path: Path, tensors: Sequence[Sequence[Any]], config: str) -> dict[str, str]:
    """The name shown for each array's name in the file."""
    layers = _layers(path, config)
    stored = [str(name) for name, *_ in tensors]
    shown = {name: _shown(name, layers) for name in stored}
    repeated = {name for name, count in Counter(shown.values()).items() if count > 1}
    return {name: name if shown[name] in repeated else shown[name] for name in stored}


def _shown(stored: str, layers: Mapping[str, str]) -> str:
    """`layers/embedding/vars/0` of a layer called tok_emb -> `tok_emb.embeddings`."""
    parts = stored.split("/")
    variable = parts[-1]
    layer = stored.removesuffix(f"/{variable}").removesuffix("/vars")
    kept = [part for part in parts[:-1] if part not in _CONTAINERS]
    if variable == "0" and kept and _EMBEDDING.fullmatch(kept[-1]) and "optimizer" not in stored:
        variable = "embeddings"
    if layer in layers:
        return f"{layers[layer]}.{variable}"
    if parts[0] == "model_weights" and len(parts) > 2:  # the old form names the layer itself
        return f"{parts[1]}.{variable}"
    return ".".join([*kept, variable])


def _layers(path: Path, config: str) -> dict[str, str]:
    """Names that the user gave the layers, by where a `.keras` archive stores them."""
    fields = parsed_json(path, config, place=CONFIG) if config.lstrip().startswith("{") else {}
    return dict(_stored_layers(fields, "", 0))


def _stored_layers(model: Any, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    """Keras 3 counts layers by class, in snake case: embedding, embedding_1, dense, ..."""
    used: Counter[str] = Counter()
    for layer in _listed(model):
        kind, config = layer.get("class_name"), layer.get("config")
        if not isinstance(kind, str) or not isinstance(config, dict):
            continue
        name = _CAPITAL.sub("_", kind).lower()
        stored = f"{prefix}layers/{name}_{used[name]}" if used[name] else f"{prefix}layers/{name}"
        used[name] += 1
        yield stored, str(config.get("name", name))
        if depth < _DEEPEST:
            yield from _stored_layers(layer, f"{stored}/", depth + 1)


def _listed(model: Any) -> list[dict[str, Any]]:
    config = model.get("config") if isinstance(model, dict) else None
    layers = config.get("layers") if isinstance(config, dict) else None
    return [one for one in layers if isinstance(one, dict)] if isinstance(layers, list) else []


# Probe and read


def _found(path: Path, report: Report = silent) -> tuple[list[Candidate], dict[str, str]]:
    """The candidates, and the array's name in the file for each name shown."""
    facts = in_child(described, path, report=report, memory_limit=_limit(path)).facts
    names = _names(path, facts["tensors"], facts["config"])
    tensors = [
        Tensor(names[name], tuple(shape), dtype, nbytes)
        for name, shape, dtype, nbytes in facts["tensors"]
    ]
    candidates = rank(path, tensors, named=has_names(path))
    return candidates, {shown: name for name, shown in names.items()}


def _limit(path: Path) -> int:
    """A `.keras` archive is expanded in memory, then its table is copied out of it."""
    return MEMORY_LIMIT + 2 * file_size(path)


def _probe(path: Path) -> list[Candidate]:
    return _found(path)[0]


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    candidates, stored = _found(path, report)
    chosen = pick(path, candidates, tensor)
    ensure_fits(path, chosen.nbytes)
    told = part(report, 0.0, 0.9)
    result = in_child(array, path, stored[chosen.name], report=told, memory_limit=_limit(path))
    report(Progress(0.9, 1, "Naming rows"))
    vectors = result.arrays["vectors"]
    if chosen.dtype == "bf16":
        vectors = vectors.view("<u2")
    return name_rows(path, chosen.rows).table(
        as_vectors(vectors, chosen.dtype), Source(path, FORMAT.name, chosen.name)
    )


FORMAT = Format(
    name="keras",
    title="Keras model or weights",
    suffixes=(".keras", ".h5", ".hdf5"),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=25,
)
