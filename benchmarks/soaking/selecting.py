"""What is selected, kept, undone."""

from __future__ import annotations

from soaking.hands import Steps
from soaking.topic import Action, Topic


class Selecting(Topic):
    """What is selected, kept, undone."""

    @property
    def all(self) -> dict[str, Action]:
        menu = self._menu
        return {
            "undo": (8, lambda: menu("undo")),
            "redo": (5, lambda: menu("redo")),
            "isolate": (4, lambda: menu("isolate")),
            "select all": (2, lambda: menu("select_all")),
            "select none": (2, lambda: menu("select_none")),
            "invert": (3, lambda: menu("invert")),
            "grow": (3, lambda: menu(self.chance.choice(("grow", "grow_mean")))),
            "on the map": (1, lambda: menu("on_map")),
            "copy tokens": (2, lambda: menu("copy")),
            "keep": (3, self._keep),
            "kept": (3, self._kept),
            "page of the selection": (3, self._page),
        }

    def _keep(self) -> Steps:
        if self.window.keeper.ready and len(self.window.session.selection):
            self.window.keeper.keep(f"kept {self.chance.randrange(5)}")
        yield 10

    def _kept(self) -> Steps:
        kept = list(self.window.session.kept.all)
        if kept and self.chance.random() < 0.3:
            self.window.keeper.delete(kept[0])
            self.window.keeper.restore()
        elif kept:
            name = self.chance.choice(kept)
            how = self.chance.choice(("replace", "add", "remove", "intersect"))
            self.window.selecting.take(self.window.session.kept.all[name], how)
        yield 10

    def _page(self) -> Steps:
        self.window.show_dock("Selection")
        pages = self.window.selection.pages
        pages.setCurrentIndex(self.chance.randrange(pages.count()))
        yield 20
