"""The flags that say how a map is made, for every verb that makes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import kept_selections, spellings_offered
from explorer.cli.options import WholeNumber, given, params_options, refuse_given
from explorer.cli.sections import SectionedOption
from explorer.cli.terminal import say
from explorer.errors import NotFoundError, in_quotes
from explorer.lexemes import selection_text
from explorer.params import Params
from explorer.preparation import SAMPLINGS, Rows, Sample
from explorer.progress import Report
from explorer.projection import Projection
from explorer.projections import methods
from explorer.table import Table

_METHOD, _DIMS, _SEED, _BY = "pca", "2", 0, SAMPLINGS[0]
# Parameters that say nothing of a flat map, and of one whose coordinates are in a file.
_OF_DEPTH, _OF_TABLE = ("z", "z_dim"), ("x_dim", "y_dim", "z_dim")
_OWN = ("method", "dims", "axes", "seed", "steps", "sample", "sample_by", "only")


class _Sampling(click.Choice[str]):
    """One of SAMPLINGS, with hyphens for spaces where one likes: most-frequent."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        found: str = super().convert(value.replace("-", " "), param, ctx)
        return found


def owners(**others: type[Params]) -> dict[str, type[Params]]:
    """The parameters of every method by its name, and those of `others`."""
    return {name: method.params for name, method in methods().items()} | others


def projection_options(
    owned: dict[str, type[Params]], headings: Mapping[str, str]
) -> Callable[[Any], Any]:
    """--method and its parameters, --dims, --axes, --seed, --steps, --sample, --sample-by, --only.

    headings: of the sections of the help, for the owners that are no methods.
    """
    flag = partial(click.option, cls=SectionedOption, section="The map")
    known = {name: f"{method.title} (--method {name})" for name, method in methods().items()}
    options = [
        flag(
            "--method",
            type=click.Choice(list(methods())),
            help=f"How it is made.  [default: {_METHOD}]",
        ),
        flag("--dims", type=click.Choice(["2", "3"]), help=f"Axes.  [default: {_DIMS}]"),
        flag("--axes", metavar="1,2", help="Which components become x, y (and z)."),
        flag(
            "--seed",
            type=WholeNumber(0, 2**32 - 1),
            help=f"Random seed, of the sample too.  [default: {_SEED}]",
        ),
        flag(
            "--steps",
            metavar="STEPS",
            help="What is done to the vectors first, in order: centre, unit, remove K, whiten; or "
            "none.  [default: the method's own]",
        ),
        flag(
            "--sample",
            type=WholeNumber(1),
            metavar="ROWS",
            help="Make the map of so many rows only.",
        ),
        flag("--sample-by", type=_Sampling(SAMPLINGS), help=f"How it is drawn.  [default: {_BY}]"),
        flag(
            "--only",
            multiple=True,
            metavar="TOKEN",
            help="A token, #ROW, or @NAME for rows kept by name: make the map of these alone; may "
            "be given several times.",
        ),
        params_options(owned, known | dict(headings)),
    ]

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@dataclass(frozen=True)
class Asked:
    """The map that the flags ask for. only: what names its rows; none for all, or the sample's.
    given: whether any flag but --seed spoke of it."""

    method: str
    dims: int
    axes: tuple[int, ...] | None
    seed: int
    steps: str | None
    sample: Sample | None
    only: tuple[str, ...]
    params: dict[str, Any]
    given: bool

    def make(self, table: Table, report: Report) -> Projection:
        """pipeline.project; tells where the table has no more rows than the sample is to have.

        Expressions may speak of rows kept by name; of a token that is not there, near spellings are
        offered. Raises ParameterError, NotFoundError, Cancelled.
        """
        if self.sample is not None and self.sample.size >= len(table):
            say(f"All {len(table):,} rows were taken: the sample was to have {self.sample.size:,}.")
        texts = [value for value in self.params.values() if isinstance(value, str)]
        with spellings_offered(table):
            return pipeline.project(
                table,
                self.method,
                dims=self.dims,
                seed=self.seed,
                axes=self.axes,
                steps=self.steps,
                sample=_chosen(table, self.only) if self.only else self.sample,
                selections=kept_selections(table, *texts),
                report=report,
                **self.params,
            )


def asked(
    owned: dict[str, type[Params]], flags: dict[str, Any], *others: str
) -> tuple[Asked, dict[str, dict[str, Any]]]:
    """What the flags ask for: the map, and the parameters of each of `others`.

    Raises click.UsageError for flags that do not go together.
    """
    own = {name: flags[name] for name in _OWN}
    rest = {name: value for name, value in flags.items() if name not in _OWN}
    method = own["method"] or _METHOD
    params = given(owned, [method, *others], rest)
    if own["sample_by"] and not own["sample"]:
        raise click.UsageError("--sample-by needs --sample.")
    if own["only"] and own["sample"]:
        raise click.UsageError("--only and --sample both say which rows: leave one out.")
    if own["dims"] != "3":
        refuse_given(_OF_DEPTH, "needs --dims 3")
    if params[method].get("coordinates"):
        refuse_given(_OF_TABLE, "is of the table, and --coordinates names a file")
    seed = own["seed"] or _SEED
    sample = own["sample"] and Sample(own["sample"], own["sample_by"] or _BY, seed)
    flagged = any(own[name] not in (None, ()) for name in _OWN if name != "seed")
    return Asked(
        method=method,
        dims=int(own["dims"] or _DIMS),
        axes=_axes(own["axes"]),
        seed=seed,
        steps=own["steps"],
        sample=sample,
        only=own["only"],
        params=params[method],
        given=flagged or bool(params[method]),
    ), {other: params[other] for other in others}


def _chosen(table: Table, only: Sequence[str]) -> Sample:
    """The rows that these name. Raises NotFoundError."""
    kept = kept_selections(table, *only)
    rows: list[int] = []
    for text in only:
        if text.startswith("@") and table.find(text) is None:
            rows += _kept_as(text[1:], kept).tolist()
        else:
            rows.append(table.row_of(text))
    return Sample.of(rows)


def _kept_as(name: str, kept: Mapping[str, Rows]) -> Rows:
    if name not in kept:
        there = ", ".join(map(selection_text, kept)) or "none"
        raise NotFoundError(
            f"No rows of this table are kept as {in_quotes(name)}.", f"Kept: {there}."
        )
    return kept[name]


def _axes(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(axis) for axis in text.split(","))
    except ValueError:
        raise click.UsageError(f"--axes takes numbers such as 1,2, not {text!r}.") from None
