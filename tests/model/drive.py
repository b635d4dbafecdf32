"""Drive: an account at a moment, with the random pick that says what happens next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from tests.model import keys
from tests.model.aws import Account
from tests.model.script import Step

ACTORS: Final = ("alice", "bob", "carol", "dave")
DENIED: Final = "AccessDenied"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One random choice: how long to wait, which call, on what, and AWS's luck after it."""

    wait: int = 0
    call: int = 0
    which: int = 0
    other: int = 0
    luck: int = 0


@dataclass(slots=True)
class Drive:
    """An account being driven, at a moment."""

    account: Account = field(default_factory=Account)
    at: int = 0
    pick: Pick = field(default_factory=Pick)
    made: int = 0

    @property
    def actor(self) -> str:
        return ACTORS[self.pick.other % len(ACTORS)]

    @property
    def is_denied(self) -> bool:
        """Whether the caller has no right to make the call; it is refused then in any case."""
        return self.pick.luck % 16 == 15

    def name(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    def step(self, verb: str, *args: Any, error: str | None = None, **rest: Any) -> Step:
        """Make a step of the present moment; one in sixteen is denied to its caller."""
        result = rest.pop("result", None)
        actor = rest.pop("actor", self.actor)
        return Step(
            at=self.at,
            verb=verb,
            args=args,
            options=rest,
            result=result,
            actor=actor,
            error=DENIED if self.is_denied else error,
        )

    def key(self, by: int) -> keys.Key:
        return choose(list(self.account.keys.values()), by)

    @property
    def target(self) -> keys.Key:
        """The key to call on: rarely the one that AWS manages and that takes no such call."""
        managed, *own = self.account.keys.values()
        return managed if self.pick.luck % 16 == 7 else choose(own, self.pick.which)


def choose(among: list[T], by: int) -> T:
    """Choose one of several things."""
    return among[by % len(among)]
