"""Word similarity: do the table's cosines go along with what people say?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer.cosines import directions
from explorer.evaluation.contents import PairList
from explorer.evaluation.results import JudgedPair, WordSimilarity
from explorer.evaluation.vocabulary import Vocabulary
from explorer.progress import Progress, Report
from explorer.table import Table

F64 = npt.NDArray[np.float64]

_AT_ONCE = 8192  # pairs
_CONSTANT = 1e-12
_FEWEST = 3  # pairs: two always go along with each other, or against
_NAN = float("nan")


def word_similarity(
    table: Table,
    vocabulary: Vocabulary,
    asked: PairList,
    count_unknown: bool,
    notes: tuple[str, ...],
    report: Report,
) -> WordSimilarity:
    """Spearman's and Pearson's correlation of the cosines with the people's scores."""
    words = [(pair.first, pair.second) for pair in asked.pairs]
    rows = np.array([[vocabulary.row(word) for word in pair] for pair in words], dtype=np.int64)
    known: npt.NDArray[np.bool_] = np.asarray((rows >= 0).all(axis=1))
    cosines = np.full(len(words), np.nan)
    cosines[known] = _cosines(table, rows[known], report)
    counted = np.ones_like(known) if count_unknown else known
    gold, found = np.array([pair.score for pair in asked.pairs]), np.nan_to_num(cosines)
    columns = (cosines, _ranks(gold, counted), _ranks(found, counted))
    judged = [
        JudgedPair(pair, (first, second), cosine, vocabulary.missing(two), *ranks)
        for pair, two, (first, second), cosine, *ranks in zip(
            asked.pairs, words, rows.tolist(), *(column.tolist() for column in columns), strict=True
        )
    ]
    lacks = _lacks(gold[counted], found[counted])
    return WordSimilarity(
        asked.path,
        tuple(judged),
        *((_NAN,) * 4 if lacks else _correlations(gold[counted], found[counted])),
        counts_unknown=count_unknown,
        bad_lines=asked.bad_lines,
        notes=(*asked.notes, *notes, *([f"{asked.path.name}: {lacks}"] if lacks else [])),
    )


def _cosines(table: Table, rows: npt.NDArray[np.int64], report: Report) -> F64:
    cosines = np.empty(len(rows))
    for start in range(0, len(rows), _AT_ONCE):
        report(Progress(start, len(rows), "Comparing word pairs"))
        part = slice(start, start + _AT_ONCE)
        first, second = (directions(table.vectors.exact(rows[part, side])) for side in (0, 1))
        cosines[part] = np.clip(np.einsum("ij,ij->i", first, second), -1.0, 1.0)
    return cosines


def _ranks(values: F64, counted: npt.NDArray[np.bool_]) -> F64:
    """Place of each value that counts, the highest first, equal ones sharing the mean of theirs."""
    from scipy.stats import rankdata

    ranks = np.full(len(values), np.nan)
    ranks[counted] = rankdata(-values[counted])
    return ranks


def _lacks(gold: F64, found: F64) -> str:
    """Why there is no correlation of these; "" where there is one."""
    if len(gold) < _FEWEST:
        how_many = ("none does", "1 does", "2 do")[len(gold)]
        return f"no correlation, because it takes {_FEWEST} pairs that count, and {how_many}."
    if _constant(gold):
        return "no correlation, because all pairs that count have the same score in the list."
    if _constant(found):
        return "no correlation, because the table gives all pairs that count the same cosine."
    return ""


def _correlations(gold: F64, found: F64) -> tuple[float, float, float, float]:
    """Spearman's coefficient and its p, Pearson's and its p."""
    from scipy.stats import pearsonr, spearmanr

    by_rank, plain = spearmanr(gold, found), pearsonr(gold, found)
    return (
        float(by_rank.statistic),
        float(by_rank.pvalue),
        float(plain.statistic),
        float(plain.pvalue),
    )


def _constant(values: F64) -> bool:
    return bool(np.ptp(values) <= _CONSTANT * np.abs(values).max())
