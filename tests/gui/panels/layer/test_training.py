"""A training step, and the layer's settings."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QPlainTextEdit, QWidget


def test_a_training_step_touches_only_the_rows_looked_up(bench) -> None:
    bench.look("[7, 2, 7]")
    before = bench.session.table.vectors.to_numpy().copy()  # type: ignore[union-attr]
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    said = bench.said("layer_gradients")
    assert len(said) == 2
    assert said[0].startswith("word7: gradient")
    assert said[0].endswith("looked up 2 times, summed")
    assert "78 did not" in bench.text("layer_train_words")
    assert np.array_equal(bench.session.table.vectors.to_numpy(), before)  # type: ignore[union-attr]


def test_another_lookup_forgets_the_training_step(bench) -> None:
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    assert bench.picture("layer_gradients").isVisible()
    bench.look("[1]")
    assert not bench.picture("layer_gradients").isVisible()


def test_the_loss_chosen_is_the_one_trained(bench) -> None:
    bench.look("[7, 2, 7]")
    box = bench.page.findChild(QWidget, "layer_objective")
    box.setCurrentText("sum")  # type: ignore[attr-defined]
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    # Every number looked up has a gradient of 1: of 6 numbers, twice and once.
    assert bench.said("layer_gradients")[0].startswith(f"word7: gradient {2 * 6**0.5:.4g}")


def test_the_summary_counts_parameters_and_leaves_out_the_padding_row(bench) -> None:
    bench.change("layer_padding", 0)
    summary = bench.page.findChild(QPlainTextEdit, "layer_summary")
    assert "Total params: 480" in summary.toPlainText()
    assert "Trainable params: 474" in summary.toPlainText()
    assert "padding_idx=0" in bench.code("layer")


def test_the_layer_follows_its_settings(bench) -> None:
    box = bench.page.findChild(QWidget, "layer_setting_initializer")
    box.setCurrentText("glorot uniform")  # type: ignore[attr-defined]
    summary = bench.page.findChild(QPlainTextEdit, "layer_summary")
    assert "Initializer: Glorot uniform" in summary.toPlainText()
    assert "xavier_uniform_" in bench.code("layer")


def test_settings_that_exclude_each_other_are_told_in_place(bench) -> None:
    for name in ("sparse", "scale_grad_by_freq"):
        bench.page.findChild(QWidget, f"layer_setting_{name}").setChecked(True)  # type: ignore[attr-defined]
    assert "cannot be scaled by frequency" in bench.text("layer_problem")


def test_a_gradient_scaled_by_frequency_is_a_mean_over_the_repeats(bench) -> None:
    bench.look("[7, 2, 7]")
    box = bench.page.findChild(QWidget, "layer_objective")
    box.setCurrentText("sum")  # type: ignore[attr-defined]
    bench.page.findChild(QWidget, "layer_setting_scale_grad_by_freq").setChecked(True)  # type: ignore[attr-defined]
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    assert all(f"gradient {6**0.5:.4g}" in said for said in bench.said("layer_gradients"))
