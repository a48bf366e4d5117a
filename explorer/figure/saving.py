"""Writing a figure as PNG, SVG or PDF: real texts, no dates, the same bytes for the same figure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from explorer.errors import ParameterError
from explorer.paths import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What says by which program and when a file was made: without it the same map gives the same bytes.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_SETTINGS: Any = {
    "svg.fonttype": "none",  # texts, not outlines
    # What an SVG asks for where the first typeface is missing: Verdana is as wide.
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "svg.hashsalt": "map",  # names inside the file are then not random
    "pdf.fonttype": 42,  # TrueType letters: texts can be searched and edited
}
_ONE_AT_A_TIME = Lock()


def kind_of(path: Path) -> str:
    """The kind, "png", "svg" or "pdf", by the ending; a name without one is a PNG.

    Raises ParameterError for another ending.
    """
    ending = path.suffix.lower().removeprefix(".") or "png"
    if ending not in _METADATA:
        raise ParameterError(
            f"The name {path.name!r} does not say which kind of picture to draw.",
            "End it in .png, .svg or .pdf.",
        )
    return ending


@contextmanager
def house_settings() -> Iterator[None]:
    """matplotlib's settings while a figure is made: its own ones and ours, never the user's file
    (matplotlibrc), in which tokens may be given to LaTeX and pages be cropped.

    One thread at a time is let in: the settings are the whole process's."""
    from matplotlib import rc_context, rcParamsDefault

    own: Any = {name: rcParamsDefault[name] for name in rcParamsDefault if name != "backend"}
    with _ONE_AT_A_TIME, rc_context(own | _SETTINGS):
        yield


def save(figure: Figure, path: Path, dpi: int) -> None:
    """Writes the figure beside and renames it, under `house_settings`.

    dpi: of a PNG, and of images inside the others.
    Raises OutputError; an older picture is then as it was.
    """
    kind = kind_of(path)
    with replacing(path) as temporary:
        figure.savefig(
            temporary,
            format=kind,
            dpi=dpi,
            facecolor=figure.get_facecolor(),
            metadata=_METADATA[kind],
        )
