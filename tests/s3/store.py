"""Store: a bucket and a queue on the loopback interface, filled and disturbed in a few words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from botocore.session import Session

from tests.golden import ROOT

Json = dict[str, Any]

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIATESTS",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "4",
}
"""Credentials that mean nothing, and nobody's own."""

PAGE = 20
"""Objects in one answer to a listing."""

SIGNED = {"signature": "00ff", "signature-algorithm": "SHA256withRSA"}
"""Metadata of a digest file whose signature is nobody's."""


@contextmanager
def served() -> Iterator[str]:
    """Run the server; its address. Skips where what speaks S3 is missing."""
    for needed in ("moto", "flask", "flask_cors"):
        pytest.importorskip(needed, reason=f"{needed} is missing, which speaks S3 to these tests")
    command = [sys.executable, "-m", "tests.s3.server"]
    environment = {**os.environ, "MOTO_S3_DEFAULT_MAX_KEYS": str(PAGE)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One bucket of the server, and a queue."""

    url: str
    bucket: str
    s3: Any
    sqs: Any

    @classmethod
    def made(cls, url: str, bucket: str) -> Store:
        session = Session()
        session.set_credentials("AKIATESTS", "secret")
        s3, sqs = (
            session.create_client(name, region_name="us-east-1", endpoint_url=url)
            for name in ("s3", "sqs")
        )
        s3.create_bucket(Bucket=bucket)
        sqs.create_queue(QueueName=bucket)
        return cls(url=url, bucket=bucket, s3=s3, sqs=sqs)

    @property
    def address(self) -> str:
        return f"s3://{self.bucket}"

    @property
    def queue(self) -> str:
        return f"sqs://{self.bucket}"

    def put(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, Metadata=dict(metadata or {}))

    def fill(self, folder: Path) -> None:
        """Put a whole folder there; digest files get a signature."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                key = path.relative_to(folder).as_posix()
                self.put(key, path.read_bytes(), SIGNED if "CloudTrail-Digest" in key else None)

    def disturb(self, *faults: Json) -> None:
        """Forget what was asked so far, and fail from now on as these faults say."""
        body = json.dumps([{"times": 1, **fault} for fault in faults]).encode()
        with urlopen(Request(f"{self.url}/_faults", data=body, method="POST")) as answer:  # noqa: S310 - loopback
            answer.read()

    def asked(self, **wanted: Any) -> list[Json]:
        """What was asked since `disturb`, as far as it has these members."""
        with urlopen(f"{self.url}/_requests") as answer:  # noqa: S310 - loopback
            found: list[Json] = json.load(answer)
        return [one for one in found if all(one[name] == want for name, want in wanted.items())]

    def listed(self) -> list[str]:
        """The prefixes that were listed since `disturb`."""
        return [one["prefix"] for one in self.asked(method="GET") if "list-type" in one["query"]]

    def downloads(self) -> list[str]:
        """The keys that were read since `disturb`."""
        start = f"/{self.bucket}/"
        found = [one for one in self.asked(method="GET") if "list-type" not in one["query"]]
        return [one["path"].removeprefix(start) for one in found if one["path"].startswith(start)]

    def send(self, message: Json | str) -> None:
        """Put a message into the queue."""
        body = message if isinstance(message, str) else json.dumps(message)
        self.sqs.send_message(QueueUrl=self._queue_url, MessageBody=body)

    def left(self) -> int:
        """How many messages there are still, whether they can be seen or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=names)
        return sum(int(told["Attributes"][name]) for name in names)

    @property
    def _queue_url(self) -> str:
        return str(self.sqs.get_queue_url(QueueName=self.bucket)["QueueUrl"])

    def close(self) -> None:
        self.s3.close()
        self.sqs.close()
