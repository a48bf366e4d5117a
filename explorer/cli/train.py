"""`train`: an embedding table from a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.options import (
    given,
    json_option,
    output_option,
    params_options,
    refuse_given,
    seed_option,
)
from explorer.cli.sections import SectionedCommand
from explorer.cli.terminal import progress_bar, put_json, say
from explorer.corpora import corpora
from explorer.objectives import objectives
from explorer.progress import Cancelled, Progress, Report
from explorer.training import EpochFigures, Snapshot, Started, Trained, keep

_OBJECTIVES = {name: objective.params for name, objective in objectives().items()}
_CORPORA = {name: corpus.params for name, corpus in corpora().items()}
_OWNERS = _OBJECTIVES | _CORPORA
_HEADINGS = {name: f"With --objective {name} alone" for name in _OBJECTIVES} | {
    name: corpus.title for name, corpus in corpora().items()
}


@click.command("train", cls=SectionedCommand, short_help="Train an embedding table on a corpus.")
@click.argument("corpus", type=click.Path(path_type=Path))
@output_option("OUT.safetensors")
@click.option(
    "--objective",
    type=click.Choice(list(_OBJECTIVES)),
    default="sentiment",
    show_default=True,
    help="What the table is trained for.",
)
@seed_option
@json_option
@params_options(_OWNERS, _HEADINGS)
def command(
    corpus: Path, objective: str, seed: int, as_json: bool, output: Path, **flags: Any
) -> None:
    """Train on CORPUS and save the table, with its tokenizer beside it.

    CORPUS is a CSV or TSV file (.gz too) with a text and a label column, or an aclImdb folder.
    Ctrl+C stops the training and saves what was learnt so far.
    """
    chosen = given(_OWNERS, [objective, *_CORPORA], flags)
    _refuse_idle(corpus, chosen[objective])
    corpus_params = {name: value for kind in _CORPORA for name, value in chosen[kind].items()}
    pipeline.ensure_spared(output, [corpus])
    pipeline.ensure_savable(output)
    trained = train_until_stopped(
        corpus, objective, seed=seed, corpus_params=corpus_params, params=chosen[objective]
    )
    saved = pipeline.save_table(trained.table, output)
    for note in saved.report:
        say(f"{'!' if note.level == 'warning' else '-'} {note.message}")
    if as_json:
        put_json(_document(trained, output))
    else:
        click.echo(f"{output}: {len(saved):,} tokens x {saved.dim}. {_verdict(trained)}")


def _refuse_idle(corpus: Path, params: dict[str, Any]) -> None:
    """Raises click.UsageError for flags that would change nothing. params: of the objective."""
    if corpus.is_dir():
        refuse_given(["text_column", "label_column"], "names a column, and CORPUS is a folder")
    if params.get("validation") == 0 and params.get("patience"):
        refuse_given(["patience"], "needs reviews to validate on: --validation is 0")
    if not params.get("max_norm"):
        refuse_given(["norm_type"], "needs --max-norm")


def train_until_stopped(
    corpus: Path | None,
    objective: str,
    *,
    seed: int,
    corpus_params: dict[str, Any],
    params: dict[str, Any],
) -> Trained:
    """Trains and tells of it on stderr; Ctrl+C keeps the last snapshot, if there is one."""
    story = _Story()
    try:
        with progress_bar() as report:
            return pipeline.train(
                corpus,
                objective,
                seed=seed,
                corpus_params=corpus_params,
                report=story.told_to(report),
                **params,
            )
    except Cancelled:
        if story.snapshot is None:
            raise
        say("Stopped; what was learnt so far is kept.")
        return keep(story.snapshot)


class _Story:
    """Tells the layer summary and each finished epoch once; remembers the last snapshot."""

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self._epochs = 0

    def told_to(self, report: Report) -> Report:
        def tell(progress: Progress) -> None:
            if isinstance(progress.partial, Started):
                say(progress.partial.summary.as_text())
            elif isinstance(progress.partial, Snapshot):
                self._note(progress.partial)
            report(progress)

        return tell

    def _note(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        for figures in snapshot.history[self._epochs :]:
            say(epoch_line(figures))
        self._epochs = len(snapshot.history)


def epoch_line(figures: EpochFigures) -> str:
    """One epoch's figures in one line."""
    numbers = {
        "loss": figures.loss,
        "accuracy": figures.accuracy,
        "validation loss": figures.validation_loss,
        "validation accuracy": figures.validation_accuracy,
    }
    known = [f"{name} {number:.4f}" for name, number in numbers.items() if number is not None]
    return "  ".join([f"epoch {figures.epoch:>3}", *known, f"{figures.seconds:.1f} s"])


def _verdict(trained: Trained) -> str:
    if trained.best_epoch is None:
        now = f"Stopped within epoch {len(trained.history) + 1}; the table is as it was then."
        return f"{now} Before: {epoch_line(trained.history[-1])}" if trained.history else now
    best = trained.history[trained.best_epoch - 1]
    if best.validation_accuracy is not None:
        return f"Of epoch {best.epoch}, validation accuracy {best.validation_accuracy:.4f}."
    if best.validation_loss is not None:
        return f"Of epoch {best.epoch}, validation loss {best.validation_loss:.4f}."
    return f"Of epoch {best.epoch}."


def _document(trained: Trained, output: Path) -> dict[str, Any]:
    return {
        "output": str(output),
        "rows": len(trained.table),
        "dim": trained.table.dim,
        "stopped": trained.stopped,
        "best_epoch": trained.best_epoch,
        "history": [
            {name: getattr(figures, name) for name in EpochFigures.__dataclass_fields__}
            for figures in trained.history
        ],
    }
