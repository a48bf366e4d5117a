import numpy as np
import pytest

from explorer.products import products
from explorer.progress import Cancelled, Progress
from explorer.vectors import Vectors

FLOATS = {"f64": "f8", "f32": "f4", "f16": "f2"}


def vectors_of(matrix, dtype):
    if dtype == "bf16":
        return Vectors((matrix.astype("f4").view(np.uint32) >> 16).astype(np.uint16), "bf16")
    if dtype.startswith("f8"):
        # Bytes of exponents below the highest: no NaN among them.
        return Vectors((np.abs(matrix) * 20).astype(np.uint8) & 0x77, dtype)
    return Vectors(matrix.astype(FLOATS[dtype]))


@pytest.fixture(params=[(1, 1), (7, 33), (900, 64), (20_000, 10)])
def matrix(request):
    return np.random.default_rng(4).normal(size=request.param)


@pytest.mark.parametrize("dtype", ["f64", "f32", "f16", "bf16", "f8_e4m3", "f8_e5m2"])
def test_products_of_every_kind_of_number_are_those_of_float64(matrix, dtype):
    vectors = vectors_of(matrix, dtype)
    vector = np.random.default_rng(5).normal(size=vectors.dim).astype("f4")
    wide = vectors.to_numpy().astype("f8")
    bound = (vectors.dim + 2) * 2.0**-23 * np.abs(wide) @ np.abs(vector)
    assert (np.abs(products(vectors, vector) - wide @ vector) <= bound).all()


@pytest.mark.parametrize("dtype", ["f32", "bf16"])
def test_products_of_many_rows_on_all_cores_are_those_of_few(monkeypatch, dtype):
    vectors = vectors_of(np.random.default_rng(1).normal(size=(3000, 16)), dtype)
    vector = np.ones(16, dtype="f4")
    alone = products(vectors, vector)
    monkeypatch.setattr("explorer.products._ALONE", 0)
    monkeypatch.setattr("explorer.products._NUMBERS", 1000)
    monkeypatch.setattr("explorer.products._WIDENED", 100)
    assert products(vectors, vector).tobytes() == alone.tobytes()


def test_the_bits_of_a_slice_of_columns_are_read_where_they_lie():
    bits = np.random.default_rng(1).normal(size=(50, 9)).astype("f4").view(np.uint32) >> 16
    vectors = Vectors(bits.astype(np.uint16)[:, 1:7], "bf16")
    vector = np.arange(6, dtype="f4")
    np.testing.assert_allclose(products(vectors, vector), vectors.to_numpy() @ vector, rtol=1e-5)


@pytest.mark.parametrize("dtype", ["f32", "bf16"])
def test_rows_without_numbers_give_none_and_harm_no_other(dtype):
    matrix = np.ones((5, 4))
    matrix[1, 2], matrix[3, 1] = np.nan, np.inf
    found = products(vectors_of(matrix, dtype), np.ones(4, dtype="f4"))
    assert np.isfinite(found).tolist() == [True, False, True, False, True]


@pytest.mark.parametrize("alone", [0, 2**30])
def test_a_report_that_raises_stops_the_pass(monkeypatch, alone):
    monkeypatch.setattr("explorer.products._ALONE", alone)

    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        products(Vectors(np.ones((10, 3), dtype="f4")), np.ones(3, dtype="f4"), stop)
