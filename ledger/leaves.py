"""Leaves: the headers of a run, spelled by columns and hashed: the inner loops of the ledger. Pure.

The same as `Header(...).leaf` for each entry, without the objects. What is hashed of an entry is
its header behind RFC 6962's 0x00, here called its *input*; inputs lie end to end. The place of the
previous leaf stays zero until it is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct, unpack
from typing import Final

import numpy as np
import numpy.typing as npt

from ledger.columns import Columns
from ledger.entry import HEADER_BYTES, TAG, VERSION
from ledger.hashing import DIGEST_BYTES, LEAF_PREFIX, hasher

_DIGEST: Final = f"V{DIGEST_BYTES}"
_INPUT: Final = np.dtype(
    [
        ("prefix", f"S{len(LEAF_PREFIX)}"),
        ("tag", f"S{len(TAG)}"),
        ("version", "u1"),
        ("index", ">u8"),
        ("previous", _DIGEST),
        ("kind", "u1"),
        ("lane", "u1"),
        ("steps", ">u8"),
        ("sealed_at", ">u8"),
        ("source", _DIGEST),
        ("position", ">u8"),
        ("offset", ">u8"),
        ("length", ">u8"),
        ("payload", _DIGEST),
    ]
)
INPUT_BYTES: Final = len(LEAF_PREFIX) + HEADER_BYTES
_BEFORE: Final = len(LEAF_PREFIX) + len(TAG) + 1 + 8
"""Where the previous leaf begins in an input."""
_BEHIND: Final = _BEFORE + DIGEST_BYTES
_AROUND: Final = Struct(f"{_BEFORE}s{DIGEST_BYTES}x{INPUT_BYTES - _BEHIND}s")
_INDEX: Final = slice(_BEFORE - 8, _BEFORE)
_PAYLOAD: Final = DIGEST_BYTES + 8
"""Bytes at an input's end that tell of the payload: its length and its digest."""


def spelled(
    indexes: Sequence[int] | npt.NDArray[np.int64],
    sealed_at: int,
    columns: Columns,
    digests: bytes,
    previous: bytes | None = None,
) -> bytes:
    """Spell inputs.

    Args:
        indexes: of the entries.
        sealed_at: when they were sealed, microseconds since the epoch.
        columns: what differs from header to header.
        digests: SHA-256 of the payloads, end to end.
        previous: leaf of the entry before each of them, end to end; None if they are not known yet.
    """
    inputs = np.zeros(len(columns), _INPUT)
    inputs["tag"] = TAG
    inputs["version"] = VERSION
    inputs["index"] = indexes
    if previous is not None:
        inputs["previous"] = np.frombuffer(previous, _DIGEST)
    inputs["kind"] = columns.kinds
    inputs["lane"] = columns.lanes
    inputs["steps"] = columns.steps
    inputs["sealed_at"] = sealed_at
    inputs["source"] = np.frombuffer(b"".join(columns.sources), _DIGEST)[columns.source]
    inputs["position"] = columns.positions
    inputs["offset"] = columns.offsets
    inputs["length"] = columns.lengths
    inputs["payload"] = np.frombuffer(digests, _DIGEST)
    return inputs.tobytes()


def hashed(inputs: bytes) -> list[bytes]:
    """Hash inputs in which the previous leaves stand already."""
    new = hasher
    return [new(each).digest() for each in each_of(inputs)]


def chain(inputs: bytes, previous: bytes) -> list[bytes]:
    """Hash inputs into leaves, each linked to the one before.

    Args:
        inputs: of entries that follow on each other; what stands for their previous leaves is
            not looked at.
        previous: leaf of the entry before the first one.
    """
    new = hasher
    leaves: list[bytes] = []
    add = leaves.append
    for before, behind in _AROUND.iter_unpack(inputs):
        previous = new(before + previous + behind).digest()
        add(previous)
    return leaves


def each_of(inputs: bytes) -> tuple[bytes, ...]:
    """Cut inputs that lie end to end into inputs."""
    return unpack(f"{INPUT_BYTES}s" * (len(inputs) // INPUT_BYTES), inputs)


def moved(one: bytes, index: int) -> bytes:
    """Return the input that an entry would have at another index."""
    return one[: _INDEX.start] + index.to_bytes(8) + one[_INDEX.stop :]


def with_payload_of(one: bytes, other: bytes) -> bytes:
    """Return the input that an entry would have with the payload of another one."""
    return one[:-_PAYLOAD] + other[-_PAYLOAD:]
