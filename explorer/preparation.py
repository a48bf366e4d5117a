"""What is done to the vectors before a map is made of them: chosen, ordered, recorded.

Steps are applied in the order they are named, block by block; no copy of the table is made.

    centre    the mean of all rows is subtracted
    unit      every row is scaled to length one (zero rows stay zero)
    remove k  the k components of greatest variance are taken out (Mu and Viswanath 2018,
              "All-but-the-Top", arXiv:1702.01417, without its centring, which is a step of its own)
    whiten    the mean is subtracted, and every direction gets the same variance
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from explorer.components import Components, principal_components
from explorer.errors import ParameterError
from explorer.progress import Report, part, silent
from explorer.table import Table
from explorer.vectors import F32, lengths

Rows = npt.NDArray[np.int64]

STEPS = ("centre", "unit", "remove", "whiten")
SAMPLINGS = ("uniform", "frequency", "most frequent")
CHOSEN = "chosen"  # by hand, row by row: no way to draw rows, but a sample nonetheless
NONE = "none"

_MOST_REMOVED = 100
_NUMBERS_AT_ONCE = 2**22
# Directions with less than this share of the first one's variance hold rounding, not data.
_NOISE = 1e-9
# Of the variance, the share that removing components must leave: less is the rounding of float32
# rows. What float32 products find below the second is looked at with float64 ones.
_NOTHING, _DOUBTFUL = 1e-12, 1e-6
# What a number is divided by: its inverse must be a float32.
_LEAST_DEVIATION = 1e-37


@dataclass(frozen=True)
class Step:
    """One step. count: how many components, for "remove"; else 0. Raises ParameterError."""

    name: str
    count: int = 0

    def __post_init__(self) -> None:
        if self.name not in STEPS:
            raise ParameterError(
                f"There is no preprocessing step {self.name!r}.",
                "There are: centre, unit, remove K, whiten; none for no step at all.",
            )
        if (self.name == "remove") != (self.count > 0) or self.count > _MOST_REMOVED:
            raise ParameterError(
                f"The step {str(self)!r} makes no sense.",
                f"Write remove 3 to take three components out; at most {_MOST_REMOVED}.",
            )

    def __str__(self) -> str:
        return f"{self.name} {self.count}" if self.count else self.name


def parse_steps(text: str | Iterable[str]) -> tuple[Step, ...]:
    """Steps from their names, in order: "centre, remove 2, unit"; "none" or "" for no step.

    Raises ParameterError for a step that is not known or stands there twice.
    """
    names = text.split(",") if isinstance(text, str) else list(text)
    steps = [_step(name.strip()) for name in names if name.strip() not in ("", NONE)]
    for place, step in enumerate(steps):
        if step.name in [other.name for other in steps[:place]]:
            raise ParameterError(f"The step {step.name!r} is named twice.", "Name it once.")
    return tuple(steps)


def _step(text: str) -> Step:
    found = re.fullmatch(r"([a-z]+)(?:[\s:=]*([0-9]{1,9}))?", text.lower())
    if found is None:
        return Step(text)  # tells what there is
    return Step(found[1], int(found[2] or 0))


@dataclass(frozen=True)
class Sample:
    """A part of the rows, drawn by chance or chosen.

    size: rows wanted. by: one of SAMPLINGS: every row alike, in proportion to its frequency, or the
    most frequent ones without any chance; or CHOSEN: see `of`. seed: of the draw. chosen: these
    rows, ascending, where they were chosen. Raises ParameterError.
    """

    size: int
    by: str = "uniform"
    seed: int = 0
    chosen: tuple[int, ...] = field(default=(), repr=False)

    @staticmethod
    def of(rows: npt.ArrayLike) -> Sample:
        """These rows, in whatever order, and no others. Raises ParameterError where there is none
        or one is below 0."""
        chosen = np.unique(np.asarray(rows, np.int64))
        return Sample(len(chosen), CHOSEN, chosen=tuple(chosen.tolist()))

    @property
    def drawn(self) -> bool:
        """Whether chance, and so the seed, has a part in it."""
        return self.by in ("uniform", "frequency")

    def among(self, rows: int) -> str:
        """Of a table of so many rows: "sample of 20,000 of 400,000 rows"."""
        told = f"{min(self.size, rows):,} of {rows:,} rows"
        return f"{told}, chosen" if self.by == CHOSEN else f"sample of {told}"

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ParameterError(f"A sample cannot have {self.size} rows.", "Ask for more.")
        if self.seed < 0:
            raise ParameterError(f"The seed cannot be {self.seed}.", "It is 0 or more.")
        if self.by not in (*SAMPLINGS, CHOSEN):
            raise ParameterError(
                f"Rows cannot be sampled by {self.by!r}.", f"There are: {', '.join(SAMPLINGS)}."
            )
        whole = len(self.chosen) == self.size and min(self.chosen, default=0) >= 0
        if not (whole if self.by == CHOSEN else not self.chosen):
            raise ParameterError("The rows chosen are not those of the sample.", "Choose rows.")

    def __str__(self) -> str:
        how = {
            "uniform": "at random",
            "frequency": "in proportion to frequency",
            CHOSEN: "chosen by hand",
        }
        return f"{self.size:,} rows, {how.get(self.by, 'the most frequent')}"

    def rows(self, table: Table) -> Rows | None:
        """The sampled rows, ascending int64; None where the table has no more rows than that.

        Raises ParameterError for a sample by frequency of a table without frequencies, and for
        chosen rows that the table has not.
        """
        if self.chosen and self.chosen[-1] >= len(table):
            raise ParameterError(
                f"Row {self.chosen[-1]:,} was chosen, and the table has {len(table):,} rows.",
                "Choose rows of this table.",
            )
        if self.size >= len(table):
            return None
        if self.by == CHOSEN:
            return np.array(self.chosen, np.int64)
        random = np.random.default_rng(self.seed)
        if self.by == "uniform":
            return np.sort(random.choice(len(table), self.size, replace=False))
        counts = table.importance
        if counts is None:
            raise ParameterError(
                "The table has no column of frequencies to sample by.",
                "Sample uniformly, or attach labels with a column count.",
            )
        # Efraimidis and Spirakis 2006: the largest keys u^(1/w) are a weighted sample.
        with np.errstate(divide="ignore"):
            chance = random.exponential(size=len(table)) if self.by == "frequency" else 1.0
            keys = np.where(counts > 0, -chance / np.maximum(counts, 1e-300), -np.inf)
        return np.sort(np.argsort(-keys, kind="stable")[: self.size])


_Stage = Callable[[F32], F32]  # a fitted step: a block of rows -> the block after it


@dataclass(frozen=True, eq=False)
class Prepared:
    """Rows of a table as a method sees them: sampled, then taken through the steps. Immutable.

    rows: int64, ascending, the rows that take part; None for all. Rows with NaN or infinite
        numbers are among them, and stay so: methods leave them out.
    steps: what was done, in order. words: the same for people, with what it amounted to.
    sample: how the rows were drawn; None where all take part.
    selections: rows of the table by name, for expressions that speak of them.
    """

    table: Table
    rows: Rows | None = None
    steps: tuple[Step, ...] = ()
    words: tuple[str, ...] = ()
    sample: Sample | None = None
    _stages: tuple[_Stage, ...] = field(default=(), repr=False)
    _dim: int = field(default=0, repr=False)
    _before: Prepared | None = field(default=None, repr=False)
    selections: Mapping[str, Rows] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.table) if self.rows is None else len(self.rows)

    @property
    def dim(self) -> int:
        """Numbers in a row after the steps; whitening drops directions without variance."""
        return self._dim or self.table.dim

    def blocks(self, size: int | None = None) -> Iterator[tuple[int, F32]]:
        """(first place, float32 block) over the rows that take part, `size` at a time."""
        if self.rows is None:
            for start, block in self.table.vectors.blocks(size):
                yield start, self._through(block)
            return
        size = size or max(1, _NUMBERS_AT_ONCE // max(1, self.table.dim))
        for start in range(0, len(self.rows), size):
            yield start, self._through(self.table.vectors.rows(self.rows[start : start + size]))

    def take(self, places: npt.ArrayLike) -> F32:
        """float32 rows at these places (int64, 1-d), counted among the rows that take part."""
        ids = np.asarray(places, dtype=np.int64)
        return self.of_table(ids if self.rows is None else self.rows[ids])

    def thinned(self, places: Rows) -> Prepared:
        """Only the points at these places (int64, ascending), as the same fitted steps leave them;
        of a last centring, components find the mean of these points themselves."""
        before = None if self._before is None else self._before.thinned(places)
        return replace(self, rows=self.table_rows(places), _before=before)

    def of_table(self, rows: npt.ArrayLike) -> F32:
        """float32 vectors of any rows of the table, taken through the same steps."""
        return self._through(self.table.vectors.rows(rows))

    def of_vectors(self, vectors: npt.NDArray[np.floating]) -> F32:
        """Vectors (m, dim of the table) that are in no row, taken through the same steps."""
        with np.errstate(over="ignore"):
            return self._through(vectors.astype(np.float32))

    def to_numpy(self) -> F32:
        """All rows that take part, float32 (len, dim)."""
        return np.concatenate([np.empty((0, self.dim), np.float32), *(b for _, b in self.blocks())])

    def components(self, count: int, report: Report = silent) -> Components:
        """Principal components of what the steps left, about the origin.

        Where the last step is centring, which finding components does by itself, it is left to
        that, and a pass over the table is saved. Raises ParameterError where no row is finite.
        """
        if self._before is not None and self.steps[-1].name == "centre":
            return principal_components(self._before, count, report)
        return principal_components(self, count, report, centred=False)

    def on_all_rows(self, places: npt.NDArray[np.floating]) -> F32:
        """float32 (rows of the table, columns): what is known of the rows that take part, NaN for
        the others. Always a copy."""
        scores = np.full((len(self.table), places.shape[1]), np.nan, dtype=np.float32)
        scores[slice(None) if self.rows is None else self.rows] = places
        return scores

    def table_rows(self, places: Rows) -> Rows:
        """Row numbers of the table for places among the rows that take part."""
        return places if self.rows is None else self.rows[places]

    def _through(self, block: F32) -> F32:
        with np.errstate(invalid="ignore", over="ignore"):
            for stage in self._stages:
                block = stage(block)
        return block


def prepare(
    table: Table,
    steps: Sequence[Step] = (),
    sample: Sample | None = None,
    report: Report = silent,
) -> Prepared:
    """The rows of a table as the steps leave them, each fitted on what the ones before it left.

    Raises ParameterError where there is no finite row to fit a step on, or a step leaves nothing.
    """
    rows = sample.rows(table) if sample is not None else None
    prepared = Prepared(table, rows, sample=sample if rows is not None else None)
    for place, step in enumerate(steps):
        share = part(report, place / len(steps), (place + 1) / len(steps))
        stage, words, dim = _FITS[step.name](prepared, step, share)
        prepared = replace(
            prepared,
            steps=(*prepared.steps, step),
            words=(*prepared.words, words),
            _stages=(*prepared._stages, stage),
            _dim=dim,
            _before=prepared,
        )
    return prepared


# --- the steps: (what is before, step, report) -> stage, in words, dimensions after it -----------


def _centre(before: Prepared, step: Step, report: Report) -> tuple[_Stage, str, int]:
    return _Centring(before), "centred: the mean of all rows was subtracted", before.dim


class _Centring:
    """Subtracts a mean that is found when it is first needed: finding components needs none."""

    def __init__(self, before: Prepared) -> None:
        self._before = before

    def __call__(self, block: F32) -> F32:
        return block - self.mean

    @cached_property
    def mean(self) -> F32:
        total, count = np.zeros(self._before.dim), 0
        for _, block in self._before.blocks():
            finite = np.isfinite(block).all(axis=1)
            total += block[finite].sum(axis=0, dtype=np.float64)
            count += int(finite.sum())
        mean: F32 = (total / max(1, count)).astype(np.float32)
        return mean


def _unit(before: Prepared, step: Step, report: Report) -> tuple[_Stage, str, int]:
    return _to_length_one, "unit length: every row was scaled to length one", before.dim


def _to_length_one(block: F32) -> F32:
    norms = lengths(block.astype(np.float64))
    norms[norms == 0] = 1
    scaled: F32 = np.divide(block, norms[:, None], dtype=np.float32, casting="same_kind")
    return scaled


def _remove(before: Prepared, step: Step, report: Report) -> tuple[_Stage, str, int]:
    if step.count >= before.dim:
        raise ParameterError(
            f"Removing {step.count} of {before.dim:,} components would leave nothing.",
            f"Remove fewer than {before.dim:,}.",
        )
    found = _widest(before, step.count, report)
    mean, loadings = found.mean.astype(np.float32), found.loadings.astype(np.float32)
    count, share = loadings.shape[1], 100 * float(found.explained.sum())
    what = "component was" if count == 1 else "components were"
    words = f"the top {count} {what} removed ({share:.1f} % of the variance)"
    return lambda block: block - ((block - mean) @ loadings) @ loadings.T, words, before.dim


def _widest(before: Prepared, count: int, report: Report) -> Components:
    """The components of greatest variance. Raises ParameterError where the rows vary in no other
    direction: what they left would be rounding."""
    for exact in (False, True):
        found = principal_components(before, count, report, placed=False, exact=exact)
        if found.spectrum[count:].sum() > (_NOTHING if exact else _DOUBTFUL):
            return found
    raise ParameterError(
        f"Removing {count} of the components would leave nothing: the rows vary in no more.",
        "Remove fewer.",
    )


def _whiten(before: Prepared, step: Step, report: Report) -> tuple[_Stage, str, int]:
    found = principal_components(before, before.dim, report, placed=False)
    mean, scaled = found.mean.astype(np.float32), _scaled_to_variance_one(found)
    words = f"whitened: {scaled.shape[1]} directions of variance one"
    return lambda block: (block - mean) @ scaled, words, scaled.shape[1]


def _scaled_to_variance_one(found: Components) -> F32:
    """Loadings (dim, directions kept), each over the deviation along it."""
    kept = found.explained > _NOISE * max(float(found.explained[0]), np.finfo(np.float64).tiny)
    if not kept.any():
        raise ParameterError(
            "All rows are alike, so they cannot be whitened.", "Leave that step out."
        )
    deviations = np.sqrt(found.explained[kept] * found.variance)
    if deviations.min() < _LEAST_DEVIATION:
        raise ParameterError(
            "The rows differ by too little to be whitened.", "Leave that step out."
        )
    scaled: F32 = (found.loadings[:, kept] / deviations).astype(np.float32)
    return scaled


_FITS = {"centre": _centre, "unit": _unit, "remove": _remove, "whiten": _whiten}
