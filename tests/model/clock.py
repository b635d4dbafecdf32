"""Clock: what the records tell about the status of one database, every world being tried.

Where RDS-EVENT-0418 or 0419 date the entry into an inaccessible status, there is one world. Where
nothing dates it, AWS documents only that it is not before two hours after the loss, of Aurora only
that it comes after it; then every moment that a record suggests is tried, earliest first, and the
first world that contradicts no record is taken (section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.model.aws import REC, TERM
from tests.model.facts import can_stop, creation, grace, is_replica, retention
from tests.model.known import Known
from tests.model.script import DAY, Step

NEEDS_AVAILABLE = {
    "create_db_snapshot", "create_read_replica", "modify_db_instance", "promote_read_replica",
    "reboot_db_instance", "stop_db_instance", "switch_over_blue_green",
}  # fmt: skip
"""Calls that succeed on a running instance only."""


ONLY_IN_SERVICE = {"0020", "0088", "0418", "0419", "0420"}
"""Events that tell of an instance which is in service still, or again."""

EVER = 10**9
"""Later than everything."""


class ContradictionError(Exception):
    """A record tells of something that could not be in this world."""


@dataclass(slots=True)
class OpenError(Exception):
    """Nothing dates an entry: these moments are possible, None for never."""

    moments: list[int | None]


@dataclass(slots=True)
class Phase:
    """A status from a moment on.

    Attributes:
        basis: observed, derived or bounded; only that of inaccessible statuses means something.
        terminal_at: when the clock that runs ends, if one runs.
        lost_at: since when access is lost that led here, None while nothing is lost.
        root: the accountable call for it.
        told_at: when RDS-EVENT-0418 told of the loss, if it did.
        is_untold: whether no document says what became of it.
    """

    at: int
    status: str
    basis: str = "observed"
    terminal_at: int | None = None
    lost_at: int | None = None
    root: Step | None = None
    told_at: int | None = None
    is_untold: bool = False


@dataclass(slots=True)
class Plan:
    """When an entry is due, if it is, and how that is known."""

    at: int | None
    basis: str
    told_at: int | None = None
    is_foreseen: bool = False


@dataclass(slots=True)
class World:
    """One way in which it may have been."""

    known: Known
    db: str
    key: str
    choices: list[int | None]
    phases: list[Phase] = field(default_factory=list)
    plan: Plan | None = None
    starts_at: int | None = None

    @property
    def now(self) -> Phase:
        return self.phases[-1]

    def live(self) -> list[Phase]:
        """Live through all steps from the creation on."""
        usable, made = True, creation(self.known, self.db)
        for number, step in enumerate(self.known.steps):
            if self.phases:
                self._fire(step.at)
            state = self.known.states[number].get(self.key)
            is_usable = state is not None and state.is_usable
            if step is made:
                self.phases.append(Phase(step.at, "available"))
            elif self.phases and usable != is_usable:
                self._access(number, step, is_usable=is_usable)
            elif self.phases and self.known.is_about(step, self.db) and not step.error:
                self._meet(step, is_usable=is_usable)
            usable = is_usable
        self._fire(EVER)
        return self.phases

    def _fire(self, before: int) -> None:
        """Let what is due happen; at the very moment of a record that comes first."""
        while True:
            due = self._due()
            if due is None or due >= before:
                return
            if self.now.status == "available":
                self._enter(due)
            elif self.now.status == REC:
                basis = "derived" if self.now.basis == "observed" else self.now.basis
                self._turn(due, TERM, basis, keep=True)
            else:
                self._start_by_itself(due)

    def _due(self) -> int | None:
        match self.now.status:
            case "available":
                return self.plan.at if self.plan else None
            case "stopped":
                return self.starts_at
            case _:
                return self.now.terminal_at if self.now.status == REC else None

    def _start_by_itself(self, at: int) -> None:
        """Seven days after it was stopped, unless its key is of no use (section 4.4)."""
        self.starts_at = None
        key = self.known.key(self.key, at)
        if key is not None and key.is_usable:
            self._turn(at, "available")

    def _enter(self, at: int) -> None:
        assert self.plan is not None
        status = REC if can_stop(self.known, self.db, at) else TERM
        end = at + 7 * DAY if status == REC else at
        self._turn(at, status, self.plan.basis, keep=True)
        self.now.terminal_at = end

    def _turn(self, at: int, status: str, basis: str = "observed", *, keep: bool = False) -> None:
        was = self.now
        new = Phase(at, status, basis)
        if keep:
            new.terminal_at, new.lost_at, new.root = was.terminal_at, was.lost_at, was.root
        self.phases.append(new)
        self.plan = None

    def _access(self, number: int, step: Step, *, is_usable: bool) -> None:
        if self.now.status == "stopped" and self.starts_at is None and is_usable:
            self.now.is_untold = True  # it could not start by itself; whether it does so now?
        if self.now.status != "available":
            return
        if is_usable:
            self._turn(step.at, "available")
            return
        state = self.known.states[number][self.key]
        plan = self._planned(number, step.at)
        self._turn(step.at, "available")
        self.plan = plan
        self.now.lost_at, self.now.root = step.at, state.lost_by
        self.now.told_at = plan.told_at
        if plan.is_foreseen:
            self.now.terminal_at = EVER

    def _planned(self, number: int, lost_at: int) -> Plan:
        """Find out when the entry is due, from what is told until access is back."""
        told = self._until_back(number)
        has_backups = retention(self.known, self.db, lost_at) > 0
        plan = Plan(None, "derived")
        plan.is_foreseen = has_backups or is_replica(self.known, self.db, lost_at)
        plan.told_at = min((s.at for s in told if s.told == "0418"), default=None)
        for step in told:
            if step.told == "0419":
                return replace(plan, at=step.at, basis="observed")
        if not plan.is_foreseen:
            return self._detachment(told)
        delay = grace(self.known, self.db)
        if plan.told_at is not None and delay:
            return replace(plan, at=plan.told_at + delay)
        if not self.choices:
            raise OpenError(self._moments(number, (plan.told_at or lost_at) + delay))
        return replace(plan, at=self.choices.pop(0), basis="bounded")

    def _detachment(self, told: list[Step]) -> Plan:
        """Without backups it is the volume's leaving its host; that a change of class is one
        is inferred, that a recovery is one is documented.
        """
        for step in told:
            if step.told == "0020":
                return Plan(step.at, "derived")
            if "instance_class" in step.options:
                return Plan(step.at, "inferred")
        return Plan(None, "derived")

    def _until_back(self, number: int) -> list[Step]:
        """The steps about the database until its key can be used again or it is taken down."""
        kept = []
        for later in range(number + 1, len(self.known.steps)):
            step = self.known.steps[later]
            if self.known.states[later][self.key].is_usable:
                break
            if self.known.is_about(step, self.db) and not step.error:
                kept.append(step)
                if step.deed in {"stop_db_instance", "delete_db_instance"}:
                    break
        return kept

    def _moments(self, number: int, first: int) -> list[int | None]:
        """The moments at which an entry is possible: two hours, and what records suggest."""
        found = {first}
        for step in self.known.steps[number + 1 :]:
            if self.known.is_about(step, self.db) and not step.error:
                found.add(step.at)
                found.add(step.at - 7 * DAY)
        return [*sorted(one for one in found if one >= first), None]

    def _week(self, at: int) -> int:
        """When a stopped instance starts by itself: after seven days, or when RDS says so."""
        told = [
            step.at
            for step in self.known.script
            if self.known.is_about(step, self.db) and step.told == "0154"
            if at < step.at < at + 8 * DAY
        ]
        return min(told, default=at + 7 * DAY)

    def _meet(self, step: Step, *, is_usable: bool) -> None:
        """Let a successful call or an event about the database speak."""
        status = self.now.status
        has_final = step.final_snapshot is not None
        if (step.deed in NEEDS_AVAILABLE or has_final) and status != "available":
            raise ContradictionError
        match step.deed, step.told:
            case "start_db_instance", _:
                if status not in {"stopped", REC}:
                    raise ContradictionError
                self._turn(step.at, "available")
            case "stop_db_instance", _:
                self._turn(step.at, "stopped")
                self.starts_at = self._week(step.at)
            case "delete_db_instance", _:
                self._turn(step.at, "deleted", keep=True)
                self.now.terminal_at = None
            case "rds_event", "0087" if status == "stopped":
                self.starts_at = self._week(step.at)
            case "rds_event", "0154" if status == "stopped":
                self.starts_at = None
                if is_usable:
                    self._turn(step.at, "available")
            case "rds_event", told if told in ONLY_IN_SERVICE and status != "available":
                raise ContradictionError


def phases(known: Known, db: str, key: str) -> list[Phase]:
    """Return the statuses of a database in the first world that contradicts no record."""
    if db not in known.phases:
        found = _search(known, db, key, [])
        assert found is not None, f"no world explains the records about {db}"
        known.phases[db] = found
    return list(known.phases[db])


def _search(known: Known, db: str, key: str, choices: list[int | None]) -> list[Phase] | None:
    try:
        return World(known, db, key, list(choices)).live()
    except ContradictionError:
        return None
    except OpenError as which:
        for moment in which.moments:
            found = _search(known, db, key, [*choices, moment])
            if found is not None:
                return found
        return None


def foreseen(known: Known, db: str, phase: Phase, at: int) -> int | None:
    """When the clock ends for a database at a moment, as far as is told by then.

    Where it should have given up by then and has not, only later records tell when it will.
    """
    if phase.status != "available" or phase.terminal_at is None or phase.lost_at is None:
        return phase.terminal_at
    is_told = phase.told_at is not None and phase.told_at <= at
    counted = phase.told_at if is_told else phase.lost_at
    assert counted is not None
    entry = counted + grace(known, db)
    if entry <= at:
        later = [one for one in known.phases[db] if one.at > phase.at]
        if not later or later[0].status not in {REC, TERM}:
            return None
        entry = later[0].at
    return entry + 7 * DAY if can_stop(known, db, at) else entry
