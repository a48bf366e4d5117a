"""t-SNE of 10,000 rows x 200, beside scikit-learn's in one run.

    python benchmarks/tsne.py [--rows 10000] [--perplexity 30] [--threads 0] [--skip-peer]

Real word vectors where the development data is at hand, seeded synthetic groups otherwise; more
rows than that are words moved part of the way to one of their neighbours, with noise. Both
methods get the same 50 principal components and their default parameters; the divergence of both
maps is measured alike, with exact neighbours and over all pairs; "kept" is the share of each
row's 10 nearest in the table that are among its 10 nearest on the map. CPU seconds are those of
all threads: on a machine that is busy with other things they say more. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.components import principal_components
from explorer.graph import knn_graph
from explorer.preparation import Prepared, parse_steps, prepare
from explorer.progress import Cancelled, Progress
from explorer.projections.tsne import METHOD, TsneParams, _affinities
from explorer.table import Table, numbered_tokens
from explorer.vectors import F32, Vectors

_DATA = Path(__file__).parents[2] / "shared/data/word2vec_imdb_10k"


@dataclass(frozen=True)
class _Run:
    """places: the map. wall, cpu: seconds. pictures: of the descent, seen a second; gap: the
    longest wait for one."""

    places: F32
    wall: float
    cpu: float
    pictures: float = 0.0
    gap: float = 0.0


def main() -> None:
    options = _options()
    table = _table(options.rows)
    params = TsneParams(perplexity=options.perplexity, threads=options.threads)
    points = principal_components(table.vectors, params.pca_components).scores
    _import_both()
    expected = METHOD.estimate(len(table), table.dim, params, dims=2)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{len(table):,} rows x {table.dim}, {machine}")
    print(f"Expected: {expected.seconds:.0f} s, {expected.nbytes / 2**20:,.0f} MiB.\n")
    print("| method | s | CPU s | KL divergence | neighbours kept @10 |\n|---|---:|---:|---:|---:|")
    affinities = _affinities(points, params, lambda _: None)
    ours = _ours(table, params)
    _row("this", ours, affinities, table)
    if not options.skip_peer:
        peer = _peer(points, options.perplexity, options.threads)
        _row("scikit-learn", peer, affinities, table)
        print(f"\n{peer.wall / ours.wall:.2f} x as fast as scikit-learn ", end="")
        print(f"({peer.cpu / ours.cpu:.2f} x by CPU time).")
    print(f"{ours.pictures:.1f} pictures a second, the longest wait {1000 * ours.gap:.0f} ms.")
    waits = [_cancel(table, params, after) for after in (0.2, 1.0, 3.0)]
    print(f"Cancel answered within {1000 * max(waits):.0f} ms (worst of {len(waits)}).")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--perplexity", type=float, default=30.0)
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--skip-peer", action="store_true")
    return parser.parse_args()


def _table(rows: int) -> Table:
    stored = _DATA / "imdb_w2v_10k_200d_tensors.bytes"
    if stored.exists() and rows <= 10_000:
        matrix = np.fromfile(stored, dtype="<f4").reshape(-1, 200)[:rows]
    elif stored.exists():
        matrix = _varied(np.fromfile(stored, dtype="<f4").reshape(-1, 200), rows)
    else:
        rng = np.random.default_rng(0)
        centres = 3 * rng.normal(size=(100, 200))
        matrix = centres[rng.integers(100, size=rows)] + rng.normal(size=(rows, 200))
    return Table(numbered_tokens(len(matrix)), Vectors(matrix.astype(np.float32)))


def _varied(words: F32, rows: int) -> npt.NDArray[np.float64]:
    """Words moved up to half of the way to one of their ten nearest, with noise."""
    rng = np.random.default_rng(0)
    near, _ = knn_graph(words, 10)
    word = rng.integers(len(words), size=rows)
    other = near[word, rng.integers(10, size=rows)]
    way = rng.uniform(0, 0.5, size=(rows, 1))
    noise = 0.25 * words.std() * rng.normal(size=(rows, words.shape[1]))
    varied: npt.NDArray[np.float64] = (1 - way) * words[word] + way * words[other] + noise
    return varied


def _import_both() -> None:
    """Neither clock pays for imports."""
    import openTSNE  # noqa: F401
    import sklearn.manifold  # noqa: F401


def _ours(table: Table, params: TsneParams) -> _Run:
    """A run from the table on, with pictures."""
    shown: list[float] = []

    def watch(progress: Progress) -> None:
        if progress.partial is not None:
            shown.append(time.perf_counter())

    begin, cpu = time.perf_counter(), time.process_time()
    made = METHOD.fit(_prepared(table), params, dims=2, seed=0, report=watch)
    wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    pictures = (len(shown) - 1) / (shown[-1] - shown[0])
    return _Run(made.coordinates, wall, cpu, pictures, float(np.diff(shown).max()))


def _prepared(table: Table) -> Prepared:
    return prepare(table, parse_steps(METHOD.steps))


def _peer(points: F32, perplexity: float, threads: int) -> _Run:
    from sklearn.manifold import TSNE

    method = TSNE(perplexity=perplexity, init="pca", random_state=0, n_jobs=threads or -1)
    begin, cpu = time.perf_counter(), time.process_time()
    made: F32 = method.fit_transform(points)
    return _Run(made, time.perf_counter() - begin, time.process_time() - cpu)


def _row(name: str, run: _Run, affinities: Any, table: Table) -> None:
    divergence = _divergence(affinities, run.places)
    kept = _kept(table.vectors.to_numpy(), run.places)
    print(
        f"| {name} | {run.wall:.1f} | {run.cpu:.1f} | {divergence:.3f} | {kept:.3f} |", flush=True
    )


def _divergence(affinities: Any, places: F32) -> float:
    """Over all pairs of rows, none of them approximated."""
    import torch

    where = places.astype(np.float64)
    pairs = affinities.tocoo()
    squares = ((where[pairs.row] - where[pairs.col]) ** 2).sum(axis=1)
    x, y = torch.from_numpy(where.astype(np.float32)).T.contiguous()
    total = -float(len(where))
    for start in range(0, len(where), 256):
        part = slice(start, start + 256)
        near = 1 / (1 + (x[part, None] - x) ** 2 + (y[part, None] - y) ** 2)
        total += float(near.sum(dtype=torch.float64))
    p = pairs.data.astype(np.float64)
    return float((p * np.log(p * (1 + squares))).sum() + p.sum() * np.log(total))


def _kept(vectors: F32, places: F32, k: int = 10) -> float:
    before, _ = knn_graph(vectors, k)
    after, _ = knn_graph(np.ascontiguousarray(places, dtype=np.float32), k)
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(before, after, strict=True)]))


def _cancel(table: Table, params: TsneParams, after: float) -> float:
    """Seconds from the wish to stop, so long after the beginning, to the answer."""
    wish, wished = threading.Event(), [0.0]

    def press() -> None:
        wished[0] = time.perf_counter()
        wish.set()

    timer = threading.Timer(after, press)

    def watch(progress: Progress) -> None:
        if wish.is_set():
            raise Cancelled

    try:
        timer.start()
        METHOD.fit(_prepared(table), params, dims=2, seed=0, report=watch)
    except Cancelled:
        return time.perf_counter() - wished[0]
    raise RuntimeError("the descent ended before it was stopped")


if __name__ == "__main__":
    main()
