"""Sentences: every error that can reach the edge is told in words, with a code and a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import analyzer.cloudtrail.errors as source_errors
import analyzer.errors as reading
import analyzer.s3.errors as stores
import analyzer.spark.errors as clusters
import analyzer.warehouse.errors as queries
import ledger.errors as sealing
from tui.console import ExitCode, OutputExistsError
from tui.trouble import sentence

CASE = Path("case.db")
ERRORS: list[tuple[Exception, ExitCode, str]] = [
    (sealing.LedgerMissingError(CASE), ExitCode.FAILED, "SOURCE… --ledger case.db"),
    (sealing.LedgerMissingError(Path("keyledger.db")), ExitCode.FAILED, "keyledger ingest SOURCE…"),
    (sealing.LedgerExistsError(CASE), ExitCode.FAILED, "already"),
    (sealing.NotALedgerError(CASE, "an image"), ExitCode.FAILED, "is not a ledger: an image"),
    (sealing.LedgerBusyError(CASE, 30), ExitCode.FAILED, "waited 30 s"),
    (sealing.LedgerUnwritableError(CASE, "I/O error"), ExitCode.FAILED, "I/O error"),
    (sealing.LedgerFullError(CASE, "disk is full"), ExitCode.FAILED, "make room"),
    (sealing.LedgerReadOnlyError(CASE, "read-only"), ExitCode.FAILED, "--ledger"),
    (sealing.NotRedactableError(3, "it is a seal"), ExitCode.FAILED, "entry 3 cannot be redacted"),
    (sealing.ResidueError(CASE, "busy"), ExitCode.FAILED, "keyledger redact --clear"),
    (sealing.UnreadableError(CASE, "torn"), ExitCode.FAILED, "torn"),
    (sealing.ProofError("no such root"), ExitCode.FAILED, "no such root"),
    (sealing.MalformedError("bad spelling"), ExitCode.FAILED, "bad spelling"),
    (sealing.UncheckedError("not here"), ExitCode.INCOMPLETE, "not here"),
    (sealing.ForkError(3, "no match"), ExitCode.BROKEN, "3 entries no match"),
    (sealing.KeyFileError(CASE, "not a private key"), ExitCode.FAILED, "not a private key"),
    (sealing.WrongKeyError(CASE, "a+1", "b+2"), ExitCode.FAILED, "wanted: b+2"),
    (sealing.WrongKeyError(CASE, "a+1", None), ExitCode.FAILED, "the ledger's own name"),
    (sealing.KeyTakenError("a+1"), ExitCode.FAILED, "--rotate-key"),
    (sealing.NoKeyError(CASE, None), ExitCode.FAILED, "--init-key"),
    (sealing.NoKeyError(CASE, "a+1"), ExitCode.FAILED, "--lost"),
    (sealing.BrokenError(3, "link", "no match"), ExitCode.BROKEN, "keyledger audit"),
    (reading.UnreadableTimeError("x", ("-7d",)), ExitCode.USAGE, "accepted forms: -7d"),
    (reading.UnknownResourceError("x", ("xx",)), ExitCode.FAILED, "did you mean: xx"),
    (reading.UnknownResourceError("x", ()), ExitCode.FAILED, "keyledger state"),
    (reading.AmbiguousResourceError("x", ("a", "b")), ExitCode.USAGE, "2 resources"),
    (reading.UnknownEventError("x", ("xx",)), ExitCode.FAILED, "did you mean: xx"),
    (reading.UnknownEventError("x", ()), ExitCode.FAILED, "keyledger timeline"),
    (reading.UnreadableAssumptionError("x", "", ("f",)), ExitCode.USAGE, "accepted forms"),
    (reading.UnknownRulesError("x", ("a", "b")), ExitCode.USAGE, "oldest first: a, b"),
    (reading.UnknownEntryError("x", 7), ExitCode.FAILED, "among 7 entries"),
    (reading.AmbiguousEntryError("x", (3, 8)), ExitCode.USAGE, "'#8'"),
    (reading.UnknownSealError("2026-01-08", 7), ExitCode.FAILED, "--seal --at 2026-01-08"),
    (reading.UnknownSealError(None, None), ExitCode.FAILED, "keyledger state --seal"),
    (reading.RestatedError(7, "keyledger 0.1.0"), ExitCode.FAILED, "install keyledger 0.1.0"),
    (reading.RestatedError(7, "keyledger 0.1.0", (3,)), ExitCode.FAILED, "since (entry 3)"),
    (reading.MisspelledError("x", "checkpoint", "bad"), ExitCode.FAILED, "x is no checkpoint: bad"),
    (reading.SuppressionError(2, "it gives no reason"), ExitCode.USAGE, "entry 2: it gives"),
    (reading.SuppressionError(None, "it is not TOML"), ExitCode.USAGE, "relied on: it is not TOML"),
    (reading.WorkerLostError(), ExitCode.FAILED, "ended from outside"),
    (source_errors.SourceError("cannot be opened"), ExitCode.FAILED, "cannot be opened"),
    (stores.NotInstalledError(), ExitCode.FAILED, "pip install 'keyledger[s3]'"),
    (stores.AddressError("s3://", ("s3://BUCKET",)), ExitCode.USAGE, "accepted forms: s3://BUCKET"),
    (stores.StoreError(stores.Trouble.OTHER, "no profile"), ExitCode.FAILED, "no profile"),
    (source_errors.TooLargeError(10), ExitCode.FAILED, "--max-inflated"),
    (reading.FleetError("x"), ExitCode.FAILED, "x"),
    (reading.ShardMovedError(), ExitCode.FAILED, "do it again"),
    (reading.NoFleetError("f", "it is not there"), ExitCode.FAILED, "no fleet in f: it is not"),
    (reading.UncoveredEntryError("2#1", "a/b"), ExitCode.FAILED, "keyledger fleet checkpoint"),
    (
        reading.ShardError(2, sealing.BrokenError(1, "payload", "x")),
        ExitCode.BROKEN,
        "shard 2: broken at entry 1",
    ),
    (clusters.SparkError("x"), ExitCode.FAILED, "x"),
    (clusters.NoSparkError("java"), ExitCode.FAILED, "Java 17"),
    (clusters.NoSparkError("pyspark"), ExitCode.FAILED, "pip install 'keyledger[spark]'"),
    (clusters.ClusterError("no master"), ExitCode.FAILED, "Spark gave up: no master"),
    (clusters.RefusedError("no column x"), ExitCode.FAILED, "cannot be asked that: no column x"),
    (queries.UntranslatableError("x"), ExitCode.FAILED, "keyledger fleet query"),
    (queries.WarehouseError("x"), ExitCode.FAILED, "x"),
    (queries.UnknownQueryError("x", ("xx",)), ExitCode.FAILED, "did you mean: xx"),
    (queries.UnknownQueryError("x", ()), ExitCode.FAILED, "keyledger query --list"),
    (
        queries.ParametersError("q", missing=("a",), unknown=("b",), declared=("--a TEXT",)),
        ExitCode.USAGE,
        "q needs a; has no b\nits parameters:\n  --a TEXT",
    ),
    (queries.ParametersError("q", unreadable=("a",)), ExitCode.USAGE, "cannot read a"),
    (queries.QueryFailedError("no x\n\nLINE 1"), ExitCode.FAILED, "LINE 1\nsee what there is"),
    (queries.QueryTimeoutError(2.5), ExitCode.FAILED, "stopped after 2.5 s"),
    (queries.DamagedFileError("torn"), ExitCode.FAILED, "torn"),
    (queries.ForeignFileError("x.duckdb"), ExitCode.FAILED, "x.duckdb is a database of somebody"),
    (OutputExistsError(CASE), ExitCode.FAILED, "--force"),
    (FileNotFoundError(2, "No such file or directory", "x"), ExitCode.FAILED, "x: No such file"),
    (OSError("odd"), ExitCode.FAILED, "odd"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "code", "said"), ERRORS, ids=lambda one: type(one).__name__)
def test_an_error_is_told_with_its_code(error: Exception, code: ExitCode, said: str) -> None:
    told = sentence(error)
    assert told.code is code
    assert said in "\n".join([told.text, *told.ways_out])


def test_no_error_of_the_rooms_is_forgotten() -> None:
    roots: tuple[type[Exception], ...] = (sealing.LedgerError, reading.AnalyzerError)
    known = {kind for root in roots for kind in _below(root)}
    assert known <= {type(error) for error, _, _ in ERRORS}


def _below(kind: type[Any]) -> set[type[Any]]:
    return {one for below in kind.__subclasses__() for one in (below, *_below(below))}
