"""`ocsf`: records as API Activity (6003), findings as Detection Finding (2004), of OCSF 1.6.0.

Source: https://schema.ocsf.io/1.6.0/classes/api_activity and .../detection_finding, with the
profile `cloud`. A test holds what is written here against that schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final

from analyzer import moment
from analyzer.export.sealed import Sealed
from analyzer.findings.finding import Finding, Severity
from analyzer.record import Record, members, text

VERSION: Final = "1.6.0"
COLUMNS: Final = (
    "class_uid", "category_uid", "activity_id", "type_uid", "time", "severity_id", "status_id",
    "message",
)  # fmt: skip

_MILLISECOND: Final = 1_000
_UNKNOWN: Final = "unknown"
_KEPT: Final = 4096
"""Parts that repeat from record to record are made once; nobody changes them."""
_ACTIVITIES: Final = {
    1: ("Create", "Import", "Copy", "Restore", "Replicate", "StartExportTask"),
    2: ("Describe", "List", "Get", "Lookup"),
    3: ("Modify", "Update", "Put", "Enable", "Disable", "Cancel", "Tag", "Untag", "Start", "Stop",
        "Reboot", "Promote", "Schedule", "Rotate", "Connect", "Disconnect", "Add", "Remove"),
    4: ("Delete", "Retire", "Revoke"),
}  # fmt: skip
"""OCSF's activities of an API call, and how the names of such operations begin."""

_SEVERITIES: Final = {
    Severity.LOW: 2,
    Severity.MEDIUM: 3,
    Severity.HIGH: 4,
    Severity.CRITICAL: 5,
}

Event = dict[str, Any]


def activities(entries: Iterable[Sealed], version: str) -> Iterator[Event]:
    """Yield an API Activity for each record; *version* is that of this program."""
    for one in entries:
        record = one.record()
        if record is not None:
            yield _activity(one, record, version)


def detections(findings: Iterable[Finding], version: str) -> Iterator[Event]:
    """Yield a Detection Finding for each finding."""
    for one in findings:
        yield _detection(one, version)


def _activity(one: Sealed, record: Record, version: str) -> Event:
    cited = record.evidence
    activity = _activity_of(cited.event_name)
    return _without_none(
        {
            "class_uid": 6003,
            "category_uid": 6,
            "activity_id": activity,
            "activity_name": cited.event_name if activity == 99 else None,  # noqa: PLR2004 - Other
            "type_uid": 600300 + activity,
            "time": cited.time // _MILLISECOND,
            "severity_id": 1,
            "status_id": 2 if cited.error else 1,
            "status_code": cited.error,
            "status_detail": text(record.body, "errorMessage"),
            "message": f"{cited.event_name} by {cited.actor or _UNKNOWN}",
            "metadata": _metadata(version, uid=cited.event_id or None, sequence=one.entry)
            | {"event_code": cited.event_name, "original_time": moment.text(cited.time)},
            "actor": _actor(record),
            "api": _api(record),
            "src_endpoint": _endpoint(cited.source_ip),
            "cloud": _cloud(cited.region, cited.account),
            "resources": [{"uid": arn, "region": _region(arn)} for arn in record.resource_arns]
            or None,
            "raw_data": one.payload.decode(errors="replace"),
            "unmapped": {"entry": one.entry, "kind": one.kind},
        }
    )


def _detection(one: Finding, version: str) -> Event:
    activity = 1 if one.is_open else 3
    first = one.evidence[0]
    return _without_none(
        {
            "class_uid": 2004,
            "category_uid": 2,
            "activity_id": activity,
            "type_uid": 200400 + activity,
            "time": one.since // _MILLISECOND,
            "end_time": None if one.until is None else one.until // _MILLISECOND,
            "severity_id": _SEVERITIES[one.severity],
            "status_id": 1 if one.is_open else 4,
            "message": one.detail,
            "metadata": _metadata(version, uid=None, sequence=None),
            "finding_info": {
                "uid": f"{one.rule}/{one.resource}/{first.entry}",
                "title": one.title,
                "desc": one.detail,
                "created_time": one.since // _MILLISECOND,
                "first_seen_time": first.time // _MILLISECOND,
                "last_seen_time": one.evidence[-1].time // _MILLISECOND,
                "analytic": {"name": one.rule, "type_id": 1},
                "related_events": [
                    {"uid": cited.event_id or f"entry {cited.entry}"} for cited in one.evidence
                ],
            },
            "cloud": _cloud(first.region, first.account),
            "resources": [{"uid": one.resource}],
            "evidences": [{"data": cited.document()} for cited in one.evidence],
            "unmapped": {"changes": list(one.changes), "incident": one.incident},
        }
    )


@lru_cache(maxsize=_KEPT)
def _activity_of(name: str) -> int:
    for activity, beginnings in _ACTIVITIES.items():
        if name.startswith(beginnings):
            return activity
    return 99


def _metadata(version: str, *, uid: str | None, sequence: int | None) -> Event:
    product = {"name": "keyledger", "vendor_name": "keyledger", "version": version}
    return _without_none(
        {
            "version": VERSION,
            "product": product,
            "profiles": ["cloud"],
            "log_provider": "AWS CloudTrail",
            "uid": uid,
            "sequence": sequence,
        }
    )


def _actor(record: Record) -> Event:
    cited = record.evidence
    identity = members(record.body, "userIdentity")
    user = {
        "uid": cited.actor or _UNKNOWN,
        "name": (cited.actor or _UNKNOWN).rpartition("/")[2],
        "type_id": 99 if text(identity, "type") else 0,
        "type": text(identity, "type"),
    }
    session = {"uid": cited.session, "issuer": cited.actor} if cited.session else None
    invoked = text(identity, "invokedBy")
    return _without_none({"user": _without_none(user), "session": session, "invoked_by": invoked})


def _api(record: Record) -> Event:
    cited = record.evidence
    asked = text(record.body, "requestID") or cited.event_id or f"entry {cited.entry}"
    error = {"error": cited.error, "error_message": text(record.body, "errorMessage")}
    answered = error | {"data": dict(record.response) or None}
    return _without_none(
        {
            "operation": cited.event_name,
            "service": {"name": text(record.body, "eventSource") or record.service},
            "version": text(record.body, "apiVersion"),
            "request": _without_none({"uid": asked, "data": dict(record.request) or None}),
            "response": _without_none(answered) or None,
        }
    )


@lru_cache(maxsize=_KEPT)
def _endpoint(source: str | None) -> Event:
    """Return where a call came from; CloudTrail writes an address, or the name of a service."""
    if source is None:
        return {"name": _UNKNOWN}
    try:
        return {"ip": str(ip_address(source))}
    except ValueError:
        return {"name": source}


@lru_cache(maxsize=_KEPT)
def _cloud(region: str | None, account: str | None) -> Event:
    known = {"uid": account} if account else None
    return _without_none({"provider": "AWS", "region": region, "account": known})


def _region(arn: str) -> str:
    return (arn.split(":") + [""] * 4)[3] or _UNKNOWN


def _without_none(given: Mapping[str, Any]) -> Event:
    return {name: value for name, value in given.items() if value is not None}
