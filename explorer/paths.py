"""Where files are on this machine, and how they are written: beside, then renamed; never over what
is read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from explorer.errors import OutputError

_APP = "embedding-explorer"
_PACKAGE = Path(__file__).parent
# What is written beside tables, and no folder that is a table is read from.
_RESULTS = (".csv", ".parquet")


def resource(name: str) -> Path:
    """A file shipped with the product, in the wheel (explorer/resources) or in a checkout."""
    shipped = _PACKAGE / "resources" / name
    if shipped.exists():
        return shipped
    checkout = _PACKAGE.parent
    if name.startswith("sample/"):
        return checkout / "sample_data" / name.removeprefix("sample/")
    return checkout / "resources" / name


def config_dir() -> Path:
    """The user's folder for settings."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False))


def cache_dir() -> Path:
    """The user's folder for what can be computed again."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write beside, then rename: yields a temporary path in the same folder.

    On success the temporary file takes the place of `path` in one step; on any exception it is
    removed and `path` is as it was. A link stays a link: what it points to is written.
    Raises OutputError where the system says no.
    """
    path = Path(os.path.realpath(path))
    temporary = _temporary_beside(path)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        _keep_mode(path, temporary)
        temporary.replace(path)
    except OSError as error:
        raise _refusal(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def replacing_both(path: Path, companion: Path) -> Iterator[tuple[Path, Path]]:
    """Temporary files that take the places of both paths, or of neither (see `replacing`).

    companion: the smaller of the two; it is kept in memory until both are in place.
    """
    older = _content(companion)
    renamed = False
    try:
        with replacing(path) as temporary:
            with replacing(companion) as companion_temporary:
                yield temporary, companion_temporary
            renamed = True
    except BaseException:
        if renamed:  # the first could not be renamed after its companion was
            _restore(companion, older)
        raise


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise _refusal(path, error) from error


def _restore(path: Path, older: bytes | None) -> None:
    if older is None:
        path.unlink(missing_ok=True)
    else:
        with replacing(path) as temporary:
            temporary.write_bytes(older)


def ensure_writable(path: Path) -> None:
    """Raises the OutputError that `replacing` would: to be asked before long work, not after."""
    _temporary_beside(Path(os.path.realpath(path))).unlink()


def ensure_apart(target: Path, sources: Iterable[Path]) -> None:
    """Raises OutputError where the file to be written is one of those that are read, or lies in a
    folder that is read and may be a part of it."""
    for source in sources:
        if not (target.exists() and source.exists()):
            continue
        if target.samefile(source) and target.is_file():
            raise OutputError(target, "this is a file that is read.", "Choose another name.")
        if target.suffix.lower() not in _RESULTS and is_inside(target, source):
            problem = f"this is a file of {source}, which is read."
            raise OutputError(target, problem, "Choose another name.")


def is_inside(path: Path, folder: Path) -> bool:
    """Whether what the path leads to lies in the folder, at any depth."""
    outer, inner = (Path(os.path.realpath(one)) for one in (folder, path))
    return outer.is_dir() and outer in inner.parents


def _temporary_beside(path: Path) -> Path:
    if path.is_dir():
        raise OutputError(path, "this is a folder.", "Name a file to write.")
    if path.exists() and not path.is_file():  # the rename would put a file in place of /dev/null
        raise OutputError(path, "this is a device or a pipe.", "Name a file to write.")
    # A file name has 255 bytes at most, and a character up to four of them.
    prefix = f".{path.name[:50]}."
    try:
        handle, name = tempfile.mkstemp(prefix=prefix, suffix=".part", dir=path.parent)
    except OSError as error:
        raise _refusal(path, error) from error
    os.close(handle)
    return Path(name)


def _keep_mode(path: Path, temporary: Path) -> None:
    """mkstemp makes private files; give the result the mode a plain open() would have given."""
    if path.exists():
        mode = path.stat().st_mode & 0o777
    else:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    temporary.chmod(mode)


def _refusal(path: Path, error: OSError) -> OutputError:
    # What a library says of an error of the system is longer than what the system says.
    reason = (os.strerror(error.errno) if error.errno else str(error)).lower()
    hint = "Choose another folder, or free some space; nothing was changed."
    return OutputError(path, f"cannot be written: {reason}.", hint)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
