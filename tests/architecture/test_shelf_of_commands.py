"""Commands: each on the shelf, each with help and an example that can be typed."""

from __future__ import annotations

import shlex

import click
import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.cli import keyledger as group
from tui.commands import COMMANDS

NAMES = [name for name, _ in COMMANDS]


def _command(name: str) -> click.Command:
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def test_every_module_of_the_shelf_is_a_command_and_the_other_way_round() -> None:
    modules = {path.stem for path in (ROOT / "tui/commands").glob("*.py")} - {"__init__"}
    assert {module for _, module in COMMANDS} == {f"tui.commands.{name}" for name in modules}


@pytest.mark.parametrize("name", NAMES)
def test_a_command_has_help_in_whole_sentences_and_a_summary_that_fits(name: str) -> None:
    command = _command(name)
    assert command.help is not None
    assert command.help.rstrip().endswith(".")
    assert not command.get_short_help_str(limit=62).endswith("...")


@pytest.mark.parametrize("name", NAMES)
def test_a_command_has_examples_that_its_own_parser_takes(name: str) -> None:
    command = _command(name)
    assert command.epilog is not None
    examples = [line.strip() for line in command.epilog.splitlines() if f"keyledger {name}" in line]
    assert examples
    for example in examples:
        _, _, typed = example.rpartition(f"keyledger {name}")
        words = shlex.split(typed.partition(">")[0].rstrip(')"'))
        command.make_context(name, words, resilient_parsing=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_does(name: str) -> None:
    options = [one for one in _command(name).params if isinstance(one, click.Option)]
    assert all(option.help for option in options)


def test_help_lists_the_commands_in_the_order_of_the_shelf() -> None:
    text = keyledger("--help").out
    places = [text.index(f"\n  {name} ") for name in NAMES]
    assert places == sorted(places)
