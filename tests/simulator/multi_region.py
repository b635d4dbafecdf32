"""Multi-Region keys: replicas in other Regions, and which of the relatives is the primary key."""

from __future__ import annotations

from typing import Unpack

from tests.simulator.actors import internal, on_behalf
from tests.simulator.handles import Key
from tests.simulator.material import Material
from tests.simulator.recorder import Call, Json
from tests.simulator.shapes import key_metadata, key_request
from tests.simulator.times import When, us_text

KMS = "kms.amazonaws.com"


class MultiRegion(Material):
    """The verbs of keys made with `create_key(multi_region=True)`."""

    def replicate_key(self, key: Key, to: str, *, at: When, **call: Unpack[Call]) -> Key:
        """ReplicateKey in the primary key's Region, and CreateKey in the replica's.

        A call that fails has no second record. The replica's handle has the first as its record.
        """
        arn = _relative(key, to)
        asked = key_request(origin=key.origin, description="", multi_region=True)
        made = key_metadata(arn=arn, created=us_text(self.moment(at)), asked=asked) | {
            "enabled": False,
            "keyState": "Creating",
            "multiRegionConfiguration": {
                "multiRegionKeyType": "REPLICA",
                "primaryKey": {"arn": key.arn, "region": key.region},
                "replicaKeys": [{"arn": arn, "region": to}],
            },
        }
        request = {"replicaRegion": to, "bypassPolicyLockoutSafetyCheck": False}
        shown = {"replicaKeyMetadata": made, "replicaPolicy": "", "replicaTags": []}
        record = self._on_key(
            "ReplicateKey", key, at=at, request=request, response=shown, call=call
        )
        replica = Key(
            arn=arn,
            region=to,
            account=key.account,
            record=record,
            key_id=key.key_id,
            origin=key.origin,
        )
        if not call.get("error"):
            self._made_by_kms(replica, asked, made, at=at, call=call)
        return replica

    def _made_by_kms(self, replica: Key, asked: Json, made: Json, *, at: When, call: Call) -> None:
        caller = on_behalf(call.get("actor", self.actor), KMS)
        self.record(
            "kms",
            "CreateKey",
            at=at,
            request=asked,
            response={"keyMetadata": made},
            resources=[replica.resource],
            region=replica.region,
            account=replica.account,
            actor=caller,
        )

    def update_primary_region(self, key: Key, to: str, *, at: When, **call: Unpack[Call]) -> Json:
        """UpdatePrimaryRegion: one record in the old primary's Region, one in the new one's.

        The second is KMS's own, names the ARN in its request, and has no resources. Returns the
        first.
        """
        asked = {"primaryRegion": to}
        record = self._on_key("UpdatePrimaryRegion", key, at=at, request=asked, call=call)
        if not call.get("error"):
            arn = _relative(key, to)
            self.record(
                "kms",
                "UpdatePrimaryRegion",
                at=at,
                request={"keyId": arn, "primaryRegion": to},
                response={"keyId": arn},
                region=to,
                account=key.account,
                actor=on_behalf(call.get("actor", self.actor), KMS),
            )
        return record

    def synchronize_multi_region_key(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """SynchronizeMultiRegionKey: KMS itself, yet spelled as an API call with a request id."""
        located = Call(actor=internal(key.account)) | key.home | call
        return self.record(
            "kms",
            "SynchronizeMultiRegionKey",
            at=at,
            response={"keyId": key.arn},
            resources=[key.resource],
            **located,
        )


def _relative(key: Key, region: str) -> str:
    return f"arn:aws:kms:{region}:{key.account}:key/{key.key_id}"
