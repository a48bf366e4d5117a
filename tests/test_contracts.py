"""That the import contracts speak of every entry there is."""

import tomllib
from pathlib import Path

import pytest

from explorer.corpora import corpora
from explorer.objectives import objectives

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


@pytest.mark.parametrize(
    ("name", "package", "entries"),
    [
        ("No objective knows another", "explorer.objectives", objectives),
        ("No corpus knows another", "explorer.corpora", corpora),
    ],
)
def test_the_contract_of_independence_names_every_entry(name, package, entries):
    contracts = tomllib.loads(PROJECT.read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one["name"] == name]
    assert sorted(contract["modules"]) == sorted(f"{package}.{entry}" for entry in entries())
