"""Similarity and analogies beside gensim: are the numbers the same, and how long do they take?

    python benchmarks/evaluation.py [--quick] [--table TABLE] [--lists FOLDER]

The table and the lists (WordSim-353, SimLex-999, questions-words) are those of the development data
beside the checkout, or those that are named; without them only speed is measured, on made numbers.
gensim is no dependency; it is taken from an environment of its own:

    python -m venv peers && peers/bin/pip install gensim
    PYTHONPATH=peers/lib/python3.11/site-packages python benchmarks/evaluation.py

Every number may differ by 1e-6 (gensim works in float32) and every answered question by none;
seconds are single runs. Prints Markdown tables; the exit status is 1 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explorer import pipeline
from explorer.evaluation import Analogies, WordSimilarity
from explorer.table import Table
from explorer.vectors import Vectors

_BOUND = 1e-6
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_QUESTIONS = 300  # asked one by one, for their ten best answers


@dataclass(frozen=True)
class Compared:
    """One number of ours and gensim's, or the largest difference among many."""

    what: str
    ours: str
    theirs: str
    difference: float

    @property
    def kept(self) -> bool:
        return self.difference <= _BOUND


def main() -> int:
    options = _options()
    kept = True
    if options.table.exists() and options.lists.is_dir():
        kept = _equality(pipeline.open_table(options.table), sorted(options.lists.iterdir()))
    else:
        print("THE DEVELOPMENT DATA ARE NOT HERE: nothing is compared with gensim.\n")
    sizes = ((10_000, 200),) if options.quick else ((10_000, 200), (400_000, 300))
    _speed(sizes)
    return 0 if kept else 1


def _equality(table: Table, lists: Sequence[Path]) -> bool:
    if importlib.util.find_spec("gensim") is None:
        print("gensim IS NOT INSTALLED: nothing is compared with it (see --help).\n")
        return True
    peer = _peer(table)
    results, ours = _timed(lambda: pipeline.evaluate(table, lists))
    scores, theirs = _timed(lambda: [_evaluated(peer, one) for one in results])
    print(f"{table.name}, {len(table):,} x {table.dim}\n")
    print("| what | this | gensim | difference | |")
    print("|---|---:|---:|---:|---|")
    kept = True
    for one in _comparisons(table, peer, results, scores):
        kept = kept and one.kept
        sign = "" if one.kept else "NOT KEPT"
        print(f"| {one.what} | {one.ours} | {one.theirs} | {one.difference:.1e} | {sign} |")
    print(f"\nAll lists: this {ours:.2f} s, gensim {theirs:.2f} s, {theirs / ours:.1f} x\n")
    return kept


def _peer(table: Table) -> Any:
    from gensim.models import KeyedVectors

    peer = KeyedVectors(table.dim)
    peer.add_vectors(list(table.tokens), table.vectors.to_numpy())
    return peer


def _evaluated(peer: Any, result: WordSimilarity | Analogies) -> Any:
    if isinstance(result, Analogies):
        return peer.evaluate_word_analogies(str(result.path))
    return peer.evaluate_word_pairs(str(result.path))


def _comparisons(
    table: Table, peer: Any, results: Sequence[Any], scores: Sequence[Any]
) -> Iterator[Compared]:
    for result, score in zip(results, scores, strict=True):
        if isinstance(result, Analogies):
            yield from _same_analogies(result, score)
            yield from _same_answers(table, peer, result)
        else:
            yield from _same_correlations(result, score)
            yield _same_cosines(table, peer, result)
    yield _same_odd(table, peer)
    yield from _same_with_options(table, peer, [result.path for result in results])


def _same_with_options(table: Table, peer: Any, lists: Sequence[Path]) -> Iterator[Compared]:
    """Where case counts, few rows are known, and unknown words count."""
    ours = pipeline.evaluate(
        table, lists, case_sensitive=True, restrict_vocab=3000, count_unknown=True
    )
    options = {"case_insensitive": False, "restrict_vocab": 3000, "dummy4unknown": True}
    for result in ours:
        path, what = str(result.path), f"{result.name}, with every option"
        if isinstance(result, Analogies):
            score = peer.evaluate_word_analogies(path, **options)[0]
            yield _numbers(f"{what}, accuracy", result.score, score)
        else:
            score = peer.evaluate_word_pairs(path, **options)[1][0]
            yield _numbers(f"{what}, Spearman", result.score, float(score))


def _same_correlations(result: WordSimilarity, score: Any) -> Iterator[Compared]:
    pearson, spearman, unknown = score
    numbers = {
        "Spearman": (result.spearman, spearman[0]),
        "Spearman's p": (result.spearman_p, spearman[1]),
        "Pearson": (result.pearson, pearson[0]),
        "Pearson's p": (result.pearson_p, pearson[1]),
        "coverage": (result.coverage, 1 - unknown / 100),
    }
    for name, (ours, theirs) in numbers.items():
        yield _numbers(f"{result.name}, {name}", ours, float(theirs))


def _numbers(what: str, ours: float, theirs: float) -> Compared:
    return Compared(what, f"{ours:.7g}", f"{theirs:.7g}", abs(ours - theirs))


def _same_cosines(table: Table, peer: Any, result: WordSimilarity) -> Compared:
    pairs = [[table.tokens[row] for row in one.rows] for one in result.pairs if not one.missing]
    differences = [
        abs(pipeline.similarity(table, *pair) - peer.similarity(*pair)) for pair in pairs
    ]
    return Compared(f"{result.name}, {len(pairs)} cosines", "", "", float(max(differences)))


def _same_analogies(result: Analogies, score: Any) -> Iterator[Compared]:
    accuracy, sections = score
    yield _numbers(f"{result.name}, accuracy", result.score, accuracy)
    for ours, theirs in zip(result.sections, sections[:-1], strict=True):
        right = len(theirs["correct"])
        yield _numbers(f"{result.name}, right in {ours.name}", ours.right, right)
    mine = {_question(one.question) for one in result.answers if one.right}
    other = {tuple(one) for section in sections[:-1] for one in section["correct"]}
    what = f"{result.name}, questions answered otherwise"
    yield Compared(what, f"{len(mine):,}", f"{len(other):,}", len(mine ^ other))


def _question(question: Any) -> tuple[str, ...]:
    words = (question.a, question.b, question.c, question.expected)
    return tuple(word.upper() for word in words)


def _same_answers(table: Table, peer: Any, result: Analogies) -> Iterator[Compared]:
    """The ten best answers to single questions, by both methods: the words, and their scores."""
    known = [one.rows for one in result.answers if not one.missing]
    some = known[:: max(1, len(known) // _QUESTIONS)]
    for how, ask in {"add": peer.most_similar, "mul": peer.most_similar_cosmul}.items():
        worst = 0.0
        for rows in some:
            a, b, c = (table.tokens[row] for row in rows[:3])
            theirs = dict(ask(positive=[b, c], negative=[a], topn=11))
            found = pipeline.analogy(table, a, b, c, how=how)
            for row, score in zip(found.rows.tolist(), found.scores.tolist(), strict=True):
                worst = max(worst, abs(score - theirs.get(table.tokens[row], np.inf)))
        yield Compared(f"{result.name}, 10 x {len(some)} answers, {how}", "", "", worst)


def _same_odd(table: Table, peer: Any) -> Compared:
    """The odd one of five random words, 200 times."""
    random, worst = np.random.default_rng(0), 0.0
    for _ in range(200):
        words = [table.tokens[row] for row in random.choice(len(table), 5, replace=False)]
        found = pipeline.odd_one_out(table, words)
        theirs = {word: score for score, word in peer.rank_by_centrality(words)}
        differences = [abs(s - theirs[w]) for s, w in zip(found.scores, words, strict=True)]
        other = np.inf if peer.doesnt_match(words) != table.tokens[found.row] else 0.0
        worst = max(worst, float(max(differences)), other)
    return Compared("the odd one out, 200 x 5 words", "", "", worst)


def _speed(sizes: Sequence[tuple[int, int]]) -> None:
    """19,544 questions of 905 words, all of them known, on made numbers."""
    print("| rows x dim | questions | 3CosAdd (s) | 3CosMul (s) |")
    print("|---|---:|---:|---:|")
    for rows, dim in sizes:
        random = np.random.default_rng(0)
        tokens = tuple(f"w{row}" for row in range(rows))
        table = Table(tokens, Vectors(random.standard_normal((rows, dim), dtype=np.float32)))
        words = random.choice(rows, 905, replace=False)
        questions = random.choice(words, (19_544, 4))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "questions.txt"
            path.write_text("\n".join(" ".join(f"w{row}" for row in one) for one in questions))
            seconds = [
                _timed(lambda t=table, p=path, h=how: pipeline.evaluate(t, p, how=h))[1]
                for how in ("add", "mul")
            ]
        print(f"| {rows:,} x {dim} | 19,544 | {seconds[0]:.1f} | {seconds[1]:.1f} |", flush=True)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.perf_counter()
    made = work()
    return made, time.perf_counter() - begin


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="the small made table only")
    parser.add_argument("--table", type=Path, default=_DATA / "word2vec_imdb_10k")
    parser.add_argument("--lists", type=Path, default=_DATA / "eval")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
