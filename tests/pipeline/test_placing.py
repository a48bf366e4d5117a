from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.pipeline import Placer
from explorer.preparation import Sample, prepare
from explorer.progress import silent
from explorer.projection import Projection
from explorer.projections import methods
from explorer.table import Table, numbered_tokens
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


def umap_of(table: Table, metric: str = "cosine", **more) -> Projection:
    """A map that says it is UMAP's; umap-learn need not be installed to place vectors into it."""
    made = pipeline.project(table, "pca", steps="none")
    params = {"metric": metric, "neighbours": 15}
    return replace(made, method="umap", params=params, steps=(), explained=None, **more)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_umap_places_a_vector_at_the_mean_of_its_nearest_rows_places(metric: str) -> None:
    random = np.random.default_rng(0)
    table = Table(numbered_tokens(200), Vectors(random.normal(size=(200, 6)).astype(np.float32)))
    made, vector = umap_of(table, metric), 3.0 * random.normal(size=6)
    rows = table.vectors.to_numpy().astype(float)
    if metric == "cosine":
        units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        apart = np.linalg.norm(units - vector / np.linalg.norm(vector), axis=1)
    else:
        apart = np.linalg.norm(rows - vector, axis=1)
    near = np.argsort(apart)[:30]
    scale = optimize.brentq(lambda s: np.exp(-apart[near] / s).sum() - np.log2(30), 1e-3, 1e3)
    weights = np.exp(-apart[near] / scale)
    expected = weights @ made.coordinates[near] / weights.sum()
    np.testing.assert_allclose(Placer(made).place(vector)[0], expected, rtol=1e-4, atol=1e-5)


def test_umap_has_no_place_for_a_vector_without_direction_under_the_cosine(table: Table) -> None:
    zero = np.zeros((1, table.dim))
    assert np.isnan(Placer(umap_of(table)).place(zero)).all()
    assert np.isfinite(Placer(umap_of(table, "euclidean")).place(zero)).all()


def test_umap_places_the_rows_outside_its_sample_where_it_places_their_vectors(
    table: Table,
) -> None:
    made, sample = umap_of(table), Sample(len(table) // 2, seed=1)
    inside = prepare(table, (), sample).rows
    scores = np.full_like(made.scores, np.nan)
    scores[inside] = made.scores[inside]
    sampled = replace(made, scores=scores, sample=sample)
    whole = pipeline.place_others(sampled)
    others = np.setdiff1d(np.arange(len(table)), inside)
    expected = Placer(sampled).place(table.vectors.exact(others))
    np.testing.assert_allclose(whole.coordinates[others], expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(whole.coordinates[inside], made.coordinates[inside])


def test_neighbours_at_one_distance_count_alike(table: Table) -> None:
    same = Table(numbered_tokens(40), Vectors(np.ones((40, 3), np.float32)))
    places = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    made = replace(
        pipeline.project(same, "as-is"), scores=places, method="umap", params={"metric": "cosine"}
    )
    found = Placer(made).place(np.ones(3))[0]
    np.testing.assert_allclose(found, places[:30].mean(axis=0), rtol=1e-5)


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


@pytest.mark.parametrize("scale", [1e25, 1e38])
def test_vectors_of_huge_numbers_have_a_place_on_a_tsne(scale: float) -> None:
    matrix = np.random.default_rng(0).uniform(-1, 1, size=(60, 4)) * scale
    table = Table(numbered_tokens(60), Vectors(matrix.astype(np.float32)))
    made = pipeline.project(table, "tsne", iterations=20, perplexity=5)
    places = Placer(made).place(table.vectors.exact([3]))
    assert np.isfinite(places).all()
    assert np.linalg.norm(places - made.coordinates[3]) < np.ptp(made.coordinates)
