"""The numbers of a table: a (rows, dim) matrix in its own dtype, memory-mapped where possible.

Nothing is widened as a whole. `rows` and `blocks` give float32 copies of what is asked for, so a
2 GB bfloat16 table costs the memory of one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

# 16 MiB of float32 a block: measured flat between 8 and 64 MiB on two cores.
_BLOCK_BYTES = 16 * 2**20

DTYPES = ("f64", "f32", "f16", "bf16", "f8_e4m3", "f8_e5m2")
_NATIVE = {"f64": np.float64, "f32": np.float32, "f16": np.float16}


class Vectors:
    """A read-only (rows, dim) float matrix in the dtype it was stored in.

    storage: float64, float32 or float16 array; uint16 holding bfloat16 bits; uint8 holding
        float8 bits. Any byte order; a numpy.memmap stays one.
    mapped: True where another library (torch) maps the file; a numpy.memmap tells by itself.
    dtype: one of DTYPES; given only where storage holds bits ("bf16", "f8_e4m3", "f8_e5m2").
    Raises ValueError for another shape or dtype: a programming error of a reader.
    """

    def __init__(
        self, storage: npt.NDArray[np.generic], dtype: str = "", *, mapped: bool = False
    ) -> None:
        self._dtype = dtype or _name_of(storage.dtype)
        self._mapped = mapped
        if storage.ndim != 2 or self._dtype not in DTYPES:
            raise ValueError(f"not a float matrix: {storage.shape} {storage.dtype} {dtype}")
        self._storage = storage.view()
        self._storage.flags.writeable = False

    def __len__(self) -> int:
        return int(self._storage.shape[0])

    @property
    def dim(self) -> int:
        return int(self._storage.shape[1])

    @property
    def shape(self) -> tuple[int, int]:
        return len(self), self.dim

    @property
    def dtype(self) -> str:
        """One of DTYPES: how the numbers are stored."""
        return self._dtype

    @property
    def nbytes(self) -> int:
        """Bytes of the matrix as stored."""
        return int(self._storage.nbytes)

    @property
    def mapped(self) -> bool:
        """Whether the numbers stay in the file until they are asked for."""
        if self._mapped:
            return True
        base: object = self._storage
        while isinstance(base, np.ndarray):
            if isinstance(base, np.memmap):
                return True
            base = base.base
        return False

    def rows(self, ids: npt.ArrayLike) -> F32:
        """float32 copy of the rows `ids` (int64, any shape): that shape + (dim,)."""
        return self._widen(self._storage.take(np.asarray(ids, dtype=np.int64), axis=0))

    def exact(self, ids: npt.ArrayLike) -> npt.NDArray[np.floating]:
        """Copy of the rows `ids` (int64, any shape) without a digit lost: that shape + (dim,),
        float64 where the table is, else float32, which holds every narrower number."""
        if self._dtype != "f64":
            return self.rows(ids)
        return self._storage[np.asarray(ids, dtype=np.int64)].astype(np.float64)

    def slice(self, start: int, stop: int) -> F32:
        """float32 form of the rows start..stop; a view where the table is float32 already."""
        return self._widen(self._storage[start:stop])

    def stored(self, start: int, stop: int) -> npt.NDArray[np.generic]:
        """The rows start..stop as the file has them: bits for bfloat16 and float8; a view."""
        return self._storage[start:stop]

    def blocks(self, size: int | None = None) -> Iterator[tuple[int, F32]]:
        """(first row, float32 block) over all rows; `size` rows a block, by default 16 MiB."""
        size = size or max(1, _BLOCK_BYTES // (4 * max(1, self.dim)))
        for start in range(0, len(self), size):
            yield start, self.slice(start, start + size)

    def to_numpy(self) -> F32:
        """The whole table as one float32 array: a view where it is float32 already."""
        return self.slice(0, len(self))

    @cached_property
    def norms(self) -> npt.NDArray[np.float64]:
        """Euclidean norm of every row as stored, float64 (rows,); NaN or inf where it holds one."""
        norms = np.empty(len(self))
        for start, block in self._wide_blocks():
            norms[start : start + len(block)] = lengths(block)
        norms.flags.writeable = False
        return norms

    @cached_property
    def finite(self) -> npt.NDArray[np.bool_]:
        """Whether every number of a row is finite as stored, (rows,)."""
        finite = np.isfinite(self.norms)
        if self._dtype == "f64":  # a norm may be infinite where no number is
            for start, block in self._wide_blocks():
                finite[start : start + len(block)] = np.isfinite(block).all(axis=1)
        finite.flags.writeable = False
        return finite

    @cached_property
    def beyond_float32(self) -> npt.NDArray[np.bool_]:
        """Whether a row is finite as stored and infinite as float32, (rows,)."""
        beyond = np.zeros(len(self), dtype=np.bool_)
        if self._dtype == "f64":
            for start, block in self.blocks():
                beyond[start : start + len(block)] = ~np.isfinite(block).all(axis=1)
            beyond &= self.finite
        beyond.flags.writeable = False
        return beyond

    @cached_property
    def finite_float32(self) -> npt.NDArray[np.bool_]:
        """Whether every number of a row is finite as stored and as float32, (rows,): what maps and
        neighbours need."""
        finite = self.finite & ~self.beyond_float32
        finite.flags.writeable = False
        return finite

    @cached_property
    def below_float32(self) -> npt.NDArray[np.bool_]:
        """Whether a row holds numbers other than zero as stored and only zeros as float32."""
        below = np.zeros(len(self), dtype=np.bool_)
        if self._dtype == "f64":
            for start, block in self.blocks():
                below[start : start + len(block)] = ~block.any(axis=1)
            below &= self.norms != 0
        below.flags.writeable = False
        return below

    def _wide_blocks(self) -> Iterator[tuple[int, npt.NDArray[np.float64]]]:
        """(first row, float64 block) over all rows, without a digit lost."""
        for start, block in self.blocks():
            wide = self.stored(start, start + len(block)) if self._dtype == "f64" else block
            yield start, wide.astype(np.float64)

    def _widen(self, block: npt.NDArray[np.generic]) -> F32:
        if self._dtype == "bf16":
            bits: npt.NDArray[np.uint32] = block.astype(np.uint32)
            bits <<= np.uint32(16)
            return bits.view(np.float32)
        if self._dtype.startswith("f8"):
            return _float8_values(self._dtype).take(block.astype(np.intp))
        # A float64 number beyond float32 becomes inf: see `beyond_float32`.
        with np.errstate(over="ignore"):
            return np.asarray(block).astype(np.float32, copy=False)


def lengths(block: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Euclidean norms (rows,) of a float64 block; squares neither overflow nor vanish."""
    with np.errstate(over="ignore", invalid="ignore"):
        plain: npt.NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", block, block))
        # Squares of float32 numbers stay far within these; of float64 ones they may not.
        extreme = np.flatnonzero((plain < 1e-140) | (plain > 1e150))
        if not len(extreme):
            return plain
        largest = np.abs(block[extreme]).max(axis=1, initial=0.0)
        sound = (largest > 0) & (largest < np.inf)
        extreme, largest = extreme[sound], largest[sound]
        if len(extreme):
            plain[extreme] = largest * np.linalg.norm(block[extreme] / largest[:, None], axis=1)
    return plain


def length(vector: npt.NDArray[np.float64]) -> float:
    """Euclidean norm of one float64 vector (dim,); squares neither overflow nor vanish."""
    with np.errstate(over="ignore", invalid="ignore"):
        square = float(vector @ vector)
    return square**0.5 if 1e-280 < square < 1e300 else float(lengths(vector[None])[0])


def _name_of(dtype: np.dtype[np.generic]) -> str:
    for name, native in _NATIVE.items():
        if dtype.newbyteorder("=") == native:
            return name
    return str(dtype)


def _float8_values(dtype: str) -> F32:
    """The 256 values of a float8 format (Micikevicius et al. 2022, arXiv:2209.05433)."""
    exponent_bits, bias = (4, 7) if dtype == "f8_e4m3" else (5, 15)
    mantissa_bits = 7 - exponent_bits
    bits = np.arange(256)
    sign = np.where(bits & 0x80, -1.0, 1.0)
    exponent = (bits >> mantissa_bits) & (2**exponent_bits - 1)
    mantissa = (bits & (2**mantissa_bits - 1)) / 2**mantissa_bits
    normal = (1 + mantissa) * 2.0 ** (exponent - bias)
    value = sign * np.where(exponent == 0, mantissa * 2.0 ** (1 - bias), normal)
    top = exponent == 2**exponent_bits - 1
    if dtype == "f8_e4m3":
        value[(bits & 0x7F) == 0x7F] = np.nan
    else:
        value[top] = np.where(mantissa[top] == 0, sign[top] * np.inf, np.nan)
    values: F32 = value.astype(np.float32)
    return values
