"""What the product remembers between starts. Read by the faces only, handed down as arguments."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from explorer.errors import OutputError
from explorer.paths import config_dir, replacing

THEMES = ("system", "light", "dark")
MEMORY_SHARES = (0.05, 0.95)
_RECENT = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """theme: one of THEMES. recent: paths opened, newest first. geometry, layout: the window's
    own state (base64). memory_share: of the machine's memory, what one table may take, within
    MEMORY_SHARES."""

    theme: str = "system"
    recent: tuple[str, ...] = ()
    geometry: str = ""
    layout: str = ""
    memory_share: float = 0.5

    def with_recent(self, path: Path) -> Settings:
        """The same settings with `path` as the newest of the recent files."""
        newest = str(path.resolve())
        others = [other for other in self.recent if other != newest]
        return replace(self, recent=(newest, *others)[:_RECENT])


def settings_file() -> Path:
    return config_dir() / "settings.json"


def load(path: Path) -> Settings:
    """The settings in a file; defaults for whatever is missing or makes no sense."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    return Settings(**_sound(stored)) if isinstance(stored, dict) else Settings()


def _sound(stored: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: stored[name]
        for name in ("geometry", "layout")
        if isinstance(stored.get(name), str) and stored[name].isascii()
    }
    if stored.get("theme") in THEMES:
        kept["theme"] = stored["theme"]
    if isinstance(stored.get("recent"), list):
        kept["recent"] = tuple(p for p in stored["recent"] if isinstance(p, str))[:_RECENT]
    if _is_share(stored.get("memory_share")):
        kept["memory_share"] = stored["memory_share"]
    return kept


def _is_share(value: object) -> bool:
    low, high = MEMORY_SHARES
    return isinstance(value, float) and low <= value <= high


def save(settings: Settings, path: Path) -> None:
    """Writes the settings. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(path.parent, "the settings folder cannot be made.") from error
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(dataclasses.asdict(settings), indent=2), encoding="utf-8")
