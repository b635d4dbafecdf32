"""Trails: the CloudTrail calls that make, stop, start or narrow a trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.recorder import Call, Json, Recorder

if TYPE_CHECKING:
    from tests.simulator.times import When


class Logging(Recorder):
    """The verbs of CloudTrail itself; `trail` is its name."""

    def create_trail(self, trail: str = "main", *, at: When, **call: Unpack[Call]) -> Json:
        """CreateTrail, of all Regions."""
        account = call.get("account", self.account)
        asked = {
            "name": trail,
            "s3BucketName": f"trails-{account}",
            "includeGlobalServiceEvents": True,
            "isMultiRegionTrail": True,
            "enableLogFileValidation": True,
            "isOrganizationTrail": False,
        }
        named = {"trailARN": self._trail_arn(trail, call)}
        return self.record(
            "cloudtrail", "CreateTrail", at=at, request=asked, response=asked | named, **call
        )

    def _trail_arn(self, trail: str, call: Call) -> str:
        region, account = call.get("region", self.region), call.get("account", self.account)
        return f"arn:aws:cloudtrail:{region}:{account}:trail/{trail}"

    def stop_logging(self, trail: str = "main", *, at: When, **call: Unpack[Call]) -> Json:
        """StopLogging."""
        return self.record("cloudtrail", "StopLogging", at=at, request={"name": trail}, **call)

    def start_logging(self, trail: str = "main", *, at: When, **call: Unpack[Call]) -> Json:
        """StartLogging."""
        return self.record("cloudtrail", "StartLogging", at=at, request={"name": trail}, **call)

    def delete_trail(self, trail: str = "main", *, at: When, **call: Unpack[Call]) -> Json:
        """DeleteTrail."""
        return self.record("cloudtrail", "DeleteTrail", at=at, request={"name": trail}, **call)

    def put_event_selectors(
        self, trail: str = "main", *, exclude_kms: bool, at: When, **call: Unpack[Call]
    ) -> Json:
        """PutEventSelectors: with or without the events of KMS."""
        selectors = [
            {
                "readWriteType": "All",
                "includeManagementEvents": True,
                "dataResources": [],
                "excludeManagementEventSources": ["kms.amazonaws.com"] if exclude_kms else [],
            }
        ]
        return self.record(
            "cloudtrail",
            "PutEventSelectors",
            at=at,
            request={"trailName": trail, "eventSelectors": selectors},
            response={
                "trailARN": self._trail_arn(trail, call),
                "eventSelectors": selectors,
            },
            **call,
        )
