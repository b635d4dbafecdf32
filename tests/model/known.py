"""Known: what the records of a script tell about keys, with hindsight of the whole script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.model import keys
from tests.model.keys import Key
from tests.model.script import DAY, MANAGED, Ref, Script, Step

SLACK = DAY
"""By how much the real wait for a deletion can exceed the scheduled one (section 1.4)."""


@dataclass(slots=True)
class Known:
    """Keys from moment to moment.

    Attributes:
        steps: the script, with a deletion put in where one is due and no record tells of it.
        inferred: those deletions.
        states: after each step, every key.
    """

    script: Script
    steps: Script = field(default_factory=list)
    inferred: list[Step] = field(default_factory=list)
    states: list[dict[str, Key]] = field(default_factory=list)
    phases: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inferred = [
            Step(at=self._due(number, step), verb="delete_key", args=step.args[:1])
            for number, step in enumerate(self.script)
            if step.verb == "schedule_key_deletion" and not step.error
            if not self._is_settled(number, step)
        ]
        put_in = [*self.inferred, *self._expiries()]
        self.steps = sorted([*self.script, *put_in], key=lambda step: step.at)
        held = {MANAGED: Key(name=MANAGED, kind="managed", made=0)}
        for step in self.steps:
            held = {name: key.copied() for name, key in held.items()}
            keys.apply(held, step)
            self.states.append(held)

    def _expiries(self) -> Script:
        """Expiries of material of which no record tells; `validTo` is their moment."""
        return [
            Step(
                at=step.options["valid_to"],
                verb="expire_key_material",
                args=step.args,
                options={"material": step.options["material"]},
            )
            for number, step in enumerate(self.script)
            if "valid_to" in step.options and not step.error
            if not any(
                later.verb in {"expire_key_material", "import_key_material"}
                and later.options["material"] == step.options["material"]
                for later in self._successes(number, step)
                if later.at <= step.options["valid_to"]
            )
        ]

    def _is_settled(self, number: int, scheduled: Step) -> bool:
        """Whether a record tells that the key was deleted, or that the deletion was cancelled."""
        return any(
            step.verb in {"cancel_key_deletion", "delete_key"}
            for step in self._successes(number, scheduled)
        )

    def _due(self, number: int, scheduled: Step) -> int:
        """The date; or what was done to the key after it, for then it still was there."""
        date = scheduled.at + scheduled.args[1] * DAY
        return int(max([date, *(step.at for step in self._successes(number, scheduled))]))

    def _successes(self, number: int, scheduled: Step) -> Script:
        later = self.script[number + 1 :]
        about = scheduled.args[:1]
        return [step for step in later if step.args[:1] == about and not step.error]

    def key(self, name: str, at: int) -> Key | None:
        """Return a key as it was at a moment, None if it was not there yet."""
        found = None
        for step, held in zip(self.steps, self.states, strict=True):
            if step.at <= at:
                found = held.get(name, found)
        return found

    def is_inferred(self, key: Key) -> bool:
        """Whether no record tells of the deletion of a key that is deleted."""
        return any(step is key.deleted for step in self.inferred)

    def end(self, key: Key) -> int:
        """Until when at the latest a deletion that is inferred comes."""
        assert key.deletion_date is not None
        return key.deletion_date + SLACK

    def is_successful(self, verb: str, name: str, at: int) -> bool:
        """Whether a call on something had succeeded by a moment."""
        return any(
            step.verb == verb and step.args[0] == Ref(name) and step.at <= at and not step.error
            for step in self.script
        )
