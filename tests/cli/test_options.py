"""Flags made from parameter sets: who owns them, and what their help says."""

from dataclasses import dataclass

import click
import pytest
from click.testing import CliRunner

from explorer.cli import map as mapping
from explorer.cli import project, train
from explorer.cli.main import group
from explorer.cli.options import given, params_options
from explorer.cli.sections import SectionedCommand
from explorer.cli.train import epoch_line
from explorer.params import Params, fields_of, param, varied
from explorer.training import EpochFigures


@dataclass(frozen=True)
class Near(Params):
    reach: int = param(3, minimum=1, unit="words", help="How far.")
    depth: int = param(1, minimum=1, help="How deep.")
    shared: float = param(0.5, help="The same in both.")


@dataclass(frozen=True)
class Far(Near):
    reach: int = varied(Near, "reach", 30)
    depth: int = varied(Near, "depth", 1, help="How deep, counted from the top.")


@dataclass(frozen=True)
class Nearer(Params):
    reach: int = param(3, minimum=1, unit="words", help="How far.")
    shared: float = param(0.5, help="The same in both.")


@dataclass(frozen=True)
class Farther(Params):
    shared: float = param(0.5, help="The same in both.")
    lamp: bool = param(False, help="With a light.")


@click.command()
@params_options({"near": Near, "far": Far})
def command(**flags):
    """A verb."""


def help_of(name: str) -> str:
    return next(option.help for option in command.params if option.name == name)


def test_owners_that_start_alike_are_named_together():
    assert help_of("shared") == "The same in both. [near, far; default: 0.5]"


def test_a_default_of_its_own_is_told_for_each_owner():
    assert help_of("reach") == ("How far. [near; default: 3 words] [far; default: 30 words]")


def test_an_explanation_of_its_own_is_told_for_each_owner():
    assert help_of("depth") == (
        "How deep. [near; default: 1] How deep, counted from the top. [far; default: 1]"
    )


@click.command(cls=SectionedCommand)
@params_options({"near": Nearer, "far": Farther}, {"near": "Near by", "far": "Far off"})
@click.option("--own", help="Of the verb.")
@click.argument("place")
def sectioned(**flags):
    """A verb."""


def test_flags_of_one_owner_stand_under_its_heading_and_shared_ones_under_none():
    told = CliRunner().invoke(sectioned, ["--help"]).output
    lines = [" ".join(line.split()) for line in told.partition("Options:")[2].splitlines() if line]
    assert lines == [
        "--shared FLOAT The same in both. [near, far; default: 0.5]",
        "--own TEXT Of the verb.",
        "--help Show this message and exit.",
        "Near by:",
        "--reach INTEGER How far. [default: 3 words]",
        "Far off:",
        "--lamp / --no-lamp With a light. [default: off]",
    ]


@pytest.mark.parametrize("verb", [project, mapping, train])
def test_every_flag_of_a_verb_is_explained_once(verb):
    told = CliRunner().invoke(group, [verb.command.name, "--help"]).output
    named = [line.split()[0] for line in told.splitlines() if line.startswith("  -")]
    flags = [option for option in verb.command.params if isinstance(option, click.Option)]
    assert len(named) == len(set(named)) == len(flags) + 1  # --help


def test_a_shared_flag_goes_to_the_owner_chosen():
    owners = {"near": Near, "far": Far}
    assert given(owners, ["far"], {"reach": 7, "depth": None}) == {"far": {"reach": 7}}


@pytest.mark.parametrize("owners", [train._OWNERS, project._OWNERS])
def test_owners_of_one_flag_agree_on_its_type_and_choices(owners):
    seen = {}
    for params in owners.values():
        for field in fields_of(params):
            kind = field.type, field.info.choices
            assert seen.setdefault(field.name, kind) == kind


def test_the_help_of_train_tells_the_epochs_of_both_objectives():
    told = " ".join(CliRunner().invoke(group, ["train", "--help"]).output.split())
    assert "[sentiment; default: 20 epochs] [skipgram; default: 10 epochs]" in told


def test_a_flag_of_another_objective_is_refused():
    arguments = ["train", "reviews.csv", "--window", "3", "-o", "table.safetensors"]
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 2
    assert "--window does not belong to sentiment" in result.output


def test_figures_that_there_are_not_are_left_out_of_a_line():
    line = epoch_line(EpochFigures(3, 2.5, None, 2.25, None, 1.0))
    assert line == "epoch   3  loss 2.5000  validation loss 2.2500  1.0 s"
