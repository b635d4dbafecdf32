"""Stores: what cannot be asked of S3 and SQS at all."""

from __future__ import annotations

import analyzer.s3.errors as stores
from tui.console import ExitCode
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case stores.NotInstalledError():
            return Sentence(
                text="S3 and SQS cannot be asked: a package is missing",
                ways_out=("install it with: pip install 'keyledger[s3]'",),
            )
        case stores.AddressError():
            return Sentence(
                text=f"{error.text!r} names nothing in AWS",
                code=ExitCode.USAGE,
                ways_out=(f"accepted forms: {', '.join(error.forms)}",),
            )
        case _:
            return None
