"""Whatever is dropped from a trail, or edited in it, is named; nothing else is."""

from __future__ import annotations

import gzip
import random
import tempfile
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.digests.check import Held, check
from analyzer.digests.document import DigestFile, read
from analyzer.digests.logs import Source
from analyzer.digests.report import DigestReport, Kind, Mark
from tests.digest_support import KEYS, estate

HOURS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A trail in memory.

    Attributes:
        digests: key and content of each digest file, in order.
        logs: key, content, and number of the digest file that names it.
    """

    digests: tuple[tuple[str, bytes], ...]
    logs: tuple[tuple[str, bytes, int], ...]


@cache
def trail() -> Trail:
    with tempfile.TemporaryDirectory() as folder:
        whole = estate(Path(folder) / "logs", hours=HOURS)
        digests = [(whole.key(path), _inflated(path)) for path in whole.digests]
        logs = [
            (whole.key(path), _inflated(path), number)
            for path in whole.logs
            for number, (_, content) in enumerate(digests)
            if path.name.encode() in content
        ]
    return Trail(digests=tuple(digests), logs=tuple(logs))


def _inflated(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def reported(digests: list[str], logs: list[str], seed: int = 0) -> DigestReport:
    """Check the trail after each file was kept, dropped or edited, handed over in some order."""
    files = [
        _digest(key, content if fate == "keep" else content.replace(b'{"aws', b'{ "aws'), entry)
        for entry, ((key, content), fate) in enumerate(zip(trail().digests, digests, strict=True))
        if fate != "drop"
    ]
    sources = [
        _source(key, content if fate == "keep" else content + b" ")
        for (key, content, _), fate in zip(trail().logs, logs, strict=True)
        if fate != "drop"
    ]
    draw = random.Random(seed)
    draw.shuffle(files)
    draw.shuffle(sources)
    return check(Held(files=tuple(files), sources=tuple(sources)), KEYS)


def _digest(key: str, content: bytes, entry: int) -> DigestFile:
    found = read(entry, content, (sha256(content).hexdigest(),), (f"/evidence/{key}",))
    assert isinstance(found, DigestFile)
    return found


def _source(key: str, content: bytes) -> Source:
    return Source(digest=sha256(content).hexdigest(), names=(f"/evidence/{key}",), entry=None)


FATES = st.sampled_from(["keep", "keep", "keep", "drop", "edit"])


@settings(deadline=None)
@given(data=st.data())
def test_what_was_done_to_files_is_named_exactly(data: Any) -> None:
    digests = data.draw(st.lists(FATES, min_size=HOURS, max_size=HOURS))
    count = len(trail().logs)
    logs = data.draw(st.lists(FATES, min_size=count, max_size=count))
    report = reported(digests, logs)
    keys = [key for key, _ in trail().digests]
    replaced = {
        number
        for number in range(HOURS - 1)
        if digests[number] == "edit" and digests[number + 1] != "drop"
    }
    trusted = {n for n in range(HOURS) if digests[n] != "drop"} - replaced
    assert {(one.kind, one.name) for one in report.contradictions} == {
        *((Kind.DIGEST_REPLACED, keys[number]) for number in replaced),
        *(
            (Kind.LOG_FILE_ALTERED, key)
            for (key, _, number), fate in zip(trail().logs, logs, strict=True)
            if fate == "edit" and number in trusted
        ),
    }
    first = next((n for n in range(HOURS) if digests[n] != "drop"), HOURS)
    assert {(one.kind, one.name) for one in report.gaps} == {
        *(
            (Kind.CHAIN_CUT if number == first else Kind.DIGESTS_MISSING, keys[number - 1])
            for number in range(1, HOURS)
            if digests[number] != "drop" and digests[number - 1] == "drop"
        ),
        *(
            (Kind.LOG_FILE_ABSENT, key)
            for (key, _, number), fate in zip(trail().logs, logs, strict=True)
            if fate == "drop" and number in trusted
        ),
    }
    valid = sum(digests[n] == "keep" and digests[n + 1] != "drop" for n in range(HOURS - 1))
    assert report.marks[Mark.VALID] == valid


@settings(deadline=None)
@given(data=st.data(), seed=st.integers(0, 1000))
def test_the_order_in_which_files_come_does_not_matter(data: Any, seed: int) -> None:
    digests = data.draw(st.lists(FATES, min_size=HOURS, max_size=HOURS))
    logs = data.draw(st.lists(FATES, min_size=len(trail().logs), max_size=len(trail().logs)))
    one, other = reported(digests, logs), reported(digests, logs, seed)
    assert set(one.contradictions) == set(other.contradictions)
    assert set(one.gaps) == set(other.gaps)
    assert (one.chains, one.silences, one.outside) == (
        other.chains, other.silences, other.outside,
    )  # fmt: skip


def test_the_trail_under_test_has_log_files_in_most_hours() -> None:
    assert len({number for _, _, number in trail().logs}) >= HOURS - 2
