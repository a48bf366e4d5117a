"""The fields of a manifest: JSON from outside, of which nothing is taken for granted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.errors import InputError

BESIDE = ".manifest.json"  # after the name of the coordinates

_HINT = "Name a manifest, or the coordinates beside it, as `project` writes them."
_INT64 = 2**63 - 1
_MOST = 2**26  # bytes; a manifest names at most the rows whose tokens were escaped


@dataclass(frozen=True)
class Fields:
    """A JSON object of a manifest. Each question raises InputError where the answer is of another
    kind, naming the file and the field."""

    path: Path
    told: dict[str, Any]

    def has(self, name: str) -> bool:
        """Whether there is something other than null or nothing."""
        return self.told.get(name) not in (None, {}, "")

    def text(self, name: str) -> str:
        value: str = self._of(name, str)
        return value

    def whole(self, name: str) -> int:
        """An int64: nothing in a manifest counts further."""
        value: int = self._of(name, int)
        if abs(value) > _INT64:
            raise self._refused(name)
        return value

    def flag(self, name: str) -> bool:
        value: bool = self._of(name, bool)
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        value: dict[str, Any] = self._of(name, dict)
        return value

    def part(self, name: str) -> Fields:
        """The object in this field."""
        return Fields(self.path, self.mapping(name))

    def wholes(self, name: str) -> list[int]:
        return [value for value in self._list(name, int) if not isinstance(value, bool)]

    def texts(self, name: str) -> list[str]:
        return self._list(name, str)

    def _list(self, name: str, kind: type) -> list[Any]:
        values = self._of(name, list)
        if not all(isinstance(value, kind) for value in values):
            raise self._refused(name)
        return list(values)

    def _of(self, name: str, kind: type) -> Any:
        value = self.told.get(name)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self._refused(name)
        return value

    def _refused(self, name: str) -> InputError:
        return InputError(
            self.path, f"it is no manifest of a map: see {name!r}.", "Export the map again."
        )


def read_manifest(path: Path) -> Fields:
    """The manifest in a file. Raises InputError."""
    try:
        if path.stat().st_size > _MOST:
            raise InputError(path, "it is too large for a manifest.")
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(path, f"it cannot be read: {error.strerror or error}.", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise InputError(path, "it is not JSON.", _HINT) from error
    if not isinstance(told, dict):
        raise InputError(path, "it is no manifest of a map.", "Export the map again.")
    return Fields(path, told)
