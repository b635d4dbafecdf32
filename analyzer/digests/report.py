"""Report: what the check of digest files found. Frozen values; nothing is said yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analyzer.digests.document import ChainId, DigestFile, Place
from analyzer.moment import Moment


class Mark(StrEnum):
    """How far a digest file's signature could be checked."""

    VALID = "valid"
    """It is CloudTrail's, by one of the public keys that were given."""
    INVALID = "invalid"
    """It is not, though the key that it names was given."""
    UNVERIFIED = "unverified"
    """Nothing here carries it: no later digest file, no saved metadata."""
    UNCHECKED = "unchecked"
    """It is here, but the public key that it names was not given."""


class Kind(StrEnum):
    """What a finding is."""

    # Contradictions: two things here cannot both be true.
    SIGNATURE_INVALID = "signature-invalid"
    DIGEST_REPLACED = "digest-replaced"
    DIGEST_FOREIGN = "digest-foreign"
    DIGEST_UNREADABLE = "digest-unreadable"
    LOG_FILE_ALTERED = "log-file-altered"
    # Gaps: something that should be here is not, or nothing vouches for what is here.
    DIGESTS_MISSING = "digests-missing"
    CHAIN_CUT = "chain-cut"
    CHAIN_RESTARTED = "chain-restarted"
    HOURS_WITHOUT_DIGESTS = "hours-without-digests"
    LOG_FILE_ABSENT = "log-file-absent"
    LOG_FILE_UNNAMED = "log-file-unnamed"
    # Remarks: worth knowing, nothing is wrong.
    DIGEST_OUT_OF_ORDER = "digest-out-of-order"
    DIGEST_RENAMED = "digest-renamed"
    LOG_FILE_RENAMED = "log-file-renamed"
    SIGNATURE_UNCLAIMED = "signature-unclaimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What is known of the signature of one digest file.

    Attributes:
        mark: how far it could be checked.
        value: in hexadecimal; None where nothing here carries it.
    """

    mark: Mark
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One observation, with what it is about and what shows it.

    Attributes:
        kind: what it is.
        chain: of the digest files concerned; None where it concerns none.
        name: key of the S3 object that it is about, or the local name where no key is known.
        entry: where that is sealed; None where it is not here.
        by: entry of the digest file that shows it.
        source: name under which what contradicts was met.
        start: from when on evidence is missing or contradicted; None where that is not known.
        end: until when.
        count: digest files that are missing, by the hour.
        is_covered: whether other digest files vouch for the whole stretch all the same.
        account: whose evidence it is.
        region: of the evidence.
    """

    kind: Kind
    chain: ChainId | None = None
    name: str | None = None
    entry: int | None = None
    by: int | None = None
    source: str | None = None
    start: Moment | None = None
    end: Moment | None = None
    count: int | None = None
    is_covered: bool = False
    account: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A stretch in which, as digest files say, nothing was delivered.

    Attributes:
        chain: of the digest files.
        start: of the first.
        end: of the last.
        count: how many there are in a row.
        is_signed: whether the signature of each of them is valid.
    """

    chain: ChainId
    start: Moment
    end: Moment
    count: int
    is_signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """The digest file that vouches for a source.

    Attributes:
        file: the digest file.
        log_file: the log file that the source is.
        mark: of the digest file.
        signature: of the digest file, in hexadecimal; None where nothing here carries it.
    """

    file: DigestFile
    log_file: Place
    mark: Mark
    signature: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """One chain of digest files.

    Attributes:
        chain: whose it is.
        start: of the first digest file.
        end: of the last.
        marks: how many have each mark.
        named: log files that they name.
        held: of them, those that are here as they were delivered.
        newest: key of the last digest file.
    """

    chain: ChainId
    start: Moment
    end: Moment
    marks: Mapping[Mark, int]
    named: int
    held: int
    newest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """Everything that the digest files of a ledger say about its sources.

    Attributes:
        chains: in the order of account, Region and trail.
        contradictions: what cannot be true together.
        gaps: what is missing, or not vouched for.
        remarks: what else is worth knowing.
        silences: stretches for which digest files assert that nothing was delivered.
        vouched: by SHA-256 of a source in hexadecimal.
        outside: sources for whose time or place no digest file is here.
        keys: public keys that were given.
    """

    chains: tuple[ChainReport, ...] = ()
    contradictions: tuple[Finding, ...] = ()
    gaps: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()
    silences: tuple[Silence, ...] = ()
    vouched: Mapping[str, Vouched] = field(default_factory=dict)
    outside: int = 0
    keys: int = 0

    @property
    def marks(self) -> dict[Mark, int]:
        """How many digest files have each mark."""
        return {mark: sum(one.marks[mark] for one in self.chains) for mark in Mark}

    @property
    def is_any(self) -> bool:
        """Whether there are digest files at all, readable or not."""
        return bool(self.chains or self.contradictions)

    @property
    def outcome(self) -> str:
        """`intact` only if everything could be checked and holds, else `broken` or `incomplete`."""
        marks = self.marks
        if self.contradictions:
            return "broken"
        has_unknown = marks[Mark.UNVERIFIED] or marks[Mark.UNCHECKED]
        return "incomplete" if self.gaps or has_unknown or not marks[Mark.VALID] else "intact"
