"""PyTorch's legacy form (torch.save before 1.6): five pickles, then the numbers of every storage.

The pickles are neither loaded nor run: their instructions are followed one by one (pickletools) on
a stack of plain values, and only those that a checkpoint of tensors needs are known. A name that
is not in the list below, an unknown instruction, a size that does not fit: the file is left to
torch's restricted loader in a child process (`explorer.reading.torch_file`). The numbers are
mapped, so torch need not be imported. The form: torch/serialization.py, `_legacy_save`.
"""

from __future__ import annotations

import mmap
import pickletools
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from explorer.progress import Cancelled, Progress, Report, silent
from explorer.reading.checkpoint import Checkpoint, walked
from explorer.reading.choosing import Tensor, count
from explorer.reading.files import mapped

_MAGIC, _VERSION = 0x1950A86A20F9469CFC6C, 1001
_MOST_INSTRUCTIONS = 2_000_000
_INSTRUCTIONS_AT_ONCE = 20_000
_LARGEST = 2**62
# torch's class -> our name of its dtype, and how NumPy reads it.
_STORAGES = {
    "DoubleStorage": ("f64", "<f8"), "FloatStorage": ("f32", "<f4"), "HalfStorage": ("f16", "<f2"),
    "BFloat16Storage": ("bf16", "<u2"), "CharStorage": ("i8", "i1"), "ByteStorage": ("u8", "u1"),
    "LongStorage": ("int64", "<i8"), "IntStorage": ("int32", "<i4"),
    "ShortStorage": ("int16", "<i2"), "BoolStorage": ("bool", "u1"),
}  # fmt: skip


class Unfollowed(Exception):  # noqa: N818  (the file may be sound: others can read more)
    """The file holds what this reader does not know or does not believe."""


@dataclass(frozen=True, eq=False, slots=True)
class _Kind:
    """A class of storages."""

    dtype: str
    stored: np.dtype[Any]


@dataclass(frozen=True, eq=False, slots=True)
class _Storage:
    key: str
    kind: _Kind
    numel: int


@dataclass(frozen=True, eq=False, slots=True)
class _Strided:
    """A tensor: a view of a storage, in numbers."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_legacy(path: Path, report: Report = silent) -> Checkpoint:
    """The checkpoint, its matrices mapped. Raises Unfollowed, InputError."""
    with mapped(path) as held:
        try:
            found, starts = _followed(held, report)
            return _checkpoint(path, found, starts)
        except (Unfollowed, Cancelled):
            raise
        except Exception as error:  # whatever a broken or hostile file provokes
            raise Unfollowed from error


def _followed(held: mmap.mmap, report: Report) -> tuple[Any, dict[str, int]]:
    """What was saved, and where the numbers of each storage start."""
    machine = _Machine(held, report)
    magic, version, system, found, keys = (machine.run() for _ in range(5))
    if magic != _MAGIC or version != _VERSION or system["little_endian"] is not True:
        raise Unfollowed
    starts: dict[str, int] = {}
    at = held.tell()
    for key in keys:
        storage = machine.storages[key]
        start, numel = at + 8, struct.unpack_from("<q", held, at)[0]
        at = start + storage.numel * storage.kind.stored.itemsize
        if numel != storage.numel or at > len(held) or key in starts:
            raise Unfollowed
        starts[key] = start
    return found, starts


def _checkpoint(path: Path, found: Any, starts: Mapping[str, int]) -> Checkpoint:
    tensors: dict[str, _Strided] = {}
    vocabularies: dict[str, Any] = {}
    for name, one in walked(found, lambda value: isinstance(value, _Strided)):
        (tensors if isinstance(one, _Strided) else vocabularies)[name] = one
    described = {name: _described(name, one) for name, one in tensors.items()}
    matrices = {name: one for name, one in tensors.items() if len(one.shape) == 2}
    fault = "claims more numbers than its storage holds"
    faults = {n: fault for n, one in matrices.items() if count(one.shape) > one.storage.numel}
    numbers = np.memmap(path, np.uint8, "r")
    arrays = {
        name: _mapped(numbers, one, starts[one.storage.key])
        for name, one in matrices.items()
        if name not in faults
    }
    return Checkpoint(arrays, described, faults, vocabularies)


def _described(name: str, one: _Strided) -> Tensor:
    kind = one.storage.kind
    return Tensor(name, one.shape, kind.dtype, count(one.shape) * kind.stored.itemsize)


def _mapped(numbers: np.memmap[Any, Any], one: _Strided, start: int) -> Any:
    """The matrix as a view of the file. NumPy refuses one that reaches beyond its buffer."""
    stored = one.storage.kind.stored
    each = stored.itemsize
    storage = numbers[start : start + one.storage.numel * each]
    strides = tuple(each * stride for stride in one.strides)
    return np.ndarray(one.shape, stored, storage, one.offset * each, strides)


# What the names in a checkpoint stand for


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> _Strided:
    if not isinstance(storage, _Storage) or not _are_sizes(shape) or not _are_sizes(strides):
        raise Unfollowed
    if not _are_sizes((offset,)) or len(shape) != len(strides):
        raise Unfollowed
    return _Strided(storage, offset, shape, strides)


def _are_sizes(values: Any) -> bool:
    return type(values) is tuple and all(type(n) is int and 0 <= n < _LARGEST for n in values)


def _parameter(tensor: Any, *_: Any) -> _Strided:
    if not isinstance(tensor, _Strided):
        raise Unfollowed
    return tensor


def _ordered(pairs: Any = ()) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in pairs:
        _set(made, key, value)
    return made


def _size(values: Any) -> tuple[Any, ...]:
    return tuple(values)


_NAMES: Mapping[str, Any] = {
    "collections OrderedDict": _ordered,
    "torch Size": _size,
    "torch._utils _rebuild_tensor": _tensor,
    "torch._utils _rebuild_tensor_v2": _tensor,
    "torch._utils _rebuild_parameter": _parameter,
    **{f"torch {name}": _Kind(ours, np.dtype(numpy)) for name, (ours, numpy) in _STORAGES.items()},
}


def _set(mapping: Any, key: Any, value: Any) -> None:
    # A tuple as a key could be nested so that hashing it never ends.
    if type(mapping) is not dict or not isinstance(key, str | int | float | None):
        raise Unfollowed
    mapping[key] = value


# The stack machine of pickle, as far as it is known here (pickletools describes each instruction)


class _Machine:
    """Follows one pickle after another. storages: all that were named so far."""

    def __init__(self, stream: mmap.mmap, report: Report) -> None:
        self._stream, self._report = stream, report
        self._done = 0
        self.storages: dict[str, _Storage] = {}
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> Any:
        """What the pickle at the stream's place builds; the stream is then behind it."""
        self.stack, self.marks, self.memo = [], [], {}
        for instruction, argument, _ in pickletools.genops(self._stream):  # type: ignore[arg-type]
            self._count()
            if instruction.name == "STOP":
                (value,) = self.stack
                return value
            if instruction.name in _LITERALS:
                self.stack.append(argument)
            else:
                _INSTRUCTIONS[instruction.name](self, argument)
        raise Unfollowed

    def _count(self) -> None:
        self._done += 1
        if self._done > _MOST_INSTRUCTIONS:
            raise Unfollowed
        if self._done % _INSTRUCTIONS_AT_ONCE == 1:
            self._report(Progress(self._stream.tell(), len(self._stream), "Reading the checkpoint"))

    def since_mark(self) -> list[Any]:
        start = self.marks.pop()
        taken = self.stack[start:]
        del self.stack[start:]
        return taken

    def last(self, number: int) -> tuple[Any, ...]:
        return tuple(self.stack.pop() for _ in range(number))[::-1]


_LITERALS = {
    "BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "BINFLOAT", "BINUNICODE",
    "SHORT_BINUNICODE", "BINSTRING", "SHORT_BINSTRING",
}  # fmt: skip


def _append(machine: _Machine, values: list[Any]) -> None:
    if type(machine.stack[-1]) is not list:
        raise Unfollowed
    machine.stack[-1].extend(values)


def _set_all(machine: _Machine, values: list[Any]) -> None:
    for key, value in zip(values[::2], values[1::2], strict=True):
        _set(machine.stack[-1], key, value)


def _reduce(machine: _Machine) -> None:
    function, arguments = machine.last(2)
    if not isinstance(function, FunctionType) or type(arguments) is not tuple:
        raise Unfollowed  # functions come from _NAMES only
    machine.stack.append(function(*arguments))


def _build(machine: _Machine) -> None:
    """State set on a mapping (`_metadata` of a state dict) says nothing of its tensors."""
    machine.stack.pop()
    if type(machine.stack[-1]) is not dict:
        raise Unfollowed


def _persistent(machine: _Machine) -> None:
    what, kind, key, _, numel, view = machine.stack.pop()
    if what != "storage" or not isinstance(kind, _Kind) or type(key) is not str or view is not None:
        raise Unfollowed
    known = machine.storages.setdefault(key, _Storage(key, kind, numel))
    if not _are_sizes((numel,)) or known.kind is not kind or known.numel != numel:
        raise Unfollowed
    machine.stack.append(known)


def _put(machine: _Machine, place: int) -> None:
    machine.memo[place] = machine.stack[-1]


_INSTRUCTIONS: Mapping[str, Callable[[_Machine, Any], None]] = {
    "PROTO": lambda m, _: None,
    "FRAME": lambda m, _: None,
    "MARK": lambda m, _: m.marks.append(len(m.stack)),
    "NONE": lambda m, _: m.stack.append(None),
    "NEWTRUE": lambda m, _: m.stack.append(True),
    "NEWFALSE": lambda m, _: m.stack.append(False),
    "EMPTY_DICT": lambda m, _: m.stack.append({}),
    "EMPTY_LIST": lambda m, _: m.stack.append([]),
    "EMPTY_TUPLE": lambda m, _: m.stack.append(()),
    "TUPLE": lambda m, _: m.stack.append(tuple(m.since_mark())),
    "TUPLE1": lambda m, _: m.stack.append(m.last(1)),
    "TUPLE2": lambda m, _: m.stack.append(m.last(2)),
    "TUPLE3": lambda m, _: m.stack.append(m.last(3)),
    "APPEND": lambda m, _: _append(m, list(m.last(1))),
    "APPENDS": lambda m, _: _append(m, m.since_mark()),
    "SETITEM": lambda m, _: _set_all(m, list(m.last(2))),
    "SETITEMS": lambda m, _: _set_all(m, m.since_mark()),
    "BINPUT": _put,
    "LONG_BINPUT": _put,
    "BINGET": lambda m, place: m.stack.append(m.memo[place]),
    "LONG_BINGET": lambda m, place: m.stack.append(m.memo[place]),
    "GLOBAL": lambda m, name: m.stack.append(_NAMES[name]),
    "REDUCE": lambda m, _: _reduce(m),
    "BUILD": lambda m, _: _build(m),
    "BINPERSID": lambda m, _: _persistent(m),
}
