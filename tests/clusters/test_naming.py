import numpy as np
import pytest

from explorer.clusters.naming import name_clusters
from explorer.table import Column, Table
from explorer.vectors import Vectors


def named(tokens, vectors, labels, counts=None):
    """Names of the clusters of a small table."""
    columns = {} if counts is None else {"count": Column("count", np.asarray(counts))}
    table = Table(tuple(tokens), Vectors(np.asarray(vectors, np.float32)), columns)
    return name_clusters(table, np.asarray(labels, np.int32))


def leaning(count):
    """Two clusters, each from its most to its least typical row, and their labels."""
    lean = np.linspace(-0.5, 0.5, count)[:, None]
    own, other = np.eye(2)
    vectors = np.concatenate([own + lean * other, other + lean * own])
    return vectors, np.repeat([0, 1], count)


def test_the_row_that_leans_away_from_other_clusters_comes_first():
    vectors = [[1, 0, 0], [1, 0.9, 0], [1, -0.2, 0], [0, 1, 0], [0.9, 1, 0]]
    names, typical = named("abcde", vectors, [0, 0, 0, 1, 1])
    assert typical[0].tolist() == [2, 0, 1]
    assert names == ("c · a · b", "d · e")


def test_length_does_not_make_a_row_typical():
    vectors = [[1, 0.1, 0], [100, 80, 0], [0, 1, 0]]
    _, typical = named("abc", vectors, [0, 0, 1])
    assert typical[0].tolist() == [0, 1]


def test_frequent_tokens_come_first_among_the_typical():
    vectors, labels = leaning(40)
    tokens = [f"{row}{'abcd'[row % 4]}" for row in range(80)]
    counts = np.ones(80, dtype=np.int64)
    counts[2] = 1000
    plain, _ = named(tokens, vectors, labels)
    weighed, typical = named(tokens, vectors, labels, counts)
    assert plain[0].startswith("0a · 1b")
    assert weighed[0].startswith("2c · 0a")
    assert typical[0][:2].tolist() == [2, 0]


@pytest.mark.parametrize("scale", [1, 1e-6])
def test_a_common_word_names_its_cluster_rather_than_rarer_and_clearer_ones(scale):
    vectors, labels = leaning(40)
    counts = np.ones(80)
    counts[[15, 39]] = 100_000
    tokens = [f"{row}{'abcd'[row % 4]}" for row in range(80)]
    names, typical = named(tokens, vectors, labels, counts * scale)
    assert names[0].startswith("15d · 0a")
    assert 39 not in typical[0]


def test_a_frequent_token_at_the_edge_of_its_cluster_does_not_name_it():
    vectors, labels = leaning(100)
    counts = np.ones(200, dtype=np.int64)
    counts[99] = 10**6
    _, typical = named([f"t{row}" for row in range(200)], vectors, labels, counts)
    assert 99 not in typical[0]


@pytest.mark.parametrize(
    ("tokens", "name"),
    [
        (("focuses", "focusing", "centre"), "focuses · centre"),
        (("Film", "film", "movie"), "Film · movie"),
        (("1959", "1969", "1979"), "1959 · 1969 · 1979"),
        (("a", "a", "b"), "a · b"),
        (("x" * 40, "short", "word"), "x" * 13 + "… · short"),
        (("", "\u202e", " of"), "‹empty› · ‹U+202E›"),
    ],
)
def test_a_name_joins_short_different_tokens_as_they_are_shown(tokens, name):
    vectors, labels = leaning(3)
    names, _ = named([*tokens, "u", "v", "w"], vectors, labels)
    assert names[0] == name


def test_byte_level_tokens_are_named_as_they_are_read():
    vectors, labels = leaning(20)
    names, _ = named(["Ġgood", "Ġfine", *(f"Ġw{row}" for row in range(38))], vectors, labels)
    assert names[0].startswith("good · fine")


def test_clusters_whose_tokens_are_alike_have_different_names():
    vectors = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    names, _ = named(["same"] * 3, vectors, [0, 1, 2])
    assert names == ("same", "same (2)", "same (3)")


def test_rows_in_none_name_nothing():
    names, typical = named("abc", np.eye(3), [0, -1, -1])
    assert names == ("a",)
    assert typical[0].tolist() == [0]
    assert named("abc", np.eye(3), [-1, -1, -1]) == ((), ())


def test_a_cluster_of_rows_without_direction_has_a_name():
    names, _ = named("abcd", [[0, 0, 0], [0, 0, 0], [1, 0, 0], [1, 0, 0]], [0, 0, 1, 1])
    assert len(set(names)) == 2


def test_clusters_of_rows_without_tokens_are_numbered():
    vectors, labels = leaning(5)
    tokens = tuple(f"<row {row}>" for row in range(10))
    table = Table(tokens, Vectors(vectors.astype(np.float32)), named=False)
    names, typical = name_clusters(table, labels.astype(np.int32))
    assert names == ("cluster 1", "cluster 2")
    assert len(typical[0]) > 0
