"""A folder that Dataset.save_to_disk of the library Hugging Face `datasets` wrote.

Its parts are Arrow streams (not Arrow files) in the order of state.json.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from explorer.formats import Format
from explorer.progress import Report
from explorer.reading.columnar import probe_columns, read_columns
from explorer.table import Table


def _recognises(path: Path, head: bytes) -> bool:
    if not path.is_dir():
        return False
    if (path / "dataset_dict.json").is_file():  # several of them: refused with their names
        return True
    marked = (path / "state.json").is_file() or (path / "dataset_info.json").is_file()
    return marked and any(path.glob("*.arrow"))


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    return read_columns(path, "datasets", tensor, FORMAT.name, report)


FORMAT = Format(
    name="datasets",
    title="Hugging Face datasets folder",
    suffixes=(),
    recognises=_recognises,
    probe=partial(probe_columns, kind="datasets"),
    read=_read,
    order=35,
)
