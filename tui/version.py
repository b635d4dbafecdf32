"""Version: which keyledger runs, and whether it is all of one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from tui.streams import say, write_out

DISTRIBUTION: Final = "keyledger"
ROOMS: Final = ("ledger", "analyzer", "tui")


def print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it so
    """Print the version and end; warn on stderr about anything foreign in our rooms."""
    del param
    if not value or ctx.resilient_parsing:
        return
    write_out(f"keyledger {version()}\n")
    for stranger in strangers():
        say(stranger, label="warning", colour="yellow")
    ctx.exit()


def version() -> str:
    """Return the installed version, or `unknown` where keyledger runs from bare files."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"


def program() -> str:
    """Return the name and version under which results are sealed."""
    return f"{DISTRIBUTION} {version()}"


def strangers() -> list[str]:
    """Return a sentence for everything that makes it doubtful whether the code that runs is ours.

    The names of the rooms are generic: another distribution may ship packages of the same name, in
    which case files of the one overwrite or shadow files of the other.
    """
    from importlib.metadata import packages_distributions

    return [*sharers(packages_distributions()), *scattered(_folders())]


def sharers(shippers: Mapping[str, Sequence[str]]) -> list[str]:
    """Name every other distribution among *shippers*, distributions by package, of our rooms."""
    found = []
    for room in ROOMS:
        others = sorted({name for name in shippers.get(room, ()) if name.lower() != DISTRIBUTION})
        if others:
            found.append(
                f"{', '.join(others)} also ships a package named {room}: this may not be "
                "keyledger's own code; install keyledger in an environment of its own"
            )
    return found


def _folders() -> dict[str, Path]:
    import analyzer
    import ledger
    import tui

    modules = zip(ROOMS, (ledger, analyzer, tui), strict=True)
    return {name: Path(module.__file__ or "").parent.parent for name, module in modules}


def scattered(folders: Mapping[str, Path]) -> list[str]:
    """Say so where the rooms, folders by room, were not loaded from one place."""
    if len(set(folders.values())) == 1:
        return []
    listed = ", ".join(f"{name} from {folder}" for name, folder in folders.items())
    return [f"keyledger's rooms come from different folders: {listed}"]
