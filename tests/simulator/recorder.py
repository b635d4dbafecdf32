"""Recorder: the lowest level of the simulator; makes records of CloudTrail's shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from tests.simulator.actors import ACCOUNT, Actor, user
from tests.simulator.ids import Ids
from tests.simulator.times import T0, When, iso, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

Json = dict[str, Any]
Error = tuple[str, str] | None
REGION: Final = "us-east-1"


class Call(TypedDict, total=False):
    """What every verb takes beside its own arguments, all optional.

    Attributes:
        actor: who calls; `recorder.actor` by default.
        error: (errorCode, errorMessage) of a call that fails; its response is null then.
        region: where the call is made; by default where the resource is.
        account: who owns the trail; by default who owns the resource.
        event_id: instead of a drawn one, for twins and conflicts.
        extra: members to add to the record, or to replace in it.
    """

    actor: Actor
    error: Error
    region: str
    account: str
    event_id: str
    extra: Mapping[str, Any]


class Recorder:
    """An account's trail in memory: every call appends one record.

    Attributes:
        start: the moment from which `at=` counts if it is not a datetime.
        records: CloudTrail records in the order made; the tests may change them in place.
        notifications: native EventBridge envelopes in the order made.
    """

    def __init__(
        self,
        *,
        seed: int | str = 1,
        account: str = ACCOUNT,
        region: str = REGION,
        start: datetime = T0,
        actor: Actor | None = None,
    ) -> None:
        self.seed = seed
        self.ids = Ids(seed)
        self.account = account
        self.region = region
        self.start = start
        self.actor = actor or user("alice", account=account)
        self.records: list[Json] = []
        self.notifications: list[Json] = []

    def moment(self, at: When) -> datetime:
        """Return the moment that *at* means here."""
        return resolve(at, self.start)

    def record(
        self,
        service: str,
        event_name: str,
        *,
        at: When,
        request: Mapping[str, Any] | None = None,
        response: Mapping[str, Any] | None = None,
        resources: Sequence[Mapping[str, str]] | None = None,
        additional: Mapping[str, Any] | None = None,
        details: Mapping[str, Any] | None = None,
        event_type: str = "AwsApiCall",
        is_read: bool = False,
        **call: Unpack[Call],
    ) -> Json:
        """Append one record and return it; members stand in CloudTrail's order."""
        who, where = call.get("actor", self.actor), call.get("region", self.region)
        error = call.get("error")
        record = _head(service, event_name, who, where, self.moment(at))
        if error is not None:
            record |= {"errorCode": error[0], "errorMessage": error[1]}
        record["requestParameters"] = None if request is None else dict(request)
        record["responseElements"] = None if response is None or error else dict(response)
        if additional is not None:
            record["additionalEventData"] = dict(additional)
        if event_type != "AwsServiceEvent":
            record["requestID"] = self.ids.uuid()
        record |= {"eventID": call.get("event_id") or self.ids.uuid(), "readOnly": is_read}
        if resources is not None:
            record["resources"] = [dict(resource) for resource in resources]
        record |= {"eventType": event_type, "managementEvent": True}
        record["recipientAccountId"] = call.get("account", self.account)
        if details is not None:
            record["serviceEventDetails"] = dict(details)
        record |= _tail(service, who, where) | dict(call.get("extra", {}))
        self.records.append(record)
        return record

    def events(self) -> list[Json]:
        """Return records and native envelopes, in the order made of each."""
        return [*self.records, *self.notifications]

    def payloads(self) -> list[bytes]:
        """Return every event as the bytes in which AWS would deliver it."""
        return [spelled(event) for event in self.events()]

    def lines(self) -> str:
        """Return every event as JSON Lines."""
        return "".join(payload.decode() + "\n" for payload in self.payloads())


def spelled(event: Mapping[str, Any]) -> bytes:
    """Spell an event as CloudTrail does: no white space, members in their order."""
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()


def _head(service: str, event_name: str, who: Actor, where: str, moment: datetime) -> Json:
    return {
        "eventVersion": "1.11",
        "userIdentity": who.identity_at(moment),
        "eventTime": iso(moment),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": event_name,
        "awsRegion": where,
        "sourceIPAddress": who.source_ip,
        "userAgent": who.user_agent,
    }


def _tail(service: str, who: Actor, where: str) -> Json:
    if who.is_service:
        return {"eventCategory": "Management"}
    return {
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.{where}.amazonaws.com",
        },
    }
