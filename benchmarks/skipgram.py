"""Skip-gram with negative sampling beside gensim: words a second, and what was learnt.

    python benchmarks/skipgram.py

The corpus is planted: 30,000 words in 300 clusters; half of the words of a sentence come from one
cluster, half from all words. Quality is purity@10: the share of a word's ten nearest rows (cosine)
that are of its cluster, over 3,000 words. Both sides have the same words, dimension, window,
negatives, thinning and threads, and their clocks run over the same work: from sentences of words in
memory or on disk to vectors, vocabulary included. Each side learns at its default rate and at the
best of those tried on this corpus for a single epoch (ours 0.1 to 0.4, gensim 0.025 to 0.2), as the
rate decides more than the program. gensim is left out where it is not installed.
Prints a Markdown table; medians over the runs.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.corpora import Texts
from explorer.objectives import objectives
from explorer.training import train

_VOCABULARY, _CLUSTER, _SENTENCE = 30_000, 100, 20
_SETTINGS = {"dim": 100, "window": 5, "negatives": 5, "subsampling": 1e-3}
_THREADS = 2
_OURS = [(0.1, 1), (0.1, 2), (0.3, 1)]  # learning rate, epochs
_GENSIM = [(0.025, 1), (0.025, 2), (0.1, 1)]

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Planted:
    """sentences: one text each, of words that are numbers. cluster: of every number."""

    sentences: list[str]
    cluster: npt.NDArray[np.int64]
    words: int


@dataclass(frozen=True)
class Contender:
    """learn: (rate, epochs, seed) -> vectors, a row for every number."""

    name: str
    rate: float
    epochs: int
    learn: Callable[[float, int, int], Vectors]


def main() -> int:
    # Threads that spin while they wait take the core that the other one needs.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    options = _options()
    corpus = _plant(options.words)
    contenders = [Contender("ours", *each, partial(_ours, corpus)) for each in _OURS]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.txt"
        path.write_text("\n".join(corpus.sentences) + "\n", encoding="ascii")
        if importlib.util.find_spec("gensim"):
            contenders += [Contender("gensim", *each, partial(_gensim, path)) for each in _GENSIM]
        else:
            print("gensim is not installed; only our side is measured.", file=sys.stderr)
        _print(_measure(contenders, corpus, options.runs))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--words", type=int, default=2_000_000, help="words in the corpus")
    parser.add_argument("--runs", type=int, default=3, help="runs of each, a seed each")
    return parser.parse_args()


def _plant(words: int, seed: int = 0) -> Planted:
    """Frequencies fall as those of language do: about as one over the rank."""
    rng = np.random.default_rng(seed)
    clusters = _VOCABULARY // _CLUSTER
    cluster = rng.permutation(np.arange(_VOCABULARY) % clusters)
    members = np.argsort(cluster, kind="stable").reshape(clusters, _CLUSTER)
    shape = (words // _SENTENCE, _SENTENCE)
    anywhere = rng.choice(_VOCABULARY, shape, p=_falling(_VOCABULARY, 10))
    topic = rng.integers(clusters, size=(len(anywhere), 1))
    inside = members[topic, rng.choice(_CLUSTER, shape, p=_falling(_CLUSTER, 3))]
    chosen = np.where(rng.random(shape) < 0.5, inside, anywhere)
    sentences = [" ".join(map(str, sentence)) for sentence in chosen.tolist()]
    return Planted(sentences, cluster, chosen.size)


def _falling(count: int, shift: int) -> npt.NDArray[np.float64]:
    weight = 1 / np.arange(shift, shift + count)
    chances: npt.NDArray[np.float64] = weight / weight.sum()
    return chances


def _ours(corpus: Planted, rate: float, epochs: int, seed: int) -> Vectors:
    objective = objectives()["skipgram"]
    params: dict[str, Any] = _SETTINGS | {
        "epochs": epochs,
        "threads": _THREADS,
        "min_frequency": 1,
        "vocabulary": _VOCABULARY + 2,
        "validation": 0.0,
        "batch_size": 400,
        "learning_rate": rate,
    }
    labels = np.zeros(len(corpus.sentences), dtype=np.int64)
    texts = Texts(corpus.sentences, labels, ("none",), Path("planted"))
    table = train(texts, objective, objective.params(**params), seed=seed).table
    rows = [table.find(str(word)) for word in range(_VOCABULARY)]
    return table.vectors.to_numpy()[[row or 0 for row in rows]]


def _gensim(path: Path, rate: float, epochs: int, seed: int) -> Vectors:
    from gensim.models import Word2Vec

    model = Word2Vec(
        corpus_file=str(path),
        sg=1,
        vector_size=_SETTINGS["dim"],
        window=_SETTINGS["window"],
        negative=_SETTINGS["negatives"],
        sample=_SETTINGS["subsampling"],
        alpha=rate,
        min_count=1,
        epochs=epochs,
        workers=_THREADS,
        seed=seed,
    )
    missing = np.zeros(_SETTINGS["dim"], dtype=np.float32)
    known = model.wv.key_to_index
    return np.stack([model.wv[str(w)] if str(w) in known else missing for w in range(_VOCABULARY)])


def _purity(vectors: Vectors, cluster: npt.NDArray[np.int64], k: int = 10) -> float:
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    asked = np.random.default_rng(1).choice(len(unit), 3000, replace=False)
    cosine = unit[asked] @ unit.T
    cosine[np.arange(len(asked)), asked] = -np.inf
    near = np.argpartition(-cosine, k, axis=1)[:, :k]
    return float((cluster[near] == cluster[asked][:, None]).mean())


def _measure(contenders: list[Contender], corpus: Planted, runs: int) -> list[tuple[str, ...]]:
    """A line each. They take turns, so that a busy moment of the machine falls on all."""
    seconds: list[list[float]] = [[] for _ in contenders]
    purities: list[list[float]] = [[] for _ in contenders]
    for seed in range(runs):
        for place, each in enumerate(contenders):
            started = time.perf_counter()
            vectors = each.learn(each.rate, each.epochs, seed)
            seconds[place].append(time.perf_counter() - started)
            purities[place].append(_purity(vectors, corpus.cluster))
    return [
        _line(each, corpus.words, statistics.median(took), statistics.median(purity))
        for each, took, purity in zip(contenders, seconds, purities, strict=True)
    ]


def _line(each: Contender, words: int, took: float, purity: float) -> tuple[str, ...]:
    speed = f"{words * each.epochs / took / 1000:,.0f}k"
    return each.name, f"{each.rate:g}", str(each.epochs), f"{took:.1f}", speed, f"{purity:.3f}"


def _print(lines: list[tuple[str, ...]]) -> None:
    print("| | rate | epochs | s | words/s | purity@10 |")
    print("|---|---:|---:|---:|---:|---:|")
    for line in lines:
        print(f"| {' | '.join(line)} |")


if __name__ == "__main__":
    sys.exit(main())
