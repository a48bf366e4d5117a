"""`layer`: what an embedding layer does when it looks something up, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.bagging import BagsShown
from explorer.cli.layering import LayerShown
from explorer.cli.opening import open_table
from explorer.cli.options import (
    WholeNumber,
    json_option,
    labels_option,
    refuse_given,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import progress_bar, put_json
from explorer.embedding.bags import COMBINERS, parse_weights
from explorer.embedding.ids import parse_bags, parse_ids
from explorer.embedding.layer import EmbeddingLayer
from explorer.embedding.shards import STRATEGIES
from explorer.embedding.step import OBJECTIVES
from explorer.pipeline import LayerRun
from explorer.progress import Report
from explorer.table import Table

_NORM = ("max_norm", "norm_type", "padding_idx")
_ABOUT_STEP = ("objective", "target", "learning_rate")
_NOT_OF_BAGS = ("shards", "strategy", "step", "summary", *_ABOUT_STEP)


@click.command("layer", short_help="What an embedding layer does in a lookup, step by step.")
@table_argument
@click.argument("text", required=False)
@click.option("--ids", metavar="IDS", help='Row numbers in place of TEXT, such as "[[2,3],[1,0]]".')
@click.option("--shards", type=WholeNumber(min=1), help="How many parts TABLE is in.  [1]")
@click.option(
    "--strategy",
    type=click.Choice(STRATEGIES),
    help="How rows are shared out: dealt like cards, or in runs.  [mod]",
)
@click.option("--max-norm", type=float, metavar="X", help="Scale longer rows down to this norm.")
@click.option("--norm-type", type=float, metavar="P", help="The norm's p: 1, 2, inf.  [2]")
@click.option("--padding-idx", type=int, metavar="ROW", help="This row is zero and not trained.")
@click.option(
    "--combiner",
    type=click.Choice(COMBINERS),
    help="Combine each list of --ids, of any length, into one vector: an embedding bag.",
)
@click.option("--weights", metavar="LISTS", help='Of --combiner, such as "[[0.5,2],[],[1]]".')
@click.option("--step", is_flag=True, help="Take one training step, and show the gradient.")
@click.option("--objective", type=click.Choice(list(OBJECTIVES)), help="Of the step.  [logistic]")
@click.option(
    "--target",
    metavar="EXPRESSION",
    help='What the step is to reach, such as \'"good" - "bad"\'.  [equal coordinates]',
)
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
    if (text is None) == (ids is None):
        raise click.UsageError('Give either a TEXT or --ids, such as --ids "[[2,3],[1,0]]".')
    _check_flags(asked)
    if asked["combiner"] is None:
        wanted: Any = text if ids is None else parse_ids(ids)
    else:
        wanted = text if ids is None else parse_bags(ids)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        look = _into_ids if asked["combiner"] is None else _into_bags
        shown = look(opened, wanted, asked, report)
    if as_json:
        put_json(shown.document())
    else:
        shown.show()


def _check_flags(asked: dict[str, Any]) -> None:
    """Raises click.UsageError for flags that say nothing beside the others."""
    given = [name for name, value in asked.items() if value not in (None, False)]
    if (asked["shards"] or 1) == 1:
        refuse_given(["strategy"], "needs --shards, 2 or more")
    if asked["combiner"] is not None and asked["max_norm"] is None:
        refuse_given(["norm_type"], "needs --max-norm beside --combiner")
    for name in given:
        flag = f"--{name.replace('_', '-')}"
        if name in _ABOUT_STEP and not asked["step"]:
            raise click.UsageError(f"{flag} is about --step.")
        if name == "weights" and asked["combiner"] is None:
            raise click.UsageError(f"{flag} is about --combiner.")
        if name in _NOT_OF_BAGS and asked["combiner"] is not None:
            raise click.UsageError(f"{flag} does not go with --combiner.")


def _into_ids(table: Table, wanted: Any, asked: dict[str, Any], report: Report) -> LayerShown:
    run = pipeline.look_into(
        table,
        wanted,
        shards=asked["shards"] or 1,
        strategy=asked["strategy"] or "mod",
        **_given(asked, _NORM),
        report=report,
    )
    step = None
    if asked["step"]:
        step = pipeline.training_step(table, run, **_given(asked, _ABOUT_STEP), report=report)
    summary = _layer(run).summary(run.ids.shape) if asked["summary"] else ""
    return LayerShown(table, run, step, summary, code=asked["code"])


def _into_bags(table: Table, wanted: Any, asked: dict[str, Any], report: Report) -> BagsShown:
    weights = None if asked["weights"] is None else parse_weights(asked["weights"])
    run = pipeline.look_into_bags(
        table,
        [pipeline.lookup(table, wanted).rows] if isinstance(wanted, str) else wanted,
        weights,
        combiner=asked["combiner"],
        **_given(asked, _NORM),
        report=report,
    )
    return BagsShown(table, run, code=asked["code"])


def _given(asked: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: asked[name] for name in names if asked[name] is not None}


def _layer(run: LayerRun) -> EmbeddingLayer:
    return EmbeddingLayer(
        run.rows,
        run.dim,
        initializer="table",
        padding_idx=run.padding_idx,
        max_norm=run.max_norm,
        norm_type=run.norm_type,
    )
