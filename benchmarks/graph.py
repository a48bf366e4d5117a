"""The exact k-neighbour graph, beside the bare matrix product and scikit-learn's brute force.

    python benchmarks/graph.py [--quick] [--repeats 3]

The bare product is what NumPy needs to multiply the rows with themselves, block by block, without
looking at the result. Seconds by the clock and of the processors, best of some repeats; where other
programs run too, only the latter say something. Prints a Markdown table.
"""

from __future__ import annotations

import argparse

from measuring.bare_product import bare_product, some_points
from measuring.clocks import least

from explorer.graph import knn_graph
from explorer.vectors import F32

_SIZES = ((10_000, 50), (10_000, 200), (50_000, 50), (50_000, 300))


def main() -> None:
    options = _options()
    print(
        "| rows x dim | k | product (s) | this (s) | ratio | cpu ratio | scikit-learn (s) | ratio |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for rows, dim in _SIZES[:2] if options.quick else _SIZES:
        points = some_points(rows, dim)
        bare = least(lambda p=points: bare_product(p), options.repeats)
        for k in (15, 90):
            ours = least(lambda p=points, k=k: knn_graph(p, k), options.repeats)
            peer = least(lambda p=points, k=k: _peer(p, k), 1)
            print(
                f"| {rows:,} x {dim} | {k} | {bare[0]:.2f} | {ours[0]:.2f} "
                f"| {ours[0] / bare[0]:.2f} | {ours[1] / bare[1]:.2f} "
                f"| {peer[0]:.2f} | {ours[0] / peer[0]:.2f} |",
                flush=True,
            )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the small tables only")
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


def _peer(points: F32, k: int) -> object:
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=k, algorithm="brute").fit(points).kneighbors()


if __name__ == "__main__":
    main()
