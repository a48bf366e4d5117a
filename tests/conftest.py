"""No display is needed, nothing of the user's is touched, and one small nasty table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import just

from explorer.table import Column, Table
from explorer.vectors import Vectors

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples in every run, however slow the machine; `--hypothesis-profile=search` takes
# others each time, and more of them.
_NO_CLOCK = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("repeatable", derandomize=True, **_NO_CLOCK)
settings.register_profile("search", max_examples=1000, **_NO_CLOCK)
settings.load_profile("repeatable")


@given(just(0))
def _first(_: int) -> None:
    """Hypothesis keeps its own random numbers from the first test on, and warns where the garbage
    collector names nobody who holds them: it does not after a window has set objects aside
    (gc.freeze). So the first test is here, before any window."""


_first()

_NASTY = (
    "",
    " the",
    "a,b",
    'say "hi"',
    "new\nline",
    "=1+1",
    "\u202eabc",
    "👩‍🚀",
    "twice",
    "twice",
)


@pytest.fixture(scope="session", autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings and caches of a test run never reach the user's, in our processes or below them."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        yield


@pytest.fixture(scope="session")
def table() -> Table:
    """60 rows x 8: tokens with a comma, a quote, a newline, a formula, a direction mark, ..."""
    random = np.random.default_rng(0)
    kinds = [("noun", "verb", "007")[row % 3] for row in range(60)]
    columns = {
        "count": Column("count", np.arange(60, 0, -1)),
        "lean": Column("lean", np.linspace(-1, 1, 60)),
        "kind": Column.from_text("kind", kinds),
    }
    tokens = (*_NASTY, *(f"word{row}" for row in range(len(_NASTY), 60)))
    return Table(tokens, Vectors(random.normal(size=(60, 8)).astype(np.float32)), columns)


@pytest.fixture
def refuse_renaming(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """From now on the system lets no file be renamed to this name."""

    def to(name: str) -> None:
        rename = Path.replace

        def refuse(self: Path, target: Path | str) -> Path:
            if Path(target).name == name:
                raise PermissionError(13, "Permission denied")
            return rename(self, target)

        monkeypatch.setattr(Path, "replace", refuse)

    return to


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The development data beside the checkout, which a fresh one does not have."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the development data is not here")
    return folder
