"""t-SNE of 10,000 rows x 200, beside scikit-learn's in one run.

    python benchmarks/tsne.py [--rows 10000] [--perplexity 30] [--threads 0] [--skip-peer]

Real word vectors where the development data is at hand, seeded synthetic groups otherwise. Both
methods get the same 50 principal components; the divergence of both maps is measured alike, with
exact neighbours; "kept" is the share of each row's 10 nearest in the table that are among its 10
nearest on the map. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from explorer.components import principal_components
from explorer.preparation import parse_steps, prepare
from explorer.graph import knn_graph
from explorer.progress import Cancelled, Progress
from explorer.projection import Projection
from explorer.projections.tsne import METHOD, TsneParams, _affinities
from explorer.table import Table, numbered_tokens
from explorer.vectors import F32, Vectors

_DATA = Path(__file__).parents[2] / "shared/data/word2vec_imdb_10k"


def main() -> None:
    options = _options()
    table = _table(options.rows)
    params = TsneParams(perplexity=options.perplexity, threads=options.threads)
    points = principal_components(table.vectors, params.pca_components).scores
    _import_both()
    ours, seconds, pictures, gap = _ours(table, params)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{len(table):,} rows x {table.dim}, {machine}\n")
    print("| method | s | KL divergence | neighbours kept @10 |\n|---|---:|---:|---:|")
    _row("this", seconds, points, table, ours.coordinates, params)
    if not options.skip_peer:
        peer, peer_seconds = _peer(points, options.perplexity, options.threads)
        _row("scikit-learn", peer_seconds, points, table, peer, params)
        print(f"\n{peer_seconds / seconds:.2f} x as fast as scikit-learn.")
    print(f"{pictures:.1f} pictures a second, the longest wait {1000 * gap:.0f} ms.")
    waits = [_cancel(table, params) for _ in range(3)]
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
    else:
        rng = np.random.default_rng(0)
        centres = 3 * rng.normal(size=(100, 200))
        matrix = centres[rng.integers(100, size=rows)] + rng.normal(size=(rows, 200))
    return Table(numbered_tokens(len(matrix)), Vectors(matrix.astype(np.float32)))


def _import_both() -> None:
    """Neither clock pays for imports."""
    import openTSNE  # noqa: F401
    import sklearn.manifold  # noqa: F401


def _ours(table: Table, params: TsneParams) -> tuple[Projection, float, float, float]:
    """The map, its seconds from the table on, pictures a second and the longest wait for one."""
    shown: list[float] = []

    def watch(progress: Progress) -> None:
        if progress.partial is not None:
            shown.append(time.perf_counter())

    begin = time.perf_counter()
    made = METHOD.fit(prepare(table, parse_steps(METHOD.steps)), params, dims=2, seed=0, report=watch)
    seconds = time.perf_counter() - begin
    return made, seconds, (len(shown) - 1) / (shown[-1] - shown[0]), float(np.diff(shown).max())


def _peer(points: F32, perplexity: float, threads: int) -> tuple[F32, float]:
    from sklearn.manifold import TSNE

    method = TSNE(perplexity=perplexity, init="pca", random_state=0, n_jobs=threads or -1)
    begin = time.perf_counter()
    made: F32 = method.fit_transform(points)
    return made, time.perf_counter() - begin


def _row(
    name: str, seconds: float, points: F32, table: Table, places: F32, params: TsneParams
) -> None:
    divergence = _divergence(points, places, params)
    kept = _kept(table.vectors.to_numpy(), places)
    print(f"| {name} | {seconds:.1f} | {divergence:.3f} | {kept:.3f} |", flush=True)


def _divergence(points: F32, places: F32, params: TsneParams) -> float:
    from openTSNE.tsne import kl_divergence_bh

    affinities: Any = _affinities(points, params, lambda _: None)
    embedding = np.ascontiguousarray(places, dtype=np.float64)
    theta = {"theta": 0.2}
    value, _ = kl_divergence_bh(embedding, affinities.P, 1, theta, should_eval_error=True)
    return float(value)


def _kept(vectors: F32, places: F32, k: int = 10) -> float:
    before, _ = knn_graph(vectors, k)
    after, _ = knn_graph(np.ascontiguousarray(places, dtype=np.float32), k)
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(before, after, strict=True)]))


def _cancel(table: Table, params: TsneParams) -> float:
    """Seconds from the wish to stop, a second into the descent, to the answer."""
    wish, wished = threading.Event(), [0.0]

    def press() -> None:
        wished[0] = time.perf_counter()
        wish.set()

    timer = threading.Timer(1.0, press)

    def watch(progress: Progress) -> None:
        if progress.partial is not None and not timer.is_alive() and not wish.is_set():
            timer.start()
        if wish.is_set():
            raise Cancelled

    try:
        METHOD.fit(prepare(table, parse_steps(METHOD.steps)), params, dims=2, seed=0, report=watch)
    except Cancelled:
        return time.perf_counter() - wished[0]
    raise RuntimeError("the descent ended before it was stopped")


if __name__ == "__main__":
    main()
