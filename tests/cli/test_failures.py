"""Whatever goes wrong is one line on stderr and an exit status, and leaves nothing half-written."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.cli import main as edge
from explorer.cli.main import DEBUG_VARIABLE
from explorer.settings import Settings, save, settings_file
from explorer.table import Table
from explorer.vectors import Vectors


def told(ran) -> str:
    """The one line of an error of input."""
    assert ran.status == 1
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("Error: ")
    return ran.err


VERBS_ON_A_TABLE: list[tuple[str, ...]] = [
    ("info",),
    ("lookup", "film"),
    ("search", "film"),
    ("layer", "film"),
    ("neighbors", "film"),
    ("analogy", "man", "woman", "king"),
    ("similarity", "good", "bad"),
    ("evaluate", "list.txt"),
    ("hubs",),
    ("duplicates",),
    ("project", "-o", "map.csv"),
    ("map", "-o", "map.svg"),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def bad_file(here: Path, saved: Path) -> Callable[[str], Path]:
    content = {
        "missing": None,
        "empty": b"",
        "truncated": saved.read_bytes()[:-100],
        "cut in its header": saved.read_bytes()[:40],
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "archive": b"7z\xbc\xaf\x27\x1c" + bytes(200),
        "prose": b"It was a dark night; nobody came.\nNobody at all.\n",
        "noise": bytes(range(256)) * 4,
    }

    def make(kind: str) -> Path:
        data = content[kind]
        if data is not None:
            (here / "table.bin").write_bytes(data)
        return Path("table.bin")

    return make


_BAD = [
    "missing",
    "empty",
    "truncated",
    "cut in its header",
    "picture",
    "archive",
    "prose",
    "noise",
]


@pytest.mark.parametrize("verb", VERBS_ON_A_TABLE, ids=lambda verb: verb[0])
@pytest.mark.parametrize("kind", _BAD)
def test_a_file_that_is_no_table_is_named_in_one_line(
    cli, bad_file, here: Path, verb: tuple[str, ...], kind: str
):
    path = bad_file(kind)
    assert "table.bin" in told(cli(verb[0], path, *verb[1:]))
    assert {other.name for other in here.iterdir()} <= {"table.bin"}


@pytest.mark.parametrize("verb", VERBS_ON_A_TABLE, ids=lambda verb: verb[0])
def test_a_pipe_is_refused_and_not_waited_for(cli, here: Path, verb: tuple[str, ...]):
    os.mkfifo("pipe")
    assert "pipe: is a pipe or a device" in told(cli(verb[0], "pipe", *verb[1:]))


@pytest.mark.parametrize("kind", _BAD)
def test_a_file_that_is_no_corpus_is_named_in_one_line(cli, bad_file, here: Path, kind: str):
    assert "table.bin" in told(cli("train", bad_file(kind), "-o", "out.safetensors"))
    assert {other.name for other in here.iterdir()} <= {"table.bin"}


def test_a_training_never_takes_the_place_of_its_corpus(cli, here: Path, reviews: Path):
    corpus = here / "reviews.csv"
    corpus.write_bytes(reviews.read_bytes())
    assert "this is a file that is read" in told(cli("train", corpus, "-o", "reviews.csv"))
    assert corpus.read_bytes() == reviews.read_bytes()


@pytest.fixture
def mapped(cli, here: Path) -> dict[str, bytes]:
    """A matrix, its labels and a map of it; what these files hold, by name."""
    np.save("bare.npy", np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32))
    Path("labels.csv").write_text("token,n\n" + "".join(f"w{row},{row}\n" for row in range(30)))
    assert cli("project", "bare.npy", "--labels", "labels.csv", "-o", "map.csv").status == 0
    return {path.name: path.read_bytes() for path in here.iterdir()}


@pytest.mark.parametrize(
    "arguments",
    [
        ("project", "bare.npy", "--labels", "labels.csv", "-o", "labels.csv"),
        ("project", "labels.csv", "-o", "labels.csv"),
        ("project", "bare.npy", "--method", "as-is", "--coordinates", "map.csv", "-o", "map.csv"),
        ("quality", "map.csv", "bare.npy", "--labels", "labels.csv", "-o", "map.csv"),
        ("quality", "map.csv", "bare.npy", "--labels", "labels.csv", "-o", "labels.csv"),
        ("similarity", "bare.npy", "#1", "#2", "--labels", "labels.csv", "-o", "labels.csv"),
    ],
    ids=lambda arguments: f"{arguments[0]} to {arguments[-1]}",
)
def test_what_is_read_is_never_written_over(cli, here: Path, mapped, arguments):
    assert "this is a file that is read" in told(cli(*arguments))
    assert {path.name: path.read_bytes() for path in here.iterdir()} == mapped


def test_coordinates_that_are_not_there_are_named_before_a_table_that_is_not(cli, here: Path):
    assert "map.csv: there is no such file" in told(cli("quality", "map.csv", "none.vec"))


def test_a_corpus_without_the_columns_is_told_which_there_are(cli, here: Path):
    (here / "c.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    line = told(cli("train", "c.csv", "-o", "out.safetensors"))
    assert "the columns are a, b, c" in line
    assert "--text-column" in line


def test_a_column_that_is_not_there_is_told(cli, here: Path, reviews: Path):
    assert "no column 'txt'" in told(
        cli("train", reviews, "--text-column", "txt", "-o", "o.safetensors")
    )


def test_an_unknown_token_is_told_with_a_hint(cli, saved: Path):
    line = told(cli("neighbors", saved, "Word20"))
    assert "'Word20' is not in the table" in line
    assert "Did you mean 'word20'?" in line


def test_an_unknown_tensor_is_told_with_those_there_are(cli, saved: Path):
    assert "embedding.weight" in told(cli("info", saved, "--tensor", "wte"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nieghbors"], "Did you mean neighbors?"),
        (["frobnicate", "x"], "'frobnicate' is neither a verb nor a file."),
        (["--frobnicate"], "No such option"),
        (["T", "film"], "is a file: a verb comes before it"),
        (["project", "T", "--perplexity", 5, "-o", "m.csv"], "--perplexity does not belong to pca"),
        (["project", "T"], "Missing option '-o'"),
        (["project", "T", "--method", "umapp", "-o", "m.csv"], "Invalid value for '--method'"),
        (["project", "T", "--dims", 4, "-o", "m.csv"], "Invalid value for '--dims'"),
        (["project", "T", "--axes", "1,x", "-o", "m.csv"], "--axes takes numbers such as 1,2"),
        (["project", "T", "--columns", "a\nb", "-o", "m.csv"], "--columns cannot be read"),
        (["project", "T", "--seed", -1, "-o", "m.csv"], "Invalid value for '--seed'"),
        (["neighbors", "T"], "Missing argument 'QUERY'"),
        (["neighbors", "T", "film", "-k", 0], "Invalid value for '-k'"),
        (["neighbors", "T", "film", "-k", "many"], "Invalid value for '-k'"),
        (["neighbors", "T", "film", "--metric", "far"], "Invalid value for '--metric'"),
        (["train", "T", "--epochs", "x", "-o", "t.st"], "Invalid value for '--epochs'"),
        (["neighbors", "T", "film", "-k", "2.5"], "'2.5' is not a valid whole number."),
        (["info"], "Missing argument 'TABLE'"),
        (["info", "-"], "a table is read from a file"),
        (["convert", "T", "-"], "not written to standard output"),
        (["similarity", "T", "#1", "#2", "-o", "-"], "not written to standard output"),
        (["evaluate", "T", "list.txt", "--misses", "-"], "not written to standard output"),
        (["quality", "map.csv", "T", "-o", "-"], "not written to standard output"),
        (["project", "T", "--components", "1" * 400, "-o", "m.csv"], "It must be between"),
    ],
)
def test_wrong_usage_is_told_with_exit_status_2(cli, here: Path, saved: Path, arguments, message):
    ran = cli(*[saved if argument == "T" else argument for argument in arguments])
    assert ran.status == 2
    assert ran.out == ""
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--axes", "1,99"], "Choose axes between 1 and"),
        (["--axes", "1,2,3"], "3 axes do not make a 2-dimensional map"),
        (["--method", "tsne", "--perplexity", 59], "erplexity"),
    ],
)
def test_a_value_that_does_not_suit_the_table_is_told(
    cli, here: Path, saved: Path, arguments, message
):
    assert message in told(cli("project", saved, *arguments, "-o", "map.csv"))
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--method", "tsne", "--perplexity", 1e6], "Perplexity cannot be 1e+06"),
        (["--method", "tsne", "--perplexity", "nan"], "Perplexity cannot be nan"),
        (["--components", 0], "'--components'"),
        (["-o", "-"], "name a file"),
    ],
)
def test_a_flag_outside_its_range_is_wrong_usage(cli, here: Path, saved: Path, arguments, message):
    ran = cli("project", saved, "-o", "map.csv", *arguments)

    assert ran.status == 2
    assert message in ran.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("missing/out", "no such file or directory"),
        ("folder", "this is a folder"),
        ("file/out", "not a directory"),
        ("/dev/null", "a device or a pipe"),
    ],
)
@pytest.mark.parametrize("verb", ["project", "train"])
def test_an_output_that_cannot_be_written_is_told_before_the_work(
    cli, here: Path, saved: Path, reviews: Path, verb: str, output: str, reason: str
):
    (here / "folder").mkdir()
    (here / "file").write_text("old")
    line = told(cli(verb, saved if verb == "project" else reviews, "-o", output))
    assert output in line
    assert reason in line
    assert (here / "file").read_text() == "old"


def test_a_tour_into_a_file_is_refused(cli, here: Path):
    (here / "file").write_text("")
    assert cli("tour", "-o", "file").status == 2
    assert "cannot be made: not a directory" in told(cli("tour", "-o", "file/tour"))


@pytest.mark.parametrize("verb", ["project", "train"])
def test_a_full_disk_leaves_nothing_half_written(
    spawn_on_a_full_disk, tmp_path: Path, saved: Path, reviews: Path, verb: str
):
    flags = ("--epochs", 1) if verb == "train" else ()
    source = reviews if verb == "train" else saved
    ran = spawn_on_a_full_disk(verb, source, *flags, "-o", tmp_path / "out", limit=400)
    assert ran.status == 1
    assert ran.out == ""
    assert "Traceback" not in ran.err
    last = ran.err.splitlines()[-1]
    assert last.startswith("Error: ")
    assert "cannot be written: file too large" in last
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_an_older_export_as_it_was(
    spawn_on_a_full_disk, cli, tmp_path: Path, saved: Path
):
    cli("project", saved, "-o", tmp_path / "map.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    # Enough for the two dimensions that are there, not for a third.
    size = len(before["map.csv"])
    ran = spawn_on_a_full_disk(
        "project", saved, "--dims", 3, "-o", tmp_path / "map.csv", limit=size
    )
    assert ran.status == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("output", ["map.csv", "map.parquet"])
def test_the_system_says_in_few_words_why_a_file_cannot_be_written(
    spawn_on_a_full_disk, tmp_path: Path, saved: Path, output: str
):
    ran = spawn_on_a_full_disk("project", saved, "-o", tmp_path / output, limit=400)
    assert "cannot be written: file too large. Choose" in ran.err


def test_a_temporary_folder_without_room_is_not_blamed_on_the_file(
    spawn_on_a_full_disk, tmp_path: Path
):
    tokens = [f"w{row}" for row in range(500)]
    big = Table(tuple(tokens), Vectors(np.zeros((500, 8), np.float32)))
    pipeline.save_table(big, tmp_path / "t.parquet")
    ran = spawn_on_a_full_disk("info", tmp_path / "t.parquet", limit=2000)
    assert "there is no room for what was read" in told(ran)
    assert "TMPDIR" in ran.err


def test_stopping_a_training_keeps_what_was_learnt(command, reviews: Path, tmp_path: Path):
    out = tmp_path / "new.safetensors"
    flags = ("--epochs", 1000, "--dim", 4, "--maxlen", 12, "--patience", 0, "--threads", 1)
    running = subprocess.Popen(
        command("train", reviews, *flags, "-o", out),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    while not (line := running.stderr.readline()).startswith("epoch"):
        assert line, "the training ended before its first epoch"
    running.send_signal(signal.SIGINT)
    stdout, stderr = running.communicate(timeout=280)
    assert running.returncode == 0
    assert "Stopped; what was learnt so far is kept." in stderr
    assert stdout.startswith(f"{out}: 12 tokens x 4.")
    assert "superb" in pipeline.open_table(out).tokens


@pytest.fixture
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of which 10,000 iterations of t-SNE take minutes."""
    vectors = np.random.default_rng(0).normal(size=(3000, 4)).astype(np.float32)
    path = tmp_path_factory.mktemp("table") / "many.npy"
    np.save(path, vectors)
    return path


def test_stopping_a_projection_writes_nothing(command, minutes: Path, tmp_path: Path):
    flags = ("--method", "tsne", "--iterations", 10_000)
    screen, terminal = pty.openpty()
    running = subprocess.Popen(
        command("project", minutes, *flags, "-o", tmp_path / "map.csv"),
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=os.environ | {"TERM": "xterm"},
    )
    os.close(terminal)
    seen = os.read(screen, 4096)  # the progress bar: from here on Ctrl+C is answered
    running.send_signal(signal.SIGINT)
    seen += _rest(screen)
    stdout, _ = running.communicate(timeout=280)
    assert running.returncode == 130
    assert stdout == b""
    assert b"Stopped." in seen
    assert b"Traceback" not in seen
    assert list(tmp_path.iterdir()) == []


def _rest(screen: int) -> bytes:
    seen = b""
    while True:
        try:
            chunk = os.read(screen, 4096)
        except OSError:  # Linux's way to say that the other side of a terminal is closed
            return seen
        if not chunk:
            return seen
        seen += chunk


def test_without_a_display_the_window_is_refused_in_one_line(spawn, without_display, saved: Path):
    for arguments in ((), (saved,)):
        ran = spawn(*arguments, env=without_display)
        assert "There is no display" in told(ran)
        assert "embedding-explorer tour" in ran.err


def test_a_window_on_a_missing_file_is_refused_in_one_line(cli):
    assert "no-such.vec: there is no such file" in told(cli("no-such.vec"))


def test_what_nobody_foresaw_is_told_without_a_traceback(cli, saved: Path, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(pipeline, "probe", broken)
    ran = cli("info", saved)
    assert ran.status == 1
    assert "ZeroDivisionError: by nothing" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv(DEBUG_VARIABLE, "1")
    assert "Traceback" in cli("info", saved).err


def test_too_little_memory_is_told_in_one_line(cli, saved: Path, monkeypatch):
    def greedy(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pipeline, "open_table", greedy)
    assert "not enough memory" in told(cli("info", saved))


@pytest.mark.parametrize("error", [KeyboardInterrupt, edge.Cancelled])
def test_an_interruption_is_exit_status_130(cli, saved: Path, monkeypatch, error):
    def interrupted(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "open_table", interrupted)
    ran = cli("info", saved)
    assert ran.status == 130
    assert "Stopped." in ran.err


_INTERRUPTED = """
import sys
from explorer.cli import main

def interrupted(*_, **__):
    exec("raise KeyboardInterrupt")

main.group.main = interrupted
sys.exit(main.run([]))
"""


def test_an_interruption_within_code_that_is_made_while_it_runs_is_exit_status_130(tmp_path: Path):
    (tmp_path / "interrupted.py").write_text(_INTERRUPTED)
    words = [sys.executable, "-m", "interrupted"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (130, "Stopped.\n")


_ENDED = """
import os, signal, sys
from pathlib import Path
from explorer import paths, pipeline
from explorer.cli import main

def ended(*_, **__):
    with paths.replacing(Path("half.csv")) as half:
        half.write_text("half")
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    print("went on")

pipeline.probe = ended
if sys.argv[2] == "ignored":
    signal.signal(getattr(signal, sys.argv[1]), signal.SIG_IGN)
sys.exit(main.run(["info", "table.vec"]))
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_ending_the_program_leaves_nothing_half_written(here: Path, name: str):
    ran = subprocess.run([sys.executable, "-c", _ENDED, name, "heard"], check=False, cwd=here)
    assert ran.returncode == 128 + getattr(signal, name)
    assert list(here.iterdir()) == []


def test_a_closed_terminal_does_not_end_what_was_begun_with_nohup(here: Path):
    words = [sys.executable, "-c", _ENDED, "SIGHUP", "ignored"]
    assert b"went on" in subprocess.run(words, capture_output=True, check=False, cwd=here).stdout


def test_a_stopped_tour_names_the_folder_with_what_was_finished(
    cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("explorer.cli.tour.train_until_stopped", stop)
    ran = cli("tour", "-o", tmp_path / "tour")
    assert ran.status == 130
    assert f"What was finished before is in {tmp_path / 'tour'}.\n" in ran.err
    assert ran.err.endswith("\nStopped.\n")


def test_a_training_that_would_replace_anothers_tokenizer_is_refused_at_once(
    cli, monkeypatch: pytest.MonkeyPatch, reviews: Path, tmp_path: Path
):
    monkeypatch.setattr(pipeline, "train", None)
    (tmp_path / "new.tokenizer.json").write_text("{}")
    line = told(cli("train", reviews, "-o", tmp_path / "new.safetensors"))
    assert "new.tokenizer.json: is the tokenizer of another table." in line


def test_the_memory_of_the_settings_bounds_what_every_verb_opens(cli, tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("token,d0,d1\na,1,2\nb,3,4\n", encoding="utf-8")
    save(Settings(memory_share=0.25), settings_file())
    monkeypatch.setattr("explorer.reading.memory.machine_memory", lambda: 40)
    for verb in (("info",), ("lookup", "a"), ("neighbors", "a")):
        assert "10 bytes are allowed" in told(cli(verb[0], path, *verb[1:]))
    settings_file().unlink()
