from __future__ import annotations

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.pipeline import Placer
from explorer.preparation import Sample
from explorer.progress import silent
from explorer.projections import methods
from explorer.table import Table
from explorer.vectors import Vectors


def _middle(table: Table, *rows: int) -> np.ndarray:
    return table.vectors.exact(list(rows)).astype(np.float64).mean(axis=0)


@pytest.mark.parametrize(
    "steps", ["none", "centre", "unit, centre", "centre, remove 2, unit", "whiten", "unit"]
)
@pytest.mark.parametrize("dims", [2, 3])
def test_a_row_s_vector_has_the_row_s_place_on_a_pca(table: Table, steps: str, dims: int) -> None:
    made = pipeline.project(table, steps=steps, dims=dims)
    rows = [3, 17, 40]

    places = Placer(made).place(table.vectors.exact(rows))

    scale = np.abs(made.coordinates).max()
    np.testing.assert_allclose(places, made.coordinates[rows], atol=1e-5 * scale)


def test_the_mean_of_two_rows_lies_between_them_on_a_pca(table: Table) -> None:
    made = pipeline.project(table, axes=(3, 1))

    place = Placer(made).place(_middle(table, 4, 9))[0]

    np.testing.assert_allclose(place, made.coordinates[[4, 9]].mean(axis=0), atol=1e-5)


def test_a_pca_of_fewer_dimensions_than_the_map_has_a_zero_there() -> None:
    random = np.random.default_rng(0)
    flat = Table(("a", "b", "c"), Vectors(random.normal(size=(3, 2)).astype(np.float32)))
    made = pipeline.project(flat, dims=3)
    assert Placer(made).place(np.array([1.0, 2.0]))[0, 2] == 0


@pytest.mark.parametrize("measure", ["cosine", "projection"])
def test_axes_measure_a_vector_as_they_measure_rows(table: Table, measure: str) -> None:
    how = {"x": '"word20" - "word30"', "y": "mean(@some)", "measure": measure}
    made = pipeline.project(table, "axes", selections={"some": np.array([11, 12])}, **how)

    places = Placer(made).place(table.vectors.exact([25, 50]))

    np.testing.assert_allclose(places, made.coordinates[[25, 50]], atol=1e-6)


def test_a_vector_of_zeros_has_no_place_among_cosines(table: Table) -> None:
    made = pipeline.project(table, "axes", x='"word20"', y='"word30"')
    assert np.isnan(Placer(made).place(np.zeros(8))).all()


def test_dimensions_as_they_are_place_a_vector_by_these(table: Table) -> None:
    made = pipeline.project(table, "as-is", x_dim=5, y_dim=2)
    np.testing.assert_array_equal(Placer(made).place(np.arange(8.0)), [[4, 1]])


def test_a_sampled_t_sne_places_a_vector_as_it_places_the_other_rows(table: Table) -> None:
    made = pipeline.project(table, "tsne", iterations=20, perplexity=5, sample=Sample(50))
    there = made.shown_rows
    other = int(np.setdiff1d(np.arange(len(table)), there)[0])
    vectors = table.vectors.to_numpy()
    centred = vectors - vectors[there].mean(axis=0)
    expected = methods()["tsne"].place(
        centred[there],
        made.coordinates[there],
        centred[[other]],
        seed=0,
        report=silent,
    )

    places = Placer(made).place(vectors[other].astype(np.float64))

    np.testing.assert_allclose(places, expected, atol=1e-3)


def test_infinite_vectors_have_no_place_and_others_keep_theirs(table: Table) -> None:
    made = pipeline.project(table)
    both = np.stack([np.full(8, np.inf), table.vectors.exact(7).astype(np.float64)])

    places = Placer(made).place(both)

    assert np.isnan(places[0]).all()
    np.testing.assert_allclose(places[1], made.coordinates[7], atol=1e-5)


def test_a_method_without_a_formula_says_so(table: Table, tmp_path) -> None:
    lines = ["x,y", *(f"{row},{row}" for row in range(len(table)))]
    (tmp_path / "xy.csv").write_text("\n".join(lines), encoding="utf-8")
    made = pipeline.project(table, "as-is", coordinates=str(tmp_path / "xy.csv"))
    with pytest.raises(ParameterError, match="no place for a vector"):
        Placer(made).place(np.zeros(8))


def test_what_an_expression_comes_to_is_placed_in_one_call(table: Table) -> None:
    made = pipeline.project(table)
    found = pipeline.query(table, '"word20" - "word30" + "word40"')
    rows = made.coordinates[[20, 40]].sum(axis=0) - made.coordinates[30]

    place = pipeline.place_vectors(made, found.values)

    np.testing.assert_allclose(place[0], rows, atol=1e-4)


@pytest.mark.parametrize("shape", [(7,), (2, 9), (1, 2, 8)])
def test_vectors_of_another_length_are_refused(table: Table, shape: tuple[int, ...]) -> None:
    with pytest.raises(ParameterError, match="have no place on this map"):
        pipeline.place_vectors(pipeline.project(table), np.zeros(shape))
