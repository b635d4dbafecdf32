"""Heading: what a replay needs to know of a sealed record, told from its value.

The value is decoded anyway, so what `describe` finds out with a pass of its own costs nothing here.
What is out of the ordinary is left to `describe`: the two never differ.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from analyzer.cloudtrail.lanes import sort_event
from analyzer.cloudtrail.record import (
    MAX_RECORD,
    Description,
    Form,
    RejectedError,
    describe,
    is_native,
    load,
    moment_of,
)
from analyzer.cloudtrail.value import NotJsonError


class Heading(NamedTuple):
    """What stands above a record; see `analyzer.cloudtrail.record.Description`."""

    time: int
    service: str
    event_name: str
    form: Form


def loaded(payload: bytes) -> tuple[Heading, Any]:
    """Decode a payload that was sealed as a record, and tell what stands above it.

    Raises:
        RejectedError: it is no record.
    """
    try:
        body = load(payload) if len(payload) <= MAX_RECORD else None
    except NotJsonError as error:
        raise RejectedError(str(error)) from None
    if type(body) is dict and not is_native(body):
        at, source, name = body.get("eventTime"), body.get("eventSource"), body.get("eventName")
        category = body.get("eventCategory")
        are_texts = type(at) is str and type(source) is str and type(name) is str
        if are_texts and at and source and name and (category is None or type(category) is str):
            time = moment_of(at)
            if time is not None:
                service, _ = sort_event(source, name, category)
                return Heading(time, service, name, Form.CLOUDTRAIL), body
    return heading_of(describe(payload)), body


def heading_of(description: Description) -> Heading:
    """Return what stands above a record of which all is known."""
    return Heading(description.time, description.service, description.event_name, description.form)
