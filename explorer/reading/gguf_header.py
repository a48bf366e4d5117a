"""The header of a GGUF file: its keys, its vocabulary and what each tensor is, checked against the
file before anything is believed.

Specification: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. This is our own walk and
not gguf.GGUFReader, which makes an array for every field (0.66 s for 30,000 tokens, here 0.03 s)
and ends on a broken file with whatever NumPy says. Every length is compared with what is left of
the file, and nothing but Python runs, so it needs no process of its own (C readers of this format
have had overflows: ggml-org/ggml#709, antirez/gguf-tools#25).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.reading.choosing import count
from explorer.reading.files import DAMAGED, file_size, mapped

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_TOKENS = "tokenizer.ggml.tokens"
# Type number of a value -> how struct reads it (gguf.md, enum gguf_metadata_value_type).
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?",
            10: "<Q", 11: "<q", 12: "<d"}  # fmt: skip
_STRING, _ARRAY = 8, 9
_SMALLEST_KEY, _SMALLEST_TENSOR = 13, 24
# Far above any model, far below what would keep a reader busy: keys, tensors, texts in all arrays.
_MOST = 100_000
_MOST_TEXTS = 8_000_000
_DEEPEST = 4
_MOST_DIMENSIONS = 8


@dataclass(frozen=True, slots=True)
class Stored:
    """One tensor. quantisation: its type in capitals ("F16", "Q8_0"). shape: rows first, as NumPy
    has it (the file has it the other way round). Its bytes are start..start + nbytes of the file.
    """

    quantisation: str
    shape: tuple[int, ...]
    start: int
    nbytes: int


@dataclass(frozen=True, eq=False)
class GgufHeader:
    """tensors by name; keys whose value is one number or text; the tokens as bytes."""

    tensors: Mapping[str, Stored]
    keys: Mapping[str, Any]
    tokens: tuple[bytes, ...]


def read_gguf(path: Path) -> GgufHeader:
    """Reads and checks everything before the tensors' data. Raises InputError."""
    if file_size(path) < 24:
        raise InputError(path, "is cut short: a GGUF header has 24 bytes.", DAMAGED)
    with mapped(path) as held:
        return _header(_Walk(path, held))


class _Walk:
    """Reads one value after another and never beyond the end."""

    def __init__(self, path: Path, held: mmap.mmap) -> None:
        self.path, self._held, self.at, self.size = path, held, 0, len(held)
        self.texts = 0

    def take(self, layout: str) -> Any:
        start = self.skip(struct.calcsize(layout))
        return struct.unpack_from(layout, self._held, start)[0]

    def raw(self) -> bytes:
        length = self.take("<Q")
        start = self.skip(length)
        return self._held[start : start + length]

    def text(self) -> str:
        return self.raw().decode(errors="backslashreplace")

    def skip(self, size: int) -> int:
        """Where the next `size` bytes start; they are passed over."""
        start = self.at
        if size > self.size - start:
            raise self.broken(f"is cut short: its header goes on beyond byte {self.size:,}")
        self.at = start + size
        return start

    def expect(self, number: int, each: int, what: str) -> None:
        """Checks a count before anything is done that often."""
        if number * each > self.size - self.at:
            problem = f"claims {number:,} {what}, more than the rest of the file could hold"
            raise self.broken(f"its header {problem}")

    def broken(self, problem: str) -> InputError:
        return InputError(self.path, f"{problem}.", DAMAGED)


def _header(walk: _Walk) -> GgufHeader:
    if walk._held[:4] != MAGIC:
        raise walk.broken("does not start as a GGUF file does")
    walk.skip(4)
    version = walk.take("<I")
    if version not in _VERSIONS:
        order = version & 0xFFFF == 0
        problem = "is in big-endian byte order" if order else f"is of GGUF version {version}"
        raise InputError(walk.path, f"{problem}.", "Versions 2 and 3, little-endian, are read.")
    tensors, keys = walk.take("<Q"), walk.take("<Q")
    walk.expect(keys, _SMALLEST_KEY, "keys")
    walk.expect(tensors, _SMALLEST_TENSOR, "tensors")
    if max(tensors, keys) > _MOST:
        raise walk.broken(f"its header claims {max(tensors, keys):,} keys or tensors")
    values, tokens = _keys(walk, keys)
    described = [_tensor(walk) for _ in range(tensors)]
    return GgufHeader(_placed(walk, values, described), values, tokens)


def _keys(walk: _Walk, number: int) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    values: dict[str, Any] = {}
    tokens: tuple[bytes, ...] = ()
    for _ in range(number):
        name, kind = walk.text(), walk.take("<I")
        if kind in _SCALARS:
            values[name] = walk.take(_SCALARS[kind])
        elif kind == _STRING:
            values[name] = walk.text()
        elif kind == _ARRAY:
            texts = _array(walk, name, 0)
            tokens = texts if name == _TOKENS else tokens
        else:
            raise walk.broken(f"its key {name!r} has the unknown type {kind}")
    return values, tokens


def _array(walk: _Walk, name: str, depth: int) -> tuple[bytes, ...]:
    """The texts of an array; of any other kind it is passed over, and () is given."""
    kind, length = walk.take("<I"), walk.take("<Q")
    if kind in _SCALARS:
        each = struct.calcsize(_SCALARS[kind])
        walk.expect(length, each, f"values of {name!r}")
        walk.skip(length * each)
        return ()
    if kind not in (_STRING, _ARRAY) or depth > _DEEPEST:
        raise walk.broken(f"its key {name!r} is an array of the unknown type {kind}")
    walk.expect(length, 8 if kind == _STRING else 12, f"values of {name!r}")
    walk.texts += length
    if walk.texts > _MOST_TEXTS:
        raise walk.broken(f"its arrays hold more than {_MOST_TEXTS:,} texts")
    if kind == _STRING:
        return tuple(walk.raw() for _ in range(length))
    for _ in range(length):
        _array(walk, name, depth + 1)
    return ()


def _tensor(walk: _Walk) -> tuple[str, tuple[int, ...], int, int]:
    """Name, shape with rows first, type number, and where it starts in the data."""
    name, dimensions = walk.text(), walk.take("<I")
    if dimensions > _MOST_DIMENSIONS:
        raise walk.broken(f"its tensor {name!r} claims {dimensions:,} dimensions")
    shape = [walk.take("<Q") for _ in range(dimensions)]
    while len(shape) > 2 and shape[-1] == 1:
        shape.pop()
    return name, tuple(reversed(shape)), walk.take("<I"), walk.take("<Q")


def _placed(
    walk: _Walk, keys: Mapping[str, Any], described: list[tuple[str, tuple[int, ...], int, int]]
) -> dict[str, Stored]:
    alignment = keys.get("general.alignment", 32)
    if type(alignment) is not int or not 0 < alignment <= 2**20 or alignment & (alignment - 1):
        raise walk.broken(f"its alignment, {alignment!r}, is not a power of two")
    data_at = -(-walk.at // alignment) * alignment
    placed: dict[str, Stored] = {}
    for name, shape, kind, offset in described:
        if name in placed:
            raise walk.broken(f"its header names the tensor {name!r} twice")
        quantisation, nbytes = _size(walk, name, shape, kind)
        if data_at + offset + nbytes > walk.size:
            shown = " x ".join(f"{n:,}" for n in shape)
            problem = f"its tensor {name!r} ({shown}, {quantisation}) ends beyond the file"
            raise walk.broken(f"is cut short: {problem}")
        placed[name] = Stored(quantisation, shape, data_at + offset, nbytes)
    return placed


def _size(walk: _Walk, name: str, shape: tuple[int, ...], kind: int) -> tuple[str, int]:
    """The type's name and the bytes that a tensor of that shape takes."""
    from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

    try:
        known = GGMLQuantizationType(kind)
        block, each = GGML_QUANT_SIZES[known]
    except (ValueError, KeyError) as error:
        raise walk.broken(f"its tensor {name!r} has the unknown type {kind}") from error
    if shape and shape[-1] % block:
        problem = f"its tensor {name!r} has rows of {shape[-1]:,} numbers, not of whole blocks of"
        raise walk.broken(f"{problem} {block} ({known.name})")
    return known.name, count(shape) // block * each
