"""Training on real reviews, beside TF-IDF and logistic regression on the identical split.

    python benchmarks/train.py --data ../shared/data/imdb/imdb_train_25k.csv.gz

Prints a Markdown table. The clock of our row runs from the closed file to the saved table, with
every import that a first training pays for.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from explorer.corpora import Texts, corpora
from explorer.errors import ExplorerError
from explorer.formats import formats
from explorer.objectives import objectives
from explorer.objectives._split import stratified_split
from explorer.progress import Progress, silent
from explorer.training import Started, Trained, train

_DATA = Path(__file__).parents[2] / "shared/data/imdb/imdb_train_25k.csv.gz"


@dataclass(frozen=True)
class Result:
    """One line: what it was, its validation accuracy, its seconds, and a word on them."""

    name: str
    accuracy: float
    seconds: float
    remark: str


def main() -> int:
    options = _options()
    if not options.data.exists():
        print(f"{options.data} is not there; name a corpus with --data.", file=sys.stderr)
        return 1
    try:
        texts, ours = _ours(options)
    except ExplorerError as error:
        print(error, file=sys.stderr)
        return 1
    yardstick = _yardstick(texts, ours_validation=options.validation, seed=options.seed)
    _print([ours, yardstick])
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=_DATA, help="labelled reviews to train on")
    parser.add_argument("--pooling", choices=("mean", "flatten"), default="mean")
    parser.add_argument("--validation", type=float, default=0.2, help="share held out")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def _ours(options: argparse.Namespace) -> tuple[Texts, Result]:
    """The default parameters, from the file to the saved table."""
    objective, corpus = objectives()["sentiment"], corpora()["reviews"]
    params = objective.params(pooling=options.pooling, validation=options.validation)
    clock = _Clock()
    texts = corpus.read(options.data, corpus.params(), silent)
    clock.lap("read")
    trained = train(texts, objective, params, seed=options.seed, report=clock.at_start)
    clock.lap("train")
    _save(trained)
    clock.lap("save")
    best = trained.history[trained.best_epoch - 1]
    remark = f"epoch {best.epoch} of {len(trained.history)}; {clock}"
    name = f"embedding table, {options.pooling}, seed {options.seed}"
    return texts, Result(name, best.validation_accuracy, clock.total, remark)


def _save(trained: Trained) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.safetensors"
        formats()["safetensors"].write(trained.table, path, report=silent)


class _Clock:
    """Seconds of each stretch of the work."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = now - self._last
        self._last = now

    def at_start(self, progress: Progress) -> None:
        """A report that tells the words' stretch from the training's."""
        if isinstance(progress.partial, Started):
            self.lap("words")

    @property
    def total(self) -> float:
        return sum(self._laps.values())

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self._laps.items())


def _yardstick(texts: Texts, *, ours_validation: float, seed: int) -> Result:
    """Words and pairs of words, TF-IDF, logistic regression: scikit-learn's plain recipe."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    training, held_out = stratified_split(texts.labels, ours_validation, seed)
    clock = _Clock()
    tfidf = TfidfVectorizer(ngram_range=(1, 2), min_df=5, sublinear_tf=True)
    features = tfidf.fit_transform([texts.texts[row] for row in training])
    clock.lap("words")
    model = LogisticRegression(C=10, max_iter=1000).fit(features, texts.labels[training])
    clock.lap("train")
    unseen = tfidf.transform([texts.texts[row] for row in held_out])
    accuracy = float((model.predict(unseen) == texts.labels[held_out]).mean())
    clock.lap("validate")
    return Result("TF-IDF (1, 2) + logistic regression", accuracy, clock.total, str(clock))


def _print(results: list[Result]) -> None:
    print("| model | validation accuracy | seconds | |")
    print("|---|---|---|---|")
    for result in results:
        print(f"| {result.name} | {result.accuracy:.4f} | {result.seconds:.1f} | {result.remark} |")


if __name__ == "__main__":
    sys.exit(main())
