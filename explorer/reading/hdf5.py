"""The matrices of an HDF5 file, behind a guard: nothing outside the file is read.

HDF5 can name other files as storage (measured: a file gave the bytes of /etc/hostname), link to
them, map them as virtual data, and declare 41 GB in 1.4 KB. The guard is that of Keras's own fix
(CVE-2026-1669, keras-team/tf-keras#921). All of this runs in a child process.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.progress import Progress, Report, silent
from explorer.reading.archives import opened_archive
from explorer.reading.arrays import FLOATS
from explorer.reading.child import Result
from explorer.reading.files import DAMAGED, head

HDF5 = b"\x89HDF\r\n\x1a\n"
WEIGHTS = "model.weights.h5"
CONFIG = "config.json"
_DEEPEST = 32
_MOST_OBJECTS = 100_000
# Keras stores weights without compression; what is 200 times larger than its bytes was made up.
_LARGEST_RATIO = 200
_FREE = 2**20
_BLOCK_BYTES = 2**24
_LARGEST_CONFIG = 64 * 2**20


def described(path: Path) -> Result:
    """facts["tensors"]: [name, shape, dtype, bytes] of every array; facts["config"]: the model's
    JSON, or ""."""
    with _opened(path) as (file, config):
        tensors = [
            [name, list(found.shape), _dtype(found), int(found.nbytes)]
            for name, found in _arrays(path, file)
        ]
        return Result(facts={"tensors": tensors, "config": config})


def array(path: Path, name: str, *, report: Report = silent) -> Result:
    """arrays["vectors"]: the array called `name`, read block by block."""
    with _opened(path) as (file, _):
        found = next(dataset for other, dataset in _arrays(path, file) if other == name)
        try:
            return Result({"vectors": _read(found, report)})
        except OSError as error:
            raise InputError(path, "its numbers cannot be read.", DAMAGED) from error


def _read(dataset: Any, report: Report) -> npt.NDArray[Any]:
    whole = np.empty(dataset.shape, dataset.dtype)
    rows = len(whole)
    step = max(1, _BLOCK_BYTES * rows // max(1, whole.nbytes))
    if dataset.chunks:  # a compressed chunk is expanded once, not once for each block
        step = -(-step // dataset.chunks[0]) * dataset.chunks[0]
    for start in range(0, rows, step):
        report(Progress(start, rows))
        whole[start : start + step] = dataset[start : start + step]
    return whole


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, str]]:
    """The HDF5 file, or the one inside a .keras archive, and the model's config."""
    import h5py

    try:
        if head(path).startswith(HDF5):
            with h5py.File(path, "r", locking=False) as file:
                yield file, _config_attribute(file)
        else:
            with opened_archive(path) as archive:
                config = archive.read(CONFIG)[:_LARGEST_CONFIG].decode(errors="replace")
                weights = io.BytesIO(archive.read(WEIGHTS))
            with h5py.File(weights, "r") as file:
                yield file, config
    except (OSError, KeyError) as error:
        raise InputError(path, "is no sound Keras file: it cannot be opened.", DAMAGED) from error


def _config_attribute(file: Any) -> str:
    config = file.attrs.get("model_config", "")
    return config.decode(errors="replace") if isinstance(config, bytes) else str(config)


# The guarded walk


def _arrays(path: Path, group: Any) -> list[tuple[str, Any]]:
    """(full name, dataset) of every array of numbers. Raises InputError by the guard."""
    found: list[tuple[str, Any]] = []
    _walk(path, group, "", set(), found)
    return found


def _walk(
    path: Path, group: Any, prefix: str, seen: set[Any], found: list[tuple[str, Any]]
) -> None:
    import h5py

    if prefix.count("/") > _DEEPEST or len(seen) > _MOST_OBJECTS:
        raise InputError(path, "its groups are nested too deep, or too many.", DAMAGED)
    for key in group:
        name = f"{prefix}{key}"
        if not isinstance(group.get(key, getlink=True), h5py.HardLink):
            problem = f"{name!r} is a link; links are not followed, for they may leave the file."
            raise InputError(path, problem, "Save the weights again without links.")
        member = group[key]
        if isinstance(member, h5py.Dataset):
            _guard(path, name, member)
            found.append((name, member))
        elif isinstance(member, h5py.Group) and member.id not in seen:
            seen.add(member.id)
            _walk(path, member, f"{name}/", seen, found)


def _guard(path: Path, name: str, dataset: Any) -> None:
    if dataset.external or dataset.is_virtual:
        problem = f"{name!r} keeps its numbers in another file, which is not read."
        raise InputError(path, problem, "Save the weights into one file.")
    declared, stored = int(dataset.nbytes), int(dataset.id.get_storage_size())
    if declared > _LARGEST_RATIO * stored + _FREE:
        problem = f"{name!r} declares {declared:,} bytes and stores {stored:,}."
        raise InputError(path, problem, DAMAGED)


def _dtype(dataset: Any) -> str:
    kind = dataset.dtype.str[1:]
    return FLOATS.get(kind) or {"i1": "i8", "u1": "u8"}.get(kind, "other")
