"""The sample corpus is what its README says, and its script writes it again byte for byte."""

import csv
import math
import re
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def read_rows() -> list[dict[str, str]]:
    with (SAMPLE_DATA / "reviews.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reviews() -> list[str]:
    return [row["review"] for row in read_rows()]


@pytest.fixture(scope="module")
def words(reviews: list[str]) -> list[list[str]]:
    return [WORD.findall(review.replace("<br />", " ").lower()) for review in reviews]


@pytest.fixture(scope="module")
def counts(words: list[list[str]]) -> Counter[str]:
    return Counter(word for review in words for word in review)


def make(path: Path, seed: int) -> bytes:
    script = [sys.executable, str(SAMPLE_DATA / "make_reviews.py")]
    options = ["--reviews", "50", "--seed", str(seed), "-o", str(path)]
    subprocess.run([*script, *options], check=True, capture_output=True)
    return path.read_bytes()


def test_half_of_at_least_six_thousand_reviews_are_positive() -> None:
    sentiments = Counter(row["sentiment"] for row in read_rows())
    assert set(sentiments) == {"positive", "negative"}
    assert sentiments["positive"] == sentiments["negative"] >= 3000


def test_no_review_occurs_twice(reviews: list[str]) -> None:
    assert len(set(reviews)) == len(reviews)


def test_every_review_has_20_to_200_words(words: list[list[str]]) -> None:
    lengths = [len(review) for review in words]
    assert min(lengths) >= 20
    assert max(lengths) <= 200
    assert 60 <= statistics.median(lengths) <= 80


def test_three_thousand_words_occur_at_least_five_times(counts: Counter[str]) -> None:
    assert sum(count >= 5 for count in counts.values()) >= 3000


def test_word_frequencies_fall_as_zipf_says(counts: Counter[str]) -> None:
    by_rank = sorted(counts.values(), reverse=True)[9:1000]
    ranks = [math.log(rank) for rank in range(10, 10 + len(by_rank))]
    slope = statistics.linear_regression(ranks, [math.log(count) for count in by_rank]).slope
    assert -1.3 < slope < -0.8


def test_no_run_of_eight_words_is_heard_too_often(words: list[list[str]]) -> None:
    runs: Counter[tuple[str, ...]] = Counter()
    for review in words:
        runs.update({tuple(review[at : at + 8]) for at in range(len(review) - 7)})
    assert runs.most_common(1)[0][1] <= 0.005 * len(words)


@pytest.mark.parametrize(
    ("dirt", "at_least"),
    [
        ("<br /><br />", 0.30),
        ('"', 0.05),
        ("’", 0.02),
        (r"\.\.\.", 0.05),
        ("!!", 0.03),
        (r"\b\d+/10\b", 0.05),
        ("&amp;", 0.01),
        ("—", 0.02),
        (r"\b(?:19|20)\d\d\b", 0.05),
        ("[à-žÀ-Ž]", 0.10),
        ("[\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff]", 0.0001),
        ("[\x85\x96]", 0.001),
    ],
)
def test_the_text_is_as_untidy_as_the_web(reviews: list[str], dirt: str, at_least: float) -> None:
    share = sum(bool(re.search(dirt, review)) for review in reviews) / len(reviews)
    assert share >= at_least


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert make(tmp_path / "one.csv", seed=3) == make(tmp_path / "two.csv", seed=3)


def test_another_seed_gives_other_reviews(tmp_path: Path) -> None:
    assert make(tmp_path / "one.csv", seed=3) != make(tmp_path / "two.csv", seed=4)
