"""Measuring how far maps may be believed: in the background, when asked for, or by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.gui.state.belief import Compared, Measured, same_picture
from explorer.gui.state.session import Session
from explorer.gui.tasks.commands import Commands
from explorer.gui.tasks.jobs import Jobs
from explorer.progress import Report
from explorer.projection import Projection
from explorer.projections import methods
from explorer.quality import Believed
from explorer.table import Table

# Maps of so many rows, and of so many products between them, are measured in about a second:
# without being asked to.
AUTOMATIC_ROWS = 6000
_AUTOMATIC_PRODUCTS = 2e10
K = 10


class Measuring(QObject):
    """Fills `session.belief`. failed: an error to be told, of work that the user asked for."""

    failed = Signal(object)

    def __init__(
        self, session: Session, jobs: Jobs, commands: Commands, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._commands = session, jobs, commands
        self._metric = "cosine"
        self._automatic = True
        self._measuring: Projection | None = None
        self._wanted: set[int] = set()  # maps to be coloured once they are measured
        self._coloured: dict[int, str] = {}  # by what each map kept, in the column of that name
        self._rival: tuple[Projection, int] | None = None  # to compare with the map being made
        self._asked: tuple[Any, ...] = ()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._look_round)
        self._wire()

    def _wire(self) -> None:
        session, jobs = self._session, self._jobs
        soon = self._soon.start
        session.table_changed.connect(self._start_over)
        session.maps.projection_changed.connect(lambda _: soon())
        session.selection_changed.connect(lambda: soon())
        session.belief.wish_changed.connect(lambda: soon())
        for lane in (jobs.projection, jobs.training, jobs.quality):
            lane.busy_changed.connect(lambda _: soon())
        jobs.projection.succeeded.connect(self._compare_with_rival)
        jobs.projection.failed.connect(lambda _: self._forget_rival())
        jobs.projection.cancelled.connect(lambda _: self._forget_rival())
        jobs.quality.succeeded.connect(self._finish)
        jobs.quality.failed.connect(self.failed)
        jobs.quality.cancelled.connect(lambda _: self._stop())
        jobs.belief.succeeded.connect(self._believe)

    # --- asked for --------------------------------------------------------------------------------

    def set_automatic(self, wish: bool) -> None:
        """Whether maps of small tables are measured without being asked to."""
        self._automatic = wish
        self._soon.start()

    @property
    def metric(self) -> str:
        """How near rows are in the table: "cosine" or "euclidean"."""
        return self._metric

    def set_metric(self, metric: str) -> None:
        """Of what is measured from now on."""
        self._metric = metric
        self._soon.start()

    def measure(self, number: int | None = None) -> None:
        """Measures a map, the active one by default, in the background."""
        number = self._session.maps.active if number is None else number
        projection = self._session.maps.projection(number)
        if projection is None:
            return
        metric = self._metric

        def work(report: Report) -> Measured:
            try:
                return Measured(
                    projection, pipeline.measure(projection, metric=metric, report=report)
                )
            except ExplorerError as error:  # too few rows: that is an answer too
                return Measured(projection, None, str(error))

        self._measuring = None  # what is under way is given up, not stopped by the user
        self._jobs.quality.start("Measuring the map", work)
        self._measuring = projection

    def colour_by_kept(self) -> None:
        """Colours the maps by what the active one kept of each row's neighbours."""
        number = self._session.maps.active
        if self._session.belief.quality(number) is not None:
            self._colour(number)
        elif self._session.maps.projection(number) is not None:
            self._wanted.add(number)
            self.measure(number)

    def compare(self, first: int, second: int) -> None:
        """Compares who is whose neighbour on two maps, in the background."""
        one, other = self._session.maps.projection(first), self._session.maps.projection(second)
        if one is not None and other is not None:
            self._compare(one, other)

    def compare_with_another_seed(self) -> None:
        """Makes the active map again with the next seed, beside it, and compares the two."""
        shown = self._session.projection
        if shown is None or not self.by_chance(shown):
            return
        if self._session.maps.open() is None:
            self.failed.emit(ExplorerError("Four maps are open.", "Close one of them."))
            return
        self._commands.project(
            shown.method,
            dims=shown.dims,
            seed=shown.seed + 1,
            steps=list(shown.steps) or "none",
            sample=shown.sample,
            selections=shown.selections,
            **shown.params,
        )
        self._rival = (shown, self._session.maps.active)

    @staticmethod
    def by_chance(projection: Projection) -> bool:
        """Whether another seed would draw another picture."""
        method = methods().get(projection.method)
        return method is not None and method.chance

    # --- done -------------------------------------------------------------------------------------

    def _finish(self, found: Measured | Compared) -> None:
        self._measuring = None
        if isinstance(found, Compared):
            self._session.belief.set_compared(found)
            self._session.colours.add(
                pipeline.agreement_column(found.first, found.second, found.agreement)
            )
            return
        self._session.belief.add(found)
        for number in self._session.maps.all:
            if same_picture(self._session.maps.projection(number), found.projection):
                self._colour_if_wanted(number)

    def _stop(self) -> None:
        """The user does not want it measured: it is not begun again."""
        stopped, self._measuring = self._measuring, None
        self._wanted.clear()
        known = any(
            self._session.belief.quality(number) is not None
            and same_picture(self._session.maps.projection(number), stopped)
            for number in self._session.maps.all
        )
        if stopped is not None and not known:
            self._session.belief.add(Measured(stopped, None, "Not measured: it was stopped."))

    def _colour_if_wanted(self, number: int) -> None:
        if number in self._wanted or self._colours_by(number):
            self._wanted.discard(number)
            self._colour(number)

    def _colours_by(self, number: int) -> bool:
        """Whether the maps are coloured by what this one kept."""
        key = self._session.colours.key
        return bool(key) and self._coloured.get(number) == key

    def _colour(self, number: int) -> None:
        projection = self._session.maps.projection(number)
        quality = self._session.belief.quality(number)
        if projection is not None and quality is not None:
            column = pipeline.kept_column(projection, quality, quality.ks[0])
            self._coloured[number] = column.name
            self._session.colours.add(column)

    def _start_over(self) -> None:
        self._wanted.clear()
        self._coloured.clear()
        self._rival = None

    def _compare_with_rival(self, made: object) -> None:
        rival, self._rival = self._rival, None
        if rival is not None and isinstance(made, Projection):
            shown = self._session.maps.projection(rival[1])
            if shown is not None:
                self._compare(rival[0], shown)

    def _forget_rival(self) -> None:
        self._rival = None

    def _compare(self, one: Projection, other: Projection) -> None:
        def work(report: Report) -> Compared:
            k = min(K, max(1, len(one.shown_rows) - 1))
            return Compared(one, other, pipeline.agreement(one, other, k, report=report))

        self._measuring = None
        self._jobs.quality.start("Comparing two maps", work)

    # --- by itself --------------------------------------------------------------------------------

    def _look_round(self) -> None:
        """Measures the next map that should be, and asks each map about the current row."""
        self._ask_of_row()
        lane, maps = self._jobs.quality, self._session.maps
        if self._measuring is not None and not self._shows(self._measuring):
            self._measuring = None
            lane.cancel()
        if lane.busy or self._jobs.training.busy:
            return
        due = next((number for number in maps.all if self._due(number)), None)
        if due is not None:
            self.measure(due)

    def _shows(self, projection: Projection) -> bool:
        maps = self._session.maps
        return any(same_picture(maps.projection(number), projection) for number in maps.all)

    def _due(self, number: int) -> bool:
        """Whether a map is to be measured by itself."""
        projection = self._session.maps.projection(number)
        if projection is None or not self._settled(projection):
            return False
        known = self._session.belief.measured(number)
        if known is not None and (known.quality is None or known.quality.metric == self._metric):
            return False
        return (self._automatic and _small(projection.table)) or self._colours_by(number)

    def _settled(self, projection: Projection) -> bool:
        """Whether the picture is not one frame of many."""
        return projection.complete or not self._jobs.projection.busy

    def _ask_of_row(self) -> None:
        """Asks of the current row on each map, where lines and rings are wanted."""
        session, row, metric = self._session, self._session.current_row, self._metric
        shown = [session.maps.projection(number) for number in session.maps.all]
        pictures = [one for one in shown if one is not None and self._settled(one)]
        if row is None or not session.belief.watched or self._jobs.training.busy:
            pictures = []
        asked = (row, metric, *pictures)
        if asked == self._asked:  # Projections are compared by identity
            return
        self._asked = asked
        if row is None or not pictures:
            self._jobs.belief.cancel()
            session.belief.set_believed(None, [])
            return
        self._jobs.belief.start(
            "Comparing a row's neighbours", lambda _: (row, _believed(pictures, row, metric))
        )

    def _believe(self, found: tuple[int, list[tuple[Projection, Believed]]]) -> None:
        row, believed = found
        if row == self._session.current_row:
            self._session.belief.set_believed(row, believed)


def _small(table: Table) -> bool:
    products = float(len(table)) ** 2 * table.dim
    return len(table) <= AUTOMATIC_ROWS and products <= _AUTOMATIC_PRODUCTS


def _believed(
    pictures: list[Projection], row: int, metric: str
) -> list[tuple[Projection, Believed]]:
    """What each picture says of the row; nothing of those that it is not on."""
    found = []
    for one in pictures:
        try:
            found.append((one, pipeline.believe(one, row, K, metric)))
        except ExplorerError:
            continue
    return found
