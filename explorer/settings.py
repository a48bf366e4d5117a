"""What the product remembers between starts. Read by the faces only, handed down as arguments."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from explorer.errors import OutputError
from explorer.paths import config_dir, replacing

THEMES = ("system", "light", "dark")
MEMORY_SHARES = (0.05, 0.95)
_RECENT = 10


@dataclass(frozen=True, slots=True)
class MapLook:
    """How every map is drawn; ranges in LOOK_RANGES.

    dot_size: factor of the size that fits the number of dots. opacity: of one dot.
    density: a picture of how many rows lie where, in place of dots.
    shapes: whether categories are told apart by shapes as well.
    labels: whether rows are named that do not stand out. label_size: of their names, pixels.
    """

    dot_size: float = 1.0
    opacity: float = 1.0
    density: bool = False
    shapes: bool = False
    labels: bool = True
    label_size: int = 11


LOOK_RANGES = {"dot_size": (0.25, 4.0), "opacity": (0.05, 1.0), "label_size": (8, 24)}


@dataclass(frozen=True, slots=True)
class Settings:
    """theme: one of THEMES. recent: paths opened, newest first. geometry, layout: the window's
    own state (base64). memory_share: of the machine's memory, what one table may take, within
    MEMORY_SHARES. look: how maps are drawn. measure_maps: whether maps of small tables are measured
    by themselves."""

    theme: str = "system"
    recent: tuple[str, ...] = ()
    geometry: str = ""
    layout: str = ""
    memory_share: float = 0.5
    look: MapLook = field(default_factory=MapLook)
    measure_maps: bool = True

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
    if isinstance(stored.get("measure_maps"), bool):
        kept["measure_maps"] = stored["measure_maps"]
    if isinstance(stored.get("look"), dict):
        kept["look"] = MapLook(**_sound_look(stored["look"]))
    return kept


def _sound_look(stored: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, usual in dataclasses.asdict(MapLook()).items():
        value: Any = stored.get(name)
        low, high = LOOK_RANGES.get(name, (False, True))
        if type(value) is type(usual) and low <= value <= high:
            kept[name] = value
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
