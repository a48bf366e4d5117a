"""The layers of a model: name, output shape, parameters. Numbers are never cut off."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from explorer.gui.widgets.plain import plain_label
from explorer.objectives import Summary, shape_text


class LayerList(QWidget):
    """A small grid, in the manner of a Keras summary. Names wrap where the panel is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_layers")
        self.setAccessibleName("Layers of the model")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnStretch(0, 1)

    def show_summary(self, summary: Summary) -> None:
        """Shows these layers in place of those before."""
        while item := self._grid.takeAt(0):
            if label := item.widget():
                label.deleteLater()
        self._add(("layer", "output shape", "parameters"), "muted")
        for layer in summary.layers:
            self._add((layer.name, shape_text(layer), f"{layer.parameters:,}"))
        self._add(("total", "", f"{summary.total:,}"), "muted")
        self.setAccessibleDescription(summary.as_text())

    def _add(self, cells: tuple[str, str, str], role: str = "") -> None:
        line = self._grid.rowCount()
        for column, text in enumerate(cells):
            label = plain_label(f"layer_{line}_{column}", role, wrap=column == 0)
            font = label.font()
            font.setPointSizeF(0.85 * font.pointSizeF())
            label.setFont(font)
            label.setText(text)
            if column == 2:
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(label, line, column)
