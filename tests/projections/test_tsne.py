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


def show_every_step(monkeypatch):
    monkeypatch.setattr("explorer.projections.tsne._PICTURE_EVERY", 0)
    monkeypatch.setattr("explorer.projections.tsne._PICTURE_SHARE", float("inf"))


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
    show_every_step(monkeypatch)
    watched = fitted(groups, [].append, threads=3)
    assert alone.scores.tobytes() == watched.scores.tobytes()
    assert alone.kl == watched.kl


def test_divergence_is_no_higher_than_that_of_scikit_learn(groups):
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # its threads spin, which is slow beside other work
        known = TSNE(perplexity=10, init="pca", random_state=0, n_jobs=1).fit(groups)
    made = fitted(groups, iterations=750)
    assert 0.9 * known.kl_divergence_ < made.kl < 1.01 * known.kl_divergence_


def test_pictures_are_copies_that_count_iterations_and_show_a_falling_divergence(
    groups, monkeypatch
):
    show_every_step(monkeypatch)
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


def test_in_three_dimensions_rows_of_a_group_lie_together_too(groups):
    made = fitted(groups, dims=3, iterations=250)
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


def begun(matrix, start, report=silent, **options):
    params = {"iterations": 60, "perplexity": 10.0, "threads": 1} | options.pop("params", {})
    points = prepared(table_of(matrix))
    return METHOD.fit(
        points, TsneParams(**params), dims=2, seed=0, report=report, start=start, **options
    )


def test_a_map_to_begin_from_is_where_it_begins_made_tiny(groups, monkeypatch):
    show_every_step(monkeypatch)
    start = fitted(groups).coordinates[::-1].copy()
    seen = []
    made = begun(groups, start, seen.append, params={"learning_rate": 1.0})
    first = next(progress.partial for progress in seen if progress.partial is not None)
    assert np.ptp(first.coordinates) < 0.01
    alike = np.corrcoef(first.coordinates[:, 0], start[:, 0])
    assert alike[0, 1] > 0.9
    assert made.start == "another map"


def test_rows_whose_place_is_not_known_begin_among_their_neighbours(groups):
    start = fitted(groups, iterations=250).coordinates.copy()
    start[::5] = np.nan
    made = begun(groups, start, params={"iterations": 250})
    group = np.arange(150) // 50
    assert (group[nearest(made.coordinates)] == group).all()


def test_a_map_without_any_place_is_refused_as_a_start(groups):
    with pytest.raises(ParameterError, match="no place for any"):
        begun(groups, np.full((150, 2), np.nan, np.float32))


def test_a_stopped_run_goes_on_from_its_places_and_counts_on(groups, monkeypatch):
    show_every_step(monkeypatch)
    stopped = fitted(groups, iterations=100)
    seen = []
    made = begun(groups, stopped.coordinates, seen.append, params={"iterations": 140}, resume=100)
    pictures = [progress.partial for progress in seen if progress.partial is not None]
    assert pictures[0].iterations == 101
    assert pictures[0].phase == ""
    moved = np.abs(pictures[0].coordinates - stopped.coordinates).max()
    assert moved < 0.1 * np.ptp(stopped.coordinates)
    assert made.iterations == 140
    assert made.kl < stopped.kl
    assert made.start == "iteration 100 of an earlier run"


def test_a_run_that_is_over_cannot_go_on(groups):
    with pytest.raises(ParameterError, match="more than 60"):
        begun(groups, np.zeros((150, 2), np.float32), resume=60)


def test_new_rows_are_placed_in_their_group_and_twins_beside_their_twin(groups):
    known = np.arange(150) % 3 > 0
    vectors = groups.astype(np.float32)
    places = fitted(vectors[known], iterations=250).coordinates
    before = places.copy()
    made = METHOD.place(vectors[known], places, vectors[~known], seed=0, report=silent)
    assert (places == before).all()
    group = np.arange(150) // 50
    among = np.linalg.norm(made[:, None] - places[None], axis=2).argmin(axis=1)
    assert (group[known][among] == group[~known]).all()


def test_a_longer_run_of_more_rows_is_expected_to_take_longer_and_more_memory():
    small = METHOD.estimate(5_000, 50, TsneParams(threads=1), dims=2)
    long = METHOD.estimate(5_000, 50, TsneParams(threads=1, iterations=7_500), dims=2)
    large = METHOD.estimate(100_000, 50, TsneParams(threads=1), dims=2)
    assert 0 < small.seconds < long.seconds
    assert small.seconds < large.seconds
    assert 0 < small.nbytes == long.nbytes < large.nbytes
