"""What can go wrong between here and S3 or SQS, as data.

AnalyzerError
 ├─ NotInstalledError     the package that speaks with AWS is not there
 ├─ AddressError          an address that names nothing
 └─ SourceError
     └─ StoreError        a bucket, an object or a queue that could not be had
"""

from __future__ import annotations

from enum import Enum

from analyzer.cloudtrail.errors import SourceError
from analyzer.errors import AnalyzerError


class Trouble(Enum):
    """What kept something from being had."""

    DENIED = "denied"
    ABSENT = "absent"
    REPLACED = "replaced"
    BUSY = "busy"
    CUT_OFF = "cut off"
    OTHER = "other"

    @property
    def may_pass(self) -> bool:
        """Whether the same request may well succeed a moment later."""
        return self in {Trouble.BUSY, Trouble.CUT_OFF}


class NotInstalledError(AnalyzerError):
    """The package that speaks with AWS is not installed."""

    def __init__(self) -> None:
        super().__init__("botocore is not installed")


class AddressError(AnalyzerError):
    """An address that names no bucket or no queue.

    Attributes:
        text: as it was typed.
        forms: the accepted forms.
    """

    def __init__(self, text: str, forms: tuple[str, ...]) -> None:
        super().__init__(text)
        self.text = text
        self.forms = forms


class StoreError(SourceError):
    """A bucket, an object or a queue that could not be had.

    Attributes:
        trouble: what kind of thing it was.
        detail: what happened, and the way out where there is one.
    """

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
