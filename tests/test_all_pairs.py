import numpy as np
import pytest

from explorer import all_pairs, cache
from explorer.all_pairs import all_nearest
from explorer.errors import ParameterError
from explorer.metrics import METRICS
from explorer.progress import Cancelled
from explorer.table import Table
from explorer.vectors import Vectors

BROKEN, ZERO = 5, 6


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def table_of(matrix, dtype=""):
    return Table(tuple(f"t{row}" for row in range(len(matrix))), Vectors(matrix, dtype))


@pytest.fixture
def matrix():
    points = np.random.default_rng(0).normal(size=(400, 12)).astype(np.float32)
    points[:, 0] += 2
    points[BROKEN], points[ZERO] = np.nan, 0
    return points


def by_definition(matrix, metric, k):
    """Rows (n, k) and scores (n, k) in float64; -1 and NaN where a row cannot be compared."""
    wide = matrix.astype(np.float64)
    with np.errstate(invalid="ignore"):
        if metric == "euclidean":
            scores = -np.linalg.norm(wide[:, None] - wide[None], axis=2)
        else:
            lengths = np.linalg.norm(wide, axis=1)[:, None] if metric == "cosine" else 1
            scores = (wide / lengths) @ (wide / lengths).T
    fit = np.isfinite(np.diag(scores))
    scores[:, ~fit] = -np.inf
    np.fill_diagonal(scores, -np.inf)
    rows = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    found = np.take_along_axis(scores, rows, axis=1)
    none = ~fit if metric != "dot" else ~fit | ~wide.any(axis=1)
    rows[none], found[none] = -1, np.nan
    return rows, -found if metric == "euclidean" else found


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("numbers", [2**24, 1500])
def test_neighbours_of_all_rows_are_those_of_the_definition(matrix, metric, numbers, monkeypatch):
    monkeypatch.setattr(all_pairs, "_NUMBERS", numbers)
    found = all_nearest(table_of(matrix), 7, metric)
    rows, scores = by_definition(matrix, metric, 7)
    assert (found.rows == rows).all()
    np.testing.assert_allclose(found.scores, scores, atol=1e-5)
    assert not found.compared[BROKEN]
    assert found.compared[ZERO] == (metric == "euclidean")


def test_neighbours_on_real_data_are_those_of_the_definition(shared_data):
    from explorer import pipeline

    table = pipeline.open_table(shared_data / "word2vec_imdb_10k")
    found = all_nearest(table, 10)
    some = np.arange(0, len(table), 97)
    wide = table.vectors.to_numpy().astype(np.float64)
    wide /= np.linalg.norm(wide, axis=1)[:, None]
    scores = wide[some] @ wide.T
    scores[np.arange(len(some)), some] = -np.inf
    best = -np.sort(-scores, axis=1)[:, :10]
    np.testing.assert_allclose(found.scores[some], best, atol=1e-6)
    of_found = np.take_along_axis(scores, found.rows[some].astype(np.int64), axis=1)
    np.testing.assert_allclose(of_found, best, atol=1e-6)


def test_a_mapped_table_in_bfloat16_is_widened_in_blocks_only(matrix, tmp_path, monkeypatch):
    monkeypatch.setattr(all_pairs, "_NUMBERS", 1500)
    bits = (matrix.view(np.uint32) >> 16).astype(np.uint16)
    np.save(tmp_path / "bits.npy", bits)
    table = table_of(np.load(tmp_path / "bits.npy", mmap_mode="r"), "bf16")
    largest = []
    rows = Vectors.rows

    def noted(self, ids):
        largest.append(len(np.asarray(ids)))
        return rows(self, ids)

    monkeypatch.setattr(Vectors, "rows", noted)
    found = all_nearest(table, 4, "euclidean")
    assert max(largest) <= 125
    wide = (bits.astype(np.uint32) << 16).view(np.float32)
    assert (found.rows == by_definition(wide, "euclidean", 4)[0]).all()


def test_equal_rows_stand_in_the_order_of_their_numbers_across_blocks(matrix, monkeypatch):
    monkeypatch.setattr(all_pairs, "_NUMBERS", 1500)
    matrix[[390, 20, 290, 133]] = matrix[7]
    found = all_nearest(table_of(matrix), 4)
    assert found.rows[290].tolist() == [7, 20, 133, 390]


@pytest.mark.parametrize(("metric", "longest"), [("euclidean", 1.7e38), ("dot", 1.8e19)])
def test_no_score_is_the_largest_float32_instead_of_its_own(matrix, metric, longest):
    matrix[3], matrix[90] = 0, 0
    matrix[3, 0], matrix[90, 0] = longest, -longest
    found = all_nearest(table_of(matrix), 398, metric)
    np.testing.assert_allclose(found.scores[3], by_definition(matrix, metric, 398)[1][3], rtol=1e-6)
    matrix[3, 0] = 1.1 * longest
    found = all_nearest(table_of(matrix), 5, metric)
    assert not found.compared[3]
    assert 3 not in found.rows
    assert found.compared[90]


def test_long_rows_have_directions():
    matrix = np.float32([[3e38, 0], [3e38, 1e38], [1, 2], [0, 1]])
    assert all_nearest(table_of(matrix), 1).rows.tolist() == [[1], [0], [3], [2]]


def test_what_is_known_of_some_rows_is_told_of_these_alone(matrix):
    table = table_of(matrix)
    every = all_nearest(table, 9)
    some = all_pairs.at_hand(table, 4, "cosine", np.array([70, 2]))
    assert some.rows.tolist() == every.rows[[70, 2], :4].tolist()
    assert some.scores.tolist() == every.scores[[70, 2], :4].tolist()
    assert all_pairs.at_hand(table, 10, "cosine", np.array([70, 2])) is None


def test_there_are_no_more_neighbours_than_other_rows():
    found = all_nearest(table_of(np.eye(3, dtype=np.float32)), 15)
    assert found.k == 2
    assert all_nearest(table_of(np.eye(3, dtype=np.float32)), 1).rows.tolist() == [[1], [0], [0]]


@pytest.mark.parametrize(("k", "metric"), [(0, "cosine"), (3, "manhattan")])
def test_what_makes_no_sense_is_refused(matrix, k, metric):
    with pytest.raises(ParameterError):
        all_nearest(table_of(matrix), k, metric)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_table_without_two_comparable_rows_is_refused(rows):
    matrix = np.zeros((rows, 3), np.float32)
    matrix[:1] = 1
    with pytest.raises(ParameterError, match=r"N?o?(Only one)? row of the table can be compared"):
        all_nearest(table_of(matrix))


def test_the_search_can_be_stopped_and_leaves_nothing_kept(matrix):
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        all_nearest(table_of(matrix), report=stop)
    assert cache.names() == []


# --- what is kept ---------------------------------------------------------------------------------


@pytest.fixture
def searches(monkeypatch):
    """How often the neighbours of all rows were looked for."""
    done = []
    searched = all_pairs._searched

    def noted(*arguments):
        done.append(arguments)
        return searched(*arguments)

    monkeypatch.setattr(all_pairs, "_searched", noted)
    return done


def test_the_same_numbers_in_another_table_are_not_searched_again(matrix, searches):
    first = all_nearest(table_of(matrix), 5)
    again = all_nearest(table_of(matrix.copy()), 5)
    assert len(searches) == 1
    assert (first.rows == again.rows).all()
    assert first.scores.tobytes() == again.scores.tobytes()


def test_fewer_neighbours_are_the_first_of_more(matrix, searches):
    all_nearest(table_of(matrix), 9)
    found = all_nearest(table_of(matrix.copy()), 4)
    assert len(searches) == 1
    assert (found.rows == by_definition(matrix, "cosine", 4)[0]).all()
    assert all_nearest(table_of(matrix.copy()), 10).k == 10
    assert len(searches) == 2


def test_other_numbers_and_another_metric_are_searched(matrix, searches):
    all_nearest(table_of(matrix), 5)
    all_nearest(table_of(matrix), 5, "euclidean")
    matrix[9, 3] += 1
    found = all_nearest(table_of(matrix), 5)
    assert len(searches) == 3
    assert (found.rows == by_definition(matrix, "cosine", 5)[0]).all()


def test_a_table_in_use_is_known_without_the_file(matrix, searches):
    table = table_of(matrix)
    all_nearest(table, 5)
    cache.clear()
    assert all_pairs.recalled(table, 6) is None
    assert all_pairs.recalled(table, 5).k == 5
    assert all_nearest(table, 3).k == 3
    assert len(searches) == 1


@pytest.mark.parametrize("damage", ["cut", "one bit", "empty", "foreign", "folder"])
def test_a_damaged_file_is_made_again(matrix, searches, damage):
    all_nearest(table_of(matrix), 5)
    (path,) = cache.folder().iterdir()
    content = path.read_bytes()
    if damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        middle = len(content) // 2
        damaged = {
            "cut": content[:-9],
            "one bit": content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :],
            "empty": b"",
            "foreign": b'{"facts": []}\n\x00' * 7,
        }
        path.write_bytes(damaged[damage])
    found = all_nearest(table_of(matrix.copy()), 5)
    assert (found.rows == by_definition(matrix, "cosine", 5)[0]).all()
    assert len(searches) == 2
    if damage == "folder":
        path.rmdir()


def test_a_file_of_an_older_version_is_made_again(matrix, searches, monkeypatch):
    all_nearest(table_of(matrix), 5)
    monkeypatch.setattr(all_pairs, "_VERSION", all_pairs._VERSION + 1)
    all_nearest(table_of(matrix.copy()), 5)
    all_nearest(table_of(matrix.copy()), 5)
    assert len(searches) == 2


def test_rows_that_are_not_in_the_table_are_not_believed(matrix, searches):
    table = table_of(matrix)
    digest = all_pairs.fingerprint(table.vectors)
    rows = np.full((400, 5), 400, np.int32)
    facts = all_pairs._facts(digest, "cosine", 5)
    cache.store(all_pairs._name(digest, "cosine", 5), facts, [rows, np.zeros((400, 5), np.float32)])
    assert all_nearest(table, 5).rows.max() < 400
    assert len(searches) == 1
