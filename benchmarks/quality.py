"""How long it takes to say how far a map may be believed, beside scikit-learn's trustworthiness.

    python benchmarks/quality.py [--quick]

All three measures at k = 10, 30 and 100 against one of them at one k. Seconds by the clock and of
the processors; single runs, but for the click on a row, which is the middle one of 20. Prints a
Markdown table.
"""

from __future__ import annotations

import argparse

import numpy as np
from measuring.clocks import seconds

from explorer.components import principal_components
from explorer.quality import agreement, believe, measure
from explorer.table import Table, numbered_tokens
from explorer.vectors import F32, Vectors

_SIZES = ((10_000, 200), (20_000, 200), (100_000, 300))
# scikit-learn holds every distance at once: 100,000 rows would take 80 GB.
_PEER_ROWS = 10_000


def main() -> None:
    options = _options()
    print("| rows x dim | this (s) | cpu (s) | scikit-learn (s) | click (ms) | two maps (s) |")
    print("|---|---:|---:|---:|---:|---:|")
    for rows, dim in _SIZES[:1] if options.quick else _SIZES:
        table, drawn = _map(rows, dim)
        clock, processors = seconds(lambda t=table, d=drawn: measure(t, d))
        peer = "-"
        if rows <= _PEER_ROWS:
            peer = f"{seconds(lambda t=table, d=drawn: _peer(t, d))[0]:.1f}"
        clicks = [seconds(lambda t=table, d=drawn, r=r: believe(t, d, r))[0] for r in range(20)]
        both = seconds(lambda d=drawn: agreement(d, d[:, ::-1]))[0]
        print(
            f"| {rows:,} x {dim} | {clock:.1f} | {processors:.1f} | {peer} "
            f"| {1000 * float(np.median(clicks)):.1f} | {both:.2f} |",
            flush=True,
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the small table only")
    return parser.parse_args()


def _map(rows: int, dim: int) -> tuple[Table, F32]:
    """Forty clouds, and their principal plane."""
    random = np.random.default_rng(0)
    points = random.standard_normal((rows, dim), dtype=np.float32)
    points += 2 * random.standard_normal((40, dim), dtype=np.float32)[np.arange(rows) % 40]
    table = Table(numbered_tokens(rows), Vectors(points))
    return table, principal_components(table.vectors, 2).scores


def _peer(table: Table, drawn: F32) -> object:
    from sklearn.manifold import trustworthiness

    return trustworthiness(table.vectors.to_numpy(), drawn, n_neighbors=10, metric="cosine")


if __name__ == "__main__":
    main()
