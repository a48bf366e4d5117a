"""Code and pictures of the steps, to be copied."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton, QWidget

from explorer.table import Table


def test_each_step_has_its_line_in_the_framework_chosen(bench) -> None:
    bench.look("[1, 2]")
    assert bench.code("ids") == "ids = torch.tensor([1, 2])"
    bench.page.findChild(QToolButton, "layer_framework_tensorflow").click()
    assert bench.code("ids") == "ids = tf.constant([1, 2], dtype=tf.int64)"
    for step in ("matrix", "shards", "one_hot", "result"):
        assert "tf." in bench.code(step) or step == "shards"


def test_the_code_of_a_step_is_copied_by_its_button(bench) -> None:
    bench.page.findChild(QToolButton, "layer_ids_code_copy").click()
    assert QGuiApplication.clipboard().text() == bench.code("ids")


def test_the_code_of_all_steps_is_copied_at_once(bench) -> None:
    bench.page.findChild(QToolButton, "layer_copy_code").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "import torch, torch.nn.functional as F"
    assert bench.code("result") in lines


def test_the_code_of_a_step_taken_follows_that_of_the_lookup(bench) -> None:
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    bench.page.findChild(QToolButton, "layer_copy_code").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.endswith(bench.code("train"))
    assert copied.startswith("import torch")


@pytest.mark.parametrize("step", ["ids", "matrix", "shards", "one_hot", "norms", "result", "train"])
def test_a_picture_is_copied_by_the_button_of_its_step(bench, step: str) -> None:
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    QGuiApplication.clipboard().clear()
    bench.page.findChild(QToolButton, f"layer_{step}_copy_picture").click()
    image = QGuiApplication.clipboard().image()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(20, 90, 5)}
    assert len(colours) > 1  # not an empty sheet


def test_the_code_that_is_copied_gives_the_result(bench, words: Table) -> None:
    bench.look("[[7, 2], [7, 0]]")
    bench.change("layer_padding", 0)
    bench.change("layer_max_norm", 0.8)
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    bench.page.findChild(QToolButton, "layer_copy_code").click()
    names: dict[str, Any] = {"table": words.vectors.to_numpy().copy()}
    exec(QGuiApplication.clipboard().text(), names)
    found = bench.page.looking.found
    assert found is not None
    np.testing.assert_allclose(names["result"].numpy(), found.run.result, rtol=1e-5)
    assert names["gradient"].indices()[0].tolist() == [2, 7]
