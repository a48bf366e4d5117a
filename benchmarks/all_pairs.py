"""The nearest rows of every row of a table, beside the bare matrix product.

    python benchmarks/all_pairs.py [--quick] [--repeats 3]

The bare product is what NumPy needs to multiply the rows with themselves, block by block, without
looking at the result. Seconds by the clock and of the processors, best of some repeats taken in
turn; where other programs run too, only the latter say something. Extra memory is what the process
held at most beyond the table. The last lines are of a table in bfloat16 that is mapped from a file,
and of near duplicates among as many tokens. Prints a Markdown table; ends with 1 where a bound was
not kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measuring.bare_product import bare_product, some_points
from measuring.clocks import Least

from explorer.all_pairs import all_nearest
from explorer.spelling import near_duplicates
from explorer.table import Table
from explorer.vectors import F32, Vectors

_SIZES = ((20_000, 100), (50_000, 100), (50_000, 300))
_K = 15
_BOUND = 1.5


def main() -> int:
    options = _options()
    print("| rows x dim | metric | product (s) | this (s) | ratio | cpu ratio | extra (MiB) |")
    print("|---|---|---:|---:|---:|---:|---:|", flush=True)
    kept = True
    for rows, dim in _SIZES[: 1 if options.quick else None]:
        points = some_points(rows, dim)
        for metric in ("cosine", "euclidean", "dot"):
            kept &= _compare(f"{rows:,} x {dim}", points, points, metric, options.repeats)
    kept &= _mapped(20_000 if options.quick else 50_000, options.repeats)
    _spell(20_000 if options.quick else 100_000)
    return 0 if kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small tables only")
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


def _compare(title: str, points: F32, stored: np.ndarray, metric: str, repeats: int) -> bool:
    product, ours = Least(lambda: bare_product(points)), Least(lambda: _search(stored, metric))
    for _ in range(repeats):
        product.take()
        ours.take()
    extra = _peak(lambda: _search(stored, metric))
    ratio, cpu = ours.clock / product.clock, ours.processors / product.processors
    print(
        f"| {title} | {metric} | {product.clock:.2f} | {ours.clock:.2f} | {ratio:.2f} "
        f"| {cpu:.2f} | {extra:.0f} |",
        flush=True,
    )
    return min(ratio, cpu) <= _BOUND


def _search(stored: np.ndarray, metric: str) -> None:
    dtype = "bf16" if stored.dtype == np.uint16 else ""
    table = Table([""] * len(stored), Vectors(stored, dtype))
    all_nearest(table, _K, metric, kept=False)


def _mapped(rows: int, repeats: int) -> bool:
    points = some_points(rows, 512)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bits.npy"
        np.save(path, (points.view(np.uint32) >> 16).astype(np.uint16))
        stored = np.load(path, mmap_mode="r")
        kept = _compare(f"{rows:,} x 512, bf16 mapped", points, stored, "cosine", repeats)
        del stored
    return kept


def _spell(rows: int) -> None:
    """Words made of syllables, many of them one edit apart."""
    random = np.random.default_rng(0)
    syllables = np.array([c + v for c in "bdfgklmnprstvz" for v in "aeiou"])
    words = ["".join(random.choice(syllables, random.integers(2, 5))) for _ in range(rows)]
    tokens = [word.capitalize() if row % 5 == 0 else word for row, word in enumerate(words)]
    table = Table(tokens, Vectors(some_points(rows, 300)))
    times = Least(lambda: near_duplicates(table))
    times.take()
    print(f"\nNear duplicates of {rows:,} tokens x 300: {times.clock:.2f} s.")


def _peak(work: Callable[[], object]) -> float:
    """MiB that the process holds at most beyond what it held before."""
    held, done = [_resident()], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            held.append(_resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    done.set()
    watcher.join()
    return (max(held) - held[0]) / 2**20


def _resident() -> int:
    """Bytes of anonymous memory: what is mapped from a file can go at any time."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["RssAnon"].split()[0]) * 1024


if __name__ == "__main__":
    sys.exit(main())
