"""The wheel, installed where nothing of the checkout is: all it needs must be inside."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]


def run(*words: object, **options: object) -> str:
    finished = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        **options,  # type: ignore[call-overload]
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of an environment that holds the built wheel and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    run(*build, _ROOT)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    programs = folder / "env" / "bin"
    into = ["--python", programs / "python", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", *into, "install", "--no-deps", "--no-index", wheel)
    return programs


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Far from the checkout, with the dependencies of this environment. A folder on PYTHONPATH is
    not searched for .pth files, so the editable install of this environment stays out of it."""
    environment = os.environ | {"PYTHONPATH": sysconfig.get_paths()["purelib"]}
    return {"cwd": tmp_path_factory.mktemp("elsewhere"), "env": environment}


def test_the_package_of_the_wheel_is_the_one_that_runs(installed: Path, elsewhere):
    place = run(
        installed / "python", "-c", "import explorer; print(explorer.__file__)", **elsewhere
    )
    assert Path(place.strip()).is_relative_to(installed.parent)


@pytest.mark.parametrize(
    "name",
    [
        *sorted(path.relative_to(_ROOT / "resources") for path in _ROOT.glob("resources/**/*.*")),
        "sample/reviews.csv",
        "sample/reviews.safetensors",
        "sample/reviews.tokenizer.json",
    ],
    ids=str,
)
def test_every_resource_is_in_the_wheel(installed: Path, elsewhere, name: Path | str):
    code = f"from explorer.paths import resource; print(resource({str(name)!r}))"
    found = Path(run(installed / "python", "-c", code, **elsewhere).strip())
    assert found.is_relative_to(installed.parent)
    assert found.stat().st_size > 0


def test_the_types_of_the_package_are_told(installed: Path):
    assert list(installed.parent.glob("lib/python*/site-packages/explorer/py.typed"))


def test_the_command_of_the_wheel_opens_the_sample_it_brings(installed: Path, elsewhere):
    code = "from explorer.paths import resource; print(resource('sample/reviews.safetensors'))"
    sample = run(installed / "python", "-c", code, **elsewhere).strip()
    told = run(installed / "embedding-explorer", "info", sample, **elsewhere)
    assert "embedding.weight" in told
    found = run(installed / "embedding-explorer", "lookup", sample, "A good film!", **elsewhere)
    assert "good" in found
