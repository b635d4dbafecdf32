"""The key under a database's storage, as a record names it.

Source: docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (KmsKeyId:
an id, an ARN, an alias or an alias ARN; the response has the ARN, and counts first).
"""

from __future__ import annotations

from analyzer.record import Members, Record, arn, text


def storage_key(record: Record, shown: Members) -> str | None:
    """Return the ARN of the storage key; of an alias its ARN, to be resolved as it pointed then."""
    named = text(shown, "kmsKeyId") or text(record.request, "kmsKeyId")
    if named is None or named.startswith("arn:"):
        return named
    rest = named if named.startswith("alias/") else f"key/{named}"
    return arn(record.region, "kms", record.region, record.account, rest)
