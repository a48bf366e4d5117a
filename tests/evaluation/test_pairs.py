import numpy as np
import pytest

from explorer import pipeline
from explorer.evaluation import UNKNOWN, UNREADABLE, WordSimilarity
from explorer.table import Table

LIST = "man\twoman\t9\nMAN\tking\t8\nman\tdog\t2\nqueen\tdog\t1\nman\tunicorn\t5\nnothing\tman\t4\n"


def evaluated(table: Table, path, **options) -> WordSimilarity:
    (found,) = pipeline.evaluate(table, path, **options)
    assert isinstance(found, WordSimilarity)
    return found


def test_the_correlations_are_those_of_the_cosines_with_the_scores(kin, written):
    from scipy.stats import pearsonr, spearmanr

    found = evaluated(kin, written(LIST))
    gold = [9, 8, 2, 1]
    pairs = [("man", "woman"), ("man", "king"), ("man", "dog"), ("queen", "dog")]
    cosines = [pipeline.similarity(kin, a, b) for a, b in pairs]
    assert [pair.cosine for pair in found.pairs[:4]] == pytest.approx(cosines, abs=1e-12)
    by_rank, plain = spearmanr(gold, cosines), pearsonr(gold, cosines)
    assert (found.spearman, found.spearman_p) == pytest.approx(tuple(by_rank))
    assert (found.pearson, found.pearson_p) == pytest.approx(tuple(plain))
    assert found.score == found.spearman


def test_pairs_without_a_row_or_a_direction_are_listed_and_do_not_count(kin, written):
    found = evaluated(kin, written(LIST))
    assert (found.asked, found.known, found.coverage) == (6, 4, pytest.approx(4 / 6))
    assert [(miss.line, miss.kind, miss.question, miss.note) for miss in found.misses] == [
        (5, UNKNOWN, "man unicorn", "not in the table: unicorn"),
        (6, UNKNOWN, "nothing man", "not in the table: nothing"),
    ]
    assert found.misses[0].rows == (0,)
    assert np.isnan([pair.cosine for pair in found.pairs[4:]]).all()


def test_pairs_without_a_row_can_count_as_cosines_of_zero(kin, written):
    from scipy.stats import spearmanr

    found = evaluated(kin, written(LIST), count_unknown=True)
    cosines = np.nan_to_num([pair.cosine for pair in found.pairs])
    gold = [pair.pair.score for pair in found.pairs]
    assert found.spearman == pytest.approx(spearmanr(gold, cosines).statistic)


def test_every_pair_that_counts_has_its_place_on_both_sides(kin, written):
    found = evaluated(kin, written("man woman 9\nman king 9\nman dog 2\nman unicorn 3\n"))
    ranks = [(pair.gold_rank, pair.found_rank) for pair in found.pairs[:3]]
    assert ranks == [(1.5, 1.5), (1.5, 1.5), (3.0, 3.0)]
    assert np.isnan(found.pairs[3].gold_rank)


def test_lines_that_were_not_read_are_misses_too(kin, written):
    found = evaluated(kin, written("man\twoman\t9\nman\tking\nman\tdog\t1\n"))
    assert [(miss.line, miss.kind) for miss in found.misses] == [(2, UNREADABLE)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("man woman 9\nman king 8\n", "it takes 3 pairs that count, and 2 do."),
        ("man woman 9\nc d 2\n", "it takes 3 pairs that count, and 1 does."),
        ("a b 1\nc d 2\ne f 3\n", "it takes 3 pairs that count, and none does."),
        (3 * "man dog 5\n", "all pairs that count have the same score in the list."),
        (
            "man dog 5\n" * 2 + "man dog 6\n",
            "the table gives all pairs that count the same cosine.",
        ),
    ],
)
def test_what_has_no_correlation_is_not_a_number_and_says_why(kin, written, text, why):
    path = written(text)
    found = evaluated(kin, path)
    numbers = (found.spearman, found.spearman_p, found.pearson, found.pearson_p)
    assert np.isnan(numbers).all()
    assert found.notes == (f"{path.name}: no correlation, because {why}",)
    assert found.as_dict()["notes"] == list(found.notes)


def test_case_counts_only_if_asked(kin, written):
    text = "MAN woman 9\nman king 8\nman dog 1\nman King 2\n"
    folded, strict = (evaluated(kin, written(text), case_sensitive=case) for case in (False, True))
    assert [pair.rows for pair in folded.pairs] == [(0, 1), (0, 2), (0, 4), (0, 2)]
    assert [pair.rows for pair in strict.pairs] == [(-1, 1), (0, 2), (0, 4), (0, 7)]


def test_a_restricted_vocabulary_knows_its_first_rows_only(kin, written):
    found = evaluated(kin, written(LIST), restrict_vocab=2)
    assert [pair.rows for pair in found.pairs[:3]] == [(0, 1), (0, -1), (0, -1)]
    assert found.notes[0] == "Only the first 2 of 8 rows were asked."


def test_the_scores_of_the_public_lists_are_those_of_gensim(shared_data):
    """Numbers of gensim 4.4, KeyedVectors.evaluate_word_pairs (benchmarks/evaluation.py)."""
    table = pipeline.open_table(shared_data / "word2vec_imdb_10k")
    lists = [shared_data / "eval" / name for name in ("wordsim353.tsv", "simlex999.txt")]
    wordsim, simlex = pipeline.evaluate(table, lists)
    assert (wordsim.spearman, wordsim.pearson) == pytest.approx((0.4962693, 0.4848697), abs=1e-6)
    assert (simlex.spearman, simlex.pearson) == pytest.approx((0.3040257, 0.3096845), abs=1e-6)
    assert (wordsim.known, simlex.known) == (211, 733)
