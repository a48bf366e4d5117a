"""Making maps, stopping that, and saying how far they may be believed."""

from __future__ import annotations

from soaking.hands import Steps
from soaking.topic import Action, Topic

from explorer.projections import methods

# Short runs: many of them are made.
_QUICK = {
    "pca": {},
    "tsne": {"iterations": 30},
    "umap": {"epochs": 20},
    "axes": {},
    "as-is": {},
}


class MakingMaps(Topic):
    """Making maps, stopping that, and saying how far they may be believed."""

    @property
    def all(self) -> dict[str, Action]:
        menu = self._menu
        return {
            "project": (8, self._project),
            "project as chosen": (2, self._project_as_chosen),
            "project and stop": (5, self._project_and_stop),
            "choose a method": (4, self._choose_method),
            "axes of the map": (3, self._axes),
            "open a map": (4, lambda: menu("add_map")),
            "close a map": (4, lambda: menu("close_map")),
            "go to a map": (4, lambda: menu("next_map")),
            "clusters": (3, self._clusters),
            "quality": (3, self._quality),
            "colour by kept": (2, self._colour_by_kept),
            "compare maps": (2, self._compare),
        }

    def _project(self) -> Steps:
        names = [name for name, method in methods().items() if not method.lacks]
        name = self.chance.choice(names)
        table = self.window.session.table
        how: dict[str, object] = dict(_QUICK.get(name, {}))
        if name == "axes" and table is not None:
            how["axes"] = [f"#{self.chance.randrange(len(table))}" for _ in "xy"]
        self.window.commands.project(
            name,
            dims=2 if name == "axes" else self.chance.choice((2, 2, 3)),
            seed=self.chance.randrange(5),
            steps=self.chance.choice((None, "none", "centre", "unit")),
            **how,
        )
        yield self.chance.choice((10, 100, 600))

    def _project_as_chosen(self) -> Steps:
        self.window.project()
        yield self.chance.choice((10, 300, 1500))

    def _project_and_stop(self) -> Steps:
        self.window.commands.project("tsne", dims=self.chance.choice((2, 2, 3)))
        yield self.chance.choice((0, 5, 50, 300, 1200))
        self.window.jobs.projection.cancel()
        yield 5

    def _choose_method(self) -> Steps:
        self.window.show_dock("Project")
        yield from self._choose("projection_method")
        yield from self._choose("projection_dims")

    def _axes(self) -> Steps:
        shown = self.window.session.projection
        if shown is not None and shown.scores.shape[1] > shown.dims:
            chosen = self.chance.sample(range(shown.scores.shape[1]), shown.dims)
            self.window.map.header.axes_chosen.emit(tuple(chosen))
        yield 10

    def _clusters(self) -> Steps:
        self.window.show_dock("Clusters")
        yield from self._choose("clusters_method")
        self._press("clusters_run")
        yield self.chance.choice((10, 400))

    def _quality(self) -> Steps:
        self.window.show_dock("Quality")
        self._press("quality_run")
        yield self.chance.choice((10, 400))

    def _colour_by_kept(self) -> Steps:
        self.window.measuring.colour_by_kept()
        yield 100

    def _compare(self) -> Steps:
        numbers = self.window.session.maps.all
        self.window.measuring.compare(numbers[0], numbers[-1])
        yield 100
