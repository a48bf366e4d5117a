"""`layer`: what an embedding layer does when it looks something up, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import json_option, labels_option, table_argument, tensor_option
from explorer.cli.terminal import progress_bar, put_json, put_rows, say
from explorer.embedding.code import pytorch, tensorflow
from explorer.embedding.ids import parse_ids
from explorer.embedding.layer import EmbeddingLayer
from explorer.embedding.shards import STRATEGIES
from explorer.embedding.step import OBJECTIVES, Step
from explorer.pipeline import LayerRun
from explorer.table import Table
from explorer.tokens import shown

_MOST_LINES = 40  # ids shown as a table; --json has them all


@click.command("layer", short_help="What an embedding layer does in a lookup, step by step.")
@table_argument
@click.argument("text", required=False)
@click.option("--ids", metavar="IDS", help='Row numbers in place of TEXT, such as "[[2,3],[1,0]]".')
@click.option("--shards", type=click.IntRange(min=1), default=1, show_default=True, help="Parts.")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    default="mod",
    show_default=True,
    help="How rows are shared out: dealt like cards, or in runs.",
)
@click.option("--max-norm", type=float, metavar="X", help="Scale longer rows down to this norm.")
@click.option(
    "--norm-type", type=float, default=2.0, metavar="P", help="The norm's p: 1, 2, inf.  [2]"
)
@click.option("--padding-idx", type=int, metavar="ROW", help="This row is zero and not trained.")
@click.option("--step", is_flag=True, help="Take one training step, and show the gradient.")
@click.option("--objective", type=click.Choice(list(OBJECTIVES)), help="Of the step.  [logistic]")
@click.option("--learning-rate", type=float, metavar="X", help="Of the step.  [0.1]")
@click.option("--summary", is_flag=True, help="The layer's summary, in the manner of Keras.")
@click.option("--code", is_flag=True, help="Each step in PyTorch and TensorFlow.")
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    text: str | None,
    ids: str | None,
    tensor: str,
    labels: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Look TEXT (or --ids) up in TABLE as an embedding layer does, and show every step: ids, where
    each row lies among shards, padding and max norm, the result's shape, what the same costs as a
    product with one-hot vectors, and what one step of training changes.

    TABLE itself is never changed.
    """
    wanted = _wanted(text, ids)
    _check_step(asked)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        names = ("shards", "strategy", "max_norm", "norm_type", "padding_idx")
        settings = {name: asked[name] for name in names}
        run = pipeline.look_into(opened, wanted, **settings, report=report)
        step = _step(opened, run, asked) if asked["step"] else None
    summary = _layer(run).summary(run.ids.shape) if asked["summary"] else ""
    if as_json:
        put_json(_document(opened, run, step, summary, code=asked["code"]))
    else:
        _show(opened, run, step, summary, code=asked["code"])


def _wanted(text: str | None, ids: str | None) -> Any:
    if (text is None) == (ids is None):
        raise click.UsageError('Give either a TEXT or --ids, such as --ids "[[2,3],[1,0]]".')
    return text if ids is None else parse_ids(ids)


def _check_step(asked: dict[str, Any]) -> None:
    for name in ("objective", "learning_rate"):
        if asked[name] is not None and not asked["step"]:
            raise click.UsageError(f"--{name.replace('_', '-')} is about --step.")


def _step(table: Table, run: LayerRun, asked: dict[str, Any]) -> Step:
    names = ("objective", "learning_rate")
    chosen = {name: asked[name] for name in names if asked[name] is not None}
    return pipeline.training_step(table, run, **chosen)


def _layer(run: LayerRun) -> EmbeddingLayer:
    return EmbeddingLayer(
        run.rows,
        run.dim,
        initializer="table",
        padding_idx=run.padding_idx,
        max_norm=run.max_norm,
        norm_type=run.norm_type,
    )


def _document(
    table: Table, run: LayerRun, step: Step | None, summary: str, *, code: bool
) -> dict[str, Any]:
    document: dict[str, Any] = {
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
    if step is not None:
        document["step"] = _step_document(step)
    if summary:
        document["summary"] = summary
    if code:
        document["code"] = _codes(run, step)
    return document


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


_LANGUAGES = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}


def _codes(run: LayerRun, step: Step | None) -> dict[str, str]:
    lines = run.lines + (step.lines if step else ())
    return {"pytorch": pytorch(lines), "tensorflow": tensorflow(lines)}


def _show(table: Table, run: LayerRun, step: Step | None, summary: str, *, code: bool) -> None:
    if run.pieces:
        _tell_missing(run)
    _show_rows(table, run)
    for line in _result_lines(run):
        click.echo(line)
    if step is not None:
        _show_step(table, step)
    if summary:
        click.echo(f"\n{summary}")
    if code:
        for language, lines in _codes(run, step).items():
            click.echo(f"\n# {_LANGUAGES[language]}\n{lines}")


def _tell_missing(run: LayerRun) -> None:
    missing = [piece for piece in run.pieces.pieces if piece.row is None] if run.pieces else []
    for piece in missing:
        say(f"- {shown(piece.piece)}: {piece.how}; not looked up.")


def _show_rows(table: Table, run: LayerRun) -> None:
    """A line an id, in order."""
    vectors = run.result.reshape(-1, run.dim)
    shortened = run.max_norm is not None or run.padding_idx is not None
    typed = [piece for piece in run.pieces.pieces if piece.row is not None] if run.pieces else []
    rows = []
    for at, place in enumerate(islice(np.ndindex(run.ids.shape), _MOST_LINES)):
        row = int(run.ids[place])
        norms = [f"{run.norms_before[place]:.4f}", f"{run.norms[place]:.4f}"]
        rows.append(
            [
                "".join(f"[{index}]" for index in place) or "-",
                *([shown(typed[at].piece), typed[at].how] if typed else []),
                str(row),
                shown(table.tokens[row]),
                str(run.shard[place]),
                str(run.place[place]),
                *(norms if shortened else norms[:1]),
                _start(vectors[at]),
            ]
        )
    after = ["after"] if shortened else []
    pieces = ["piece", "how"] if typed else []
    header = ["at", *pieces, "id", "token", "shard", "place", "norm", *after, "vector"]
    put_rows(header, rows, right="l" * (1 + len(pieces)) + "rlrrr" + "r" * shortened)
    if run.ids.size > _MOST_LINES:
        say(f"- The first {_MOST_LINES} of {run.ids.size:,} ids; --json has all of them.")


def _start(vector: Any) -> str:
    return " ".join(f"{value:.3f}" for value in vector[:5]) + (" …" if len(vector) > 5 else "")


def _result_lines(run: LayerRun) -> Iterator[str]:
    yield ""
    yield f"ids {_shape(run.ids.shape)} -> result {_shape(run.result.shape)}, {run.result.dtype}"
    if run.shards > 1:
        yield f"{_shards(run)}; {_rule(run)}"
    cost = run.one_hot
    if cost is not None and cost.ids:
        seconds, gathered = _duration(cost.seconds), _duration(cost.gather_seconds)
        yield f"by one-hot vectors: {_bytes(cost.bytes)} read, {seconds}{_agreement(run)}"
        yield f"by looking up:      {_bytes(cost.gather_bytes)} read, {gathered}"


def _agreement(run: LayerRun) -> str:
    if run.one_hot is not None and not run.one_hot.same:
        return "; spoilt, for 0 x NaN and 0 x infinity are NaN"
    return "; the same numbers"


def _shards(run: LayerRun) -> str:
    """How many shards there are, and of how many rows."""
    size, longer = divmod(run.rows, run.shards)
    if not longer:
        return f"{run.shards:,} shards of {size:,} rows"
    return f"{longer:,} of {run.shards:,} shards have {size + 1:,} rows, the others {size:,}"


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


def _show_step(table: Table, step: Step) -> None:
    click.echo(f"\none step, {step.objective} loss, learning rate {step.learning_rate:g}")
    rows = [
        [str(row), shown(table.tokens[row]), str(repeats), f"{norm:.6f}", _start(gradient)]
        for row, repeats, norm, gradient in zip(
            step.rows[:_MOST_LINES].tolist(),
            step.repeats.tolist(),
            step.norms.tolist(),
            step.gradient,
            strict=False,
        )
    ]
    put_rows(["row", "token", "times", "gradient's norm", "gradient"], rows, right="rlrr")
    click.echo(
        f"{len(step.rows):,} rows have a gradient, {step.untouched:,} have none; "
        f"loss {step.loss:.6f} -> {step.loss_after:.6f}"
    )
