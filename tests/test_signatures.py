"""Whatever a public function is given: a right answer, or an error of ours in words."""

import inspect
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import explorer
from explorer import embedding, expressions, pipeline
from explorer.embedding.step import take_step
from explorer.errors import ExplorerError, NotFoundError, ParameterError
from explorer.signatures import checked
from explorer.table import Column, Table
from explorer.vectors import Vectors

ROWS = 12


class Lengthless:
    def __len__(self):
        raise RuntimeError("no length")


def words():
    random = np.random.default_rng(0)
    kinds = np.empty(ROWS, dtype=object)
    kinds[:] = [str(row % 3) for row in range(ROWS)]
    columns = {"kind": Column("kind", kinds), "count": Column("count", np.arange(ROWS, 0, -1))}
    vectors = Vectors(random.normal(size=(ROWS, 4)).astype(np.float32))
    return Table(tuple(f"w{row}" for row in range(ROWS)), vectors, columns)


TABLE = words()
MATRIX = TABLE.vectors.rows(np.arange(ROWS))
MAP = pipeline.project(TABLE)
RUN = pipeline.look_into(TABLE, [[1, 2]])
LAYER = explorer.EmbeddingLayer(5, 3)
WEIGHT = np.ones((5, 3), np.float32)
GRADIENT = np.ones((2, 4), np.float32)

# A call of each function that succeeds; every argument of it is then replaced.
CALLS = {
    explorer.all_nearest: {"table": TABLE, "k": 3, "metric": "cosine"},
    explorer.analogy: {"table": TABLE, "a": "w1", "b": "w2", "c": "w3", "k": 2, "how": "add"},
    explorer.cluster: {"table": TABLE, "clusters": 2, "projection": MAP, "seed": 0},
    explorer.compare_spaces: {"table": TABLE, "query": "w1", "k": 2, "spaces": ["raw"]},
    explorer.embedding_lookup: {
        "params": MATRIX,
        "ids": [1, 2],
        "partition_strategy": "mod",
        "max_norm": 1.0,
        "norm_type": 2.0,
    },
    explorer.embedding_lookup_sparse: {
        "params": MATRIX,
        "ids": [[1], [2, 3]],
        "weights": [[1], [2, 3]],
        "combiner": "sum",
        "padding_idx": 0,
    },
    explorer.hubs: {"table": TABLE, "k": 3, "metric": "cosine"},
    explorer.look_into: {
        "table": TABLE,
        "ids_or_text": [[1, 2]],
        "shards": 2,
        "strategy": "mod",
        "max_norm": 1.0,
        "norm_type": 2.0,
        "padding_idx": 0,
        "one_hot": False,
    },
    explorer.lookup: {"table": TABLE, "text": "w1"},
    explorer.mean_random_cosine: {"table": TABLE, "space": "raw", "pairs": 9, "seed": 0},
    explorer.measure: {"projection": MAP, "ks": (3,), "metric": "cosine", "seed": 0},
    explorer.mutual_neighbors: {"table": TABLE, "row": "w1", "k": 3},
    explorer.near_duplicates: {"table": TABLE, "least": 0.9, "kinds": ["case"]},
    explorer.neighbor_graph: {"table": TABLE, "rows": [1], "k": 2, "steps": 2, "most": 9},
    explorer.neighbors: {"table": TABLE, "query": "w1", "k": 2, "space": "raw"},
    explorer.odd_one_out: {"table": TABLE, "rows": ["w1", "w2", "w3"]},
    explorer.one_hot_lookup: {"params": MATRIX, "ids": [1], "most": 100},
    explorer.open_table: {"path": Path("nowhere"), "tensor": "", "labels": None},
    explorer.place_vectors: {"projection": MAP, "vectors": MATRIX[:2]},
    explorer.probe: {"path": Path("nowhere"), "memory": None},
    explorer.project: {
        "table": TABLE,
        "method": "pca",
        "dims": 2,
        "seed": 0,
        "axes": (2, 1),
        "steps": "centre",
        "sample": None,
        "start": None,
        "components": 3,
    },
    explorer.query: {"table": TABLE, "text": '"w1" - "w2"', "selections": None},
    explorer.replay: {"path": Path("nowhere"), "table": None},
    explorer.reverse_neighbors: {"table": TABLE, "row": "w1", "k": 3},
    explorer.search: {"table": TABLE, "text": "w", "mode": "prefix", "case": False, "limit": 3},
    explorer.similarity: {"table": TABLE, "a": "w1", "b": "w2"},
    explorer.similarity_matrix: {"table": TABLE, "rows": ["w1", "w2"], "order": "given"},
    explorer.training_step: {
        "table": TABLE,
        "run": RUN,
        "learning_rate": 0.1,
        "objective": "logistic",
        "target": None,
    },
    explorer.EmbeddingLayer: {"rows": 5, "dim": 3, "padding_idx": None, "max_norm": 1.0},
    take_step: {"params": MATRIX, "ids": [1], "rows": ROWS, "learning_rate": 0.1, "target": None},
    embedding.lookup_gradient: {"upstream": GRADIENT, "ids": [1, 2], "rows": ROWS},
    embedding.bag_gradient: {
        "upstream": GRADIENT,
        "ids": [[1], [2]],
        "weights": None,
        "rows": ROWS,
    },
    embedding.p_norms: {"rows": GRADIENT, "p": 2.0},
    embedding.shard_of: {"ids": [1], "rows": ROWS, "shards": 2, "strategy": "mod"},
    embedding.place_of: {"ids": [1], "rows": ROWS, "shards": 2, "strategy": "div"},
    embedding.as_ids: {"ids": [1]},
    embedding.parse_ids: {"text": "[1]"},
    embedding.parse_bags: {"text": "[[1]]"},
    embedding.parse_weights: {"text": "[[1]]"},
    LAYER.lookup: {"weight": WEIGHT, "ids": [1]},
    LAYER.constrained: {"weight": WEIGHT},
    LAYER.regularization: {"weight": WEIGHT},
    LAYER.summary: {"ids_shape": (None, 3)},
    expressions.evaluate: {"text": '"w1"', "context": expressions.Context.of(TABLE)},
}

META = torch.empty(3, device="meta")
ODD = [
    *(None, True, float("nan"), float("inf"), -1, 0, 1.5, 2**63, 10**40, -(10**40), 1j, b"x"),
    *("", "zzz", "#1", "#99", "\ud800", "\x00", '"w1"', "@none", Path("nowhere"), Path()),
    *([], [[]], [1, [2]], [[1, 2], [3]], [None], ["a", 1], {}, {"a": 1}, set(), range(3)),
    *(np.int64(3), np.float32(2), np.float64("nan"), np.bool_(True), np.array(3), np.array([])),
    *(np.array([[1.5]]), np.array(["w1"]), np.array([object()]), np.array([2**63], np.uint64)),
    *(META, META.to(torch.int64), torch.tensor([1]), torch.tensor(1.5), torch.ones(4)),
    *(object(), int, Lengthless(), TABLE, MAP, iter([1]), len),
]
numbers = st.integers() | st.floats()
anything = st.sampled_from(ODD) | numbers | st.text() | st.lists(numbers | st.text(), max_size=4)


@settings(max_examples=500)
@given(st.sampled_from([(call, name) for call, given in CALLS.items() for name in given]), anything)
def test_whatever_one_argument_is_the_answer_is_right_or_an_error_in_words(place, value):
    function, name = place
    with suppress(ExplorerError):
        function(**CALLS[function] | {name: value})


def test_every_function_of_the_face_but_those_that_write_or_train_is_asked():
    written = {"draw", "evaluate", "export", "save_table", "train"}
    asked = {name for name in explorer.__all__ if getattr(explorer, name) in CALLS}
    assert asked == set(explorer.__all__) - written - {"ExplorerError", "__version__"}


@pytest.mark.parametrize(
    ("function", "given", "told"),
    [
        (explorer.lookup, (None, "w1"), "The table cannot be None. It is of the type Table."),
        (explorer.lookup, (TABLE, 3), "The text cannot be 3. It is a text."),
        (explorer.hubs, (TABLE, True), "The k cannot be True. It is a whole number."),
        (explorer.hubs, (TABLE, 10**40), "It is too large."),
        (explorer.neighbors, (TABLE, 1j), "It is a text or a whole number or an array of numbers."),
        (
            explorer.measure,
            (MAP, "10"),
            "It is a list, each a whole number.",
        ),
        (explorer.probe, (b"x",), "The path cannot be b'x'. It is a path or a text."),
        (explorer.probe, ("a\0b",), "No file is called so."),
        (explorer.neighbor_graph, (TABLE, [1.5]), "It is a list of whole numbers."),
    ],
)
def test_what_is_of_another_kind_is_told_with_what_it_should_be(function, given, told):
    with pytest.raises(ParameterError) as error:
        function(*given)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "how", [{"min_frequency": 10**40}, {"seed": -1}, {"corpus_params": 3}, {"epochs": "2"}]
)
def test_a_training_is_not_begun_with_what_cannot_be(how):
    with pytest.raises(ParameterError):
        explorer.train(Path("nowhere"), "skipgram", **how)


def test_numbers_texts_and_arrays_of_numpy_are_taken_for_what_they_are():
    found = explorer.neighbors(TABLE, "w1", np.int32(3), np.str_("cosine"))
    assert found.rows.tolist() == explorer.neighbors(TABLE, np.int64(1), 3).rows.tolist()
    graph = explorer.neighbor_graph(TABLE, torch.tensor([1, 2]), np.uint8(2))
    assert {1, 2} <= set(graph.rows.tolist())
    assert explorer.measure(MAP, np.array([3, 4])).ks == (3, 4)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"title": 3}, ParameterError),
        ({"selection": [1.5]}, ParameterError),
        ({"selection": [ROWS]}, NotFoundError),
        ({"label_rows": [-1]}, NotFoundError),
        ({"only": np.array([99])}, NotFoundError),
        ({"links": [(0, 99)]}, NotFoundError),
        ({"links": 3}, ParameterError),
        ({"quality": None}, ParameterError),
        ({"colour_by": 3}, ParameterError),
        ({"width": "wide"}, ParameterError),
        ({"path": "\ud800.png"}, ParameterError),
        ({"path": "map.bmp"}, ParameterError),
        ({"projection": TABLE}, ParameterError),
    ],
)
def test_a_picture_of_what_is_not_there_is_refused(tmp_path, how, error):
    path = tmp_path / "map.png"
    with pytest.raises(error):
        explorer.draw(**{"projection": MAP, "path": path} | how)
    assert not path.exists()


@pytest.mark.parametrize("path", ["", ".", "\0", 3, b"x", Path()])
def test_a_map_is_exported_into_what_can_be_a_file_only(path):
    with pytest.raises(ExplorerError):
        explorer.export(MAP, path)


def test_a_function_is_checked_once_and_keeps_its_name_and_signature():
    assert checked(pipeline.hubs) is checked(pipeline.hubs)
    assert checked(pipeline.hubs).__name__ == "hubs"
    assert inspect.signature(checked(pipeline.hubs)) == inspect.signature(pipeline.hubs)
    with pytest.raises(TypeError, match="missing a required argument"):
        explorer.hubs()
