"""Bulk: usage records by the hundred thousand, from templates that are spelled only once."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tests.simulator.actors import BOTO, Actor, on_behalf, role, service
from tests.simulator.faults import ACCESS_DENIED, Fault
from tests.simulator.handles import Key
from tests.simulator.recorder import Call, spelled
from tests.simulator.world import AwsSimulator

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from tests.simulator.estate import Place
    from tests.simulator.recorder import Json

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BLANKS: Final[Mapping[str, str]] = {
    "time": "2000-01-01T00:00:00Z",
    "event": "00000000-0000-4000-8000-0000000000e0",
    "request": "00000000-0000-4000-8000-0000000000f0",
    "key": "00000000-0000-4000-8000-0000000000a0",
    "value": "00000000-0000-4000-8000-0000000000c0",
}
_RDS_SHARE: Final = 0.4
_REFUSED_SHARE: Final = 0.004


class Bulk:
    """A maker of payloads for one place; the same generator state gives the same bytes."""

    def __init__(self, place: Place) -> None:
        self._start = int((place.aws.start - _EPOCH).total_seconds())
        self._since = [since for since, _ in place.steady]
        self._keys = [key.key_id.encode() for _, key in place.steady]
        self._made = [made for made, _ in place.databases]
        self._databases = [
            (str(one.key).rpartition("/")[2].encode(), one.resource_id.encode())
            for _, one in place.databases
        ]
        blank = _Blank(place.aws.account, place.aws.region)
        rds = service("rds.amazonaws.com")
        self._of_rds = [
            blank.usage("Decrypt", "aws:rds:db-id", rds),
            blank.usage("GenerateDataKey", "aws:rds:db-id", rds),
        ]
        app = role("workload", "i-0b7d9f1a3c5e7f9b1", account=place.aws.account)
        own = app.using(user_agent=BOTO)
        self._of_apps = [
            blank.usage("Decrypt", "aws:ebs:id", service("ec2-frontend-api.amazonaws.com")),
            blank.usage("Decrypt", "aws:s3:arn", own),
            blank.usage("GenerateDataKey", "aws:s3:arn", own),
            blank.usage("Decrypt", "SecretARN", on_behalf(app, "secretsmanager.amazonaws.com")),
            blank.usage("Decrypt", "aws:lambda:FunctionArn", service("lambda.amazonaws.com")),
        ]
        self._refused = blank.usage("Decrypt", "aws:s3:arn", own, ACCESS_DENIED)
        self._other = blank.unrelated()
        self._days: dict[int, bytes] = {}

    def usage(self, draw: random.Random, seconds: int) -> bytes:
        """Return one use, `seconds` after the start, of a key that exists by then."""
        value = draw.getrandbits(128)
        since = timedelta(seconds=seconds)
        databases = bisect_right(self._made, since)
        if databases and draw.random() < _RDS_SHARE:
            template = self._of_rds[value % 4 == 0]
            key, context = self._databases[value % databases]
        else:
            is_refused = draw.random() < _REFUSED_SHARE
            template = self._refused if is_refused else self._of_apps[value % 5]
            keys = bisect_right(self._since, since)
            key, context = self._keys[value % keys], b"use-%d" % (value % 5000)
        return template % {
            b"time": self._time(seconds),
            b"event": _uuid(value),
            b"request": _uuid(draw.getrandbits(128)),
            b"key": key,
            b"value": context,
        }

    def unrelated(self, draw: random.Random, seconds: int) -> bytes:
        """Return one call of another service, which an ingest skips by default."""
        value = draw.getrandbits(128)
        return self._other % {
            b"time": self._time(seconds),
            b"event": _uuid(value),
            b"request": _uuid(draw.getrandbits(128)),
            b"value": b"stack-%d" % (value % 40),
        }

    def _time(self, seconds: int) -> bytes:
        day, second = divmod(self._start + seconds, 86400)
        if day not in self._days:
            self._days[day] = f"{_EPOCH + timedelta(days=day):%Y-%m-%d}".encode()
        minute, second = divmod(second, 60)
        return b"%bT%02d:%02d:%02dZ" % (self._days[day], minute // 60, minute % 60, second)


class _Blank:
    """Spells a record once, with blanks to be filled in."""

    def __init__(self, account: str, region: str) -> None:
        moment = datetime.fromisoformat(_BLANKS["time"])
        self._aws = AwsSimulator(account=account, region=region, start=moment)
        self._call = Call(event_id=_BLANKS["event"], extra={"requestID": _BLANKS["request"]})

    def usage(
        self, operation: str, context: str, actor: Actor, error: Fault | None = None
    ) -> bytes:
        aws = self._aws
        arn = f"arn:aws:kms:{aws.region}:{aws.account}:key/{_BLANKS['key']}"
        key = Key(arn=arn, region=aws.region, account=aws.account, record={}, key_id=_BLANKS["key"])
        held = {context: _BLANKS["value"]}
        use = aws.decrypt if operation == "Decrypt" else aws.generate_data_key
        call = self._call | Call(actor=actor, error=error)
        return _template(use(key, at=0, context=held, **call))

    def unrelated(self) -> bytes:
        actor = role("web-app", "i-0f2c4d6e8a1b3c5d7", account=self._aws.account)
        asked = {"filterSet": {"items": [{"name": "tag:stack", "value": _BLANKS["value"]}]}}
        call = self._call | Call(actor=actor.using(user_agent=BOTO))
        return _template(
            self._aws.record("ec2", "DescribeInstances", at=0, request=asked, is_read=True, **call)
        )


def _template(record: Json) -> bytes:
    payload = spelled(record).replace(b"%", b"%%")
    for name, blank in _BLANKS.items():
        payload = payload.replace(blank.encode(), b"%%(%b)b" % name.encode())
    return payload


def _uuid(value: int) -> bytes:
    digits = b"%032x" % value
    return b"%b-%b-4%b-a%b-%b" % (
        digits[:8],
        digits[8:12],
        digits[13:16],
        digits[17:20],
        digits[20:],
    )
