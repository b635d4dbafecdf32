"""Traffic: what else happens in an account all day; it bears on no key and no database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.simulator.actors import BOTO, CONSOLE, role, service
from tests.simulator.faults import ACCESS_DENIED, THROTTLED, Fault
from tests.simulator.ids import Ids
from tests.simulator.recorder import Json, Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from tests.simulator.actors import Actor
    from tests.simulator.handles import Database, Key
    from tests.simulator.times import When


class _Caller(NamedTuple):
    """A role that every account has."""

    role: str
    session: str
    source_ip: str
    user_agent: str = BOTO

    def at(self, account: str) -> Actor:
        session = role(self.role, self.session, account=account, source_ip=self.source_ip)
        return session.using(user_agent=self.user_agent)


_APP: Final = _Caller("web-app", "i-0f2c4d6e8a1b3c5d7", "10.20.4.18")
_MONITOR: Final = _Caller("monitoring", "metrics-poller", "10.20.7.5")
_AUDITOR: Final = _Caller("security-audit", "weekly-scan", "10.20.9.77")
_ENGINEER: Final = _Caller("developer", "sam.okafor", "198.51.100.61", CONSOLE)

_UNAUTHORIZED: Final = Fault("UnauthorizedOperation", "You are not authorized.")


class Traffic(Recorder):
    """The verbs of everybody else."""

    def traffic(
        self,
        *,
        since: When,
        until: When,
        sessions: int,
        keys: Sequence[Key] = (),
        databases: Sequence[Database] = (),
    ) -> None:
        """Append unrelated calls between two moments: bursts of three to eight by one caller.

        Drawn from a seed of its own, so that adding traffic changes no id of the calls that matter.

        Args:
            since: start of the period.
            until: its end.
            sessions: how many bursts.
            keys: keys that are usable all the time, for services to use.
            databases: databases that RDS may use these keys for.
        """
        kept, self.ids = self.ids, Ids(f"{self.seed} traffic {since} {until}")
        start, draw = self.moment(since), self.ids.random
        seconds = int((self.moment(until) - start).total_seconds())
        kinds: tuple[Callable[[datetime], object], ...] = (
            lambda at: self._services_use(at, keys, databases),
            self._monitor_reads,
            self._auditor_reads,
            self._others_call,
            self._engineer_tries,
        )
        for moment in sorted(draw.randrange(seconds) for _ in range(sessions)):
            kind = draw.choices(kinds, weights=(6, 4, 1, 6, 1))[0]
            at = start + timedelta(seconds=moment)
            for _ in range(draw.randint(3, 8)):
                kind(at)
                at += timedelta(seconds=draw.randint(0, 9))
        self.ids = kept

    def _services_use(
        self, at: datetime, keys: Sequence[Key], databases: Sequence[Database]
    ) -> None:
        if not keys:
            self._others_call(at)
            return
        key = self.ids.random.choice(keys)
        name, context = self._use(key, [one for one in databases if one.key == key.arn])
        actor = (
            _APP.at(self.account)
            if name in {"s3", "secretsmanager"}
            else service(f"{name}.amazonaws.com")
        )
        asked: Json = {"encryptionContext": dict(context)}
        event_name = "GenerateDataKey" if name == "s3" else "Decrypt"
        if event_name == "GenerateDataKey":
            asked |= {"keyId": key.arn, "keySpec": "AES_256"}
        else:
            asked["encryptionAlgorithm"] = "SYMMETRIC_DEFAULT"
        self.record(
            "kms",
            event_name,
            at=at,
            actor=actor,
            request=asked,
            resources=[key.resource],
            is_read=True,
            region=key.region,
            account=key.account,
        )

    def _use(self, key: Key, databases: Sequence[Database]) -> tuple[str, Mapping[str, str]]:
        where = f"{key.region}:{key.account}"
        uses: list[tuple[str, Mapping[str, str]]] = [
            ("s3", {"aws:s3:arn": f"arn:aws:s3:::assets-{key.account}"}),
            ("secretsmanager", {"SecretARN": f"arn:aws:secretsmanager:{where}:secret:web-7Qx2Ld"}),
            ("lambda", {"aws:lambda:FunctionArn": f"arn:aws:lambda:{where}:function:thumbnails"}),
            ("ec2", {"aws:ebs:id": self.ids.volume_id()}),
        ]
        for database in databases:
            volume = {"aws:ebs:id": self.ids.volume_id()}
            uses += [("rds", {**database.context, **volume})] * 2
        return self.ids.random.choice(uses)

    def _monitor_reads(self, at: datetime) -> None:
        name = self.ids.random.choice(
            ("DescribeDBInstances", "DescribeDBSnapshots", "DescribeEvents", "ListTagsForResource")
        )
        throttled = THROTTLED if self.ids.random.random() < 0.05 else None
        asked = {"maxRecords": 100} if name != "ListTagsForResource" else {}
        self.record(
            "rds",
            name,
            at=at,
            actor=_MONITOR.at(self.account),
            request=asked,
            is_read=True,
            error=throttled,
        )

    def _auditor_reads(self, at: datetime) -> None:
        service_name, name = self.ids.random.choice(
            (
                ("kms", "ListKeys"),
                ("kms", "ListAliases"),
                ("rds", "DescribeDBInstanceAutomatedBackups"),
                ("iam", "ListRoles"),
                ("s3", "ListBuckets"),
                ("cloudtrail", "DescribeTrails"),
            )
        )
        self.record(service_name, name, at=at, actor=_AUDITOR.at(self.account), is_read=True)

    def _others_call(self, at: datetime) -> None:
        draw = self.ids.random
        service_name, name, is_read = draw.choice(
            (
                ("ec2", "DescribeInstances", True),
                ("ec2", "DescribeVolumes", True),
                ("ec2", "CreateTags", False),
                ("s3", "GetBucketLocation", True),
                ("sts", "GetCallerIdentity", True),
                ("logs", "CreateLogStream", False),
                ("autoscaling", "DescribeAutoScalingGroups", True),
                ("lambda", "GetFunctionConfiguration", True),
            )
        )
        actor = draw.choice((_APP, _MONITOR)).at(self.account)
        self.record(service_name, name, at=at, actor=actor, is_read=is_read)

    def _engineer_tries(self, at: datetime) -> None:
        service_name, name, fault = self.ids.random.choice(
            (
                ("rds", "DescribeDBClusters", None),
                ("rds", "DescribeDBLogFiles", None),
                ("kms", "ListAliases", None),
                ("kms", "GetKeyPolicy", ACCESS_DENIED),
                ("ec2", "StopInstances", _UNAUTHORIZED),
                ("iam", "ListUsers", ACCESS_DENIED),
            )
        )
        console = {"sessionCredentialFromConsole": "true"}
        read = not name.startswith("Stop")
        self.record(
            service_name,
            name,
            at=at,
            actor=_ENGINEER.at(self.account),
            is_read=read,
            error=fault,
            extra=console,
        )
