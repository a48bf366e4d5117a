"""Opening, probing and saving tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import NotFoundError, OutputError
from explorer.table import Source, Table


@pytest.fixture
def saved(table: Table, tmp_path: Path) -> Path:
    return pipeline.save_table(table, tmp_path / "words.safetensors").source.path or tmp_path


def test_a_saved_table_opens_as_it_was(table: Table, saved: Path):
    opened = pipeline.open_table(saved)
    assert opened.tokens == table.tokens
    assert np.array_equal(opened.vectors.to_numpy(), table.vectors.to_numpy())
    assert list(opened.columns) == list(table.columns)
    for name, column in table.columns.items():
        assert opened.columns[name].values.tolist() == column.values.tolist()


def test_a_saved_table_knows_where_it_lies(table: Table, tmp_path: Path):
    source = pipeline.save_table(table, str(tmp_path / "t.safetensors")).source
    assert source == pipeline.open_table(tmp_path / "t.safetensors").source


def test_probing_names_the_table_of_a_file(saved: Path):
    (found,) = pipeline.probe(str(saved))
    assert (found.name, found.rows, found.dim, found.dtype) == ("embedding.weight", 60, 8, "f32")


def test_a_tensor_that_is_not_there_is_not_found(saved: Path):
    with pytest.raises(NotFoundError, match=r"wte\.weight"):
        pipeline.open_table(saved, "wte.weight")


def test_saving_into_a_missing_folder_is_refused(table: Table, tmp_path: Path):
    with pytest.raises(OutputError, match="no such file or directory"):
        pipeline.save_table(table, tmp_path / "missing" / "t.safetensors")


def test_a_checkpoint_is_not_written_over_by_the_table_it_holds(tmp_path):
    from safetensors.numpy import save_file

    path = tmp_path / "model.safetensors"
    matrix = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    save_file({"wte.weight": matrix, "wpe.weight": matrix[:8]}, path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="came from"):
        pipeline.save_table(pipeline.open_table(path), path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["table.npy", "table.csv"])
def test_no_table_is_written_over_its_own_file_of_another_format(tmp_path, name):
    matrix = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    np.save(tmp_path / "first.npy", matrix)
    path = tmp_path / name
    pipeline.save_table(pipeline.open_table(tmp_path / "first.npy"), path)
    with pytest.raises(OutputError, match="came from"):
        pipeline.save_table(pipeline.open_table(path), path)


def test_no_table_is_written_over_a_file_of_the_folder_that_it_came_from(tmp_path):
    (tmp_path / "vocab").mkdir()
    for name in ("vocab/vectors", "vocab/key2row.tsv"):
        (tmp_path / name).write_bytes(b"numbers")
    table = replace(pipeline.open_table(), source=Source(tmp_path, "spacy"))
    for name in ("vocab/vectors", "vocab/key2row.tsv"):
        with pytest.raises(OutputError, match="this is a file of"):
            pipeline.save_table(table, tmp_path / name)
        assert (tmp_path / name).read_bytes() == b"numbers"
    for _ in range(2):
        pipeline.save_table(table, tmp_path / "mine.safetensors")


def test_a_file_of_ours_may_be_saved_again(tmp_path):
    path = tmp_path / "mine.safetensors"
    saved = pipeline.save_table(pipeline.open_table(), path)
    again = pipeline.save_table(saved, path)
    assert pipeline.open_table(path).tokens[5] == again.tokens[5]
