"""Signing: which key of a file signs a ledger, and the entries by which keys come and go."""

from __future__ import annotations

from ledger.admission import Candidate, Content, Identify
from ledger.entry import OWN_LANE, Kind
from ledger.errors import KeyTakenError, NoKeyError, WrongKeyError
from ledger.hashing import sha256
from ledger.heads import Signer
from ledger.keyfile import KeyFile
from ledger.keyring import KeyChange, change_keys
from ledger.keys import PrivateKey, check_name
from ledger.store import Ledger


def signer(ledger: Ledger, file: KeyFile) -> Signer | None:
    """Who signs this ledger's checkpoints; None where there is no key file, or no key in force.

    Raises:
        WrongKeyError: the file holds another key than the one in force.
        KeyFileError: the file cannot be used.
    """
    in_force = ledger.keyring().at(ledger.size)
    if in_force is None or not file.exists:
        return None
    key = file.read()
    if key.public() != in_force:
        pending = file.pending()
        if pending is None or pending.public() != in_force:
            raise WrongKeyError(file.path, str(key.public()), str(in_force))
        file.adopt(pending)  # a change of keys that was cut short behind its entry
        key = pending
    return Signer(key=key, memory=file.memory)


def introduce(
    ledger: Ledger,
    file: KeyFile,
    *,
    seed: bytes,
    now: int,
    identify: Identify,
    content: Content,
) -> None:
    """Give a ledger its first key: a new one, or the one that the file holds already.

    Args:
        ledger: gets an entry of kind KEY.
        file: where the key is to lie.
        seed: 32 random bytes, the secret of a new key.
        now: microseconds since the epoch.
        identify: as for `Ledger.append`.
        content: as for `Ledger.append`.

    Raises:
        KeyTakenError: it has one.
        WrongKeyError: the file holds a key of another name.
        MalformedError: the ledger's origin cannot be the name of a key.
    """
    in_force = ledger.keyring().at(ledger.size)
    if in_force is not None:
        raise KeyTakenError(str(in_force))
    check_name(ledger.origin)
    key = file.read() if file.exists else file.prepare(PrivateKey(name=ledger.origin, seed=seed))
    if key.name != ledger.origin:
        raise WrongKeyError(file.path, str(key.public()), None)
    _seal(ledger, change_keys(ledger.origin, key, None), now, identify, content)
    file.adopt(key)


def rotate(
    ledger: Ledger,
    file: KeyFile,
    *,
    seed: bytes,
    is_lost: bool,
    now: int,
    identify: Identify,
    content: Content,
) -> None:
    """Replace the key in force with a new one.

    Args:
        ledger: gets an entry of kind KEY.
        file: where the key lies.
        seed: 32 random bytes, the secret of the new key.
        is_lost: the key in force cannot sign the change any more; audits will say so.
        now: microseconds since the epoch.
        identify: as for `Ledger.append`.
        content: as for `Ledger.append`.

    Raises:
        NoKeyError: there is no key in force, or its file is not there.
        WrongKeyError: the file holds another key than the one in force.
        KeyFileError: the file cannot be used.
    """
    in_force = ledger.keyring().at(ledger.size)
    present = None if is_lost else signer(ledger, file)
    if in_force is None or (present is None and not is_lost):
        raise NoKeyError(file.path, None if in_force is None else str(in_force))
    goes = in_force if present is None else present.key
    comes = file.prepare(PrivateKey(name=ledger.origin, seed=seed))
    _seal(ledger, change_keys(ledger.origin, comes, goes), now, identify, content)
    if is_lost:
        file.forget()
    file.adopt(comes)


def _seal(
    ledger: Ledger, change: KeyChange, now: int, identify: Identify, content: Content
) -> None:
    payload = change.encode()
    candidate = Candidate(
        kind=Kind.KEY,
        source=sha256(payload),
        position=0,
        offset=0,
        payload=payload,
        lane=OWN_LANE,
    )
    ledger.append([candidate], sealed_at=now, identify=identify, content=content)
