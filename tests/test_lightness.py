"""Import-linter does not see what is imported by name at run time; a process of its own does."""

import subprocess
import sys

import pytest

_EVERYTHING = """
import importlib, sys
import explorer.cli.main
import explorer.pipeline
from explorer.cli import VERBS
from explorer.corpora import corpora
from explorer.formats import formats
from explorer.objectives import objectives
from explorer.projections import methods

assert formats() and corpora() and objectives() and methods()
for verb in VERBS:
    importlib.import_module(f"explorer.cli.{verb}")
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Top-level modules that are there once every registry and every verb is loaded."""
    finished = subprocess.run(
        [sys.executable, "-c", _EVERYTHING], capture_output=True, text=True, check=True
    )
    return set(finished.stdout.split())


@pytest.mark.parametrize("library", ["PySide6", "shiboken6", "pyqtgraph", "qtawesome", "qtpy"])
def test_no_registry_and_no_verb_loads_qt(loaded: set[str], library: str):
    assert library not in loaded


@pytest.mark.parametrize(
    "library",
    [
        "torch", "sklearn", "scipy", "openTSNE", "matplotlib", "tokenizers", "safetensors",
        "pyarrow", "h5py", "gguf", "onnx", "msgpack", "sentencepiece", "rapidfuzz",
    ],
)  # fmt: skip
def test_heavy_libraries_wait_until_they_are_used(loaded: set[str], library: str):
    assert library not in loaded


def test_the_registries_and_the_command_line_were_loaded(loaded: set[str]):
    assert {"explorer", "numpy", "click"} <= loaded
