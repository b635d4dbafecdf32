"""Names and times as somebody typed them."""

from __future__ import annotations

import analyzer.errors as reading
from tui.console import ExitCode
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case reading.UnreadableTimeError():
            return Sentence(
                text=f"cannot read the time {error.text!r}",
                code=ExitCode.USAGE,
                ways_out=(f"accepted forms: {', '.join(error.forms)}",),
            )
        case reading.UnknownResourceError():
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = ("list what is known with: keyledger state",)
            return Sentence(
                text=f"no key or database is named {error.name!r} there", ways_out=nearest or listed
            )
        case reading.AmbiguousResourceError():
            return Sentence(
                text=f"{error.name!r} could mean {len(error.candidates)} resources",
                code=ExitCode.USAGE,
                ways_out=("name one of:", *(f"  {one}" for one in error.candidates)),
            )
        case reading.UnknownEventError():
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = ("list events with their ids with: keyledger timeline RESOURCE",)
            return Sentence(
                text=f"no event that bears on a key or database is {error.name!r}",
                ways_out=nearest or listed,
            )
        case _:
            return None
