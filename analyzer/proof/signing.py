"""Signing: heads of the tree under a key, kept in the ledger, in files and by witnesses."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzer.answers.shape import Document
from analyzer.cloudtrail.record import content, identify
from analyzer.moment import Moment
from ledger.checkpoint import Checkpoint
from ledger.keyfile import KeyFile
from ledger.signing import introduce, rotate, signer
from ledger.store import Ledger
from ledger.witness import Witness

_SUFFIX: Final = ".key"


def key_file_of(ledger: Ledger, given: Path | None) -> KeyFile:
    """Return the file in which the ledger's key lies: the one that is given, or beside it."""
    return KeyFile(given or ledger.path.with_name(ledger.path.name + _SUFFIX))


def start_signing(ledger: Ledger, keys: KeyFile, now: Moment, chance: bytes) -> None:
    """Give the ledger its first key; see `ledger.signing.introduce`."""
    introduce(ledger, keys, seed=chance, now=now, identify=identify, content=content)


def change_key(ledger: Ledger, keys: KeyFile, now: Moment, chance: bytes, *, is_lost: bool) -> None:
    """Replace the key in force; see `ledger.signing.rotate`."""
    rotate(
        ledger,
        keys,
        seed=chance,
        is_lost=is_lost,
        now=now,
        identify=identify,
        content=content,
    )


def checkpoint_of(ledger: Ledger, keys: KeyFile, witness: Path | None, now: Moment) -> Document:
    """Store the head of now, signed where there is a key, and show it.

    Args:
        ledger: is written.
        keys: where its key lies, if it has one.
        witness: a file that is to remember the checkpoint, and refuses one that does not extend
            what it remembers.
        now: the present.

    Returns:
        The checkpoint, the public key in force, the witness, and in `doubt` why the checkpoint is
        not signed.

    Raises:
        ForkError: the ledger does not extend what the key signed last, or what the witness keeps.
    """
    doubt = why_unsigned(ledger, keys)
    made = ledger.checkpoint(now, signer(ledger, keys))
    if witness is not None:
        Witness(witness).advance(made, ledger.root_at)
    key = ledger.keyring().at(made.size)
    return {
        **described(made),
        "key": None if key is None else str(key),
        "witness": None if witness is None else str(witness),
        "doubt": doubt,
    }


def described(checkpoint: Checkpoint) -> Document:
    """Return a checkpoint as a JSON object; who signed it is what its signatures say."""
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "signed_by": list(signed_by(checkpoint)),
        "note": str(checkpoint),
    }


def signed_by(checkpoint: Checkpoint) -> tuple[str, ...]:
    """Return the names and ids of the keys that say that they signed a checkpoint."""
    return tuple(f"{one.name}+{one.key_id.hex()}" for one in checkpoint.signatures)


def why_unsigned(ledger: Ledger, keys: KeyFile) -> str | None:
    """Say why the next checkpoint will not be signed although one might expect it to be.

    Returns:
        A sentence; None where it will be, or where nobody ever asked for it.

    Raises:
        WrongKeyError: the file holds another key than the one in force.
        KeyFileError: the file cannot be used.
    """
    if signer(ledger, keys) is not None:
        return None
    key = ledger.keyring().at(ledger.size)
    if key is not None:
        return f"the tree head is not signed: there is no key at {keys.path}"
    if keys.exists:
        return (
            f"the tree head is not signed: the key at {keys.path} is not this ledger's yet;"
            " make it so with: keyledger checkpoint --init-key"
        )
    return None
