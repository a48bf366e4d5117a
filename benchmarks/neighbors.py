"""Exact nearest rows: one query in every space, and 256 at once, beside reading and peers.

    python benchmarks/neighbors.py [--tables 1,2] [--repeats 9] [--spaces raw,centre]

One query, k = 20: the bound is 1.4 x the time NumPy takes to sum the same numbers as float32, which
is reading them once. The peers answer a query in the same run, after us: scikit-learn (brute
force), and faiss (IndexFlatIP) and gensim (most_similar) where they are installed: they are no
dependency of ours. Then the other spaces beside the raw one, and a batch beside the bare product
that it needs. Tables are generated; the bfloat16 one is a file that is mapped.

Medians, of the clock and of the processors; where other programs run too, only the latter say
something, and a peer that uses two threads is flattered by the former. A bound counts as kept where
either is within it. Prints Markdown tables; the exit status is 1 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from explorer.nearest import neighbors, neighbors_of_many
from explorer.parallel import over_blocks
from explorer.progress import silent
from explorer.table import Table, numbered_tokens
from explorer.vectors import F32, Vectors

_SIZES = (
    ("f32", 30_000, 100),
    ("f32", 400_000, 300),
    ("f32", 150_000, 2048),
    ("bf16, mapped", 150_000, 2048),
)
_K, _BATCH = 20, 256
_SPACES = ("raw", "centre", "unit", "remove 3", "whiten")
_READ, _SKLEARN, _FAISS, _SPACE, _PRODUCT = 1.4, 5.0, 2.0, 1.1, 1.5

Work = Callable[[], object]
Timed = dict[str, tuple[float, float]]


def main() -> int:
    options = _options()
    missed: list[str] = []
    for number in options.tables.split(","):
        kind, rows, dim = _SIZES[int(number) - 1]
        with _table(kind, rows, dim) as (table, points):
            name = f"{rows:,} x {dim} {kind}"
            print(f"\n### {name}\n", flush=True)
            missed += [f"{name}: {what}" for what in _measured(table, points, options)]
        del table, points
    print("\n" + ("Not kept: " + "; ".join(missed) if missed else "All bounds were kept."))
    return bool(missed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--tables", default="1,2,3,4", help="which, by number: 1 is the smallest")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--spaces", default=",".join(_SPACES), help="which, by comma")
    return parser.parse_args()


@contextmanager
def _table(kind: str, rows: int, dim: int) -> Iterator[tuple[Table, F32]]:
    """A table and its float32 form: rows about a mean, with unlike variances, as words have."""
    random = np.random.default_rng(0)
    points = np.empty((rows, dim), dtype=np.float32)
    scales = np.geomspace(2, 0.2, dim).astype(np.float32)
    for start in range(0, rows, 10_000):
        some = points[start : start + 10_000]
        np.multiply(random.standard_normal(some.shape, dtype=np.float32), scales, out=some)
        some += 0.3
    if kind == "f32":
        yield Table(numbered_tokens(rows), Vectors(points)), points
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.bin"
        bits = np.memmap(path, dtype=np.uint16, mode="w+", shape=(rows, dim))
        for start in range(0, rows, 10_000):
            some = points[start : start + 10_000]
            words = some.view(np.uint32)
            words &= np.uint32(0xFFFF0000)
            bits[start : start + 10_000] = words >> 16
        bits.flush()
        mapped = np.memmap(path, dtype=np.uint16, mode="r", shape=(rows, dim))
        yield Table(numbered_tokens(rows), Vectors(mapped, "bf16")), points


def _measured(table: Table, points: F32, options: argparse.Namespace) -> Iterator[str]:
    """Prints the tables of one size; names what was not kept."""
    yield from _one_query(table, points, options.repeats)
    yield from _spaces(table, options.spaces.split(","), options.repeats)
    yield from _batch(table, points, max(3, options.repeats // 3))


def _one_query(table: Table, points: F32, repeats: int) -> Iterator[str]:
    rows = iter(np.random.default_rng(1).integers(0, len(table), 10_000).tolist())
    works: dict[str, Work] = {
        "read": points.sum,
        "this": lambda: neighbors(table, next(rows), _K),
        "this, euclidean": lambda: neighbors(table, next(rows), _K, "euclidean"),
        "this, dot": lambda: neighbors(table, next(rows), _K, "dot"),
    }
    timed = _in_turn(works, repeats)
    # Each by itself: their threads wait in loops, which would be counted as ours, and hold up the
    # next one (scikit-learn took 2.4 times as long in turn with gensim).
    for name, make in _PEERS.items():
        try:
            works[name] = make(points)
        except ImportError:
            print(f"({name} is not installed: skipped.)")
            continue
        timed |= _in_turn({name: works[name]}, max(3, repeats // 2))
    print("| one query | ms | CPU ms | x read | x read, CPU | x this | x this, CPU |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in works:
        cells = [*timed[name], *_over(timed, name, "read"), *_over(timed, name, "this")]
        print(f"| {name} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |", flush=True)
    for name in ("this", "this, euclidean", "this, dot"):
        if min(_over(timed, name, "read")) > _READ:
            yield f"{name} over reading"
    if "scikit-learn" in timed and max(_over(timed, "scikit-learn", "this, euclidean")) < _SKLEARN:
        yield "scikit-learn over this"
    if "faiss" in timed and len(table) == 400_000 and max(_over(timed, "faiss", "this")) < _FAISS:
        yield "faiss over this"


def _over(timed: Timed, name: str, other: str) -> tuple[float, float]:
    """By the clock and of the processors."""
    return timed[name][0] / timed[other][0], timed[name][1] / timed[other][1]


def _spaces(table: Table, spaces: list[str], repeats: int) -> Iterator[str]:
    rows = iter(np.random.default_rng(2).integers(0, len(table), 100_000).tolist())
    fitting = {}
    for space in spaces:
        begin = time.perf_counter()
        for metric in ("cosine", "euclidean"):
            neighbors(table, 0, _K, metric, space=space)
        fitting[space] = time.perf_counter() - begin
    works: dict[str, Work] = {
        f"{space}, {metric}": lambda s=space, m=metric: neighbors(table, next(rows), _K, m, space=s)  # type: ignore[misc]
        for metric in ("cosine", "euclidean")
        for space in spaces
    }
    timed = _in_turn(works, repeats)
    print("\n| space | first, s | ms | CPU ms | x raw | x raw, CPU |")
    print("|---|---:|---:|---:|---:|---:|")
    for name in works:
        space, metric = name.split(", ")
        over = _over(timed, name, f"raw, {metric}")
        cells = [fitting[space], *timed[name], *over]
        print(f"| {name} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |", flush=True)
        if min(over) > _SPACE:
            yield f"{name} over raw"


def _batch(table: Table, points: F32, repeats: int) -> Iterator[str]:
    rows = np.random.default_rng(3).choice(len(table), _BATCH, replace=False)
    queries = points[rows]
    works: dict[str, Work] = {
        "bare product": lambda: _product(points, queries),
        "this": lambda: neighbors_of_many(table, rows, _K),
        "this, centre": lambda: neighbors_of_many(table, rows, _K, space="centre"),
        "this, euclidean": lambda: neighbors_of_many(table, rows, _K, "euclidean"),
    }
    works["scikit-learn"] = _scikit_learn(points, queries)
    neighbors(table, 0, _K, space="centre")
    timed = _in_turn(works, repeats)
    print(f"\n| {_BATCH} queries | ms | CPU ms | x product | x product, CPU |")
    print("|---|---:|---:|---:|---:|")
    for name in works:
        over = _over(timed, name, "bare product")
        cells = [*timed[name], *over]
        print(f"| {name} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |", flush=True)
        if name.startswith("this") and min(over) > _PRODUCT:
            yield f"batch, {name} over the product"


def _product(points: F32, queries: F32) -> None:
    """The products of all rows with the queries, thrown away block by block."""
    factors = np.ascontiguousarray(queries.T)
    out = np.empty((len(points), 1), dtype=np.float32)

    def multiply(start: int, stop: int) -> None:
        out[start, 0] = (points[start:stop] @ factors)[0, 0]

    over_blocks(len(points), 1024, multiply, silent, "")


# --- other libraries -----------------------------------------------------------------------------


def _scikit_learn(points: F32, queries: F32 | None = None) -> Work:
    from sklearn.neighbors import NearestNeighbors

    made = NearestNeighbors(n_neighbors=_K, algorithm="brute").fit(points)
    return lambda: made.kneighbors(points[17:18] if queries is None else queries)


def _faiss(points: F32) -> Work:
    import faiss

    index = faiss.IndexFlatIP(points.shape[1])
    index.add(points)  # a copy: faiss has no other way
    return lambda: index.search(points[17:18], _K)


def _gensim(points: F32) -> Work:
    from gensim.models import KeyedVectors

    made = KeyedVectors(points.shape[1])
    made.index_to_key = [str(row) for row in range(len(points))]
    made.key_to_index = {key: row for row, key in enumerate(made.index_to_key)}
    made.vectors = points
    made.fill_norms()
    return lambda: made.most_similar("17", topn=_K)


_PEERS: Mapping[str, Callable[[F32], Work]] = {
    "scikit-learn": _scikit_learn,
    "faiss": _faiss,
    "gensim": _gensim,
}


def _in_turn(works: Mapping[str, Work], repeats: int) -> Timed:
    """Median milliseconds by the clock and of the processors; first runs are not counted, and quick
    works are repeated within a turn."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    often = {}
    for name, work in works.items():
        work()
        begin = time.perf_counter()
        work()
        often[name] = int(np.clip(0.02 / max(1e-6, time.perf_counter() - begin), 1, 50))
    for _ in range(repeats):
        for name, work in works.items():
            begin, begin_cpu = time.perf_counter(), time.process_time()
            for _ in range(often[name]):
                work()
            wall, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
            times[name].append((wall / often[name] * 1e3, cpu / often[name] * 1e3))
    return {name: _medians(some) for name, some in times.items()}


def _medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    wall, cpu = zip(*times, strict=True)
    return statistics.median(wall), statistics.median(cpu)


if __name__ == "__main__":
    sys.exit(main())
