"""Peers and floors: what others do with the same bytes, and what no program can go below."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

import msgspec

from tests.bench.clock import Stopwatch
from tests.bench.ours import Task
from tests.bench.room import Room

_NAMES: Final = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_COMMIT: Final = 1000


_MEMBERS: Final = {
    "time": "eventTime",
    "source": "eventSource",
    "name": "eventName",
    "id": "eventID",
    "region": "awsRegion",
    "error": "errorCode",
}


class _Record(msgspec.Struct, rename=_MEMBERS):
    time: str
    source: str
    name: str
    id: str
    region: str = ""
    error: str | None = None


def duckdb_load(room: Room, watch: Stopwatch) -> int:
    """DuckDB `read_json` of the same gzip files into a table file, two threads."""
    import duckdb

    target = room.scratch("peer.duckdb")
    names = [str(path) for path in room.files()]
    with watch, closing(duckdb.connect(str(target), config={"threads": 2})) as connection:
        connection.execute(
            "CREATE TABLE events AS SELECT unnest(Records) AS record FROM "
            "read_json($1, maximum_object_size = 268435456)",
            [names],
        )
        [(count,)] = connection.execute("SELECT count(*) FROM events").fetchall()
    return int(count)


def sha256_pass(room: Room, watch: Stopwatch) -> int:
    """One SHA-256 over each record, inflated and in memory already; one core."""
    count = 0
    for payloads in room.payloads():
        with watch:
            for payload in payloads:
                sha256(payload).digest()
        count += len(payloads)
    return count


def msgspec_decode(room: Room, watch: Stopwatch) -> int:
    """Six members of every record by msgspec, inflated and in memory already; one core."""
    decoder = msgspec.json.Decoder(_Record)
    count = 0
    for payloads in room.payloads():
        with watch:
            for payload in payloads:
                decoder.decode(payload)
        count += len(payloads)
    return count


def sqlite_rows(room: Room, watch: Stopwatch) -> int:
    """A row an event with Python's sqlite3, from the same files: FULL, unique id, no hashes."""
    target = room.scratch("peer.sqlite")
    decoder = msgspec.json.Decoder(_Record)
    count = 0
    with watch, closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE events (id TEXT UNIQUE, payload BLOB)")
        for payloads in room.payloads():
            rows = [(decoder.decode(payload).id, payload) for payload in payloads]
            with connection:
                connection.executemany("INSERT OR IGNORE INTO events VALUES (?, ?)", rows)
            count += len(payloads)
    return count


def eventsourcing_rows(room: Room, watch: Stopwatch) -> int:
    """The `eventsourcing` package's SQLite recorder, a thousand events a commit."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    store = SQLiteDatastore(str(room.scratch("peer.eventsourcing")))
    recorder = SQLiteApplicationRecorder(store)
    recorder.create_table()
    count = 0
    for payloads in room.payloads():
        events = [
            StoredEvent(uuid5(_NAMES, str(count + number)), 1, "record", payload)
            for number, payload in enumerate(payloads)
        ]
        with watch:
            for start in range(0, len(events), _COMMIT):
                recorder.insert_events(events[start : start + _COMMIT])
        count += len(payloads)
    store.close()
    return count


def python_pass(room: Room, watch: Stopwatch) -> int:
    """An interpreter that starts and ends."""
    del room
    with watch:
        subprocess.run([sys.executable, "-c", "pass"], check=True)
    return 1


PEERS: Final[Mapping[str, Task]] = {
    "duckdb-load": duckdb_load,
    "sha256": sha256_pass,
    "msgspec": msgspec_decode,
    "sqlite-rows": sqlite_rows,
    "eventsourcing": eventsourcing_rows,
    "python-pass": python_pass,
}
