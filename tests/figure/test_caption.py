"""The phrases below a map."""

import numpy as np
import pytest

from explorer.figure.caption import phrases
from explorer.projections import methods


def test_parameters_have_the_names_and_words_of_the_window(projected):
    params = {"perplexity": 30.0, "learning_rate": 0.0, "pca_components": 50, "threads": 3}
    told = phrases(projected(9, method="tsne", params=params))
    assert told[1:] == [
        "perplexity 30",
        "learning rate: automatic",
        "PCA components 50",
        "seed 0",
    ]


@pytest.mark.parametrize("name", methods())
def test_every_method_is_told_by_its_title_and_its_own_defaults(projected, name):
    method = methods()[name]
    told = phrases(projected(9, method=name, params=method.params().as_dict()))
    assert told[0] == f"{method.title} of 9 rows × 4 dimensions"
    assert all(phrase.strip() == phrase and phrase for phrase in told)


def test_a_method_that_is_not_known_here_is_told_as_it_is(projected):
    told = phrases(projected(9, method="pacmap", params={"near_pairs": 4, "late": True}))
    assert told == ["pacmap of 9 rows × 4 dimensions", "near pairs 4", "late", "seed 0"]


def test_preprocessing_verdict_quality_and_losses_follow_in_order(projected):
    made = projected(
        9,
        params={},
        preprocessing=("centred", "unit length"),
        start="a map",
        kl=1.5,
        iterations=10,
        complete=False,
        left_out=np.array([1, 2]),
    )
    assert phrases(made, quality="kept 47 %", beyond=1234)[1:] == [
        "centred",
        "unit length",
        "began from a map",
        "KL divergence 1.5000 after 10 iterations, stopped early",
        "kept 47 %",
        "2 rows left out",
        "1,234 far out, beyond the edge",
    ]


def test_untrusted_words_stand_on_one_visible_line(projected):
    made = projected(9, params={"x": "a\nb\u202e"}, method="m\n")
    assert "".join(phrases(made)).isprintable()
