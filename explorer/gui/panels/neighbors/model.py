"""Neighbours as a list: rank, token, score with a bar."""

from __future__ import annotations

from PySide6.QtWidgets import QTableView, QWidget
from typing_extensions import override

from explorer.gui.lists.list_model import style_list
from explorer.gui.lists.ranked_list import SCORE, RankedList, RankedModel
from explorer.gui.state.names import Names
from explorer.gui.theme import Theme
from explorer.nearest import Neighbors

_SCORE = 112  # pixels
_SPACES = {"raw": "", "centre": "centred", "unit": "unit", "whiten": "whitened"}


class NeighborModel(RankedModel):
    """Neighbours, under the metric and the space in which they are near."""

    @override
    def show_neighbors(self, names: Names, found: Neighbors | None) -> None:
        self.titles = ("", "token", "score" if found is None else _score_title(found))
        super().show_neighbors(names, found)

    @override
    def tip(self, place: int) -> str:
        space = "" if self.found.space == "raw" else f" ({self.found.space})"
        return super().tip(place) + space

    @override
    def share(self, score: float) -> float:
        """As for any score, but a cosine is a share itself; of distances the shortest is full."""
        if self.found.metric == "cosine":
            return max(0.0, score)
        if self.found.metric == "euclidean":
            return float(self.found.scores[0]) / score if score > 0 else 1.0
        return super().share(score)


def _score_title(found: Neighbors) -> str:
    """A space other than the raw one is not to be overlooked."""
    space = _SPACES.get(found.space, found.space.replace("remove", "top") + " out")
    return f"{found.metric}, {space}" if space else found.metric


def neighbor_list(model: NeighborModel, theme: Theme, parent: QWidget) -> QTableView:
    """The view of the list."""
    view = RankedList("neighbors_list", "Neighbours", model, theme, parent)
    view.setToolTip("Click a neighbour, or press Enter on it, to go there")
    style_list(view, stretch=1, fitted=(0,), movable={SCORE: _SCORE})
    view.horizontalHeader().setMinimumSectionSize(30)
    return view
