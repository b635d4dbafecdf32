"""Server: S3, SQS and STS on the loopback interface: moto's, with faults in front of it.

A process of its own, `python -m tests.s3.server`, which prints its port. Whoever tests sends the
faults that are wanted to `/_faults` as JSON and reads from `/_requests` what was asked since.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from threading import Lock
from time import sleep
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

Json = dict[str, Any]
Start = Callable[..., Any]

_ERROR = "<Error><Code>{code}</Code><Message>{message}</Message></Error>"


class Faults:
    """A WSGI application in front of another, which fails where it was told to.

    A fault is `{"kind", "times", "path", "method", "query", "target", "at"}`: it hits requests of
    which each of these contains the text, as often as `times` says. Kinds: `slow-down`, `error`,
    `denied`, `expired`, `cut` (the body ends after `at` bytes), `late` (the answer comes after `at`
    milliseconds), `stall` (it does not come for a minute) and `replace` (`body` is written to the
    object; the answer ends after `at` bytes of the old one).
    """

    def __init__(self, inner: Callable[[Json, Start], Iterable[bytes]]) -> None:
        self._inner = inner
        self._lock = Lock()
        self._faults: list[Json] = []
        self._seen: list[Json] = []

    def __call__(self, environ: Json, start: Start) -> Iterable[bytes]:
        path, query = unquote(environ["PATH_INFO"]), unquote(environ.get("QUERY_STRING", ""))
        if path == "/_faults":
            size = int(environ.get("CONTENT_LENGTH") or 0)
            with self._lock:
                self._faults = json.loads(environ["wsgi.input"].read(size))
                self._seen = []
            return _plain(start, b"{}")
        if path == "/_requests":
            with self._lock:
                return _plain(start, json.dumps(self._seen).encode())
        return self._answer(environ, start, path, query)

    def _answer(self, environ: Json, start: Start, path: str, query: str) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        asked = parse_qs(query, keep_blank_values=True)
        seen = {
            "method": method, "path": path, "query": query,
            "prefix": asked.get("prefix", [None])[0], "range": environ.get("HTTP_RANGE"),
            "payer": environ.get("HTTP_X_AMZ_REQUEST_PAYER"), "host": environ.get("HTTP_HOST"),
            "key": environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0],
            "target": environ.get("HTTP_X_AMZ_TARGET", ""),
        }  # fmt: skip
        with self._lock:
            self._seen.append(seen)
            fault = next((one for one in self._faults if _hits(one, seen)), None)
            if fault is not None:
                fault["times"] -= 1
        if fault is None:
            return self._inner(environ, start)
        if fault["kind"] == "late":
            sleep(fault["at"] / 1000)
            return self._inner(environ, start)
        if fault["kind"] == "replace":
            old = b"".join(self._inner(environ, start))
            self._put(environ, fault["body"].encode())
            return _cut([old], int(fault["at"]))
        if fault["kind"] == "cut":
            return _cut(self._inner(environ, start), int(fault["at"]))
        if fault["kind"] == "stall":
            sleep(60)
        code, status = _STATUS[fault["kind"]]
        return _refused(start, code, status, method)

    def _put(self, environ: Json, body: bytes) -> None:
        """Write an object in the name of whoever just asked for it."""
        whole = {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
        asked = {"REQUEST_METHOD": "PUT", "QUERY_STRING": "", "CONTENT_LENGTH": str(len(body))}
        for _ in self._inner({**whole, **asked, "wsgi.input": BytesIO(body)}, _unheard):
            pass


def _unheard(*_arguments: Any) -> None:
    pass


_STATUS = {
    "slow-down": ("SlowDown", "503 Slow Down"),
    "error": ("InternalError", "500 Internal Server Error"),
    "denied": ("AccessDenied", "403 Forbidden"),
    "stall": ("RequestTimeout", "400 Bad Request"),
    "expired": ("ExpiredToken", "400 Bad Request"),
}


def _hits(fault: Json, seen: Json) -> bool:
    parts = ("path", "method", "query", "target")
    return fault["times"] > 0 and all(fault.get(part, "") in seen[part] for part in parts)


def _plain(start: Start, body: bytes) -> list[bytes]:
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _refused(start: Start, code: str, status: str, method: str) -> list[bytes]:
    message = "as the test wants it"
    body = _ERROR.format(code=code, message=message).encode()
    start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [] if method == "HEAD" else [body]


def _cut(body: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the first bytes of what was promised; the connection closes behind them."""
    yield b"".join(body)[:size]


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_arguments: Any) -> None:
        pass


def main() -> None:
    """Serve until the process is ended."""
    inner = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, Faults(inner), threaded=True, request_handler=_Quiet)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
