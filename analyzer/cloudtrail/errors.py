"""What can be wrong with a source, as data.

AnalyzerError
 └─ SourceError          a source of which nothing can be used
     └─ TooLargeError    it inflates beyond the limit
"""

from __future__ import annotations

from analyzer.errors import AnalyzerError


class SourceError(AnalyzerError):
    """A source that cannot be read, or of which nothing can be used.

    Attributes:
        detail: what is wrong, and the way out where there is one.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class TooLargeError(SourceError):
    """A compressed source that inflates beyond the limit.

    Attributes:
        limit: in bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"inflates to more than {limit} bytes; nothing of it was taken: "
            "if it is no bomb, raise the limit with --max-inflated"
        )
        self.limit = limit
