"""Opening a table, beside its peer in one run.

    python benchmarks/open.py [--quick] [--repeats 5]

Text beside a plain read of the file, word2vec binary beside gensim where it is installed, mapped
formats beside their own libraries. Medians; the files are in the page cache. Peak memory is the
rise over the process's before, each measured in a process of its own. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explorer import pipeline
from explorer.table import Table
from explorer.vectors import Vectors


def main() -> None:
    options = _options()
    rows = 10_000 if options.quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        files = _files(Path(folder), rows, 300)
        _open(files["npy"])
        print(f"{rows:,} x 300; gensim {'is' if _gensim() else 'is not'} installed\n")
        print("| file | MB | this (s) | peer | peer (s) | ratio | peak MB |")
        print("|---|---:|---:|---|---:|---:|---:|")
        for name, path in files.items():
            ours = _median(lambda p=path: _open(p), options.repeats)
            for title, peer in _peers(name, path):
                theirs = _median(peer, 1 if "gensim" in title else options.repeats)
                print(
                    f"| {name} | {path.stat().st_size / 1e6:.0f} | {ours:.4f} | {title} "
                    f"| {theirs:.4f} | {ours / theirs:.2f} | {_peak_of(path):.0f} |",
                    flush=True,
                )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--repeats", type=int, default=5)
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
    return files


def _open(path: Path) -> object:
    return pipeline.open_table(path)


def _peers(name: str, path: Path) -> list[tuple[str, Callable[[], object]]]:
    from safetensors import safe_open

    if name in {"text", "word2vec binary"}:
        peers: list[tuple[str, Callable[[], object]]] = [("plain read", path.read_bytes)]
        if _gensim():
            from gensim.models import KeyedVectors

            binary = name != "text"
            peers.append(
                ("gensim", lambda: KeyedVectors.load_word2vec_format(str(path), binary=binary))
            )
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


def _median(work: Callable[[], object], repeats: int) -> float:
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def _peak_of(path: Path) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (path,))


def _measured(path: Path) -> float:
    """MB beyond what the process held before it opened the table (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak()
    held = _open(path)
    peak = _peak()
    del held
    return peak - before


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1024


if __name__ == "__main__":
    main()
