"""Known: what the records of a script tell about keys, with hindsight of the whole script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.model import keys
from tests.model.keys import Key
from tests.model.script import DAY, MANAGED, Ref, Script, Step

SLACK = DAY
"""By how much the real wait for a deletion can exceed the scheduled one (section 1.4)."""


def green_of(deployment: str) -> str:
    """The name of the green database of a deployment."""
    return f"{deployment}g"


@dataclass(slots=True)
class Known:
    """Keys from moment to moment.

    Attributes:
        steps: the script, with a deletion put in where one is due and no record tells of it.
        inferred: those deletions.
        states: after each step, every key.
        members: the cluster of each instance that is a member of one.
    """

    script: Script
    steps: Script = field(default_factory=list)
    inferred: list[Step] = field(default_factory=list)
    states: list[dict[str, Key]] = field(default_factory=list)
    phases: dict[str, list[Any]] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.members = {
            str(step.result): str(step.args[0])
            for step in self.script
            if step.verb == "create_cluster_member" and not step.error
        }
        held = {MANAGED: Key(name=MANAGED, kind="managed", made=0)}
        for step in sorted([*self.script, *self._expiries()], key=lambda step: step.at):
            held = self._delete_what_is_due(held, step.at)
            held = self._take(held, step)
        self._delete_what_is_due(held, None)

    def _take(self, held: dict[str, Key], step: Step) -> dict[str, Key]:
        held = {name: key.copied() for name, key in held.items()}
        keys.apply(held, step)
        self.steps.append(step)
        self.states.append(held)
        return held

    def _delete_what_is_due(self, held: dict[str, Key], until: int | None) -> dict[str, Key]:
        """Delete keys of which no record tells that they were, once they must have been."""
        while True:
            due = [
                (self._due(key), name)
                for name, key in held.items()
                if key.state == "PendingDeletion" and not self._is_settled(key)
            ]
            first = min(due, default=None)
            if first is None or (until is not None and first[0] >= until):
                return held
            step = Step(at=first[0], verb="delete_key", args=(Ref(first[1]),))
            self.inferred.append(step)
            held = self._take(held, step)

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
                for later in self._successes(number, step.args[0])
                if later.at <= step.options["valid_to"]
            )
        ]

    def _is_settled(self, key: Key) -> bool:
        """Whether a record tells that the key was deleted, or that the deletion was cancelled."""
        return any(
            step.verb in {"cancel_key_deletion", "delete_key"}
            for step in self._since_scheduled(key)
        )

    def _due(self, key: Key) -> int:
        """The date; or what was done to the key after it, for then it still was there."""
        assert key.deletion_date is not None
        return max([key.deletion_date, *(step.at for step in self._since_scheduled(key))])

    def _since_scheduled(self, key: Key) -> Script:
        [number] = [n for n, step in enumerate(self.script) if step is key.deleted_by]
        return self._successes(number, key.name)

    def _successes(self, number: int, key: str) -> Script:
        """What was done to a key after a step, until it was made anew if it was."""
        found: Script = []
        for step in self.script[number + 1 :]:
            if step.verb == "replicate_key" and step.result == key and not step.error:
                break
            if step.args[:1] == (key,) and not step.error:
                found.append(step)
        return found

    def key(self, name: str, at: int) -> Key | None:
        """Return a key as it was at a moment, None if it was not there yet."""
        found = None
        for step, held in zip(self.steps, self.states, strict=True):
            if step.at <= at:
                found = held.get(name, found)
        return found

    def relatives(self, name: str, at: int) -> list[Key]:
        """The other keys of a family at a moment, those that are deleted among them."""
        key = self.key(name, at)
        if key is None or key.family is None:
            return []
        names = {
            one.name for held in self.states for one in held.values() if one.family == key.family
        }
        found = [self.key(one, at) for one in sorted(names - {name})]
        return [one for one in found if one is not None]

    def end(self, key: Key, at: int) -> int | None:
        """When a key that is scheduled for deletion is gone, at the earliest; None for never."""
        if key.state != "PendingReplicaDeletion":
            return key.deletion_date if key.state == "PendingDeletion" else None
        others = [one for one in self.relatives(key.name, at) if one.state != "Deleted"]
        ends = [one.deletion_date if one.state == "PendingDeletion" else None for one in others]
        known = [one for one in ends if one is not None]
        return max(known) + key.window * DAY if len(known) == len(ends) else None

    def is_inferred(self, key: Key) -> bool:
        """Whether no record tells of the deletion of a key that is deleted."""
        return any(step is key.deleted for step in self.inferred)

    def latest(self, key: Key) -> int:
        """Until when at the latest a deletion that is inferred comes.

        Where the waiting began with a deletion that is inferred itself, so is its latest moment.
        """
        assert key.deletion_date is not None
        assert key.deleted is not None
        began = [
            one for one in self.relatives(key.name, key.deleted.at)
            if one.deleted is not None and one.deleted.at + key.window * DAY == key.deletion_date
        ]  # fmt: skip
        late = [
            self.latest(one) - one.deleted.at
            for one in began
            if one.deleted and self.is_inferred(one)
        ]
        return key.deletion_date + max(late, default=0) + SLACK

    def is_about(self, step: Step, db: str) -> bool:
        """Whether a step speaks of a database; what RDS says of a member is about its cluster."""
        if not step.args or step.verb in {"create_cluster_member", "create_blue_green"}:
            return False
        if step.verb == "switch_over_blue_green":
            return db in {step.result, step.args[1]}
        if step.verb == "delete_blue_green":
            return bool(step.options.get("delete_target")) and db == green_of(step.args[0])
        about = str(step.args[0])
        return self.members.get(about, about) == db

    def is_successful(self, deed: str, name: str, at: int) -> bool:
        """Whether a call on something had succeeded by a moment."""
        return any(
            step.deed == deed and self.is_about(step, name) and step.at <= at and not step.error
            for step in self.script
        )
