"""Commands: each on the shelf, each with help and an example that can be typed."""

from __future__ import annotations

import shlex

import click
import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tests.shelf import command, names
from tui.cli import keyledger as program
from tui.commands import COMMANDS

NAMES = [name for name, _ in COMMANDS]
ALL = [*names(), *(name for name in NAMES if name not in names())]


def test_every_module_of_the_shelf_is_a_command_and_the_other_way_round() -> None:
    modules = {path.stem for path in (ROOT / "tui/commands").glob("*.py")} - {"__init__"}
    assert {module for _, module in COMMANDS} == {f"tui.commands.{name}" for name in modules}


@pytest.mark.parametrize("name", ALL)
def test_a_command_has_help_in_whole_sentences_and_a_summary_that_fits(name: str) -> None:
    found = command(name)
    assert found.help is not None
    assert found.help.rstrip().endswith(".")
    assert not found.get_short_help_str(limit=62).endswith("...")


@pytest.mark.parametrize("name", ALL)
def test_a_command_has_examples_that_its_own_parser_takes(name: str) -> None:
    found = command(name)
    assert found.epilog is not None
    examples = [line.strip() for line in found.epilog.splitlines() if f"keyledger {name}" in line]
    assert examples
    for example in examples:
        _, _, typed = example.rpartition(f"keyledger {name}")
        words = shlex.split(typed.partition(">")[0].rstrip(')"'))
        found.make_context(name, words, resilient_parsing=True, **program.context_settings)


@pytest.mark.parametrize("name", ALL)
def test_every_option_says_what_it_does(name: str) -> None:
    options = [one for one in command(name).params if isinstance(one, click.Option)]
    assert all(option.help for option in options)


def test_help_lists_the_commands_in_the_order_of_the_shelf() -> None:
    text = keyledger("--help").out
    places = [text.index(f"\n  {name} ") for name in NAMES]
    assert places == sorted(places)
