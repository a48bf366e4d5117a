import math
from dataclasses import dataclass
from typing import Any

import pytest

from explorer.errors import ParameterError
from explorer.params import Params, build, fields_of, param, varied


@dataclass(frozen=True)
class Brew(Params):
    minutes: float = param(3.0, minimum=1, maximum=10, unit="minutes", help="How long.")
    cups: int = param(2, minimum=1, help="How many.")
    heat: float = param(90.0, maximum=100, help="How hot.")
    kind: str = param("green", choices=("green", "black"), help="Which.")
    milk: bool = param(False, help="White?")
    sugar_lumps: int = param(-1, minimum=0, special=-1, special_text="to taste", help="Sweet?")


def test_the_ends_of_a_range_belong_to_it():
    assert Brew(minutes=1).minutes == 1
    assert Brew(minutes=10).minutes == 10


@pytest.mark.parametrize(
    ("values", "range_told"),
    [
        ({"minutes": 0.5}, "between 1 and 10"),
        ({"minutes": 10.1}, "between 1 and 10"),
        ({"cups": 0}, "at least 1"),
        ({"heat": 101.0}, "at most 100"),
    ],
)
def test_a_value_outside_its_range_is_refused_with_the_range(values: dict[str, Any], range_told):
    with pytest.raises(ParameterError, match=range_told):
        Brew(**values)


@pytest.mark.parametrize("name", ["minutes", "heat"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_nan_and_infinity_are_refused_where_there_is_a_range(name: str, value: float):
    with pytest.raises(ParameterError, match=name.capitalize()):
        Brew(**{name: value})


@pytest.mark.parametrize("name", ["minutes", "cups", "heat"])
def test_a_number_too_large_to_be_compared_is_refused_in_words(name: str):
    with pytest.raises(ParameterError, match=f"{name.capitalize()} cannot be 1000.*number"):
        build(Brew, {name: 10**400})


def test_an_unknown_choice_is_refused_with_the_choices():
    with pytest.raises(ParameterError, match="green, black"):
        Brew(kind="oolong")


def test_a_special_value_may_lie_outside_the_range():
    assert Brew(sugar_lumps=-1).sugar_lumps == -1
    with pytest.raises(ParameterError, match="Sugar lumps cannot be -2"):
        Brew(sugar_lumps=-2)


def test_a_field_knows_its_type_default_label_and_flag():
    field = fields_of(Brew)[-1]
    assert (field.type, field.default) == (int, -1)
    assert (field.label, field.flag) == ("Sugar lumps", "--sugar-lumps")


def test_what_is_not_given_keeps_its_default():
    assert build(Brew, {"cups": 5}) == Brew(cups=5)


def test_a_whole_number_is_taken_where_a_float_is_wanted():
    assert build(Brew, {"minutes": 4}).as_dict()["minutes"] == 4


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(ParameterError, match=r"'perplexity'.*minutes, cups, heat"):
        build(Brew, {"perplexity": 30})


@pytest.mark.parametrize(
    "values",
    [
        {"cups": "2"},
        {"cups": 2.5},
        {"cups": True},
        {"minutes": "3"},
        {"milk": 1},
        {"kind": 3},
        {"kind": None},
    ],
)
def test_a_value_of_another_type_is_refused(values: dict[str, Any]):
    with pytest.raises(ParameterError, match="cannot be"):
        build(Brew, values)


def test_a_varied_field_keeps_its_place_and_all_that_is_not_changed():
    @dataclass(frozen=True)
    class Espresso(Brew):
        cups: int = varied(Brew, "cups", 1)
        minutes: float = varied(Brew, "minutes", 0.5, minimum=0.4)

    names = [field.name for field in fields_of(Espresso)]
    assert names == [field.name for field in fields_of(Brew)]
    by_name = {field.name: field for field in fields_of(Espresso)}
    assert (by_name["cups"].default, by_name["cups"].info.help) == (1, "How many.")
    minutes = by_name["minutes"].info
    assert (minutes.minimum, minutes.maximum, minutes.unit) == (0.4, 10, "minutes")
    with pytest.raises(ParameterError, match="at least 1"):
        Espresso(cups=0)
