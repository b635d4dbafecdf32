"""The shelf of stories: small incidents as AWS would deliver them, written to `samples/stories`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tests.simulator.digests import DigestTrail, public_keys
from tests.simulator.signer import Signer
from tests.simulator.stories import audit, billing, legacy, orders, payroll, quiet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
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

DIGESTS: Mapping[str, tuple[tuple[datetime, datetime], ...]] = {quiet.NAME: quiet.DIGESTS}
"""Of the stories whose trail has log file validation on: from when to when, chain by chain."""

SIGNER = Signer.of("samples")
"""CloudTrail's pair of keys in the stories."""

PUBLIC_KEYS: bytes = public_keys(SIGNER)
"""What `aws cloudtrail list-public-keys` would print there."""


def write_story(story: Story, directory: Path) -> tuple[Path, ...]:
    """Write one story below *directory*, in a folder of its name; return its files, sorted."""
    aws, habits = story.tell()
    folder = directory / story.NAME
    files = aws.deliver(folder, habits=habits)
    trail = DigestTrail(
        account=aws.account, region=aws.region, signer=SIGNER, bucket=f"trails-{aws.account}"
    )
    digests: list[Path] = []
    for since, until in DIGESTS.get(story.NAME, ()):
        trail.restart()
        digests += trail.hourly(folder, since, until)
    return tuple(sorted((*files, *digests)))
