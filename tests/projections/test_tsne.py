import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.preparation import parse_steps, prepare
from explorer.progress import Cancelled, silent
from explorer.projections.tsne import METHOD, TsneParams
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors


def table_of(matrix):
    matrix = np.asarray(matrix, dtype=np.float32)
    return Table(numbered_tokens(len(matrix)), Vectors(matrix))


def prepared(table):
    return prepare(table, parse_steps(METHOD.steps))


def fitted(matrix, report=silent, *, dims=2, seed=0, **params):
    params = {"iterations": 60, "perplexity": 10.0, "threads": 1} | params
    return METHOD.fit(
        prepared(table_of(matrix)), TsneParams(**params), dims=dims, seed=seed, report=report
    )


@pytest.fixture(scope="module")
def groups():
    """Three groups of 50 rows, far apart."""
    rng = np.random.default_rng(0)
    return np.repeat(10 * rng.normal(size=(3, 12)), 50, axis=0) + rng.normal(size=(150, 12))


def nearest(points):
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return distances.argmin(axis=1)


def test_rows_of_a_group_lie_together(groups):
    made = fitted(groups, iterations=250)
    group = np.arange(150) // 50
    assert (group[nearest(made.coordinates)] == group).all()
    assert made.complete
    assert made.iterations == 250


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_map(groups):
    first = fitted(groups).scores.tobytes()
    assert fitted(groups).scores.tobytes() == first
    assert fitted(groups, seed=1).scores.tobytes() != first


def test_the_map_does_not_depend_on_threads_or_on_watching(groups, monkeypatch):
    alone = fitted(groups, threads=1)
    monkeypatch.setattr("explorer.projections.tsne._PICTURE_EVERY", 0)
    watched = fitted(groups, [].append, threads=3)
    assert alone.scores.tobytes() == watched.scores.tobytes()
    assert alone.kl == watched.kl


def test_divergence_is_close_to_that_of_scikit_learn(groups):
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # its threads spin, which is slow beside other work
        known = TSNE(perplexity=10, init="pca", random_state=0, n_jobs=1).fit(groups)
    made = fitted(groups, iterations=750)
    assert made.kl == pytest.approx(known.kl_divergence_, rel=0.03)


def test_pictures_are_copies_that_count_iterations_and_show_a_falling_divergence(
    groups, monkeypatch
):
    monkeypatch.setattr("explorer.projections.tsne._PICTURE_EVERY", 0)
    seen = []
    fitted(groups, lambda progress: seen.append(progress.partial), iterations=300)
    pictures = [picture for picture in seen if picture is not None]
    assert [picture.iterations for picture in pictures] == list(range(1, 301))
    assert not any(picture.complete for picture in pictures)
    assert len({picture.scores.tobytes() for picture in pictures}) == 300
    assert pictures[0].kl > pictures[150].kl > pictures[-1].kl > 0


def test_progress_rises_to_the_end(groups):
    seen = []
    fitted(groups, lambda progress: seen.append(progress.fraction))
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_a_report_that_raises_stops_the_descent_at_once(groups):
    calls = []

    def stop_at_the_fifth_iteration(progress):
        if progress.message.startswith("Iteration"):
            calls.append(progress)
            if len(calls) == 5:
                raise Cancelled

    with pytest.raises(Cancelled):
        fitted(groups, stop_at_the_fifth_iteration)
    assert len(calls) == 5


def test_rows_with_nan_have_no_place(groups):
    broken = groups.copy()
    broken[[0, 77]] = np.nan
    made = fitted(broken)
    assert made.left_out.tolist() == [0, 77]
    assert np.flatnonzero(np.isnan(made.scores).any(axis=1)).tolist() == [0, 77]


@pytest.mark.parametrize("dims", [2, 3])
def test_equal_rows_lie_close_and_break_nothing(groups, dims):
    doubled = np.vstack([groups[:60], groups[:60]])
    made = fitted(doubled, dims=dims)
    assert made.coordinates.shape == (120, dims)
    assert np.isfinite(made.scores).all()


def test_a_table_of_equal_rows_still_gives_a_map():
    assert np.isfinite(fitted(np.ones((40, 5))).scores).all()


def test_a_table_of_one_dimension_still_gives_a_map():
    assert np.isfinite(fitted(np.arange(40.0)[:, None]).scores).all()


def test_above_the_limit_of_barnes_hut_the_groups_are_found_too(groups, monkeypatch):
    monkeypatch.setattr("explorer.projections.tsne._BARNES_HUT_ROWS", 100)
    made = fitted(groups, iterations=250)
    group = np.arange(150) // 50
    assert (group[nearest(made.coordinates)] == group).mean() > 0.98


def test_all_dimensions_may_be_kept(groups):
    made = fitted(groups, pca_components=0)
    assert made.preprocessing == ("centred: the mean of all rows was subtracted",)
    reduced = fitted(groups, pca_components=5)
    assert reduced.preprocessing[1].startswith("reduced to 5 principal components (")


def test_a_default_perplexity_is_lowered_for_a_small_table_and_told(groups):
    made = fitted(groups[:31], perplexity=30.0)
    assert made.params["perplexity"] == 10
    assert made.preprocessing[-1] == "perplexity lowered to 10: the table is small"


def test_a_chosen_perplexity_that_is_too_large_is_refused_with_the_greatest_possible(groups):
    with pytest.raises(ParameterError, match=r"greatest possible here is 9\.6"):
        fitted(groups[:30], perplexity=12.0)


def test_fewer_than_four_rows_are_refused(groups):
    with pytest.raises(ParameterError, match="at least 4 rows"):
        fitted(groups[:3])
