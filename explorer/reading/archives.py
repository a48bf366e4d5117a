"""Zip archives whose members are checked before any is expanded."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from explorer.errors import InputError
from explorer.reading.files import DAMAGED, file_size, readable

ZIP = b"PK\x03\x04"
LARGEST_RATIO = 200
_FREE = 2**20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)


def member_names(path: Path) -> list[str]:
    """Names of the members of a zip archive; [] for what is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (*_BROKEN, OSError):
        return []


def only_member(raw: BinaryIO) -> BinaryIO:
    """The stream of the one file in a zip archive. Raises BadZipFile where there is not just one,
    or it leaves the archive, is encrypted or compressed in a way that is not read."""
    try:
        archive = zipfile.ZipFile(raw)
        # An empty name, which a damaged directory may hold, is an IndexError to is_dir().
        files = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if len(files) != 1 or leaves(files[0].filename):
            raise zipfile.BadZipFile("not an archive of one file")
        return cast(BinaryIO, archive.open(files[0]))
    except _BROKEN as error:  # a name that is not UTF-8, a cipher, an unusual compression
        raise zipfile.BadZipFile("cannot be opened") from error


def leaves(member: str) -> bool:
    """Whether the name of a member leads out of the archive."""
    return ".." in PurePosixPath(member).parts or member.startswith("/")


def zip_problem(path: Path) -> str:
    """Why a zip archive is no table, in words."""
    names = member_names(path)
    if not names:
        return "is a zip archive that is empty or broken."
    if outside := next(filter(leaves, names), None):
        return f"names a member {outside[:80]!r} outside the archive; such archives are not read."
    if len(names) > 1:
        listed = ", ".join(repr(name[:40]) for name in names[:5])
        return f"is a zip archive of several files ({listed}), none of them a table known here."
    return "is a zip archive that holds no table in text form."


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive, its members checked: none leaves the archive, is encrypted, or expands more
    than LARGEST_RATIO times. Raises InputError, also for what breaks while members are read."""
    try:
        with readable(path), zipfile.ZipFile(path) as archive:
            _check(path, archive.infolist())
            yield archive
    except _BROKEN as error:
        raise InputError(path, "the archive is broken.", DAMAGED) from error


def _check(path: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        if leaves(member.filename):
            problem = f"names a member {member.filename!r} outside the archive."
            raise InputError(path, problem, "Such archives are not read.")
        if member.flag_bits & 1:
            raise InputError(path, "its members are encrypted.", "Save it without a password.")
        if member.file_size > LARGEST_RATIO * member.compress_size + _FREE:
            raise InputError(
                path,
                f"member {member.filename!r} expands far beyond its size on disk "
                f"({member.compress_size:,} bytes to {member.file_size:,}).",
                "Expand it yourself if you trust it, and open the result.",
            )
    stored = sum(member.compress_size for member in members)
    if stored > file_size(path):
        raise InputError(path, "its members claim more bytes than the file has.", DAMAGED)
