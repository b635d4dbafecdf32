"""The fuzzer: `python -m tests.hostile.fuzz --seconds 3600` feeds mutated sources to the oracle.

Guided by coverage (atheris, which the extra `fuzz` installs). It begins with the corpus beside this
file and with the samples; inputs that reach something new are kept in a folder of its own, one that
the oracle does not survive is written there as `crash-…`: mend the cause, then move the file to the
corpus, where a test of the plain suite goes through it ever after.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, Final

CORPUS: Final = Path(__file__).parent / "corpus"
SAMPLES: Final = Path(__file__).parents[2] / "samples"
MOST_BYTES: Final = 20_000

VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1 << 70, 1e308, "", "x", [], {}, [[]], {"a": {}}, [None], ["", 1, {}],
    "2026-01-08T03:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
    "Jan 8, 2026 3:00:00 AM",
    "arn:aws:kms:us-east-1:111122223333:key/1", "arn:aws:rds:us-east-1:1:db:x", "arn:::::", ":" * 9,
    "alias/x", "alias/aws/rds", "mrk-1", "\ud800", "\x1b[2J", "\u202e", "0", "-1", "true", "NaN",
    -(1 << 63), (1 << 63) - 1, 253402300800, "RDS-EVENT-0419", "EXTERNAL", "PENDING_DELETION",
)  # fmt: skip
"""What a mutation puts in the place of a value: another type, a limit, or a rule's own word."""


def main() -> None:
    """Fuzz until the time is over or something fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--kept", type=Path, help="folder of inputs; a temporary one by default")
    chosen = parser.parse_args()
    kept = chosen.kept or Path(tempfile.mkdtemp(prefix="keyledger-fuzz-"))
    kept.mkdir(exist_ok=True)
    try:
        atheris = import_module("atheris")
    except ModuleNotFoundError:
        parser.error("atheris is not installed: pip install -e '.[fuzz]'")
    with atheris.instrument_imports(include=["analyzer"]):
        check = import_module("tests.hostile.oracle").check
    options = [
        f"-max_total_time={chosen.seconds}", f"-max_len={MOST_BYTES}", f"-artifact_prefix={kept}/",
        "-timeout=60", "-rss_limit_mb=2048", "-print_final_stats=1",
    ]  # fmt: skip
    seeds = [CORPUS, *(SAMPLES / name for name in ("kms", "rds", "backup", "cloudtrail"))]
    folders = [str(folder) for folder in (kept, *seeds)]

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        changed = mutated(data, chance) if chance.random() < 0.5 else None
        return changed[:most] if changed is not None else bytes(atheris.Mutate(data, most))

    atheris.Setup([sys.argv[0], *options, *folders], check, custom_mutator=mutate)
    atheris.Fuzz()


def mutated(data: bytes, chance: random.Random) -> bytes | None:
    """Change one value inside a JSON document; None for what is none."""
    try:
        document = json.loads(data)
        places = list(_places(document)) if isinstance(document, dict | list) else []
        if not places:
            return None
        parent, name = chance.choice(places)
        match chance.randrange(4):
            case 0:
                del parent[name]
            case 1:
                other, key = chance.choice(places)
                parent[name] = json.loads(json.dumps(other[key]))
            case 2:
                parent[name] = json.dumps(parent[name])
            case _:
                parent[name] = chance.choice(VALUES)
        return json.dumps(document, separators=(",", ":")).encode()
    except (ValueError, RecursionError, KeyError, IndexError):
        return None


def _places(document: Any) -> Any:
    """Every place of a value inside a document: what holds it, and its name or number there."""
    waiting = [document]
    while waiting:
        parent = waiting.pop()
        names = list(parent) if isinstance(parent, dict) else range(len(parent))
        for name in names:
            yield parent, name
            if isinstance(parent[name], dict | list):
                waiting.append(parent[name])


if __name__ == "__main__":
    main()
