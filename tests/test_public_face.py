import inspect
import subprocess
import sys
import types

import pytest

import explorer
from explorer import pipeline
from explorer.errors import ExplorerError

FACE = {
    "EmbeddingLayer",
    "ExplorerError",
    "__version__",
    "all_nearest",
    "analogy",
    "cluster",
    "compare_spaces",
    "draw",
    "embedding_lookup",
    "embedding_lookup_sparse",
    "evaluate",
    "export",
    "hubs",
    "look_into",
    "lookup",
    "mean_random_cosine",
    "measure",
    "mutual_neighbors",
    "near_duplicates",
    "neighbor_graph",
    "neighbors",
    "odd_one_out",
    "one_hot_lookup",
    "open_table",
    "place_vectors",
    "probe",
    "project",
    "query",
    "replay",
    "reverse_neighbors",
    "save_table",
    "search",
    "similarity",
    "similarity_matrix",
    "train",
    "training_step",
}
_HEAVY = "numpy torch sklearn scipy openTSNE matplotlib tokenizers PySide6 pyqtgraph click rich"


def run(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return finished.stdout.strip()


def test_the_face_is_what_all_says():
    assert set(explorer.__all__) == FACE
    assert set(dir(explorer)) == FACE


def test_every_name_of_the_face_is_there():
    for name in explorer.__all__:
        assert getattr(explorer, name) is not None


def test_the_verbs_are_those_that_both_faces_call():
    for name in FACE - {"ExplorerError", "__version__"}:
        # What the face adds is a look at the arguments; see test_signatures.
        assert inspect.unwrap(getattr(explorer, name)) is getattr(pipeline, name)
        assert getattr(explorer, name) is getattr(explorer, name)
    assert explorer.ExplorerError is ExplorerError


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'open_tabel'"):
        _ = explorer.open_tabel


def test_importing_the_package_loads_nothing_heavy():
    found = run(
        f"import sys, explorer; print([m for m in {_HEAVY.split()!r} if m in sys.modules],"
        " 'explorer.pipeline' in sys.modules)"
    )
    assert found == "[] False"


def test_no_module_takes_the_place_of_a_verb():
    code = """
import importlib, pkgutil, explorer
for module in pkgutil.walk_packages(explorer.__path__, "explorer."):
    if not module.name.startswith("explorer.gui") and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print([type(getattr(explorer, name)).__name__ for name in ("lookup", "neighbors", "project")])
"""
    assert run(code) == str([types.FunctionType.__name__] * 3)
