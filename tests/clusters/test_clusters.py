import numpy as np
import pytest

from explorer.clusters import METHODS, ClusterParams, HdbscanParams, KMeansParams, cluster, kmeans
from explorer.errors import ParameterError
from explorer.params import fields_of
from explorer.progress import Cancelled
from explorer.table import Table
from explorer.tokens import shown
from explorer.vectors import Vectors

KMEANS, HDBSCAN = KMeansParams(clusters=3), HdbscanParams(min_cluster_size=20)
every_method = pytest.mark.parametrize("params", [KMEANS, HDBSCAN], ids=["k-means", "hdbscan"])
GROUPS = np.repeat([0, 1, 2], [40, 90, 60])


def planted(groups=GROUPS, dim=6, noise=0.05):
    """A table of rows around as many axes as there are groups; tokens name their group."""
    random = np.random.default_rng(1)
    vectors = np.eye(dim)[groups] + noise * random.normal(size=(len(groups), dim))
    tokens = tuple(f"{'abc'[group]}{row}" for row, group in enumerate(groups))
    return Table(tokens, Vectors(vectors.astype(np.float32)))


def stopping_at(call):
    """A report that raises Cancelled at the given call."""
    calls = []

    def report(progress):
        calls.append(progress)
        if len(calls) == call:
            raise Cancelled

    return report


@every_method
def test_planted_groups_are_found_the_largest_first(params):
    found = cluster(planted(), params)
    assert found.sizes == (90, 60, 40)
    assert found.labels.dtype == np.int32
    assert np.array_equal(found.labels, np.array([2, 0, 1])[GROUPS])
    assert found.centres.shape == (3, 6)
    np.testing.assert_allclose(found.centres, np.eye(6)[[1, 2, 0]], atol=0.1)


@every_method
def test_the_same_seed_gives_the_same_clusters(params):
    random = np.random.default_rng(0)
    table = Table(tuple(map(str, range(500))), Vectors(random.normal(size=(500, 5))))
    first, second = (cluster(table, params, seed=7) for _ in range(2))
    assert np.array_equal(first.labels, second.labels)
    assert first.names == second.names


@every_method
def test_rows_without_numbers_or_direction_are_in_none(params):
    groups = planted()
    vectors = groups.vectors.to_numpy().copy()
    vectors[3] = 0
    vectors[50, 2] = np.nan
    vectors[150, 0] = np.inf
    found = cluster(Table(groups.tokens, Vectors(vectors)), params)
    assert set(found.labels[[3, 50, 150]]) == {-1}
    assert found.sizes == (89, 59, 39)
    assert set(found.column().values[[3, 50, 150]]) == {""}
    assert found.verdict == "3 clusters · 3 rows in none"


def test_zero_rows_take_part_where_vectors_are_compared_as_stored():
    vectors = planted().vectors.to_numpy().copy()
    vectors[:40] = 0
    found = cluster(Table(planted().tokens, Vectors(vectors)), KMeansParams("raw", clusters=3))
    assert len(set(found.labels[:40])) == 1
    assert found.verdict == "3 clusters"


def test_unit_length_looks_at_directions_and_raw_at_lengths_too():
    long = np.arange(80) % 2 == 1
    east = np.arange(80) < 30
    vectors = np.where(east[:, None], (1.0, 0.0), (0.9, 0.3)) * np.where(long, 9, 1)[:, None]
    table = Table(tuple(map(str, range(80))), Vectors(vectors))
    unit, raw = (
        cluster(table, KMeansParams(space, clusters=2)).labels for space in ("unit", "raw")
    )
    assert np.array_equal(unit == 1, east)
    assert len(set(raw[long])) == len(set(raw[~long])) == 1
    assert raw[0] != raw[1]


@every_method
def test_clusters_of_the_map_are_of_its_dots_and_named_by_the_vectors(params):
    table = planted()
    random = np.random.default_rng(0)
    islands = np.arange(len(table)) % 2
    places = (10.0 * islands[:, None] + random.normal(size=(len(table), 2))).astype(np.float32)
    places[5] = np.nan
    on_map = type(params)("map", 2) if params is KMEANS else HdbscanParams("map", 20)
    found = cluster(table, on_map, coordinates=places)
    assert found.labels[5] == -1
    assert len(set(zip(found.labels.tolist(), islands.tolist(), strict=True)) - {(-1, 1)}) == 2
    assert found.centres.shape == (2, 2)
    assert found.description.endswith("on the coordinates of the map")


@pytest.mark.parametrize("places", [None, np.zeros((4, 2))])
def test_a_map_that_is_not_there_or_of_another_table_is_refused(places):
    with pytest.raises(ParameterError, match="map"):
        cluster(planted(), KMeansParams("map"), coordinates=places)


@every_method
def test_a_table_without_two_rows_to_compare_is_refused(params):
    table = Table(("a", "b"), Vectors(np.array([[1.0, 2], [np.nan, 0]])))
    with pytest.raises(ParameterError, match="two rows"):
        cluster(table, params)


def test_there_are_no_more_clusters_than_different_rows():
    rows = np.eye(4)[np.arange(60) % 3]
    found = cluster(Table(tuple(map(str, range(60))), Vectors(rows)), KMeansParams(clusters=8))
    assert found.sizes == (20, 20, 20)


@every_method
def test_a_table_of_two_rows_has_clusters_or_none(params):
    found = cluster(Table(("a", "b"), Vectors(np.eye(2))), params)
    assert sum(found.sizes) + (found.labels == -1).sum() == 2


def test_rows_spread_evenly_are_in_no_dense_group():
    found = cluster(
        Table(tuple(map(str, range(30))), Vectors(np.eye(30))), HdbscanParams(min_cluster_size=10)
    )
    assert (len(found), found.verdict) == (0, "no cluster · 30 rows in none")
    assert set(found.column().values) == {""}


@every_method
def test_clustering_stops_wherever_its_report_says_so(params):
    table, calls = planted(), []
    cluster(table, params, report=calls.append)
    for call in range(1, len(calls) + 1):
        with pytest.raises(Cancelled):
            cluster(table, params, report=stopping_at(call))


@every_method
def test_progress_only_rises_and_ends_at_one(params):
    calls = []
    cluster(planted(), params, report=calls.append)
    shares = [progress.fraction for progress in calls]
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(kmeans, "_WHOLE_ROWS", 100)
    monkeypatch.setattr(kmeans, "_SAMPLE", 80)
    monkeypatch.setattr(kmeans, "_BATCH", 32)


@pytest.mark.usefixtures("small_batches")
def test_many_rows_are_clustered_in_batches_and_the_name_says_so():
    found = cluster(planted(), KMEANS)
    assert found.method == "mini-batch k-means"
    assert found.sizes == (90, 60, 40)
    assert np.array_equal(cluster(planted(), KMEANS).labels, found.labels)


@pytest.mark.parametrize("rows", [20, 60])
def test_few_rows_of_very_many_numbers_are_clustered_in_batches_too(monkeypatch, rows):
    monkeypatch.setattr(kmeans, "_WHOLE_NUMBERS", 100)
    monkeypatch.setattr(kmeans, "_BATCH", 50)
    found = cluster(planted(np.arange(rows) % 3), KMeansParams(clusters=3), seed=2**40)
    assert found.method == "mini-batch k-means"
    assert sum(found.sizes) == rows
    assert max(found.sizes) - min(found.sizes) <= 1


@every_method
def test_numbers_too_large_for_distances_are_refused_and_may_be_compared_at_unit_length(params):
    vectors = planted().vectors.to_numpy() * np.float32(1e25)
    table = Table(planted().tokens, Vectors(vectors))
    with pytest.raises(ParameterError, match="too large"):
        cluster(table, type(params)(space="raw"))
    assert cluster(table, params).sizes == (90, 60, 40)


def test_kmeans_reaches_the_inertia_of_scikit_learn():
    from sklearn.cluster import KMeans

    points = np.random.default_rng(3).normal(size=(400, 4)).astype(np.float32)
    found = cluster(
        Table(tuple(map(str, range(400))), Vectors(points)), KMeansParams("raw", clusters=7)
    )
    ours = np.square(points - found.centres[found.labels]).sum()
    theirs = KMeans(7, n_init=3, random_state=0).fit(points).inertia_
    assert ours <= 1.02 * theirs


def test_the_column_names_each_rows_cluster_and_tells_the_method():
    found = cluster(planted(), KMEANS)
    column = found.column("group")
    assert column.name == "group"
    assert not column.numeric
    assert [column.values[row] for row in (0, 40, 130)] == [found.names[k] for k in (2, 0, 1)]
    assert column.description == "k-means on the unit-length vectors"


def test_names_are_tokens_of_their_cluster():
    for name, letter in zip(cluster(planted(), KMEANS).names, "bca", strict=True):
        assert all(word.startswith(letter) for word in name.split(" · "))


def test_what_is_needed_to_make_clusters_again_is_plain_values():
    import json

    found = cluster(planted(), HDBSCAN, seed=4)
    facts = json.loads(json.dumps(found.as_dict()))
    assert facts["method"] == "HDBSCAN"
    assert facts["params"]["min_cluster_size"] == 20
    assert facts["seed"] == 4
    assert facts["preprocessing"] == ["unit-length vectors"]


def test_nasty_tokens_name_clusters_escaped(table):
    found = cluster(table, KMeansParams(clusters=20))
    assert len(set(found.names)) == len(found) == 20
    assert all(name == shown(name) for name in found.names)
    assert not any("\u202e" in name or "\n" in name for name in found.names)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_lets_the_space_be_chosen(name):
    fields = {field.name: field for field in fields_of(METHODS[name])}
    assert fields["space"].default == "unit"
    assert set(fields["space"].info.choices) == {"unit", "raw", "map"}
    assert issubclass(METHODS[name], ClusterParams)


@pytest.mark.parametrize("wrong", [{"clusters": 1}, {"clusters": 1000}, {"space": "cosine"}])
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        KMeansParams(**wrong)
