"""Opening a table, beside its peer in one run.

    python benchmarks/open.py [--quick] [--repeats 5] [--only text]

Text beside a plain read of the file and gensim, word2vec binary beside gensim, mapped formats
beside their own libraries. gensim is no dependency; the benchmark says so where it is missing, and
takes it from an environment of its own:

    python -m venv peers && peers/bin/pip install gensim
    PYTHONPATH=peers/lib/python3.11/site-packages python benchmarks/open.py

Of the text there is a second file, a sixth of the first: one line in fifty has a token with spaces,
one lacks a number, one holds bytes that are not UTF-8. gensim, which cannot read it, is given a
clean file of its size. Ours and the peer take turns, and medians are shown; the files are in the
page cache. Text is parsed in two threads, which gain nothing while other work keeps the cores busy:
there the processor seconds (CPU), of all threads together, tell more than the clock. Peak memory is
the rise over the process's before, in a process of its own. Prints a Markdown table; the last
column of it is MB beyond the finished table.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from explorer import pipeline
from explorer.table import Table
from explorer.vectors import Vectors

_KINDS = (
    "text",
    "text with odd lines",
    "word2vec binary",
    "npy",
    "projector",
    "safetensors",
    "torch zip",
)
_Work = Callable[[], object]


def main() -> None:
    options = _options()
    rows = 10_000 if options.quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        files = _files(Path(folder), rows, 300)
        pipeline.open_table(files["text"])  # the libraries that it needs are loaded once
        print(f"{rows:,} x 300; medians of {options.repeats}\n")
        if not _gensim():
            print("gensim IS NOT INSTALLED: nothing is compared with it (see --help).\n")
        print("| file | MB | this (s) | CPU | peer | peer (s) | CPU | ratio | peak MB | extra |")
        print("|---|---:|---:|---:|---|---:|---:|---:|---:|---:|")
        for name in (name for name in _KINDS if options.only in name):
            _compare(name, files, options.repeats)


def _compare(name: str, files: dict[str, Path], repeats: int) -> None:
    """One line of the table for each peer."""
    path = files[name]
    peak, finished = _peak_of(path)
    for title, peer in _peers(name, files):
        (ours, our_cpu), (theirs, their_cpu) = _in_turns(
            lambda: pipeline.open_table(path), peer, repeats
        )
        print(
            f"| {name} | {path.stat().st_size / 1e6:.0f} | {ours:.4f} | {our_cpu:.3f} "
            f"| {title} | {theirs:.4f} | {their_cpu:.3f} "
            f"| {ours / theirs:.3f} | {peak:.0f} | {peak - finished:.0f} |",
            flush=True,
        )


def _options() -> argparse.Namespace:
    whole = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=whole)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="the files whose name holds this")
    return parser.parse_args()


def _files(folder: Path, rows: int, dim: int) -> dict[str, Path]:
    import torch

    matrix = np.random.default_rng(0).normal(size=(rows, dim)).astype(np.float32)
    # As published tables are: six decimals.
    table = Table(tuple(f"word{row}" for row in range(rows)), Vectors(matrix.round(6)))
    endings = {"text": ".vec", "word2vec binary": ".bin", "npy": ".npy", "projector": ".bytes"}
    files = {}
    for name, ending in {**endings, "safetensors": ".safetensors"}.items():
        (folder / name).mkdir()
        files[name] = folder / name / f"table{ending}"
        pipeline.save_table(table, files[name])
    files["torch zip"] = folder / "table.pt"
    torch.save({"embedding.weight": torch.from_numpy(matrix)}, files["torch zip"])
    files["text with odd lines"], files["its clean twin"] = _odd(files["text"])
    return files


def _odd(text: Path) -> tuple[Path, Path]:
    """A sixth of a text with odd lines in it, and the same without them."""
    lines = text.read_bytes().split(b"\n")[1:-1]
    lines = lines[: len(lines) // 6]
    clean, odd = text.with_name("clean.vec"), text.with_name("odd.vec")
    clean.write_bytes(b"\n".join([b"%d 300" % len(lines), *lines, b""]))
    for place in range(0, len(lines) - 2, 50):
        lines[place] = b". . " + lines[place]
        lines[place + 1] = lines[place + 1].rpartition(b" ")[0]
        lines[place + 2] = b"na\xefve\x97" + lines[place + 2]
    odd.write_bytes(b"\n".join([*lines, b""]))
    return odd, clean


def _peers(name: str, files: dict[str, Path]) -> list[tuple[str, _Work]]:
    from safetensors import safe_open

    path = files[name]
    if name == "word2vec binary" or name.startswith("text"):
        peers: list[tuple[str, _Work]] = [("plain read", path.read_bytes)]
        if _gensim():
            readable = files["its clean twin"] if "odd" in name else path
            title = "gensim, a clean file of the size" if "odd" in name else "gensim"
            peers.append((title, _by_gensim(readable, binary="binary" in name)))
        return peers
    if name == "safetensors":
        return [("safe_open", lambda: safe_open(path, "numpy").get_slice("embedding.weight"))]
    if name == "torch zip":
        import torch

        return [("torch.load(mmap)", lambda: torch.load(path, mmap=True, weights_only=True))]
    if name == "npy":
        return [("np.load(mmap)", lambda: np.load(path, mmap_mode="r"))]
    return [("np.memmap", lambda: np.memmap(path, "<f4", "r"))]


def _gensim() -> bool:
    return importlib.util.find_spec("gensim") is not None


def _by_gensim(path: Path, *, binary: bool) -> _Work:
    from gensim.models import KeyedVectors

    return lambda: KeyedVectors.load_word2vec_format(str(path), binary=binary)


_Seconds = tuple[float, float]  # by the clock, and of the processor


def _in_turns(ours: _Work, theirs: _Work, repeats: int) -> tuple[_Seconds, _Seconds]:
    """Medians of each: what else the machine does then falls on both."""
    first, second = zip(*((_seconds(ours), _seconds(theirs)) for _ in range(repeats)), strict=True)
    return _medians(first), _medians(second)


def _medians(seconds: Sequence[_Seconds]) -> _Seconds:
    clock, processor = zip(*seconds, strict=True)
    return statistics.median(clock), statistics.median(processor)


def _seconds(work: _Work) -> _Seconds:
    begin, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - worked


def _peak_of(path: Path) -> tuple[float, float]:
    """MB at most, and MB of the finished table's numbers."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (path,))


def _measured(path: Path) -> tuple[float, float]:
    """MB beyond what the process held before it opened the table (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak()
    table = pipeline.open_table(path)
    peak = _peak() - before
    return peak, 0.0 if table.vectors.mapped else table.vectors.nbytes / 2**20


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1024


if __name__ == "__main__":
    main()
