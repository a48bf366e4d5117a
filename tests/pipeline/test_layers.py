"""A lookup taken apart, and its lines of code, which are run."""

import ast
import math
from typing import Any

import numpy as np
import pytest

from explorer.embedding import parse_ids
from explorer.embedding.code import Line, pytorch, tensorflow
from explorer.embedding.ids import IdsError
from explorer.embedding.shards import sizes
from explorer.errors import ParameterError
from explorer.pipeline import look_into, query, training_step
from explorer.table import Table
from explorer.vectors import Vectors

SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("[[2,3],[1,0],[8,6]]", {}),
    ("[[2,3],[1,0],[8,6]]", {"shards": 3, "strategy": "div", "padding_idx": 0}),
    ("[[2,3],[1,0],[8,6]]", {"shards": 7, "strategy": "mod", "max_norm": 1.5}),
    ("[[2,2],[2,0]]", {"shards": 7, "strategy": "div", "max_norm": 1.5, "padding_idx": 2}),
    ("5 5 5", {"shards": 6, "strategy": "div", "max_norm": 2, "norm_type": 1}),
    ("[[[59]]]", {"shards": 99, "strategy": "div", "max_norm": 0.5, "norm_type": math.inf}),
    ("7", {"shards": 4, "padding_idx": 7}),
    ("8", {"padding_idx": 7, "max_norm": 0}),
    ("[[],[]]", {"shards": 2}),
    ("", {"shards": 2, "strategy": "div", "max_norm": 1}),
]


def after(table: Table, lines: tuple[Line, ...], **more: object) -> dict[str, Any]:
    """What the lines of PyTorch leave behind, run as they are after `table = ...`."""
    names: dict[str, Any] = {"table": table.vectors.exact(np.arange(len(table))), **more}
    exec(pytorch(lines), names)
    return names


@pytest.mark.parametrize(("ids", "settings"), SETTINGS)
def test_the_lines_of_pytorch_give_the_same_numbers(table: Table, ids: str, settings):
    run = look_into(table, parse_ids(ids), **settings)
    names = after(table, run.lines)
    assert names["ids"].tolist() == run.ids.tolist()
    assert tuple(names["ids"].shape) == run.ids.shape
    np.testing.assert_array_equal(names["product"].numpy(), run.before)
    np.testing.assert_allclose(names["result"].numpy(), run.result, rtol=1e-6, atol=1e-7)
    assert names["layer"].weight.shape == (60, 8)


@pytest.mark.parametrize(("ids", "settings"), SETTINGS)
def test_the_lines_of_pytorch_find_each_row_in_its_shard(table: Table, ids: str, settings):
    run = look_into(table, parse_ids(ids), **settings)
    names = after(table, run.lines[:5])  # later ones write into the matrix
    assert run.lines[4].step == "place"
    assert names["shard"].tolist() == run.shard.tolist()
    assert names["place"].tolist() == run.place.tolist()
    assert tuple(len(shard) for shard in names["shards"]) == sizes(run.rows, run.shards)
    places = zip(run.shard.ravel(), run.place.ravel(), strict=True)
    found = [names["shards"][shard][place].numpy() for shard, place in places]
    np.testing.assert_array_equal(np.array(found).reshape(run.before.shape), run.before)


@pytest.mark.parametrize(("ids", "settings"), [one for one in SETTINGS if parse_ids(one[0]).size])
@pytest.mark.parametrize("objective", ["logistic", "squared", "sum"])
@pytest.mark.parametrize("by_frequency", [False, True])
def test_the_lines_of_a_step_give_torchs_own_gradient(
    table: Table, ids: str, settings, objective: str, by_frequency: bool
):
    run = look_into(table, parse_ids(ids), **settings)
    asked = {"objective": objective, "scale_grad_by_freq": by_frequency, "learning_rate": 0.25}
    step = training_step(table, run, **asked)
    names = after(table, run.lines + step.lines)
    assert names["loss"].item() == pytest.approx(step.loss, rel=1e-5, abs=1e-6)
    gradient = np.zeros((60, 8), np.float32)
    gradient[step.rows] = step.gradient
    np.testing.assert_allclose(names["gradient"].to_dense().numpy(), gradient, rtol=1e-5, atol=1e-7)
    moved = names["layer"].weight.detach().numpy()[step.rows]
    np.testing.assert_allclose(moved, step.after, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("objective", ["logistic", "squared"])
def test_a_target_of_ones_own_is_the_codes_too(table: Table, objective: str):
    run, target = look_into(table, [[1, 2], [2, 3]]), np.linspace(-1, 1, 8)
    step = training_step(table, run, objective=objective, target=target)
    names = after(table, run.lines + step.lines, target=target)
    assert names["loss"].item() == pytest.approx(step.loss, rel=1e-5)
    np.testing.assert_allclose(names["gradient"].values().numpy(), step.gradient, rtol=1e-5)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ('"word22"', "table[22]"),
        ('-"word22"', "-table[22]"),
        ('"word23" - "word22"', "-table[22] + table[23]"),
        ('#21 - 2 * ("word23" - #22) / 4', "table[21] + 0.5 * table[22] - 0.5 * table[23]"),
        (
            'mean("word21", "word21", #22, #23)',
            "0.5 * table[21] + 0.25 * table[22] + 0.25 * table[23]",
        ),
    ],
)
def test_the_lines_work_the_target_out_of_the_table(table: Table, text: str, formula: str):
    run = look_into(table, [[1, 2], [2, 3]], padding_idx=3)
    step = training_step(table, run, target=text)
    assert f"target = torch.tensor({formula}, dtype=weight.dtype)" in step.pytorch
    assert f"target = tf.constant({formula}, dtype=weight.dtype)" in step.tensorflow
    names = after(table, run.lines + step.lines)
    assert names["loss"].item() == pytest.approx(step.loss, rel=1e-5)


@pytest.mark.parametrize(
    "text", ['unit("word21") - "word22"', "mean(#1, #2, #3, #4, #5, #6, #7, #8, #9)"]
)
def test_a_target_that_is_no_sum_of_a_few_rows_is_left_to_who_runs_the_lines(table: Table, text):
    run = look_into(table, [[1, 2], [2, 3]])
    step = training_step(table, run, target=text)
    assert "target = torch.tensor(target, dtype=weight.dtype)" in step.pytorch
    names = after(table, run.lines + step.lines, target=query(table, text).values)
    assert names["loss"].item() == pytest.approx(step.loss, rel=1e-5)


@pytest.mark.parametrize("objective", ["logistic", "squared", "sum"])
@pytest.mark.parametrize("max_norm", [None, 0.5])
def test_a_step_of_tensorflow_has_its_tape_as_a_block_of_lines(
    table: Table, objective: str, max_norm: float | None
):
    run = look_into(table, [[4, 2], [4, 4]], max_norm=max_norm)
    code = tensorflow(training_step(table, run, objective=objective).lines)
    assert ";" not in code
    tree = ast.parse(code)
    tape = next(one for one in tree.body if isinstance(one, ast.With))
    inside = [ast.unparse(one).split(" = ")[0] for one in tape.body]
    assert inside == ["vectors", *(["count", "means"] if objective != "sum" else []), "loss"]
    assert code.count("\n    ") == len(inside)


def test_a_target_can_be_an_expression(table: Table):
    run, text = look_into(table, [[1, 2], [2, 3]]), '"word20" - \n"word11"'
    step = training_step(table, run, target=text)
    vector = table.vectors.rows(20) - table.vectors.rows(11)
    wanted = training_step(table, run, target=vector.astype(np.float64))
    np.testing.assert_allclose(step.gradient, wanted.gradient, rtol=1e-5)
    assert '# the vector of "word20" - "word11"\n' in step.pytorch
    names = after(table, run.lines + step.lines)
    np.testing.assert_allclose(names["target"].numpy(), vector, rtol=1e-5, atol=1e-6)
    with pytest.raises(ParameterError, match="word99"):
        training_step(table, run, target='"word99"')


def test_a_step_counts_repeats_and_leaves_all_other_rows_alone(table: Table):
    before = table.vectors.to_numpy().copy()
    step = training_step(table, look_into(table, [4, 2, 4, 4]), objective="sum")
    assert step.rows.tolist() == [2, 4]
    assert step.repeats.tolist() == [1, 3]
    assert step.gradient.tolist() == [[1.0] * 8, [3.0] * 8]
    assert step.norms == pytest.approx([8**0.5, 3 * 8**0.5])
    assert step.untouched == 58
    np.testing.assert_array_equal(table.vectors.to_numpy(), before)


def test_a_small_step_lowers_the_loss(table: Table):
    run = look_into(table, [[2, 3], [1, 0]])
    for objective in ("logistic", "squared", "sum"):
        step = training_step(table, run, objective=objective, learning_rate=1e-3)
        assert step.loss_after < step.loss


def test_padding_is_zero_and_gets_no_gradient(table: Table):
    run = look_into(table, [[2, 3], [5, 0]], padding_idx=0)
    assert not run.result[1, 1].any()
    assert run.before[1, 1].any()
    assert run.padded.tolist() == [[False, False], [False, True]]
    assert training_step(table, run).rows.tolist() == [2, 3, 5]
    alone = training_step(table, look_into(table, [[0, 0]], padding_idx=0))
    assert alone.rows.tolist() == []
    assert alone.loss == pytest.approx(math.log(2))


def test_a_text_is_looked_up_piece_by_piece(table: Table):
    run = look_into(table, "word20 zyx Word11,")
    assert run.ids.tolist() == [20, 11]
    assert [piece.row for piece in run.pieces.pieces] == [20, None, 11]
    assert run.text == "word20 zyx Word11,"
    assert run.line("ids").pytorch == "ids = torch.tensor([20, 11])"


def test_a_text_without_any_piece_in_the_table_looks_nothing_up(table: Table):
    run = look_into(table, "zyx")
    assert run.result.shape == (0, 8)
    with pytest.raises(ParameterError, match="nothing to learn from"):
        training_step(table, run)


def test_the_product_is_measured_beside_the_lookup(table: Table):
    cost = look_into(table, [[1, 2], [3, 4]]).one_hot
    assert (cost.matrix_bytes, cost.gather_bytes) == (4 * 60 * 4, 4 * (8 * 4 + 8))
    assert cost.bytes == 4 * 60 * 4 + 60 * 8 * 4
    assert cost.same
    assert look_into(table, [1], one_hot=False).one_hot is None


def test_norms_before_and_after_are_those_of_the_chosen_p(table: Table):
    run = look_into(table, [3, 4, 5], max_norm=2.0, norm_type=1)
    np.testing.assert_allclose(run.norms_before, np.abs(run.before).sum(axis=1), rtol=1e-6)
    assert (run.norms_before > 2).all()
    np.testing.assert_allclose(run.norms, 2, rtol=1e-6)


def test_a_float64_table_keeps_its_digits():
    wide = Table(("a", "b"), Vectors(np.array([[0.1, 1e-60], [1 / 3, 3.0]])))
    run = look_into(wide, [1, 0], max_norm=1e9)
    assert run.result.dtype == np.float64
    assert run.result.tolist() == [[1 / 3, 3.0], [0.1, 1e-60]]
    assert run.one_hot.same


@pytest.mark.parametrize(
    ("ids", "settings", "told"),
    [
        ([60], {}, r"Id 60 at \[0\] is out of range"),
        ([[1], [1, 2]], {}, r"\[1\] has 2 ids where \[0\] has 1"),
        ([1], {"padding_idx": 60}, "padding index 60 is no row"),
        ([1], {"padding_idx": -1}, "padding index -1 is no row"),
        ([1], {"max_norm": -1}, "maximum norm cannot be -1"),
        ([1], {"max_norm": math.nan}, "maximum norm cannot be nan"),
        ([1], {"norm_type": 0}, "norm's p cannot be 0"),
        ([1], {"shards": 0}, "0 shards"),
        ([1], {"strategy": "modulo"}, "no partition strategy 'modulo'"),
    ],
)
def test_what_makes_no_sense_is_told(table: Table, ids, settings, told: str):
    with pytest.raises(ParameterError, match=told):
        look_into(table, ids, **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"learning_rate": 0},
        {"learning_rate": math.nan},
        {"objective": "x"},
        {"target": [1.0]},
        {"objective": "sum", "target": [0.0] * 8},
    ],
)
def test_a_step_that_makes_no_sense_is_told(table: Table, settings):
    with pytest.raises(ParameterError):
        training_step(table, look_into(table, [1]), **settings)


def test_more_ids_than_can_be_shown_are_refused():
    wide = Table(("a",), Vectors(np.ones((1, 4096), np.float32)))
    with pytest.raises(ParameterError, match="Look up no more than 32,768 ids"):
        look_into(wide, np.zeros(2**15 + 1, np.int64))


def test_ids_that_are_no_ids_are_an_ids_error(table: Table):
    with pytest.raises(IdsError):
        look_into(table, [1.5])
