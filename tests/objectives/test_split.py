"""The held-out part of a corpus."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.objectives._split import stratified_split

labels = st.lists(st.integers(0, 2), min_size=1, max_size=60).map(np.array)


@given(labels, st.floats(0, 0.9), st.integers(0, 5))
def test_every_row_is_in_one_part_and_every_label_keeps_its_share(labels, share, seed):
    training, held_out = stratified_split(labels, share, seed)
    assert sorted([*training, *held_out]) == list(range(len(labels)))
    for label in np.unique(labels):
        rows = np.count_nonzero(labels == label)
        assert abs(np.count_nonzero(labels[held_out] == label) - share * rows) <= 1
        assert label in labels[training]


def test_the_seed_decides_who_is_held_out():
    labels = np.arange(100) % 2
    first, again, other = (stratified_split(labels, 0.2, seed)[1] for seed in (0, 0, 1))
    assert first.tolist() == again.tolist()
    assert sorted(first) != sorted(other)
