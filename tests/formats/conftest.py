"""One small table, written as each format's own tools would write it."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.formats import formats, sniff
from explorer.progress import silent
from explorer.table import Column, Table
from explorer.vectors import Vectors

if TYPE_CHECKING:
    import pyarrow

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

TOKENS = ("the", "cat", "sat", "New York", "naïve", "数", "the")
MATRIX = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)

Sample = Callable[[str], Path]


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the development data is not here")
    return SHARED


@pytest.fixture
def matrix() -> np.ndarray:
    return MATRIX


@pytest.fixture
def table() -> Table:
    columns = {
        "count": Column("count", np.arange(7)),
        "lean": Column("lean", np.linspace(-1, 1, 7), "praise or blame"),
        "kind": Column.from_text("kind", ["a", "b", "", "d", "e", "f", "g"]),
    }
    return Table(TOKENS, Vectors(MATRIX), columns)


@pytest.fixture
def opened() -> Callable[..., Table]:
    """Sniffs and reads a path."""

    def read(path: Path, tensor: str = "") -> Table:
        return sniff(path).read(path, tensor, report=silent)

    return read


@pytest.fixture
def sample(tmp_path: Path, table: Table) -> Sample:
    """The table as a file (or folder) of the format named."""
    made = {
        "safetensors": _safetensors,
        "npy": _npy,
        "torch": _torch,
        "projector": _projector,
        "word2vec": _word2vec,
        "delimited": _delimited,
        "npz": _npz,
        "spacy": _spacy,
        "onnx": _onnx,
        "keras": _keras,
        "parquet": _parquet,
        "arrow": _arrow,
        "datasets": _datasets,
        "gguf": _gguf,
        "word2vec_binary": _word2vec_binary,
        "huggingface": _huggingface,
        "fasttext": _fasttext,
    }

    def make(name: str) -> Path:
        return made[name](tmp_path, table)

    return make


def _safetensors(folder: Path, table: Table) -> Path:
    writer = formats()["safetensors"].write
    assert writer is not None
    writer(table, folder / "sample.safetensors", report=silent)
    return folder / "sample.safetensors"


def _npy(folder: Path, table: Table) -> Path:
    np.save(folder / "sample.npy", MATRIX)
    labels = "".join(f"{token}\n" for token in table.tokens)
    (folder / "sample.tokens.txt").write_text(labels, encoding="utf-8")
    return folder / "sample.npy"


def _torch(folder: Path, table: Table) -> Path:
    import torch

    weights = {"embedding.weight": torch.tensor(MATRIX), "bias": torch.zeros(7)}
    torch.save({"model": weights, "vocab": list(table.tokens)}, folder / "sample.pt")
    return folder / "sample.pt"


def _projector(folder: Path, table: Table) -> Path:
    MATRIX.tofile(folder / "t.bytes")
    lines = "".join(f"{token}\t{row}\n" for row, token in enumerate(table.tokens))
    (folder / "t_labels.tsv").write_text("word\trank\n" + lines, encoding="utf-8")
    entry = {"tensorName": "t", "tensorShape": [7, 3], "tensorPath": "t.bytes"}
    config = {"embeddings": [entry | {"metadataPath": "t_labels.tsv"}]}
    (folder / "projector_config.json").write_text(json.dumps(config))
    return folder / "projector_config.json"


def _word2vec(folder: Path, table: Table) -> Path:
    lines = ["7 3"]
    for token, row in zip(table.tokens, MATRIX, strict=True):
        lines.append(" ".join([token, *(repr(float(number)) for number in row)]))
    (folder / "sample.vec").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "sample.vec"


def _delimited(folder: Path, table: Table) -> Path:
    lines = ["token,d0,d1,d2"]
    for token, row in zip(table.tokens, MATRIX, strict=True):
        lines.append(",".join([token, *(repr(float(number)) for number in row)]))
    (folder / "sample.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "sample.csv"


def _gguf(folder: Path, table: Table) -> Path:
    from gguf import GGUFWriter

    writer = GGUFWriter(folder / "sample.gguf", "llama")
    writer.add_tokenizer_model("llama")
    writer.add_token_list([token.encode() for token in table.tokens])
    writer.add_tensor("token_embd.weight", MATRIX)
    writer.add_tensor("output_norm.weight", np.ones(3, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return folder / "sample.gguf"


def _npz(folder: Path, table: Table) -> Path:
    np.savez_compressed(folder / "sample.npz", vectors=MATRIX, tokens=np.array(table.tokens))
    return folder / "sample.npz"


def _columns(table: Table) -> pyarrow.Table:
    import pyarrow as pa

    flat = pa.array(MATRIX.ravel())
    vectors = pa.FixedSizeListArray.from_arrays(flat, MATRIX.shape[1])
    return pa.table({"token": list(table.tokens), "vector": vectors, "rank": list(range(7))})


def _parquet(folder: Path, table: Table) -> Path:
    import pyarrow.parquet as pq

    pq.write_table(_columns(table), folder / "sample.parquet")
    return folder / "sample.parquet"


def _arrow(folder: Path, table: Table) -> Path:
    import pyarrow.feather as feather

    feather.write_feather(_columns(table), str(folder / "sample.arrow"))
    return folder / "sample.arrow"


def _datasets(folder: Path, table: Table) -> Path:
    """As datasets.Dataset.save_to_disk writes it."""
    import pyarrow as pa

    columns, folder = _columns(table), folder / "saved"
    folder.mkdir()
    parts = ["data-00000-of-00002.arrow", "data-00001-of-00002.arrow"]
    for part, rows in zip(parts, [columns.slice(0, 4), columns.slice(4)], strict=True):
        with pa.ipc.new_stream(str(folder / part), columns.schema) as stream:
            stream.write_table(rows)
    state = {"_data_files": [{"filename": part} for part in parts], "_split": None}
    (folder / "state.json").write_text(json.dumps(state))
    (folder / "dataset_info.json").write_text("{}")
    return folder


def _word2vec_binary(folder: Path, table: Table) -> Path:
    rows = zip((token.replace(" ", "_") for token in table.tokens), MATRIX, strict=True)
    body = b"".join(token.encode() + b" " + row.tobytes() + b"\n" for token, row in rows)
    (folder / "sample.bin").write_bytes(b"7 3\n" + body)
    return folder / "sample.bin"


def _keras(folder: Path, table: Table) -> Path:
    """As model.save("sample.keras") writes it."""
    import h5py

    with h5py.File(folder / "w.h5", "w") as file:
        file["layers/embedding/vars/0"] = MATRIX
        file["layers/dense/vars/0"] = np.ones((3, 1), np.float32)
    embedding = {"class_name": "Embedding", "config": {"name": "tok_emb"}}
    config = {"class_name": "Sequential", "config": {"layers": [embedding]}}
    with zipfile.ZipFile(folder / "sample.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.write(folder / "w.h5", "model.weights.h5")
    (folder / "w.h5").unlink()
    labels = "".join(f"{token}\n" for token in table.tokens)
    (folder / "sample.tokens.txt").write_text(labels, encoding="utf-8")
    return folder / "sample.keras"


def _onnx(folder: Path, table: Table) -> Path:
    from onnx import helper, numpy_helper, save

    weights = numpy_helper.from_array(MATRIX, "embed.weight")
    gather = helper.make_node("Gather", ["embed.weight", "ids"], ["rows"])
    ids = helper.make_tensor_value_info("ids", 7, ["n"])
    rows = helper.make_tensor_value_info("rows", 1, ["n", 3])
    graph = helper.make_graph([gather], "g", [ids], [rows], [weights])
    save(helper.make_model(graph), str(folder / "sample.onnx"))
    labels = "".join(f"{token}\n" for token in table.tokens)
    (folder / "sample.tokens.txt").write_text(labels, encoding="utf-8")
    return folder / "sample.onnx"


def _huggingface(folder: Path, table: Table) -> Path:
    from safetensors.numpy import save_file

    save_file({"embed_tokens.weight": MATRIX}, folder / "model-1-of-1.safetensors")
    weight_map = {"embed_tokens.weight": "model-1-of-1.safetensors"}
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
    (folder / "vocab.txt").write_text("\n".join(table.tokens) + "\n", encoding="utf-8")
    return index


def _spacy(folder: Path, table: Table) -> Path:
    """As nlp.to_disk writes it; a text has one row, so the second "the" has a key of its own."""
    import msgpack

    from explorer.reading.spacy_strings import keys_of

    texts = [*table.tokens[:-1], "the\n"]
    folder = folder / "pipeline"
    (folder / "vocab").mkdir(parents=True)
    with (folder / "vocab" / "vectors").open("wb") as file:
        np.save(file, MATRIX)
    rows = {key: row for row, key in enumerate(keys_of(texts))}
    (folder / "vocab" / "key2row").write_bytes(msgpack.packb(rows))
    (folder / "vocab" / "strings.json").write_text(json.dumps(sorted(texts)))
    return folder


def _fasttext(folder: Path, table: Table) -> Path:
    args = struct.pack("<2i12id", 793712314, 12, 3, 5, 5, 1, 5, 1, 2, 2, 0, 0, 0, 100, 1e-4)
    words = b"".join(token.encode() + b"\0" + struct.pack("<qb", 9, 0) for token in table.tokens)
    counts = struct.pack("<3iqq", 7, 7, 0, 63, -1)
    matrix = b"\0" + struct.pack("<2q", 7, 3) + MATRIX.tobytes()
    (folder / "sample.bin").write_bytes(args + counts + words + matrix + matrix)
    return folder / "sample.bin"
