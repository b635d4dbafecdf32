"""Queue: messages of SQS. One is deleted when all that it tells of is sealed, never before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analyzer.s3.notices import Notice, read

if TYPE_CHECKING:
    from analyzer.s3.address import Queue as Named
    from analyzer.s3.client import Client

_TOGETHER: Final = 10
"""Messages in one request, as far as SQS goes."""

_HIDDEN: Final = 120
"""Seconds after which a message that was not deleted comes back."""

WAIT: Final = 20
"""Seconds for which SQS waits for a message, at most."""

MOST: Final = 200
"""Messages that are taken together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that was received.

    Attributes:
        id: as SQS gave it; stays the same when it is received again.
        receipt: by which it is deleted.
        notice: what it tells.
    """

    id: str
    receipt: str
    notice: Notice


class Queue:
    """A queue of SQS."""

    def __init__(self, client: Client, named: Named) -> None:
        """Look the queue up; raises StoreError."""
        owner = {"QueueOwnerAWSAccountId": named.account} if named.account else {}
        self._client = client
        self._url = client.call("get_queue_url", QueueName=named.name, **owner)["QueueUrl"]

    def receive(self) -> list[Message]:
        """Wait a while for a message, and take those along that are there then."""
        found = list(self._received(WAIT))
        while found and len(found) < MOST:
            more = list(self._received(0))
            if not more:
                break
            found += more
        return found

    def delete(self, messages: Sequence[Message]) -> None:
        """Delete messages; one for which that fails comes back, and is met a second time."""
        for first in range(0, len(messages), _TOGETHER):
            some = messages[first : first + _TOGETHER]
            entries = [
                {"Id": str(number), "ReceiptHandle": one.receipt} for number, one in enumerate(some)
            ]
            self._client.call("delete_message_batch", QueueUrl=self._url, Entries=entries)

    def _received(self, seconds: int) -> Iterator[Message]:
        answer = self._client.call(
            "receive_message",
            QueueUrl=self._url,
            MaxNumberOfMessages=_TOGETHER,
            VisibilityTimeout=_HIDDEN,
            WaitTimeSeconds=seconds,
        )
        for one in answer.get("Messages", ()):
            yield Message(
                id=one["MessageId"], receipt=one["ReceiptHandle"], notice=read(one["Body"])
            )
