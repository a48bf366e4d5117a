"""Flags made from parameter sets, and the arguments that several verbs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from click.core import ParameterSource

from explorer.cli.sections import SectionedOption
from explorer.errors import ParameterError
from explorer.params import ParamField, Params, check, fields_of

_NO_HEADINGS: Mapping[str, str] = MappingProxyType({})


class WholeNumber(click.IntRange):
    """A whole number within a range."""

    name = "whole number"

    def get_metavar(self, *_: object, **__: object) -> str:
        return "N"


def _file_that_stays(context: click.Context, argument: click.Parameter, path: Path) -> Path:
    if str(path) == "-":
        raise click.BadParameter("a table is read from a file: write it into one, and name that.")
    return path


table_argument = click.argument("table", type=click.Path(path_type=Path), callback=_file_that_stays)
tensor_option = click.option(
    "--tensor", default="", metavar="NAME", help="Which table of the file; see `info`."
)
labels_option = click.option(
    "--labels",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TSV or CSV whose lines name the rows; a first line with a tab (or comma) is a header.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")
spreadsheet_safe_option = click.option(
    "--spreadsheet-safe", is_flag=True, help="Put ' before cells that look like formulas."
)
seed_option = click.option(
    "--seed", type=WholeNumber(0, 2**32 - 1), default=0, show_default=True, help="Random seed."
)


def metric_option(metrics: Sequence[str]) -> Callable[[Any], Any]:
    """--metric, one of `metrics`; cosine if it is not given."""
    return click.option(
        "--metric",
        type=click.Choice(metrics),
        default="cosine",
        show_default=True,
        help="How nearness is measured in the table.",
    )


def file_option(
    *flags: str, metavar: str, told: str, required: bool = False
) -> Callable[[Any], Any]:
    """A file to write, never standard output: it is renamed into its place when it is whole."""
    return click.option(
        *flags,
        required=required,
        callback=_named_file,
        type=click.Path(path_type=Path),
        metavar=metavar,
        help=told,
    )


def output_option(metavar: str) -> Callable[[Any], Any]:
    """-o FILE, required."""
    return file_option("-o", "--output", metavar=metavar, told="The file to write.", required=True)


def _named_file(
    context: click.Context, parameter: click.Parameter, path: Path | None
) -> Path | None:
    if path is not None and str(path) == "-":
        raise click.BadParameter("name a file; it is not written to standard output.")
    return path


output_argument = click.argument(
    "output", metavar="OUT", type=click.Path(path_type=Path), callback=_named_file
)


def params_options(
    owners: dict[str, type[Params]], headings: Mapping[str, str] = _NO_HEADINGS
) -> Callable[[Any], Any]:
    """One flag for every parameter of every owner ("pca", "tsne", ...).

    A name that several owners share is one flag. Flags default to None: not given.
    headings: of the sections of the help, by owner; a flag whose owners have not all the same
    heading stands under none.
    """

    def decorate(command: Any) -> Any:
        for option in reversed(list(_options(owners, headings))):
            command = option(command)
        return command

    return decorate


def _options(
    owners: dict[str, type[Params]], headings: Mapping[str, str]
) -> Iterator[Callable[[Any], Any]]:
    shared: dict[str, dict[str, ParamField]] = {}
    for owner, params in owners.items():
        for field in fields_of(params):
            shared.setdefault(field.name, {})[owner] = field
    for fields in shared.values():
        above = {headings.get(owner, "") for owner in fields}
        heading = above.pop() if len(above) == 1 else ""
        # Under a heading of its own an owner need not be named again.
        named = not heading or list(headings.values()).count(heading) > 1
        yield _option(fields, heading, named=named)


def _option(fields: dict[str, ParamField], heading: str, *, named: bool) -> Callable[[Any], Any]:
    """The flag of one parameter, which its owners must agree on but for help and default."""
    field = next(iter(fields.values()))
    flag = f"{field.flag}/--no-{field.flag[2:]}" if field.type is bool else field.flag
    kind: Any = click.Choice(field.info.choices) if field.info.choices else field.type
    return click.option(
        flag,
        field.name,
        type=None if field.type is bool else kind,
        default=None,
        help=_help(fields, named=named),
        cls=SectionedOption,
        section=heading,
    )


def _help(fields: dict[str, ParamField], *, named: bool) -> str:
    """Each explanation once, and after it whose it is and from where each of them starts."""
    if not named:
        field = next(iter(fields.values()))
        return f"{field.info.help}  [{_default(field)}]"
    told: dict[str, dict[str, list[str]]] = {}
    for owner, field in fields.items():
        told.setdefault(field.info.help, {}).setdefault(_default(field), []).append(owner)
    return " ".join(
        f"{explanation} "
        + " ".join(f"[{', '.join(owners)}; {default}]" for default, owners in starts.items())
        for explanation, starts in told.items()
    )


def _default(field: ParamField) -> str:
    if field.info.special is not None and field.default == field.info.special:
        return f"default: {field.default:g} = {field.info.special_text}"
    if field.default == "":
        return (
            f"such as {field.info.special_text}"
            if field.info.special_text
            else "default: recognised"
        )
    unit = f" {field.info.unit}" if field.info.unit else ""
    return f"default: {_plain(field.default)}{unit}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def given(
    owners: dict[str, type[Params]], chosen: Iterable[str], values: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The flags that were given, by chosen owner.

    Raises click.UsageError for a flag that none of the chosen owners has, and for a value outside
    a flag's range.
    """
    chosen = list(chosen)
    result: dict[str, dict[str, Any]] = {owner: {} for owner in chosen}
    for name, value in values.items():
        if value is None:
            continue
        takers = [o for o in chosen if any(f.name == name for f in fields_of(owners[o]))]
        if not takers:
            flag = "--" + name.replace("_", "-")
            whose = [o for o in owners if any(f.name == name for f in fields_of(owners[o]))]
            raise click.UsageError(
                f"{flag} does not belong to {' or '.join(chosen)}, but to {' and '.join(whose)}."
            )
        for taker in takers:
            _check(owners[taker], name, value)
            result[taker][name] = value
    return result


def was_given(name: str) -> bool:
    """Whether this parameter of the verb that runs stands on the command line."""
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


def refuse_given(names: Iterable[str], because: str) -> None:
    """Raises click.UsageError where one of these parameters of the verb that runs was given: beside
    the others it would change nothing. because: words that follow the flag."""
    context = click.get_current_context()
    for name in names:
        if was_given(name) and context.params.get(name) is not False:  # --no-x asks for nothing
            flag = next(p.opts[-1] for p in context.command.params if p.name == name)
            raise click.UsageError(f"{flag} {because}.")


def _check(params: type[Params], name: str, value: Any) -> None:
    field = next(field for field in fields_of(params) if field.name == name)
    try:
        check(field, value)
    except ParameterError as error:
        raise click.BadParameter(str(error), param_hint=f"'{field.flag}'") from None
