"""Real and hostile files from the development data; skipped where it is missing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.formats import sniff
from explorer.progress import silent
from explorer.table import Table

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
TOLERANCE = {"f16": 5e-4, "bf16": 4e-3, "f8_e4m3": 6e-2}
QUANTISED = {"model_Q8_0.gguf": 7e-3, "model_Q4_0.gguf": 0.13}
ONE_TABLE = [
    "f32.safetensors", "f16.safetensors", "bf16.safetensors", "f8e4m3.safetensors",
    "bare_tensor.pt", "state_dict.pt", "training_checkpoint.pth", "legacy_pickle.pth",
    "vectors.npy", "vectors_bigendian.npy", "vectors_fortran_f64.npy",
    "word2vec.vec", "word2vec.vec.gz", "glove_spaces_in_tokens.txt",
    "tensors.tsv", "tensors.bytes", "projector_config.json", "projector_config.pbtxt", "",
    "model_F16.gguf", *QUANTISED, "word2vec.bin", "hf_sharded",
    "wide.csv", "vector_column.csv", "vectors_tokens.npz",
    "fixed_size_list.parquet", "list_double.parquet", "table.arrow",
    "model.keras", "model.weights.h5", "model_legacy.h5",
    "model.onnx", "model_external.onnx", "spacy_vectors",
]  # fmt: skip
OURS = {".vec", ".txt", ".pt", ".safetensors", ".npy", ".pkl", ".tsv", ".bytes", ".json", ".gz",
        ".csv", ".npz", ".parquet", ".gguf", ".bin"}  # fmt: skip
NAMES_TOKENS = {".vec", ".gz", ".json", ".pbtxt", ".bytes", ".csv", ".npz", ".parquet", ".arrow",
                ".gguf", ".bin"}  # fmt: skip


def read(path: Path) -> Table:
    return sniff(path).read(path, "", report=silent)


def cosines(table: Table, row: int) -> np.ndarray:
    vectors = table.vectors.to_numpy().astype(np.float64)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit[row]


@pytest.mark.parametrize("name", ONE_TABLE)
def test_one_table_has_the_same_neighbours_in_every_format(name, shared):
    expected = json.loads((shared / "formats" / "expected.json").read_text())
    table = read(shared / "formats" / name)
    assert table.vectors.shape == (expected["rows"], expected["dim"])
    tolerance = QUANTISED.get(name, TOLERANCE.get(table.vectors.dtype, 1e-5))
    for token, near in expected["neighbours"].items():
        if Path(name).suffix in NAMES_TOKENS:
            assert table.row_of(token) == near["row"]
        found = cosines(table, near["row"])
        rows = [row for _, row, _ in near["cosine_top"]]
        np.testing.assert_allclose(found[rows], [s for *_, s in near["cosine_top"]], atol=tolerance)


def test_the_word2vec_folder_of_real_reviews_opens_with_its_counts(shared):
    folder = shared / "word2vec_imdb_10k"
    expected = json.loads((folder / "expected.json").read_text())
    table = read(folder)
    assert table.vectors.shape == (9938, 200)
    assert table.columns["count"].numeric
    for token, near in expected["neighbours"].items():
        assert table.row_of(token) == near["row"]
        best = np.argsort(-cosines(table, near["row"]))[1:4]
        assert best.tolist() == [row for _, row, _ in near["cosine_top"][:3]]


def test_the_projectors_own_iris_opens(shared):
    table = read(shared / "projector" / "oss_demo_projector_config.json")
    assert table.vectors.shape == (150, 4)
    assert set(table.columns["class"].values) == {
        "Iris-setosa",
        "Iris-versicolor",
        "Iris-virginica",
    }


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("allennlp/fake_embeddings.5d.txt", (15, 5)),
        ("allennlp/fake_embeddings.5d.txt.gz", (15, 5)),
        ("allennlp/fake_embeddings.5d.txt.bz2", (15, 5)),
        ("allennlp/fake_embeddings.5d.txt.xz", (15, 5)),
        ("allennlp/fake_embeddings.5d.txt.zip", (15, 5)),
        ("allennlp/glove.6B.100d.sample.txt.gz", (100, 100)),
        ("allennlp/basic_classifier_best.th", (213, 10)),
        ("gensim/test_glove.txt", (76, 50)),
        ("gensim/lee_fasttext.vec", (1762, 10)),
        ("gensim/pang_lee_polarity_fasttext.vec", (1694, 100)),
        ("gensim/pretrained.vec", (1, 5)),
        ("gensim/word2vec_pre_kv_c", (1750, 10)),
        ("gensim/euclidean_vectors.bin", (2747, 10)),
        ("gensim/high_precision.kv.bin", (2, 2)),
    ],
)
def test_samples_of_other_projects_open_whole(name, shape, shared):
    assert read(shared / name).vectors.shape == shape


def expectations() -> list[tuple[str, str, str, str]]:
    listed = SHARED / "malformed" / "EXPECTED.tsv"
    if not listed.is_file():
        return []
    with listed.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(row[0], row[1], row[2], row[3]) for row in rows]


@pytest.mark.parametrize(("name", "outcome", "rows", "dim"), expectations())
def test_a_broken_or_hostile_file_ends_as_it_should(
    name, outcome, rows, dim, shared, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    path = shared / "malformed" / name
    try:
        shape = read(path).vectors.shape
    except ExplorerError as error:
        assert outcome != "open" or path.suffix not in OURS, error  # noqa: PT017
        shape = None
    if shape is not None:
        assert outcome != "refuse"
        assert outcome != "open" or shape == (int(rows), int(dim))
    assert not list(tmp_path.iterdir())
    assert not (shared / "malformed" / "EMBEDDING_CANARY").exists()


@pytest.mark.parametrize("name", ["lee_fasttext", "crime-and-punishment", "toy-model"])
def test_a_fasttext_model_gives_the_vectors_that_fasttext_printed(name, shared):
    model = read(shared / "gensim" / f"{name}.bin")
    printed = read(shared / "gensim" / f"{name}.vec")
    rows = [model.row_of(token) for token in printed.tokens]
    np.testing.assert_allclose(model.vectors.rows(rows), printed.vectors.to_numpy(), atol=1e-4)
