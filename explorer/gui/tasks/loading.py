"""Heavy libraries are loaded in lanes without a stop of the window.

Python holds its lock while the system links a library, and while it looks for garbage among all
objects. Linking torch took 0.3 to 0.9 s of that, and the libraries' objects made each search for
garbage last 0.1 to 0.2 s, then and ever after; with what is done here no gap in the window's
thread was longer than 0.08 s (torch 2.12, scikit-learn, matplotlib; two cores).

And whoever runs Python's code keeps the lock for 5 ms before another thread may have it. A NumPy
call on a large array lets go of it, so each of the window's waited 5 ms while some lane ran Python:
a paint of twenty calls took a tenth of a second, most of it asleep.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from typing_extensions import override

from explorer.gui.tasks.garbage import unsearched

_LONG = 0.02  # seconds; a shorter search for garbage is not felt
_TURN = 0.00005  # seconds; a call of the window waits a fifth of a millisecond so
# By module, what it links, beside it. Of torch as torch/__init__.py does: the first one's symbols
# are for all that follow. While a lane first imported the tokenizers, the window stood 0.4 s once.
_LINKED = {
    "torch": (
        ("lib/libtorch_global_deps.so", os.RTLD_NOW | os.RTLD_GLOBAL),
        ("lib/libtorch_cpu.so", os.RTLD_NOW),
    ),
    "tokenizers.tokenizers": (("tokenizers.abi3.so", os.RTLD_NOW),),
}
_HEAVY = ("torch", "sklearn", "scipy", "openTSNE", "matplotlib", "pyarrow", "umap")


def load_gently() -> None:
    """From now on; for the whole process. May be called again."""
    if not any(isinstance(finder, LinkedAhead) for finder in sys.meta_path):
        sys.meta_path[:0] = [LinkedAhead(), Unsearched()]
        gc.callbacks.append(Settling())
        sys.setswitchinterval(_TURN)


class LinkedAhead(MetaPathFinder):
    """Finds no module: links torch's largest library, or the tokenizers', without Python's lock,
    just before some other thread than the first imports them, which then finds it in memory."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in _LINKED and threading.current_thread() is not threading.main_thread():
            spec = PathFinder.find_spec(fullname, path)
            if spec is not None and spec.origin and sys.platform == "linux":
                for name, flags in _LINKED[fullname]:
                    _link(Path(spec.origin).parent / name, flags)
        return None


def _link(library: Path, flags: int) -> None:
    """A library that cannot be linked is left to the import, which says why."""
    # Functions of a CDLL are called without Python's lock; CDLL itself opens with it (3.11).
    open_library = ctypes.CDLL(None).dlopen
    open_library.restype = ctypes.c_void_p
    if library.exists():
        open_library(os.fsencode(library), ctypes.c_int(flags))


class Unsearched(MetaPathFinder):
    """Has heavy libraries imported without a search for garbage, each of which would look at all
    that the import has made so far; what it has made is never searched. Nor is what else there is
    by then: a table that was closed goes without a search."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname in _HEAVY else None
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _UnsearchedLoader(fullname, spec.loader.path)
        return spec


class _UnsearchedLoader(SourceFileLoader):
    @override
    def exec_module(self, module: ModuleType) -> None:
        with unsearched():
            super().exec_module(module)


class Settling:
    """Told of every search for garbage: where one was long and modules have come since, what it
    found alive is not searched again (gc.freeze)."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._begun = 0.0
        self._modules = 0

    def __call__(self, phase: str, info: Mapping[str, Any]) -> None:
        if info["generation"] < 2:
            return
        if phase == "start":
            self._begun = self._clock()
        elif self._clock() - self._begun > _LONG and len(sys.modules) > self._modules:
            self._modules = len(sys.modules)
            gc.freeze()
