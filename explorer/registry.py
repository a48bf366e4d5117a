"""One entry per module: how formats, corpora, objectives and projections are found."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def discover(package: str, attribute: str) -> dict[str, Any]:
    """The entries of a package, by name, in the order of their `order` then name.

    package: dotted name, such as "explorer.formats".
    attribute: the name of the object each module ends with, such as "FORMAT". A module whose name
    starts with an underscore is not an entry; one without the attribute is a programming error.
    """
    root = importlib.import_module(package)
    modules = [m.name for m in pkgutil.iter_modules(root.__path__) if not m.name.startswith("_")]
    entries = [getattr(importlib.import_module(f"{package}.{name}"), attribute) for name in modules]
    entries.sort(key=lambda entry: (getattr(entry, "order", 0), entry.name))
    return {entry.name: entry for entry in entries}
