"""Service models: what botocore knows of AWS's APIs, independently of what we have read."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.loaders import Loader

Json = dict[str, Any]


@cache
def model(service: str) -> Json:
    """Return the newest model of a service, as AWS publishes it."""
    found: Json = Loader().load_service_model(service, "service-2")
    return found


def operations(service: str) -> frozenset[str]:
    """Return the name of every operation: CloudTrail's `eventName` of its calls."""
    return frozenset(model(service)["operations"])


def request_members(service: str, operation: str) -> frozenset[str]:
    """Return the members of a request as CloudTrail spells them."""
    return _spelled(service, model(service)["operations"][operation].get("input"))


def response_members(service: str, operation: str) -> frozenset[str]:
    """Return the members of a response as CloudTrail spells them.

    RDS's wrapper around a single structure is dropped; KMS's stays.
    """
    output = model(service)["operations"][operation].get("output")
    if service == "rds" and output is not None:
        inner = list(model(service)["shapes"][output["shape"]]["members"].values())
        if len(inner) == 1 and model(service)["shapes"][inner[0]["shape"]]["type"] == "structure":
            output = inner[0]
    return _spelled(service, output)


def _spelled(service: str, reference: Json | None) -> frozenset[str]:
    if reference is None:
        return frozenset()
    members = model(service)["shapes"][reference["shape"]].get("members", {})
    return frozenset(
        about.get("locationName", name)[0].lower() + about.get("locationName", name)[1:]
        for name, about in members.items()
    )
