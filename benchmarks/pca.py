"""PCA with 10 and 50 components, beside scikit-learn's `covariance_eigh` in one run.

    python benchmarks/pca.py [--quick] [--repeats 5]

Best of some repeats. Extra memory is the rise of the process's peak over what it held before, each
measured in a process of its own. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explorer.components import principal_components
from explorer.vectors import F32, Vectors

_SIZES = ((30_000, 100), (400_000, 300))


def main() -> None:
    options = _options()
    print("| rows x dim | components | this (s) | scikit-learn (s) | ratio | extra MB | its MB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for rows, dim in _SIZES[:1] if options.quick else _SIZES:
        matrix = _matrix(rows, dim)
        for count in (10, 50):
            ours = _best(lambda m=matrix, c=count: _this(m, c), options.repeats)
            peer = _best(lambda m=matrix, c=count: _peer(m, c), options.repeats)
            memory = [_extra_megabytes(work, rows, dim, count) for work in (_this, _peer)]
            print(
                f"| {rows:,} x {dim} | {count} | {ours:.3f} | {peer:.3f} | {ours / peer:.2f} "
                f"| {memory[0]:.0f} | {memory[1]:.0f} |",
                flush=True,
            )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the small table only")
    parser.add_argument("--repeats", type=int, default=5)
    return parser.parse_args()


def _matrix(rows: int, dim: int) -> F32:
    spread = np.linspace(2, 0.5, dim, dtype=np.float32)
    matrix = np.random.default_rng(0).standard_normal((rows, dim), dtype=np.float32)
    matrix *= spread
    return matrix


def _this(matrix: F32, count: int) -> object:
    return principal_components(Vectors(matrix), count)


def _peer(matrix: F32, count: int) -> object:
    from sklearn.decomposition import PCA

    return PCA(count, svd_solver="covariance_eigh").fit_transform(matrix)


def _best(work: Callable[[], object], repeats: int) -> float:
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def _extra_megabytes(work: Callable[[F32, int], object], rows: int, dim: int, count: int) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, rows, dim, count))


def _measured(work: Callable[[F32, int], object], rows: int, dim: int, count: int) -> float:
    work(_matrix(1000, dim), count)  # imports and BLAS buffers are not the table's matter
    matrix = _matrix(rows, dim)
    # ru_maxrss would not do: it keeps the peak of the process that started this one.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak()
    work(matrix, count)
    return _peak() - before


def _peak() -> float:
    """Peak resident memory of this process in MB since it was last cleared (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1024


if __name__ == "__main__":
    main()
