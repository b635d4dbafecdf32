"""Client: the one door to botocore: credentials, Regions, patience, and errors as data.

Requests that fail because a service is busy or a connection breaks are made again, after pauses
that grow and are drawn by lot, so that many readers do not come back at the same moment.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from analyzer.s3.errors import NotInstalledError, StoreError, Trouble

if TYPE_CHECKING:
    from analyzer.s3.access import Access

CONNECTIONS: Final = 16
"""Requests of one client that may be under way at the same time."""

PIECE: Final = 1 << 20
"""Bytes of a body that are asked for at once."""

_ATTEMPTS: Final = 8
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 20.0
_SECONDS: Final = 60
_SOME_REGION: Final = "us-east-1"
_SHOWN: Final = 300
"""Characters of what AWS says that are told."""

_BUSY: Final = frozenset(
    {
        "BandwidthLimitExceeded", "EC2ThrottledException", "InternalError", "KMS.Throttling",
        "LimitExceededException", "OperationAborted", "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
        "RequestThrottledException", "RequestTimeout", "RequestTimeoutException",
        "ServiceUnavailable", "SlowDown", "ThrottledException", "Throttling",
        "ThrottlingException", "TooManyRequestsException", "TransactionInProgressException",
    }
)  # fmt: skip
_TROUBLES: Final = {
    403: Trouble.DENIED,
    404: Trouble.ABSENT,
    412: Trouble.REPLACED,
    429: Trouble.BUSY,
}
_WAYS_OUT: Final = {
    Trouble.DENIED: "; the credentials need the right to do this, or --profile, --role others",
    Trouble.BUSY: "; what is sealed is whole: run it again later",
    Trouble.CUT_OFF: "; what is sealed is whole: run it again",
    Trouble.REPLACED: "; it was replaced meanwhile: run it again",
}


class StoppedError(Exception):
    """Whoever wanted the answer has left."""


class Client:
    """One service of AWS; several threads may ask it."""

    def __init__(self, service: str, access: Access, stop: Event | None = None) -> None:
        """Find credentials and Region; nothing is asked yet.

        Args:
            service: `s3` or `sqs`.
            access: in whose name.
            stop: set by whoever does not want answers any more.

        Raises:
            NotInstalledError: botocore is missing.
            StoreError: there is no such profile, or it says nonsense.
        """
        session = _session(access)
        self.access = access
        wanted = _asked(partial(session.get_config_variable, "max_attempts"))
        self.attempts = max(1, wanted or _ATTEMPTS)
        self.stop = stop or Event()
        self._client = _asked(
            partial(
                session.create_client,
                service,
                region_name=_region(session, access),
                endpoint_url=access.endpoint,
                config=_config(access),
            )
        )

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Ask for one thing; again where the service is busy or cannot be reached.

        Args:
            operation: as botocore spells it: `get_object`.
            parameters: as AWS spells them.

        Raises:
            StoreError: it cannot be had.
            StoppedError: nobody wants it any more.
        """
        ask = partial(getattr(self._client, operation), **parameters)
        for attempt in range(self.attempts):
            self.go_on()
            try:
                answer: dict[str, Any] = _asked(ask)
            except StoreError as error:
                self.endure(error, attempt)
            else:
                return answer
        raise AssertionError("the last attempt raises")

    def go_on(self) -> None:
        """Raise StoppedError if nobody wants an answer any more."""
        if self.stop.is_set():
            raise StoppedError

    def close(self) -> None:
        """Give the connections back, and let nobody begin anything any more."""
        self.stop.set()
        self._client.close()

    def endure(self, error: StoreError, attempt: int) -> None:
        """Wait before the next attempt; raises the error if there is none, or no sense in it."""
        if not error.trouble.may_pass:
            raise error
        if attempt + 1 >= self.attempts:
            detail = f"{error.detail}, {self.attempts} times{_WAYS_OUT[error.trouble]}"
            raise StoreError(error.trouble, detail) from error
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**attempt)
        if self.stop.wait(random.SystemRandom().uniform(0, longest)):
            raise StoppedError from error


def pieces(body: Any) -> Iterator[bytes]:
    """Yield the bytes of an answer's body as they come; raises StoreError where it is cut off."""
    try:
        while piece := _asked(partial(body.read, PIECE)):
            yield piece
    finally:
        body.close()


def _session(access: Access) -> Any:
    try:
        from botocore.session import Session  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise NotInstalledError from error
    session = Session(profile=access.profile)
    _asked(partial(session.get_config_variable, "region"))  # a profile is looked up only now
    if access.role is None:
        return session
    taken_on = Session(profile=access.profile)
    taken_on.register_component("credential_provider", _Role(session, access, access.role))
    return taken_on


class _Role:
    """Hands out credentials of a role, and new ones before they run out."""

    def __init__(self, session: Any, access: Access, role: str) -> None:
        self._session = session
        self._access = access
        self._role = role

    def load_credentials(self) -> Any:
        """Return credentials; the role is taken on when they are first needed."""
        from botocore import credentials  # noqa: PLC0415 - see above

        fetcher = credentials.AssumeRoleCredentialFetcher(
            client_creator=partial(
                self._session.create_client,
                region_name=_region(self._session, self._access),
                config=_config(self._access),
            ),
            source_credentials=self._session.get_credentials(),
            role_arn=self._role,
            extra_args={"RoleSessionName": "keyledger"},
        )
        return credentials.DeferredRefreshableCredentials(
            refresh_using=fetcher.fetch_credentials, method="assume-role"
        )


def _region(session: Any, access: Access) -> str:
    """Return where to ask; S3 sends whoever asks in the wrong place to the right one."""
    configured = session.get_config_variable("region")
    return access.region or configured or access.fallback_region or _SOME_REGION


def _config(access: Access) -> Any:
    from botocore.config import Config  # noqa: PLC0415 - see above

    style = {} if access.addressing is None else {"s3": {"addressing_style": access.addressing}}
    return Config(
        **style,
        retries={"mode": "standard", "total_max_attempts": 1},  # `Client.call` is patient enough
        max_pool_connections=CONNECTIONS,
        connect_timeout=_SECONDS,
        read_timeout=_SECONDS,
        user_agent_appid="keyledger",
    )


def _asked(ask: Callable[[], Any]) -> Any:
    """Ask; raises StoreError whatever goes wrong."""
    from botocore import exceptions as wrong  # noqa: PLC0415 - see above

    try:
        return ask()
    except wrong.ClientError as error:
        raise _refused(error.response) from error
    except (wrong.NoCredentialsError, wrong.CredentialRetrievalError) as error:
        way_out = "name a profile with --profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID"
        raise StoreError(Trouble.OTHER, f"there are no credentials: {way_out}") from error
    except (
        wrong.ConnectionError, wrong.HTTPClientError, wrong.IncompleteReadError,
        wrong.FlexibleChecksumError,
    ) as error:  # fmt: skip
        raise StoreError(Trouble.CUT_OFF, f"the connection broke: {_short(error)}") from error
    except (wrong.BotoCoreError, ValueError) as error:
        raise StoreError(Trouble.OTHER, f"cannot be asked: {_short(error)}") from error


def _refused(response: dict[str, Any]) -> StoreError:
    """Tell what AWS's answer means; its words are data."""
    told = response.get("Error", {})
    code = str(told.get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    is_busy = code in _BUSY or status >= 500  # noqa: PLR2004 - as HTTP counts
    trouble = Trouble.BUSY if is_busy else _TROUBLES.get(status, Trouble.OTHER)
    if code == "InvalidObjectState":
        way_out = "; it is archived: restore it first"
        return StoreError(Trouble.OTHER, f"cannot be read ({code}){way_out}")
    if code == "NoSuchBucket":
        return StoreError(Trouble.ABSENT, "there is no such bucket")
    message = _short(told.get("Message") or "no reason given")
    way_out = "" if trouble.may_pass else _WAYS_OUT.get(trouble, "")
    said = f"{status} {code}".removesuffix(f" {status}").strip()
    return StoreError(trouble, f"AWS says {said}: {message}{way_out}")


def _short(said: object) -> str:
    text = " ".join(str(said).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
