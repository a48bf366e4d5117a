"""Ways to draw a map: one module per method, each ending with one METHOD."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from explorer.params import Params
from explorer.progress import Report
from explorer.projection import Projection
from explorer.registry import discover
from explorer.table import Table


class Fit(Protocol):
    def __call__(
        self, table: Table, params: Any, *, dims: int, seed: int, report: Report
    ) -> Projection: ...


@dataclass(frozen=True, eq=False)
class Method:
    """One way to make a map.

    name: the word in flags and manifests ("pca"). title: the word in menus ("PCA").
    summary: one sentence on what the picture shows and what it does not.
    params: the frozen Params class.
    fit: (table, params, dims=2|3, seed, report) -> Projection. Pure; long ones report partial
        Projections (copies) and may be cancelled at each report.
    live: whether `fit` reports partial Projections worth drawing.
    libraries: distributions whose versions may change the map, named in the manifest.
    """

    name: str
    title: str
    summary: str
    params: type[Params]
    fit: Fit
    live: bool = False
    libraries: tuple[str, ...] = ("numpy",)
    order: int = 50


@cache
def methods() -> dict[str, Method]:
    """Every method by name."""
    return discover(__name__, "METHOD")
