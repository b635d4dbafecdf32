"""Access: whether the key of a database can be used, from one change to the next.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html. The text
names the disabled key; RDS-EVENT-0418 adds "or Amazon RDS being unable to access it". So every
state in which the key cannot decrypt counts as lost access (inferred from both; stated in notes).
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.moment import Moment
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Known, Timeline


class AccessChange(Frozen, frozen=True, kw_only=True):
    """The key became usable (True), unusable (False) or unknown (None) at `at`."""

    at: Moment
    is_usable: bool | None
    since: Known | None
    trail: tuple[Evidence, ...]
    root: Evidence | None


def access_changes(key: Timeline[KeyState]) -> Iterator[AccessChange]:
    """Yield each change of a key's usability, in time order."""
    known: bool | None = None
    is_first = True
    for span in key.spans():
        usable = span.value.is_usable
        if is_first or usable is not known:
            yield AccessChange(
                at=span.start,
                is_usable=usable,
                since=span.value.since,
                trail=span.value.lost,
                root=span.value.lost_root,
            )
        known, is_first = usable, False
