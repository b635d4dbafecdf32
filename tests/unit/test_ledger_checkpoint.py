from __future__ import annotations

from base64 import b64encode

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import MalformedError
from ledger.hashing import EMPTY_ROOT

ROOT = b64encode(EMPTY_ROOT).decode()
TEXT = f"keyledger.example/a ledger\n118\n{ROOT}\n"


def test_a_checkpoint_is_three_lines() -> None:
    made = Checkpoint(origin="keyledger.example/a ledger", size=118, root=EMPTY_ROOT)
    assert str(made) == TEXT
    assert Checkpoint.parse(TEXT) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "extension\n",
        TEXT.replace("keyledger.example/a ledger", ""),
        TEXT.replace("a ledger", "a\tledger"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("118", "0118"),
        TEXT.replace("118", "+118"),
        TEXT.replace("118", " 118"),
        TEXT.replace("118", "1_18"),
        TEXT.replace("118", "-1"),
        TEXT.replace("118", "-0"),
        TEXT.replace("118", "١١٨"),  # int() reads these digits too
        TEXT.replace("118", "1.0"),
        TEXT.replace("118", ""),
        TEXT.replace("118", str(1 << 63)),
        TEXT.replace("118", "9" * 5000),
        TEXT.replace(ROOT, ROOT[:-1]),
        TEXT.replace(ROOT, ROOT[:-4]),
        TEXT.replace(ROOT, "!!" + ROOT),
        TEXT.replace(ROOT, ROOT.replace("=", "")),
        TEXT.replace(ROOT, ROOT[:-2] + "V="),  # spare bits set
        TEXT.replace(ROOT, b64encode(EMPTY_ROOT + b"\0").decode()),
    ],
)
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        Checkpoint.parse(text)


@pytest.mark.parametrize("size", [0, 1, (1 << 63) - 1])
def test_the_ends_of_the_range_are_checkpoints(size: int) -> None:
    made = Checkpoint(origin="x", size=size, root=EMPTY_ROOT)
    assert Checkpoint.parse(str(made)) == made
