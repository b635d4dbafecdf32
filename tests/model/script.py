"""Script: calls and events in order of time; played on the simulator, printed as its calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from tests.simulator.actors import user
from tests.simulator.handles import Cluster, Key
from tests.simulator.world import AwsSimulator

HOUR: Final = 60
DAY: Final = 24 * HOUR
MANAGED: Final = "aws_rds"
"""The key that AWS manages: no record makes it."""


DEEDS: Final = {
    "copy_db_cluster_snapshot": "copy_db_snapshot",
    "create_db_cluster": "create_db_instance",
    "delete_blue_green": "delete_db_instance",
    "create_db_cluster_snapshot": "create_db_snapshot",
    "delete_cluster_automated_backup": "delete_automated_backup",
    "delete_db_cluster": "delete_db_instance",
    "delete_db_cluster_snapshot": "delete_db_snapshot",
    "failover_db_cluster": "reboot_db_instance",
    "modify_db_cluster": "modify_db_instance",
    "promote_read_replica_cluster": "promote_read_replica",
    "reboot_db_cluster": "reboot_db_instance",
    "restore_cluster_from_snapshot": "restore_from_snapshot",
    "restore_cluster_to_point_in_time": "restore_to_point_in_time",
    "start_db_cluster": "start_db_instance",
    "stop_db_cluster": "stop_db_instance",
}
"""What is done to a cluster, by the verb that does the same to an instance."""

EVENTS: Final = {"0150": "0087", "0151": "0088", "0153": "0154", "0170": "0005", "0171": "0003"}
"""What RDS says of clusters, by the number under which it says the same of instances."""


_OTHERS: Final = {"delete_blue_green", "reboot_db_cluster"}
CLUSTER_DEEDS: Final = {deed: verb for verb, deed in DEEDS.items() if verb not in _OTHERS}
CLUSTER_EVENTS: Final = {number: of_cluster for of_cluster, number in EVENTS.items()}


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
        if self.verb == "switch_over_blue_green":
            made = f"{self.result}, {self.args[1]} = "
        return f"{made}aws.{self.verb}({', '.join(shown)})" + self._afterwards()

    @property
    def deed(self) -> str:
        """The verb, spelled as for an instance."""
        return DEEDS.get(self.verb, self.verb)

    @property
    def told(self) -> str | None:
        """The number of an RDS event, as for an instance; None where it is no such event."""
        if self.verb != "rds_event":
            return None
        number = str(self.args[1]).removeprefix("RDS-EVENT-")
        return EVENTS.get(number, number)

    @property
    def final_snapshot(self) -> str | None:
        """The final snapshot that the step makes, if it does."""
        return None if self.error else self.options.get("final_snapshot")

    def _afterwards(self) -> str:
        name, of = self.final_snapshot, "cluster_" if "cluster" in self.verb else ""
        return f'\n{name} = aws.final_{of}snapshot({self.args[0]}, "{name}")' if name else ""


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
        if isinstance(result, tuple):
            made[str(step.result)], made[str(step.args[1])] = result
        elif step.result:
            made[step.result] = result
        if step.final_snapshot:
            of = "cluster_" if isinstance(args[0], Cluster) else ""
            final = getattr(aws, f"final_{of}snapshot")
            made[step.final_snapshot] = final(args[0], step.final_snapshot)
    return aws, made


def _managed(aws: AwsSimulator) -> Key:
    arn = aws.default_rds_key()
    key_id = arn.rpartition("/")[2]
    return Key(arn=arn, region=aws.region, account=aws.account, record={}, key_id=key_id)


def _meant(value: Any, made: dict[str, Any]) -> Any:
    if isinstance(value, Minute):
        return timedelta(minutes=value)
    return made[value] if isinstance(value, Ref) else value
