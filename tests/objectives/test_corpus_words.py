"""A corpus read for an objective on words."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.objectives._corpus_words import WordParams, read_words
from explorer.progress import silent
from explorer.table import Column
from explorer.vectors import Vectors


def words_of(texts, seed=0, **changes):
    return read_words(texts, WordParams(**changes), seed=seed, report=silent)


def test_the_two_parts_are_the_whole_corpus_each_label_in_its_share(toy_reviews):
    words = words_of(toy_reviews, validation=0.25)
    assert (len(words.training), len(words.held_out)) == (300, 100)
    assert np.bincount(words.training_labels).tolist() == [150, 150]
    assert np.bincount(words.held_out_labels).tolist() == [50, 50]


def test_words_of_the_part_held_out_have_no_row(toy_reviews):
    first = words_of(toy_reviews, validation=0.25, min_frequency=1)
    marked = [f"{text} secret{place}" for place, text in enumerate(toy_reviews.texts)]
    second = words_of(replace(toy_reviews, texts=marked), validation=0.25, min_frequency=1)
    assert len(second) == len(first) + 300
    assert (second.held_out.ids == 1).sum() == 100


def test_the_table_has_a_count_a_norm_and_what_is_added(toy_reviews):
    words = words_of(toy_reviews)
    rows = np.arange(len(words) * 2, dtype=np.float32).reshape(-1, 2)
    table = words.table(Vectors(rows), [Column("more", np.zeros(len(words)))])
    assert list(table.columns) == ["count", "norm", "more"]
    assert table.columns["count"].values.sum() == len(words.training.ids)
    assert table.tokens == words.tokens
    assert table.name == "trained on toy.csv"


def test_a_minimum_frequency_that_no_word_has_is_refused(toy_reviews):
    with pytest.raises(InputError, match=r"toy\.csv: no word stands 10,000 times"):
        words_of(toy_reviews, min_frequency=10_000)
