import json
from pathlib import Path

import numpy as np
import pytest

from explorer.preparation import parse_steps, prepare
from explorer.progress import Cancelled
from explorer.projections.pca import METHOD, PcaParams
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors

IMDB = Path(__file__).parents[3] / "shared" / "data" / "word2vec_imdb_10k"


def table_of(matrix, dtype=""):
    matrix = np.asarray(matrix) if dtype else np.asarray(matrix, dtype=np.float32)
    return Table(numbered_tokens(len(matrix)), Vectors(matrix, dtype))


def prepared(table):
    return prepare(table, parse_steps(METHOD.steps))


def fitted(matrix, dims=2, **params):
    return METHOD.fit(
        prepared(table_of(matrix)), PcaParams(**params), dims=dims, seed=0, report=lambda _: None
    )


@pytest.fixture
def matrix():
    return np.random.default_rng(0).normal(size=(300, 20)) * np.linspace(2, 1, 20)


def test_the_map_shows_the_first_components_of_ten(matrix):
    made = fitted(matrix)
    assert made.scores.shape == (300, 10)
    assert made.axes == (0, 1)
    assert made.coordinates.tobytes() == np.ascontiguousarray(made.scores[:, :2]).tobytes()
    assert fitted(matrix, dims=3).axes == (0, 1, 2)


def test_components_are_centred_and_fall_in_variance(matrix):
    made = fitted(matrix + 5)
    np.testing.assert_allclose(made.scores.mean(axis=0), 0, atol=1e-5)
    assert (np.diff(made.scores.var(axis=0)) < 0).all()
    assert made.explained.sum() < 1


def test_the_same_table_gives_the_same_bytes(matrix):
    assert fitted(matrix).scores.tobytes() == fitted(matrix).scores.tobytes()


def test_a_table_of_one_dimension_lies_on_a_line_and_says_so():
    made = fitted([[1.0], [4.0], [7.0]])
    assert made.coordinates.tolist() == [[-3, 0], [0, 0], [3, 0]]
    assert made.explained.tolist() == [1, 0]
    assert "1 zero component added" in made.preprocessing[1]


def test_a_broken_row_has_no_place_on_a_padded_map():
    made = fitted([[1.0], [np.nan], [7.0]])
    assert np.isnan(made.coordinates[1]).all()
    assert made.left_out.tolist() == [1]


def test_a_mapped_bfloat16_table_projects_like_its_float32_form(tmp_path, matrix):
    bits = (matrix.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    bits.tofile(tmp_path / "table.bin")
    mapped = np.memmap(tmp_path / "table.bin", dtype=np.uint16, mode="r", shape=bits.shape)
    table = table_of(mapped, "bf16")
    made = METHOD.fit(prepared(table), PcaParams(), dims=2, seed=0, report=lambda _: None)
    wide = fitted(table.vectors.to_numpy())
    np.testing.assert_allclose(made.scores, wide.scores, atol=1e-5)


def reported(monkeypatch, matrix, steps=METHOD.steps):
    monkeypatch.setattr("explorer.projections.pca._PREVIEW_ROWS", 60)
    monkeypatch.setattr("explorer.projections.pca._AT_ONCE", 1)
    points = prepare(table_of(matrix), parse_steps(steps))
    seen = []
    made = METHOD.fit(points, PcaParams(), dims=2, seed=0, report=seen.append)
    return made, [progress for progress in seen if progress.partial is not None]


@pytest.mark.parametrize("steps", ["centre", "none", "unit, centre", "centre, unit"])
def test_a_long_run_shows_a_map_of_some_rows_first(monkeypatch, matrix, steps):
    made, [shown] = reported(monkeypatch, matrix, steps)
    preview = shown.partial
    assert (preview.complete, preview.phase) == (False, "preview from 60 rows")
    assert len(preview.shown_rows) == 60
    assert preview.scores.shape == made.scores.shape
    assert made.complete
    assert len(made.shown_rows) == len(matrix)
    whole = METHOD.fit(prepare(table_of(matrix), parse_steps(steps)), PcaParams())
    assert made.scores.tobytes() == whole.scores.tobytes()


def test_a_preview_is_the_map_of_its_rows_alone(monkeypatch, matrix):
    _, [shown] = reported(monkeypatch, matrix)
    rows = shown.partial.shown_rows
    np.testing.assert_allclose(shown.partial.scores[rows], fitted(matrix[rows]).scores, atol=1e-5)


def test_a_preview_without_a_finite_row_is_left_out(monkeypatch, matrix):
    places = np.linspace(0, len(matrix) - 1, 60).astype(int)
    matrix[places] = np.nan
    made, shown = reported(monkeypatch, matrix)
    assert shown == []
    assert made.left_out.tolist() == places.tolist()


def test_a_run_can_be_stopped_during_its_preview(monkeypatch, matrix):
    monkeypatch.setattr("explorer.projections.pca._PREVIEW_ROWS", 60)
    monkeypatch.setattr("explorer.projections.pca._AT_ONCE", 1)

    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        METHOD.fit(prepared(table_of(matrix)), PcaParams(), dims=2, seed=0, report=stop)


def test_a_short_run_shows_no_preview(matrix):
    seen = []
    METHOD.fit(prepared(table_of(matrix)), PcaParams(), report=seen.append)
    assert all(progress.partial is None for progress in seen)


@pytest.fixture(scope="module")
def imdb():
    if not IMDB.exists():
        pytest.skip("needs the shared development data")
    expected = json.loads((IMDB / "expected.json").read_text())
    stored = np.fromfile(IMDB / "imdb_w2v_10k_200d_tensors.bytes", dtype="<f4")
    return stored.reshape(expected["rows"], expected["dim"]), expected


def test_the_shares_of_variance_of_the_imdb_table_are_the_known_ones(imdb):
    matrix, expected = imdb
    np.testing.assert_allclose(fitted(matrix).explained[:5], expected["pca_evr"], atol=1e-7)


def test_the_map_of_the_imdb_table_is_that_of_a_full_decomposition(imdb):
    from sklearn.decomposition import PCA

    matrix, _ = imdb
    known = PCA(10, svd_solver="full").fit_transform(matrix.astype(np.float64))
    scores = fitted(matrix).scores
    signs = np.sign((scores * known).sum(axis=0))
    assert np.abs(scores * signs - known).max() < 1e-4 * np.abs(known).max()


def test_rows_whose_place_is_beyond_float32_are_left_out():
    matrix = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    matrix[4] = 3.3e38
    matrix[9] = -3.3e38
    made = METHOD.fit(prepare(table_of(matrix)), PcaParams())
    assert made.left_out.tolist() == [4, 9]
    assert np.isfinite(np.delete(made.coordinates, [4, 9], axis=0)).all()
