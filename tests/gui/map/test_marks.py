import itertools

from explorer.gui.map.marks import ring_strength


def test_a_few_rings_are_drawn_in_full():
    assert ring_strength(1) == ring_strength(30) == 1


def test_rings_fade_with_their_number_without_a_jump():
    strengths = [ring_strength(count) for count in range(1, 2000)]
    steps = [before - after for before, after in itertools.pairwise(strengths)]
    assert min(steps) >= 0
    assert max(steps) < 0.06
    assert strengths[-1] == 0
