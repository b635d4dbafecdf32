"""The shelf of stories: small incidents as AWS would deliver them, written to `samples/stories`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tests.simulator.stories import audit, billing, legacy, orders, payroll, quiet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator.delivery import Habits
    from tests.simulator.world import AwsSimulator


class Story(Protocol):
    """What a module of this shelf must offer."""

    NAME: str

    def tell(self) -> tuple[AwsSimulator, Habits]:
        """Return the account, and how its records were delivered."""
        ...


STORIES: tuple[Story, ...] = (payroll, orders, billing, legacy, audit, quiet)


def write_story(story: Story, directory: Path) -> tuple[Path, ...]:
    """Write one story below *directory*, in a folder of its name; return its files, sorted."""
    aws, habits = story.tell()
    return aws.deliver(directory / story.NAME, habits=habits)
