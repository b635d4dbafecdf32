"""Lost: a shard of a fleet that cannot be taken into account, and what answers lack by that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from analyzer.digests.unvouched import Reason, Unvouched
from analyzer.timeline import DAWN

_NAMED = re.compile(r"(?:.*/)?(?P<account>\d{12})/(?P<region>[a-z0-9-]+)\Z", re.ASCII)
_EVER: Final = 1 << 62


class Trouble(StrEnum):
    """Why a shard is lost."""

    MISSING = "missing"
    """The fleet sealed its head, and there is no file."""
    UNREADABLE = "unreadable"
    """There is a file that cannot be opened as a ledger."""
    BROKEN = "broken"
    """It contradicts itself."""
    REWRITTEN = "rewritten"
    """It does not extend the head that the fleet sealed of it: it was cut or rewritten."""

    @property
    def contradicts(self) -> bool:
        """Whether something contradicts something; else it only cannot be checked."""
        return self in {Trouble.BROKEN, Trouble.REWRITTEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One such shard.

    Attributes:
        number: of the shard.
        name: of the shard; `ACCOUNT/REGION` says whose evidence is missing.
        trouble: why it is lost.
        detail: the same in words, for a person.
    """

    number: int
    name: str
    trouble: Trouble
    detail: str

    @property
    def place(self) -> tuple[str, str] | None:
        """The account and Region whose evidence it held; None where its name does not tell."""
        match = _NAMED.match(self.name)
        return None if match is None else (match["account"], match["region"])

    def unvouched(self) -> Unvouched:
        """Return all of time as unvouched for; for anybody where its name does not tell whom."""
        account, region = self.place or ("", None)
        return Unvouched(
            account=account,
            region=region,
            start=DAWN,
            end=_EVER,
            reason=Reason.SHARD_LOST,
            shard=self.name,
        )

    def note(self) -> str:
        """Say in a sentence or two what an answer cannot see."""
        whose = "what only it tells of"
        if self.place is not None:
            whose = "what happened in account {} in {}".format(*self.place)
        return (
            f"Shard {self.name} is {self.trouble.value} and not taken into account: {self.detail}. "
            f"So {whose} is unseen here."
        )

    def document(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "number": self.number,
            "name": self.name,
            "trouble": self.trouble.value,
            "detail": self.detail,
        }
