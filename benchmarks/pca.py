"""PCA with 50 components kept, beside scikit-learn's `covariance_eigh` in one run.

    python benchmarks/pca.py [--quick] [--repeats 7]

Both sides find the components of the same float32 table in memory and place every row
(`principal_components`, `PCA.fit_transform`), in turn. Medians; the ratio is of the seconds on the
clock, and beside it of those of the processor, which other programs disturb less. Extra memory is
the rise of anonymous memory over what the process held before, each measured in a process of its
own. Then the method as the window runs it, on a bfloat16 safetensors file that is mapped: seconds
until the preview and until the exact map. Prints two Markdown tables.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from explorer import pipeline
from explorer.components import principal_components
from explorer.preparation import parse_steps, prepare
from explorer.progress import Progress
from explorer.projections.pca import METHOD, PcaParams
from explorer.vectors import F32, Vectors

_SIZES = ((30_000, 100), (400_000, 300), (150_000, 1024))
_COUNT = 50
# Of every number, in deviations of the first components: small beside the spread, as in tables of
# words, and larger than it, where rows are centred before they are multiplied.
_MEANS = (0.2, 3.0)
_NAMES = ("this", "scikit-learn")


def main() -> None:
    options = _options()
    sizes = _SIZES[:1] if options.quick else _SIZES
    _compare(sizes, options.repeats)
    _run_mapped(sizes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the small table only")
    parser.add_argument("--repeats", type=int, default=7)
    return parser.parse_args()


def _compare(sizes: tuple[tuple[int, int], ...], repeats: int) -> None:
    print(
        "| rows x dim | mean | this (s) | scikit-learn (s) | ratio | of CPU | extra MB | its MB |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for rows, dim in sizes:
        for mean in _MEANS:
            (ours, our_cpu), (theirs, their_cpu) = _medians(_matrix(rows, dim, mean), repeats)
            extra = [_in_process(_extra_megabytes, name, rows, dim, mean) for name in _NAMES]
            share = 100 * extra[0] / (rows * dim * 4 / 2**20)
            print(
                f"| {rows:,} x {dim} | {mean} | {ours:.3f} | {theirs:.3f} | {ours / theirs:.2f} "
                f"| {our_cpu / their_cpu:.2f} | {extra[0]:.0f} ({share:.0f} %) | {extra[1]:.0f} |",
                flush=True,
            )


def _matrix(rows: int, dim: int, mean: float) -> F32:
    spread = np.linspace(2, 0.5, dim, dtype=np.float32)
    matrix = np.random.default_rng(0).standard_normal((rows, dim), dtype=np.float32)
    matrix *= spread
    matrix += np.float32(mean)
    return matrix


def _this(matrix: F32) -> object:
    return principal_components(Vectors(matrix), _COUNT)


def _peer(matrix: F32) -> object:
    from sklearn.decomposition import PCA

    return PCA(_COUNT, svd_solver="covariance_eigh").fit_transform(matrix)


_WORK: dict[str, Callable[[F32], object]] = dict(zip(_NAMES, (_this, _peer), strict=True))


def _medians(matrix: F32, repeats: int) -> list[list[float]]:
    """Of each side: median seconds on the clock and of the processor; the sides take turns."""
    for work in _WORK.values():
        work(matrix[: max(1000, matrix.shape[1])])  # imports
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in _NAMES}
    for _ in range(repeats):
        for name, work in _WORK.items():
            begin, begin_cpu = time.perf_counter(), time.process_time()
            work(matrix)
            times[name].append((time.perf_counter() - begin, time.process_time() - begin_cpu))
    return [
        [statistics.median(column) for column in zip(*times[name], strict=True)] for name in _NAMES
    ]


# --- a mapped file, as the window projects it -----------------------------------------------------


def _run_mapped(sizes: tuple[tuple[int, int], ...]) -> None:
    print("\n| mapped bfloat16 | MB | preview (s) | exact (s) | reports | extra MB |")
    print("|---|---:|---:|---:|---:|---:|")
    for rows, dim in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.safetensors"
            _in_process(_write, path, rows, dim)
            preview, exact, reports, extra = _in_process(_projected, path)
            size = path.stat().st_size / 2**20
        print(
            f"| {rows:,} x {dim} | {size:.0f} | {f'{preview:.2f}' if preview else 'none'} "
            f"| {exact:.2f} | {reports} | {extra:.0f} ({100 * extra / size:.0f} %) |",
            flush=True,
        )


def _write(path: Path, rows: int, dim: int) -> None:
    import torch
    from safetensors.torch import save_file

    matrix = torch.from_numpy(_matrix(rows, dim, _MEANS[0]))
    save_file({"embedding.weight": matrix.to(torch.bfloat16)}, path)


def _projected(path: Path) -> tuple[float, float, int, float]:
    """Seconds until the preview (0: none) and the exact map, reports made, extra MB."""
    points = prepare(pipeline.open_table(path), parse_steps(METHOD.steps))
    METHOD.fit(points.thinned(np.arange(2 * points.dim)), PcaParams())  # imports
    seen: list[float] = []
    shown: list[float] = []

    def report(progress: Progress) -> None:
        seen.append(time.perf_counter())
        if progress.partial is not None:
            shown.append(seen[-1])

    with _watched_memory() as levels:
        begin = time.perf_counter()
        made = METHOD.fit(points, PcaParams(), report=report)
        end = time.perf_counter()
    assert made.complete
    return shown[0] - begin if shown else 0, end - begin, len(seen), max(levels) - levels[0]


# --- memory ---------------------------------------------------------------------------------------


def _in_process(work: Callable[..., Any], *values: object) -> Any:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, values)


def _extra_megabytes(name: str, rows: int, dim: int, mean: float) -> float:
    matrix = _matrix(rows, dim, mean)
    _WORK[name](matrix[: 2 * dim])  # imports and BLAS buffers are not the table's matter
    with _watched_memory() as levels:
        _WORK[name](matrix)
    return max(levels) - levels[0]


@contextmanager
def _watched_memory() -> Iterator[list[float]]:
    """Anonymous memory in MB every two milliseconds while the block runs; the first is before."""
    levels, done = [_anonymous()], threading.Event()

    def watch() -> None:
        while not done.wait(0.002):
            levels.append(_anonymous())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield levels
    finally:
        done.set()
        watcher.join()


def _anonymous() -> float:
    """MB of this process that no file stands behind (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if "RssAnon" in line) / 1024


if __name__ == "__main__":
    main()
