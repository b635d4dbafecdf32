"""Changes: the policies of one key through time, and which effect of which change still stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.moment import Moment
from analyzer.policy.access import root_of
from analyzer.policy.compare import difference
from analyzer.policy.document import Policy, Unreadable, default_policy, parse
from analyzer.policy.effects import Effect, effects, stands
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import KeyCreated, KeyPolicyPut, KeyReplicated


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One policy of a key, from the record that put it until the next.

    Attributes:
        by: the record.
        policy: what it says, or why it cannot be read.
        before: the policy that it replaced; None where no record tells a readable one.
        bypasses_check: whether the call switched KMS's guard against a lock-out off.
    """

    by: Evidence
    policy: Policy | Unreadable
    before: Policy | None
    bypasses_check: bool

    @property
    def difference(self) -> tuple[str, ...]:
        """What changed, statement by statement, in words; empty where it cannot be compared."""
        if self.before is None or isinstance(self.policy, Unreadable):
            return ()
        return difference(self.before, self.policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An effect of a change, until a later policy takes it back."""

    effect: Effect
    change: Change
    until: Moment | None


def changes(key: str, facts: Sequence[Fact]) -> tuple[Change, ...]:
    """Return the policies of a key, oldest first.

    Args:
        key: its ARN.
        facts: the facts about it, in time order; failed calls change no policy.
    """
    found: list[Change] = []
    for fact in facts:
        if fact.has_failed:
            continue
        put = _put(key, fact)
        if put is None:
            continue
        last = found[-1].policy if found else None
        found.append(
            Change(
                by=fact.evidence,
                policy=put,
                before=last if isinstance(last, Policy) else None,
                bypasses_check=isinstance(fact.event, KeyPolicyPut) and fact.event.bypasses_check,
            )
        )
    return tuple(found)


def standing(key: str, held: Sequence[Change]) -> Iterator[Standing]:
    """Yield every effect of every change, and when a later policy took it back."""
    for index, change in enumerate(held):
        if isinstance(change.policy, Unreadable):
            continue
        later = held[index + 1 :]
        for effect in effects(change.before, change.policy, key):
            yield Standing(effect=effect, change=change, until=_end(effect, later, key))


def _end(effect: Effect, later: Sequence[Change], key: str) -> Moment | None:
    for change in later:
        if isinstance(change.policy, Policy) and not stands(effect, change.policy, key):
            return change.by.time
    return None


def _put(key: str, fact: Fact) -> Policy | Unreadable | None:
    """Return the policy that a fact gives the key; None where it gives none."""
    event = fact.event
    if isinstance(event, KeyPolicyPut):
        return parse(event.policy)
    if isinstance(event, KeyReplicated) and event.key == key:
        return None if event.policy is None else parse(event.policy)
    if isinstance(event, KeyCreated) and event.manager != "AWS":
        if event.policy is not None:
            return parse(event.policy)
        # A replica's policy stands in ReplicateKey; its CreateKey record names none.
        return None if event.multi_region else default_policy(root_of(key))
    return None
