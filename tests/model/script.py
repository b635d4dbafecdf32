"""Script: calls and events in order of time; played on the simulator, printed as its calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from tests.simulator.actors import user
from tests.simulator.handles import Key
from tests.simulator.world import AwsSimulator

HOUR: Final = 60
DAY: Final = 24 * HOUR
MANAGED: Final = "aws_rds"
"""The key that AWS manages: no record makes it."""


class Ref(str):
    """The name of something that an earlier step has made."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Minute(int):
    """A moment in minutes since the simulator's start."""

    __slots__ = ()

    def __repr__(self) -> str:
        days, rest = divmod(int(self), DAY)
        return f"d({days}, {rest // HOUR}, {rest % HOUR})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call or event.

    Attributes:
        at: minutes since the start.
        verb: the simulator's method.
        args: what it is called with; a `Ref` stands for what an earlier step has made.
        options: its keywords; a `Minute` stands for a moment.
        result: the name under which later steps speak of what it makes.
        actor: the IAM user who calls; None where AWS does it by itself.
        error: the errorCode of a call that is refused.
    """

    at: int
    verb: str
    args: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)
    result: str | None = None
    actor: str | None = None
    error: str | None = None

    def __repr__(self) -> str:
        shown = [repr(one) for one in self.args]
        shown += [f"{name}={value!r}" for name, value in self.options.items()]
        shown.append(f"at={Minute(self.at)!r}")
        if self.actor:
            shown.append(f'actor=user("{self.actor}")')
        if self.error:
            shown.append(f'error=("{self.error}", "refused")')
        made = f"{self.result} = " if self.result else ""
        return f"{made}aws.{self.verb}({', '.join(shown)})" + self._afterwards()

    @property
    def final_snapshot(self) -> str | None:
        """The final snapshot that the step makes, if it does."""
        return None if self.error else self.options.get("final_snapshot")

    def _afterwards(self) -> str:
        name = self.final_snapshot
        return f'\n{name} = aws.final_snapshot({self.args[0]}, "{name}")' if name else ""


Script = list[Step]


def printed(script: Script) -> str:
    """Print a script as Python that can be pasted into a test."""
    head = "aws = AwsSimulator()\nd = lambda days, h, m: timedelta(days=days, hours=h, minutes=m)\n"
    return head + "".join(f"{step!r}\n" for step in script)


def play(script: Script) -> tuple[AwsSimulator, dict[str, Any]]:
    """Play a script; return the simulator and what was made, by name."""
    aws = AwsSimulator()
    made: dict[str, Any] = {MANAGED: _managed(aws)}
    for step in script:
        args = [made[one] if isinstance(one, Ref) else one for one in step.args]
        options = {name: _meant(value, made) for name, value in step.options.items()}
        if step.actor:
            options["actor"] = user(step.actor)
        if step.error:
            options["error"] = (step.error, "refused")
        result = getattr(aws, step.verb)(*args, at=timedelta(minutes=step.at), **options)
        if step.result:
            made[step.result] = result
        if step.final_snapshot:
            made[step.final_snapshot] = aws.final_snapshot(args[0], step.final_snapshot)
    return aws, made


def _managed(aws: AwsSimulator) -> Key:
    arn = aws.default_rds_key()
    key_id = arn.rpartition("/")[2]
    return Key(arn=arn, region=aws.region, account=aws.account, record={}, key_id=key_id)


def _meant(value: Any, made: dict[str, Any]) -> Any:
    if isinstance(value, Minute):
        return timedelta(minutes=value)
    return made[value] if isinstance(value, Ref) else value
