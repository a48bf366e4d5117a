"""Parameters that describe themselves: command-line flags and forms are made from them.

A parameter set is a frozen dataclass derived from `Params` whose fields are made by `param`:

    @dataclass(frozen=True)
    class TsneParams(Params):
        perplexity: float = param(30.0, minimum=2, maximum=500, help="...")
"""

from __future__ import annotations

import dataclasses
import sys
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

from explorer.errors import ParameterError


@dataclass(frozen=True, slots=True)
class ParamInfo:
    """What a flag or an editor needs to know about one parameter.

    minimum, maximum: closed range of a number, None where open.
    choices: the allowed texts; empty where any value of the type is allowed.
    unit: shown after the value ("rows", "epochs").
    advanced: shown only when asked for.
    special: a value with a meaning of its own, shown as `special_text` (0 -> "automatic").
    expression: whether the text is a vector as `explorer.expressions` reads it.
    """

    help: str
    label: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    advanced: bool = False
    special: float | None = None
    special_text: str = ""
    expression: bool = False


@dataclass(frozen=True, slots=True)
class ParamField:
    """A parameter of a Params class: its name, Python type (bool, int, float, str) and default."""

    name: str
    type: type
    default: Any
    info: ParamInfo

    @property
    def label(self) -> str:
        return self.info.label or self.name.replace("_", " ").capitalize()

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


def param(default: Any, *, help: str, **info: Any) -> Any:
    """A dataclass field that describes itself; keywords are those of ParamInfo."""
    return dataclasses.field(default=default, metadata={"param": ParamInfo(help=help, **info)})


def varied(params: type[Params], name: str, default: Any, **info: Any) -> Any:
    """A field of another parameter set with a default of its own; keywords replace its info."""
    inherited = next(field for field in fields_of(params) if field.name == name)
    changed = dataclasses.replace(inherited.info, **info)
    return dataclasses.field(default=default, metadata={"param": changed})


@dataclass(frozen=True)
class Params:
    """Base of every parameter set. Construction checks ranges and choices: ParameterError."""

    def __post_init__(self) -> None:
        for field in fields_of(type(self)):
            check(field, getattr(self, field.name))

    def as_dict(self) -> dict[str, Any]:
        """Name -> value, ready for JSON."""
        return dataclasses.asdict(self)


_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}

P = TypeVar("P", bound=Params)


def fields_of(params: type[Params]) -> list[ParamField]:
    """The self-describing fields of a Params class, in order."""
    types = typing.get_type_hints(params)
    return [
        ParamField(f.name, types[f.name], f.default, f.metadata["param"])
        for f in dataclasses.fields(params)
        if "param" in f.metadata
    ]


def check(field: ParamField, value: Any) -> None:
    """Raises ParameterError where `value` is outside the field's range or choices."""
    info = field.info
    if info.choices and value not in info.choices:
        allowed = ", ".join(info.choices)
        raise ParameterError(f"{field.label} cannot be {value!r}.", f"Choose one of: {allowed}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if info.special is not None and value == info.special:
        return
    low, high = info.minimum, info.maximum
    # Written so that NaN, which compares false with everything, is refused too.
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        # A whole number may be longer than any float is large.
        told = f"{value:g}" if isinstance(value, float) else _short(value)
        raise ParameterError(f"{field.label} cannot be {told}.", f"It must be {_range(info)}.")


def _range(info: ParamInfo) -> str:
    if info.minimum is not None and info.maximum is not None:
        return f"between {info.minimum:g} and {info.maximum:g}"
    return f"at least {info.minimum:g}" if info.minimum is not None else f"at most {info.maximum:g}"


def build(params: type[P], values: dict[str, Any]) -> P:
    """A parameter set from plain values; what is not given keeps its default.

    Raises ParameterError for a name that is not a parameter, a value of another type, or one
    outside its range.
    """
    known = {field.name: field for field in fields_of(params)}
    for name, value in values.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise ParameterError(f"There is no parameter {name!r}.", f"There are: {names}.")
        if not _fits(known[name].type, value):
            kind = _KINDS.get(known[name].type, known[name].type.__name__)
            raise ParameterError(
                f"{known[name].label} cannot be {_short(value)}.", f"It is {kind}."
            )
    return params(**values)


def _short(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= 60 else f"{told[:57]}..."


def _fits(kind: type, value: Any) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, int) and kind in (int, float):
        return abs(value) <= sys.float_info.max  # ranges are compared and told as floats
    return isinstance(value, kind)
