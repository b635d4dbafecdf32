"""Actors: who calls, as `userIdentity`, `sourceIPAddress` and `userAgent` tell of it."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from tests.simulator.times import iso

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ACCOUNT: Final = "111122223333"
CLI: Final = (
    "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7"
)
CONSOLE: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BOTO: Final = "Boto3/1.40.21 md/Botocore#1.40.21 ua/2.1 os/linux#6.8.0 lang/python#3.12.11"
INTERNAL: Final = "AWS Internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A caller.

    Attributes:
        identity: `userIdentity`, without the moment at which the session began.
        source_ip: an address, or the name of the calling service.
        user_agent: as the client wrote it.
    """

    identity: Mapping[str, Any]
    source_ip: str
    user_agent: str

    @property
    def arn(self) -> str | None:
        """The caller's ARN, None for a service."""
        arn: str | None = self.identity.get("arn")
        return arn

    @property
    def account(self) -> str | None:
        """The caller's account, None for a service."""
        account: str | None = self.identity.get("accountId")
        return account

    @property
    def is_service(self) -> bool:
        """Whether AWS itself calls: then there is no TLS handshake to tell of."""
        return "invokedBy" in self.identity

    def identity_at(self, moment: datetime) -> dict[str, Any]:
        """Return `userIdentity` of a call at *moment*: a session began at the full hour."""
        identity = dict(self.identity)
        context = identity.get("sessionContext")
        if context is not None:
            began = moment.replace(minute=0, second=0, microsecond=0)
            attributes = {"creationDate": iso(began), **context["attributes"]}
            identity["sessionContext"] = {**context, "attributes": attributes}
        return identity

    def using(self, *, source_ip: str | None = None, user_agent: str | None = None) -> Actor:
        """Return the same caller at another address or with another client."""
        return replace(
            self,
            source_ip=source_ip or self.source_ip,
            user_agent=user_agent or self.user_agent,
        )


def user(name: str, *, account: str = ACCOUNT, source_ip: str = "198.51.100.17") -> Actor:
    """Return an IAM user with an access key."""
    return Actor(
        identity={
            "type": "IAMUser",
            "principalId": _principal("AIDA", name),
            "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account,
            "accessKeyId": _access_key("AKIA", name),
            "userName": name,
        },
        source_ip=source_ip,
        user_agent=CLI,
    )


def role(
    name: str,
    session: str,
    *,
    account: str = ACCOUNT,
    source_ip: str = "203.0.113.40",
    source_identity: str | None = None,
    has_mfa: bool = False,
    path: str = "",
) -> Actor:
    """Return a session of an assumed role; `session` is often the person's name or a job's id."""
    principal = _principal("AROA", path + name)
    context: dict[str, Any] = {
        "sessionIssuer": {
            "type": "Role",
            "principalId": principal,
            "arn": f"arn:aws:iam::{account}:role/{path}{name}",
            "accountId": account,
            "userName": name,
        },
        "attributes": {"mfaAuthenticated": "true" if has_mfa else "false"},
    }
    if source_identity is not None:
        context["sourceIdentity"] = source_identity
    return Actor(
        identity={
            "type": "AssumedRole",
            "principalId": f"{principal}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
            "accountId": account,
            "accessKeyId": _access_key("ASIA", name + session),
            "sessionContext": context,
        },
        source_ip=source_ip,
        user_agent=CLI,
    )


def root(*, account: str = ACCOUNT, source_ip: str = "192.0.2.200") -> Actor:
    """Return the account's root user in the console."""
    return Actor(
        identity={
            "type": "Root",
            "principalId": account,
            "arn": f"arn:aws:iam::{account}:root",
            "accountId": account,
            "accessKeyId": _access_key("ASIA", "root" + account),
            "sessionContext": {"attributes": {"mfaAuthenticated": "true"}},
        },
        source_ip=source_ip,
        user_agent=CONSOLE,
    )


def service(name: str) -> Actor:
    """Return an AWS service that calls by itself, for instance `rds.amazonaws.com`."""
    return Actor(
        identity={"type": "AWSService", "invokedBy": name}, source_ip=name, user_agent=name
    )


def on_behalf(actor: Actor, service_name: str) -> Actor:
    """Return *actor* as a service passes him on: RDS calls KMS with its caller's rights."""
    return Actor(
        identity={**actor.identity, "invokedBy": service_name},
        source_ip=service_name,
        user_agent=service_name,
    )


def internal(account: str = ACCOUNT) -> Actor:
    """Return the actor of a service event: no `type`, no ARN, nobody to ask."""
    return Actor(
        identity={"accountId": account, "invokedBy": INTERNAL},
        source_ip=INTERNAL,
        user_agent=INTERNAL,
    )


def _principal(prefix: str, name: str) -> str:
    return prefix + _letters(name)[:17]


def _access_key(prefix: str, name: str) -> str:
    # Ends as the documentation's keys do, so that no scanner takes it for a leaked one.
    return prefix + _letters("key of " + name)[:9] + "EXAMPLE"


def _letters(name: str) -> str:
    return b32encode(sha256(name.encode()).digest()).decode()
