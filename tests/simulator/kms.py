"""KMS: the calls that make, change and use keys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Unpack

from tests.simulator.actors import internal
from tests.simulator.handles import Key
from tests.simulator.recorder import Call, Json, Recorder
from tests.simulator.shapes import key_metadata, key_request
from tests.simulator.times import When, us_text, us_text_24

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RDS_OPERATIONS: Final = (
    "Encrypt",
    "Decrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
    "CreateGrant",
    "DescribeKey",
    "RetireGrant",
)


class Kms(Recorder):
    """The verbs of KMS; each appends one record, `create_key` a second one for an alias."""

    def create_key(
        self,
        alias: str | None = None,
        *,
        at: When,
        origin: str = "AWS_KMS",
        description: str = "",
        multi_region: bool = False,
        key_id: str | None = None,
        store: str | None = None,
        **call: Unpack[Call],
    ) -> Key:
        """CreateKey, and CreateAlias a second later if an alias is named (without `alias/`)."""
        region, account = call.get("region", self.region), call.get("account", self.account)
        drawn = self.ids.multi_region_key_id() if multi_region else self.ids.uuid()
        key_id = key_id or drawn
        arn = f"arn:aws:kms:{region}:{account}:key/{key_id}"
        origin = "AWS_CLOUDHSM" if store else origin
        asked = key_request(
            origin=origin, description=description, multi_region=multi_region, store=store
        )
        metadata = key_metadata(arn=arn, created=us_text(self.moment(at)), asked=asked)
        record = self.record(
            "kms",
            "CreateKey",
            at=at,
            request=asked,
            response={"keyMetadata": metadata},
            resources=[{"accountId": account, "type": "AWS::KMS::Key", "ARN": arn}],
            **call,
        )
        key = Key(
            arn=arn, region=region, account=account, record=record, key_id=key_id, origin=origin
        )
        if alias is not None:
            self.create_alias(alias, key, at=self.moment(at) + timedelta(seconds=1), **call)
        return key

    def _on_key(
        self,
        event_name: str,
        key: Key,
        *,
        at: When,
        request: Mapping[str, Any] | None = None,
        response: Mapping[str, Any] | None = None,
        call: Call,
    ) -> Json:
        located = key.home | call
        return self.record(
            "kms",
            event_name,
            at=at,
            request={"keyId": key.key_id} | dict(request or {}),
            response={"keyId": key.arn} if response is None else response,
            resources=[key.resource],
            **located,
        )

    def enable_key(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """EnableKey."""
        return self._on_key("EnableKey", key, at=at, call=call)

    def disable_key(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """DisableKey."""
        return self._on_key("DisableKey", key, at=at, call=call)

    def schedule_key_deletion(
        self,
        key: Key,
        window: int | None = 7,
        *,
        at: When,
        spells_24_hours: bool = False,
        waits_for_replicas: bool = False,
        **call: Unpack[Call],
    ) -> Json:
        """ScheduleKeyDeletion; `window` None asks for no window and gets the default of 30 days.

        Of a primary key that `waits_for_replicas` no date is known yet.
        """
        days = 30 if window is None else window
        deleted = self.moment(at) + timedelta(days=days)
        shown: Json = {"keyId": key.arn, "keyState": "PendingReplicaDeletion"}
        if not waits_for_replicas:
            spelled = (us_text_24 if spells_24_hours else us_text)(deleted)
            shown |= {"keyState": "PendingDeletion", "deletionDate": spelled}
        return self._on_key(
            "ScheduleKeyDeletion",
            key,
            at=at,
            request={} if window is None else {"pendingWindowInDays": window},
            response=shown | {"pendingWindowInDays": days},
            call=call,
        )

    def cancel_key_deletion(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """CancelKeyDeletion: the key is disabled then."""
        return self._on_key("CancelKeyDeletion", key, at=at, call=call)

    def put_key_policy(self, key: Key, policy: str, *, at: When, **call: Unpack[Call]) -> Json:
        """PutKeyPolicy; the policy is a JSON document as a string."""
        asked = {
            "policyName": "default",
            "policy": policy,
            "bypassPolicyLockoutSafetyCheck": False,
        }
        record = self._on_key("PutKeyPolicy", key, at=at, request=asked, call=call)
        record["responseElements"] = None
        return record

    def describe_key(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """DescribeKey: a read."""
        return self._read("DescribeKey", key, {"keyId": key.arn}, at=at, call=call)

    def decrypt(
        self, key: Key, *, at: When, context: Mapping[str, str] | None = None, **call: Unpack[Call]
    ) -> Json:
        """Decrypt under an encryption context; the request names no key."""
        return self._read("Decrypt", key, _usage(context), at=at, call=call)

    def generate_data_key(
        self, key: Key, *, at: When, context: Mapping[str, str] | None = None, **call: Unpack[Call]
    ) -> Json:
        """GenerateDataKey under an encryption context."""
        asked: Json = {"keyId": key.arn, "keySpec": "AES_256"}
        if context is not None:
            asked["encryptionContext"] = dict(context)
        return self._read("GenerateDataKey", key, asked, at=at, call=call)

    def _read(
        self, event_name: str, key: Key, request: Mapping[str, Any], *, at: When, call: Call
    ) -> Json:
        located = key.home | call
        return self.record(
            "kms",
            event_name,
            at=at,
            request=request,
            resources=[key.resource],
            is_read=True,
            **located,
        )

    def create_alias(self, alias: str, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """CreateAlias; `alias` comes without `alias/`."""
        return self._on_alias("CreateAlias", alias, key, at=at, names_target=True, call=call)

    def update_alias(self, alias: str, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """UpdateAlias: the record names the new target only."""
        return self._on_alias("UpdateAlias", alias, key, at=at, names_target=True, call=call)

    def delete_alias(self, alias: str, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """DeleteAlias; `key` is what it pointed at."""
        return self._on_alias("DeleteAlias", alias, key, at=at, names_target=False, call=call)

    def _on_alias(
        self, event_name: str, alias: str, key: Key, *, at: When, names_target: bool, call: Call
    ) -> Json:
        name = f"alias/{alias}"
        named = {"aliasName": name}
        arn = f"arn:aws:kms:{key.region}:{key.account}:{name}"
        both = [key.resource, {**key.resource, "ARN": arn}]
        if self.ids.random.random() < 0.5:
            both.reverse()  # CloudTrail writes them in either order
        located = key.home | call
        return self.record(
            "kms",
            event_name,
            at=at,
            request={**named, "targetKeyId": key.key_id} if names_target else named,
            response={"keyId": key.arn},
            resources=both,
            **located,
        )

    def create_grant(
        self,
        key: Key,
        *,
        at: When,
        context: Mapping[str, str] | None = None,
        grantee: str = "rds.amazonaws.com",
        operations: Sequence[str] = RDS_OPERATIONS,
        **call: Unpack[Call],
    ) -> Json:
        """CreateGrant; the grant's id is `record["responseElements"]["grantId"]`."""
        asked: Json = {"granteePrincipal": grantee, "operations": list(operations)}
        if context is not None:
            asked["constraints"] = {"encryptionContextSubset": dict(context)}
        granted = {"grantId": self.ids.hex(), "keyId": key.arn}
        return self._on_key("CreateGrant", key, at=at, request=asked, response=granted, call=call)

    def revoke_grant(self, key: Key, grant_id: str, *, at: When, **call: Unpack[Call]) -> Json:
        """RevokeGrant."""
        asked = {"grantId": grant_id}
        record = self._on_key("RevokeGrant", key, at=at, request=asked, call=call)
        record["responseElements"] = None
        return record

    def retire_grant(self, key: Key, grant_id: str, *, at: When, **call: Unpack[Call]) -> Json:
        """RetireGrant: the request is null, the grant's id stands in additionalEventData."""
        record = self._on_key("RetireGrant", key, at=at, call=call)
        record |= {"requestParameters": None, "responseElements": None}
        record["additionalEventData"] = {"grantId": grant_id}
        return record

    def delete_key(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """DeleteKey: KMS itself, when the waiting period has run out."""
        return self._service_event("DeleteKey", key, at=at, response={"keyId": key.arn}, call=call)

    def _service_event(
        self,
        event_name: str,
        key: Key,
        *,
        at: When,
        response: Mapping[str, Any] | None = None,
        details: Mapping[str, Any] | None = None,
        call: Call,
    ) -> Json:
        located = Call(actor=internal(key.account)) | key.home | call
        return self.record(
            "kms",
            event_name,
            at=at,
            response=response,
            details=details,
            resources=[key.resource],
            event_type="AwsServiceEvent",
            **located,
        )


def _usage(context: Mapping[str, str] | None) -> Json:
    asked: Json = {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    return asked if context is None else asked | {"encryptionContext": dict(context)}
