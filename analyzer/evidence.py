"""Evidence: what a decoded record says of itself, and where in the ledger it is sealed."""

from __future__ import annotations

from typing import Any

from analyzer import moment
from analyzer.frozen import Frozen
from analyzer.moment import Moment


class Evidence(Frozen, frozen=True, kw_only=True):
    """One sealed record, as it is cited.

    Attributes:
        entry: 0-based index in the ledger.
        event_id: CloudTrail's eventID, or the envelope's id of a native EventBridge event.
        event_name: CloudTrail's eventName; for native events `detail.EventID` or the detail-type.
        time: when AWS says it happened.
        actor: the human or role to ask, or the service when there is nobody else.
        session: the full ARN of an assumed role's session.
        source_ip: as written; it may be a service name.
        region: as written; it may differ from the ARN's Region.
        account: the account whose trail told of it.
        error: the error code of a failed call; a failed call moves no state.
        shared_id: links the records in which several accounts' trails tell of one call.
        twins: ledger indexes of the other records of that call.
        twin_accounts: the accounts whose trails told these.
        digest: SHA-256 of the payload in hex, the last tie-break between records of one second.
    """

    entry: int
    event_id: str
    event_name: str
    time: Moment
    actor: str | None = None
    session: str | None = None
    source_ip: str | None = None
    region: str | None = None
    account: str | None = None
    error: str | None = None
    shared_id: str | None = None
    twins: tuple[int, ...] = ()
    twin_accounts: tuple[str, ...] = ()
    digest: str = ""

    @property
    def order(self) -> tuple[Moment, str, str]:
        """Sort key that does not depend on arrival: time, then event id, then payload hash."""
        return (self.time, self.event_id, self.digest)

    def document(self) -> dict[str, Any]:
        """Return the contract's evidence object."""
        return {
            "entry": self.entry,
            "event_id": self.event_id,
            "event_name": self.event_name,
            "event_time": moment.text(self.time),
            "actor": self.actor,
            "session": self.session,
            "source_ip": self.source_ip,
            "region": self.region,
            "account": self.account,
            "error": self.error,
            "twins": list(self.twins),
        }


def in_order(*cited: Evidence | None) -> tuple[Evidence, ...]:
    """Return the evidence given, each once, in time order."""
    unique = {evidence.entry: evidence for evidence in cited if evidence is not None}
    return tuple(sorted(unique.values(), key=lambda evidence: evidence.order))
