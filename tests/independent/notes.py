"""Signed notes, checkpoints and proofs, by C2SP signed-note, tlog-checkpoint and tlog-proof."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from tests.independent import ed25519
from tests.independent.tree import root_from


@dataclass(frozen=True)
class Key:
    """A public key, from `name+id+base64`."""

    name: str
    key_id: bytes
    point: bytes

    @classmethod
    def read(cls, vkey: str) -> Key:
        name, key_id, encoded = vkey.split("+", 2)
        algorithm, point = b64decode(encoded)[:1], b64decode(encoded)[1:]
        assert algorithm == b"\x01"
        assert sha256(name.encode() + b"\n" + algorithm + point).hexdigest()[:8] == key_id
        return cls(name, bytes.fromhex(key_id), point)

    @classmethod
    def of(cls, name: str, seed: bytes) -> Key:
        point = ed25519.public_key(seed)
        return cls(name, sha256(name.encode() + b"\n\x01" + point).digest()[:4], point)

    def spell(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([1]) + self.point).decode()}"


def signed_note(text: str, key: Key, seed: bytes) -> str:
    signature = b64encode(key.key_id + ed25519.sign(seed, text.encode())).decode()
    return f"{text}\n\N{EM DASH} {key.name} {signature}\n"


def is_signed_by(note: str, key: Key) -> bool:
    """Whether a known key verifies; lines of unknown keys are ignored."""
    head, _, lines = note.rpartition("\n\n")
    text = head + "\n"
    verified = False
    for line in lines.splitlines():
        dash, name, encoded = line.split(" ")
        assert dash == "\N{EM DASH}"
        data = b64decode(encoded)
        if (name, data[:4]) == (key.name, key.key_id):
            if not ed25519.is_signed(key.point, text.encode(), data[4:]):
                return False
            verified = True
    return verified


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n"


def read_checkpoint(note: str) -> tuple[str, int, bytes]:
    """Origin, size and root, signed or not."""
    origin, size, root = note.split("\n")[:3]
    return origin, int(size), b64decode(root)


def proof_text(index: int, path: list[bytes], checkpoint: str, extra: bytes) -> str:
    lines = ["c2sp.org/tlog-proof@v1", f"extra {b64encode(extra).decode()}", f"index {index}"]
    lines += [b64encode(node).decode() for node in path]
    return "\n".join(lines) + "\n\n" + checkpoint


@dataclass(frozen=True)
class ReadProof:
    """What a proof file holds."""

    index: int
    path: list[bytes]
    checkpoint: str
    extra: bytes

    @classmethod
    def read(cls, text: str) -> ReadProof:
        head, _, checkpoint = text.partition("\n\n")
        first, *lines = head.split("\n")
        assert first == "c2sp.org/tlog-proof@v1"
        extra = b64decode(lines.pop(0)[len("extra ") :]) if lines[0].startswith("extra ") else b""
        index = int(lines.pop(0)[len("index ") :])
        return cls(index, [b64decode(line) for line in lines], checkpoint, extra)

    def leads_from(self, entry: bytes) -> bool:
        """Whether the path leads from an entry to the checkpoint's root."""
        _, size, root = read_checkpoint(self.checkpoint)
        leaf = sha256(b"\x00" + entry).digest()
        return root_from(leaf, self.index, size, self.path) == root
