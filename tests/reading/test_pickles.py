from __future__ import annotations

import pickle
from collections import Counter, OrderedDict
from fractions import Fraction

import pytest

from explorer.reading.pickles import asked_for, foreign_to_torch


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_what_a_pickle_would_import_is_listed_without_running_it(protocol):
    pickled = pickle.dumps([Fraction(1, 2), Counter("ab")], protocol)
    assert asked_for(pickled) == ["fractions.Fraction", "collections.Counter"]


def test_plain_containers_and_broken_ends_ask_for_nothing_more():
    assert asked_for(pickle.dumps(OrderedDict(a=1), 2)) == []
    assert asked_for(pickle.dumps(Fraction(1, 2), 2)[:-9]) == ["fractions.Fraction"]
    assert asked_for(b"\x80\x02\xff\xff") == []


def test_pickles_in_a_row_are_all_read():
    assert asked_for(pickle.dumps(1, 2) + pickle.dumps(Counter("a"), 2)) == ["collections.Counter"]


def test_only_modules_that_no_checkpoint_needs_are_foreign_and_only_in_the_first_pickles():
    first = pickle.dumps([Fraction(1, 2), Counter("a"), Fraction], 2)
    assert foreign_to_torch(first) == ["fractions.Fraction"]
    assert foreign_to_torch(pickle.dumps(1, 2) * 5 + first) == []
