"""Functions for callers who may give anything: what is of another kind than a signature says is
refused in words before any work is done, and not where it first does not fit."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Collection, Mapping
from functools import cache, wraps
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.errors import ParameterError

_PLAIN: dict[Any, tuple[Callable[[str, Any], Any], str]] = {
    int: (arguments.whole, "a whole number"),
    np.integer: (arguments.whole, "a whole number"),
    float: (arguments.number, "a number"),
    bool: (arguments.flag, "True or False"),
    str: (arguments.text, "a text"),
}
_NOTHING, _PATHS = types.NoneType, (Path, PathLike)


F = TypeVar("F", bound=Callable[..., Any])


def checked(function: F) -> F:
    """The function, with its arguments taken for what its annotations name.

    Numbers, texts, paths, arrays, our classes and collections of all these are looked at; what is
    annotated otherwise is left to the function. Numbers of NumPy count as numbers, true and false
    do not. Raises, when it is called, ParameterError, and TypeError for a wrong number of
    arguments, as Python does.
    """
    return cast(F, _checked(function))


@cache  # so that a function that is asked for twice is the same
def _checked(function: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @cache
    def kinds() -> dict[str, Any]:
        """Of each parameter; when it is called first, for its module may not be read to the end."""
        return {
            name: _kind(parameter.annotation, function)
            for name, parameter in signature.parameters.items()
            if parameter.kind is not parameter.VAR_KEYWORD
        }

    @wraps(function)
    def called(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        for name in kinds().keys() & bound.arguments.keys():
            value = bound.arguments[name]
            if value is not signature.parameters[name].default:
                bound.arguments[name] = taken(name.replace("_", " "), value, kinds()[name])
        return function(*bound.args, **bound.kwargs)

    return called


def _kind(annotation: Any, function: Callable[..., Any]) -> Any:
    """The type that an annotation names; Any where a module names it for the type checker alone."""
    try:
        return eval(annotation, function.__globals__)  # of our own source, no text from outside
    except NameError:
        return Any


def taken(name: str, value: Any, kind: Any) -> Any:
    """The value as one of this kind. Raises ParameterError where it is none."""
    inner = typing.get_args(kind)
    if not _known(kind):
        return value
    if kind in _PLAIN:
        return _PLAIN[kind][0](name, value)
    if kind in _PATHS:
        return arguments.path(name, value)
    if _is_union(kind):
        return _one_of(name, value, kind)
    if typing.get_origin(kind) == np.ndarray:
        element = typing.get_args(inner[1])[0]
        return _array(name, value, whole=issubclass(_plain(element), np.integer))
    if _is_collection(kind):
        if isinstance(value, str | bytes | Mapping) or not _is_several(value):
            raise arguments.refused(name, value, f"It is {_words(kind)}.")
        return tuple(taken(name, one, inner[0]) for one in value)
    if not isinstance(value, _class(kind)):
        raise arguments.refused(name, value, f"It is {_words(kind)}.")
    return value


def _one_of(name: str, value: Any, kind: Any) -> Any:
    members: list[Any] = list(typing.get_args(kind))
    if isinstance(value, str | PathLike) and set(_PATHS) & set(members):
        return arguments.path(name, value)
    if isinstance(value, np.ndarray):  # at once, where it can be, and not number by number
        members.sort(key=lambda one: _plain(one) != np.ndarray)
    for member in members:
        try:
            return taken(name, value, member)
        except ParameterError:
            continue
    words = dict.fromkeys(_words(member) for member in members if member is not _NOTHING)
    raise arguments.refused(name, value, f"It is {' or '.join(words)}.")


def _array(name: str, value: Any, *, whole: bool) -> npt.NDArray[Any]:
    array = arguments.numbers(name, value)
    if not whole:
        return array
    if array.ndim != 1 or (array.dtype.kind == "f" and array.size):
        raise arguments.refused(name, value, "It is a list of whole numbers.")
    if array.dtype.kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
        raise arguments.refused(name, value, "Its numbers are too large.")
    return array.astype(np.int64, copy=False)


def _plain(kind: Any) -> Any:
    """A class without what it is of: np.floating for np.floating[Any]."""
    return typing.get_origin(kind) or kind


def _known(kind: Any) -> bool:
    """Whether values can be told to be of this kind or not."""
    if _is_union(kind):
        return all(map(_known, typing.get_args(kind)))
    if _is_collection(kind):
        return _known(typing.get_args(kind)[0])
    told = typing.get_origin(kind) == np.ndarray or _class(kind) is not object
    return told or kind in _PLAIN or kind in _PATHS


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def _is_collection(kind: Any) -> bool:
    origin = typing.get_origin(kind)
    other = origin == np.ndarray or _is_mapping(origin)
    return inspect.isclass(origin) and issubclass(origin, Collection) and not other


def _is_mapping(origin: Any) -> bool:
    return inspect.isclass(origin) and issubclass(origin, Mapping)


def _is_several(value: Any) -> bool:
    return isinstance(value, Collection) and getattr(value, "ndim", 1) > 0


def _class(kind: Any) -> Any:
    """What values of this kind are instances of; object where that says nothing."""
    origin = typing.get_origin(kind)
    if origin is Callable:
        return Callable
    if _is_mapping(origin):
        return Mapping
    ours = inspect.isclass(kind) and kind.__module__.startswith("explorer.")
    if kind is _NOTHING or (ours and not getattr(kind, "_is_protocol", False)):
        return kind
    return object


def _words(kind: Any) -> str:
    """What values of a kind are called."""
    if kind in _PLAIN:
        return _PLAIN[kind][1]
    if typing.get_origin(kind) == np.ndarray:
        return "an array of numbers"
    if _is_union(kind):
        return " or ".join(dict.fromkeys(map(_words, typing.get_args(kind))))
    if _is_collection(kind):
        return f"a list, each {_words(typing.get_args(kind)[0])}"
    if kind in _PATHS:
        return "a path"
    named = {Callable: "a function", Mapping: "a mapping"}
    expected = _class(kind)
    return named.get(expected) or f"of the type {expected.__name__}"
