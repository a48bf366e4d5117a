"""What `layer` shows of a lookup: ids and rows, shards, costs, a step of training, code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import click
import numpy as np

from explorer.cli.terminal import decimal, decimals, put_rows, say, token_cell
from explorer.embedding.code import pytorch, tensorflow
from explorer.embedding.one_hot import OneHotCost
from explorer.embedding.step import Step
from explorer.pipeline import LayerRun
from explorer.table import Table

MOST_LINES = 40  # ids shown as a table; --json has them all
_LANGUAGES = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}


@dataclass(frozen=True)
class LayerShown:
    """A lookup, with a step of training and a summary where they were asked for."""

    table: Table
    run: LayerRun
    step: Step | None
    summary: str
    code: bool

    def document(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        told = _lookup_document(self.run)
        if self.step is not None:
            told["step"] = _step_document(self.step)
        if self.summary:
            told["summary"] = self.summary
        if self.code:
            told["code"] = dict(self._codes())
        return told

    def show(self) -> None:
        """A table of the ids on stdout, and a few lines below it."""
        _tell_missing(self.run)
        _show_rows(self.table, self.run)
        for line in _result_lines(self.run):
            click.echo(line)
        if self.step is not None:
            _show_step(self.table, self.step)
        if self.summary:
            click.echo(f"\n{self.summary}")
        if self.code:
            show_code(self._codes())

    def _codes(self) -> Iterator[tuple[str, str]]:
        lines = self.run.lines + (self.step.lines if self.step else ())
        yield "pytorch", pytorch(lines)
        yield "tensorflow", tensorflow(lines)


def show_code(codes: Iterable[tuple[str, str]]) -> None:
    """The lines of each language, under its name."""
    for language, lines in codes:
        click.echo(f"\n# {_LANGUAGES[language]}\n{lines}")


def _lookup_document(run: LayerRun) -> dict[str, Any]:
    return {
        "table": {"rows": run.rows, "dim": run.dim},
        "text": run.text if run.pieces else None,
        "ids": run.ids.tolist(),
        "shape": list(run.result.shape),
        "shards": run.shards,
        "strategy": run.strategy,
        "shard": run.shard.tolist(),
        "place": run.place.tolist(),
        "norm_type": str(run.norm_type) if np.isinf(run.norm_type) else run.norm_type,
        "norms_before": run.norms_before.tolist(),
        "norms": run.norms.tolist(),
        "result": run.result.tolist(),
        "one_hot": vars(run.one_hot) if run.one_hot else None,
    }


def _step_document(step: Step) -> dict[str, Any]:
    return {
        "objective": step.objective,
        "learning_rate": step.learning_rate,
        "loss": step.loss,
        "loss_after": step.loss_after,
        "untouched": step.untouched,
        "rows": step.rows.tolist(),
        "repeats": step.repeats.tolist(),
        "norms": step.norms.tolist(),
        "gradient": step.gradient.tolist(),
    }


def _tell_missing(run: LayerRun) -> None:
    missing = [piece for piece in run.pieces.pieces if piece.row is None] if run.pieces else []
    for piece in missing:
        say(f"- {token_cell(piece.piece)}: {piece.how}; not looked up.")


def _show_rows(table: Table, run: LayerRun) -> None:
    """A line an id, in order."""
    vectors = run.result.reshape(-1, run.dim)
    shortened = run.max_norm is not None or run.padding_idx is not None
    typed = [piece for piece in run.pieces.pieces if piece.row is not None] if run.pieces else []
    rows = []
    for at, place in enumerate(islice(np.ndindex(run.ids.shape), MOST_LINES)):
        row = int(run.ids[place])
        norms = [decimal(float(of[place]), 4) for of in (run.norms_before, run.norms)]
        rows.append(
            [
                "".join(f"[{index}]" for index in place) or "-",
                *([token_cell(typed[at].piece), typed[at].how] if typed else []),
                str(row),
                token_cell(table.tokens[row]),
                str(run.shard[place]),
                str(run.place[place]),
                *(norms if shortened else norms[:1]),
                start_of(vectors[at]),
            ]
        )
    after = ["after"] if shortened else []
    pieces = ["piece", "how"] if typed else []
    header = ["at", *pieces, "id", "token", "shard", "place", "norm", *after, "vector"]
    put_rows(header, rows, right="l" * (1 + len(pieces)) + "rlrrr" + "r" * shortened)
    if run.ids.size > MOST_LINES:
        say(f"- The first {MOST_LINES} of {run.ids.size:,} ids; --json has all of them.")


def start_of(vector: Any) -> str:
    """The first numbers of a vector."""
    return " ".join(decimals(vector[:5], 3)) + (" …" if len(vector) > 5 else "")


def _result_lines(run: LayerRun) -> Iterator[str]:
    yield ""
    yield f"ids {_shape(run.ids.shape)} -> result {_shape(run.result.shape)}, {run.result.dtype}"
    if run.shards > 1:
        yield f"{_shards(run)}; {_rule(run)}"
    cost = run.one_hot
    if cost is not None and cost.ids:
        seconds, gathered = _duration(cost.seconds), _duration(cost.gather_seconds)
        yield f"by one-hot vectors: {_bytes(cost.bytes)} read, {seconds}{_agreement(cost)}"
        yield f"by looking up:      {_bytes(cost.gather_bytes)} read, {gathered}"


def _agreement(cost: OneHotCost) -> str:
    """Whether the product gave the same, and of how many ids that was measured."""
    part = f" ({cost.measured:,} of {cost.ids:,} ids measured)" if cost.measured < cost.ids else ""
    if not cost.same:
        return f"{part}; spoilt, for 0 x NaN and 0 x infinity are NaN"
    return f"{part}; the same numbers"


def _shards(run: LayerRun) -> str:
    """How many shards there are, and of how many rows."""
    size, longer = divmod(run.rows, run.shards)
    if not longer:
        return f"{run.shards:,} shards of {size:,} {'row' if size == 1 else 'rows'}"
    have, rows = "has" if longer == 1 else "have", "row" if size == 0 else "rows"
    return f"{longer:,} of {run.shards:,} shards {have} {size + 1:,} {rows}, the others {size:,}"


def _rule(run: LayerRun) -> str:
    if run.strategy == "mod":
        return f"row i is in shard i mod {run.shards} at i div {run.shards}"
    return "rows that follow one another stay together"


def _shape(shape: tuple[int, ...]) -> str:
    return str(tuple(map(int, shape)))


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


def _duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def told_rows(count: int) -> str:
    """So many rows, and the verb."""
    return "1 row has" if count == 1 else f"{count:,} rows have"


def _show_step(table: Table, step: Step) -> None:
    click.echo(f"\none step, {step.objective} loss, learning rate {step.learning_rate:g}")
    rows = [
        [
            str(row),
            token_cell(table.tokens[row]),
            str(repeats),
            decimal(norm, 6),
            start_of(gradient),
        ]
        for row, repeats, norm, gradient in zip(
            step.rows[:MOST_LINES].tolist(),
            step.repeats.tolist(),
            step.norms.tolist(),
            step.gradient,
            strict=False,
        )
    ]
    put_rows(["row", "token", "times", "gradient's norm", "gradient"], rows, right="rlrr")
    click.echo(
        f"{told_rows(len(step.rows))} a gradient, {step.untouched:,} have none; "
        f"loss {step.loss:.6f} -> {step.loss_after:.6f}"
    )
