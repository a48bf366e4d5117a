import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.errors import OutputError
from explorer.paths import (
    cache_dir,
    config_dir,
    ensure_apart,
    ensure_writable,
    file_digest,
    replacing,
    resource,
)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "map.csv"
    path.write_text("old")
    return path


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def write_half(path: Path, error: BaseException) -> None:
    with replacing(path) as temporary:
        temporary.write_text("half")
        raise error


def test_the_new_content_takes_the_place_of_the_old(target: Path):
    with replacing(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names_in(target.parent) == ["map.csv"]


def test_the_temporary_file_lies_beside_the_target(target: Path):
    with replacing(target) as temporary:
        assert temporary.parent == target.parent


def test_an_exception_leaves_the_old_file_and_nothing_else(target: Path):
    with pytest.raises(ZeroDivisionError):
        write_half(target, ZeroDivisionError())
    assert target.read_text() == "old"
    assert names_in(target.parent) == ["map.csv"]


def test_an_exception_leaves_no_file_where_there_was_none(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "new.csv", KeyboardInterrupt())
    assert names_in(tmp_path) == []


def test_an_error_of_the_system_becomes_one_of_output_that_names_the_file(target: Path):
    with pytest.raises(OutputError, match=r"map\.csv: cannot be written: no space left"):
        write_half(target, OSError(28, "No space left on device"))
    assert target.read_text() == "old"


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path):
    path = tmp_path / "missing" / "map.csv"
    with pytest.raises(OutputError, match="no such file or directory"), replacing(path):
        pytest.fail("the body must not run")


def test_a_file_where_a_folder_should_be_is_refused(target: Path):
    with pytest.raises(OutputError, match="not a directory"), replacing(target / "map.csv"):
        pytest.fail("the body must not run")


def test_a_folder_as_target_is_refused(tmp_path: Path):
    with pytest.raises(OutputError, match="this is a folder"), replacing(tmp_path):
        pytest.fail("the body must not run")


def test_a_pipe_as_target_is_refused_and_stays_a_pipe(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="a device or a pipe"), replacing(tmp_path / "pipe"):
        pytest.fail("the body must not run")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("name", ["n" * 251 + ".csv", "数" * 80 + ".csv"])
def test_a_name_as_long_as_the_file_system_takes_can_be_written(tmp_path: Path, name: str):
    path = tmp_path / name
    with replacing(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"


def test_a_link_stays_a_link_and_its_target_gets_the_content(target: Path):
    link = target.parent / "link.csv"
    link.symlink_to(target)
    with replacing(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_the_mode_of_an_existing_file_is_kept(target: Path):
    target.chmod(0o640)
    with replacing(target) as temporary:
        temporary.write_text("new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_that_open_gives(tmp_path: Path):
    (tmp_path / "plain").write_text("")
    with replacing(tmp_path / "new") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from explorer.errors import OutputError
from explorer.paths import replacing

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with replacing(Path(sys.argv[1])) as temporary:
        temporary.write_bytes(bytes(5000))
except OutputError as error:
    print(error)
"""


def test_a_write_that_the_system_cuts_short_leaves_the_old_file(target: Path):
    finished = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(target)], capture_output=True, text=True, check=True
    )
    assert "map.csv: cannot be written: file too large." in finished.stdout
    assert target.read_text() == "old"
    assert names_in(target.parent) == ["map.csv"]


def test_asking_whether_a_file_can_be_written_changes_nothing(target: Path):
    ensure_writable(target)
    ensure_writable(target.parent / "new.csv")
    assert names_in(target.parent) == ["map.csv"]
    assert target.read_text() == "old"


def test_what_cannot_be_written_is_told_before_the_work(tmp_path: Path):
    with pytest.raises(OutputError, match="no such file or directory"):
        ensure_writable(tmp_path / "missing" / "map.csv")
    with pytest.raises(OutputError, match="this is a folder"):
        ensure_writable(tmp_path)


def test_settings_and_caches_have_folders_of_their_own_name():
    assert config_dir().name == cache_dir().name == "embedding-explorer"
    assert config_dir() != cache_dir()


@pytest.mark.parametrize("name", ["style.qss", "theme.json", "palettes.json", "icon.svg"])
def test_a_shipped_file_is_found(name: str):
    assert resource(name).is_file()


def test_the_sample_is_found_in_a_checkout():
    assert resource("sample/reviews.csv").is_file()


def test_a_digest_is_that_of_the_bytes(tmp_path: Path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file_digest(path) == known


@pytest.mark.parametrize("name", ["metadata.tsv", "vocab/vectors", "../by_a_link"])
def test_a_file_of_a_folder_that_is_read_is_not_to_be_written(tmp_path: Path, name: str):
    folder = tmp_path / "table"
    (folder / "vocab").mkdir(parents=True)
    for file in ("metadata.tsv", "vocab/vectors", "mine.csv"):
        (folder / file).write_text("numbers")
    (tmp_path / "by_a_link").symlink_to(folder / "metadata.tsv")
    with pytest.raises(OutputError, match="this is a file of"):
        ensure_apart(folder / name, [folder])


def test_a_result_or_a_new_file_in_a_folder_that_is_read_may_be_written(tmp_path: Path):
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "mine.csv").write_text("numbers")
    (tmp_path / "other.tsv").write_text("numbers")
    for name in ("mine.csv", "new.tsv", "../other.tsv"):
        ensure_apart(tmp_path / "table" / name, [tmp_path / "table"])
