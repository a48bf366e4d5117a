"""A Hugging Face model folder: only the token table is read, and only its shard is opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report, silent
from explorer.reading.checkpoint import Checkpoint
from explorer.reading.choosing import Tensor, pick, rank
from explorer.reading.files import head
from explorer.reading.foreign import refuse_foreign
from explorer.reading.matrices import mapped_matrix
from explorer.reading.model_folder import Model, folder_of, read_model, require
from explorer.reading.naming import Names
from explorer.reading.own_layout import own_names
from explorer.reading.safetensors_header import Header, read_header
from explorer.reading.torch_file import load_checkpoint, ranked, vectors_of
from explorer.reading.vocabularies import has_vocabulary, vocabulary_names
from explorer.table import Note, Source, Table
from explorer.vectors import Vectors


@dataclass(frozen=True, eq=False)
class _Shard:
    """One file of weights: its tensors, and what its own reader says of them."""

    path: Path
    tensors: list[Tensor]
    held: Header | Checkpoint


def _recognises(path: Path, start: bytes) -> bool:
    return folder_of(path, start) is not None


# Shards


def _shards(model: Model, tensor: str, *, report: Report) -> list[_Shard]:
    """The shards that may hold the table. Headers of other safetensors shards are read too where
    they can be; that some are missing or broken does not keep the table from being opened."""
    likely = model.likely_files(tensor)
    for file in likely:
        require(model, file, tensor if tensor in model.shard_of else "")
    shards = [_shard(model, file, report) for file in likely]
    for file in model.files:
        if file not in likely and file.suffix == ".safetensors" and file.is_file():
            try:
                shards.append(_shard(model, file, report))
            except InputError:
                continue
    return shards


def _shard(model: Model, file: Path, report: Report) -> _Shard:
    start = head(file)
    refuse_foreign(file, start)
    held: Header | Checkpoint
    if file.suffix == ".safetensors":
        held = read_header(file)
        found = [Tensor(n, e.shape, e.dtype, e.stop - e.start) for n, e in held.tensors.items()]
    else:
        held = load_checkpoint(file, numbers=False, report=report)
        ranked(file, held)  # refuses what is not sound
        found = [one for name, one in held.described.items() if name not in held.faults]
    mapped = model.shard_of
    return _Shard(file, [t for t in found if not mapped or mapped.get(t.name) == file], held)


# Probe and read


def _candidates(model: Model, shards: list[_Shard]) -> list[Candidate]:
    tensors = [tensor for shard in shards for tensor in shard.tensors]
    if model.tied:
        others = [tensor for tensor in tensors if "lm_head" not in tensor.name]
        tensors = others if any(len(one.shape) == 2 for one in others) else tensors
    named = has_vocabulary(model.folder)
    return rank(model.folder, tensors, named=named, vocabulary=model.vocabulary)


def _probe(path: Path) -> list[Candidate]:
    model = read_model(path)
    return _candidates(model, _shards(model, "", report=silent))


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    report(Progress(0, 1, f"Opening {path.name}"))
    model = read_model(path)
    shards = _shards(model, tensor, report=report)
    chosen = pick(model.folder, _candidates(model, shards), tensor)
    shard = next(s for s in shards if any(t.name == chosen.name for t in s.tensors))
    vectors = _vectors(shard, chosen, report)
    report(Progress(0.5, 1, "Reading the vocabulary"))
    names = _names(model, shard, chosen.rows, report)
    named = replace(names, notes=(*_notes(model, chosen), *names.notes))
    return named.table(vectors, Source(shard.path, FORMAT.name, chosen.name))


def _vectors(shard: _Shard, chosen: Candidate, report: Report) -> Vectors:
    if isinstance(shard.held, Header):
        offset = shard.held.data_at + shard.held.tensors[chosen.name].start
        return mapped_matrix(shard.path, chosen.dtype, offset, (chosen.rows, chosen.dim))
    held = shard.held
    if chosen.name not in held.tensors:  # a legacy file gives its numbers when they are asked for
        held = load_checkpoint(shard.path, chosen.name, numbers=True, report=report)
    return vectors_of(shard.path, held, chosen)


def _names(model: Model, shard: _Shard, rows: int, report: Report) -> Names:
    inside = own_names(shard.path, shard.held, rows) if isinstance(shard.held, Header) else None
    return inside or vocabulary_names(model.folder, rows, report=report)


def _notes(model: Model, chosen: Candidate) -> list[Note]:
    notes = []
    if len(model.files) > 1:
        count = len(model.files)
        notes.append(Note(f"{chosen.name!r} is in one of {count:,} files; only that is opened."))
    if model.tied:
        notes.append(Note("The output table is the same as this one (tie_word_embeddings)."))
    return notes


FORMAT = Format(
    name="huggingface",
    title="Hugging Face model folder",
    suffixes=(".index.json",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=8,
)
