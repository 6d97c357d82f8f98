"""What can go wrong with a Bluesky service → FetchFailed in plain words. Never with a text or a handle in it.

Which error the SDK raises for what was found by trying (NETWORKS in docs/networks.md): it lets exceptions of httpx,
pydantic and Python through beside its own.
"""

import re
from datetime import datetime, timedelta

import httpx
from atproto_client.exceptions import (
    BadRequestError,
    InvokeTimeoutError,
    LoginRequiredError,
    NetworkError,
    RateLimitExceededError,
    RequestErrorBase,
    UnauthorizedError,
)
from atproto_client.models.common import XrpcError

from collectors.fetch_types import FetchFailed

# On Bluesky a missing account or post is a 400 with one of these names, not a 404.
GONE = frozenset(
    {
        "NotFound",
        "RecordNotFound",
        "AccountDeactivated",
        "AccountTakedown",
        "BlockedActor",
        "BlockedByActor",
        "RepoNotFound",
        "RepoDeactivated",
        "RepoTakendown",
        "RepoSuspended",
    }
)
_GONE_WORDS = ("profile not found", "unable to resolve", "could not find", "could not locate", "actor not found")
EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})

_ERROR_NAME = re.compile(r"[A-Za-z]{1,40}")


def explain_failure(error: Exception, name: str, now: datetime) -> FetchFailed:
    """The FetchFailed for an exception met while asking the service called `name`."""
    if isinstance(error, FetchFailed):
        return error
    if isinstance(error, RequestErrorBase) and error.response is not None:
        return _explain_status(error, error.response.status_code, name, now)
    if isinstance(error, InvokeTimeoutError):
        return FetchFailed("down", f"{name} did not answer in time")
    if isinstance(error, NetworkError):
        return FetchFailed("down", f"{name} cannot be reached")
    if isinstance(error, httpx.TooManyRedirects):
        return FetchFailed("broken", f"{name} sends requests round in a circle")
    if isinstance(error, httpx.TransportError):
        return FetchFailed("down", f"{name} broke off in the middle of an answer")
    if isinstance(error, LoginRequiredError):
        return FetchFailed("closed", f"{name} wants a sign-in", cure=SIGN_IN)
    if isinstance(error, (httpx.HTTPError, httpx.InvalidURL)):
        return FetchFailed("broken", f"{name} sent an answer that cannot be unpacked")
    if isinstance(error, ValueError):
        return FetchFailed("broken", f"{name} sent an answer that is cut off or is not valid JSON")
    return FetchFailed("broken", f"{name} sent an answer that makes no sense ({type(error).__name__})")


def error_name(error: BaseException | None) -> str:
    """The name that an XRPC error carries ("NotFound"); "" when it carries none."""
    content = error.response.content if isinstance(error, RequestErrorBase) and error.response else None
    called = content.error or "" if isinstance(content, XrpcError) else ""
    return called if _ERROR_NAME.fullmatch(called) else ""  # it goes into reasons that people read


def _explain_status(error: RequestErrorBase, status: int, name: str, now: datetime) -> FetchFailed:
    if isinstance(error, RateLimitExceededError):
        return FetchFailed("limited", f"{name} asks us to slow down", retry_at=_retry_at(error, now))
    if isinstance(error, UnauthorizedError):
        if status == 403:
            return FetchFailed("closed", f"{name} refuses this without a sign-in (403)", cure=SIGN_IN)
        return FetchFailed("closed", f"{name} does not accept our sign-in (401)", cure=NEW_PASSWORD)
    if isinstance(error, BadRequestError):
        return _explain_bad_request(error, name)
    if status in (404, 405, 501):
        return FetchFailed("closed", f"{name} does not offer this ({status})", cure="Check the addresses in [bluesky].")
    if status >= 500 or status == 409:
        return FetchFailed("down", f"{name} has trouble ({status})")
    return FetchFailed("broken", f"{name} answered with an error that makes no sense here ({status})")


def _explain_bad_request(error: BadRequestError, name: str) -> FetchFailed:
    called = error_name(error)
    content = error.response.content if error.response else None
    message = (content.message or "").lower() if isinstance(content, XrpcError) else ""
    if called in GONE or any(words in message for words in _GONE_WORDS):
        return FetchFailed("gone", f"{name} does not have it, or no longer shows it ({called or 'not found'})")
    if called in EXPIRED:
        return FetchFailed("closed", f"{name} no longer accepts our sign-in ({called})", cure=NEW_PASSWORD)
    if called in ("MethodNotImplemented", "XRPCNotSupported"):
        return FetchFailed("closed", f"{name} does not offer this", cure="Check the addresses in [bluesky].")
    return FetchFailed("broken", f"{name} does not understand the request ({called or '400'})")


def _retry_at(error: RateLimitExceededError, now: datetime) -> datetime:
    """The stated reset; where the headers are absent or nonsense, five minutes (the length of the windows)."""
    try:
        reset_at = error.reset_at
    except (ValueError, OverflowError, OSError):
        reset_at = None
    if isinstance(reset_at, datetime) and now - timedelta(days=1) < reset_at < now + timedelta(days=2):
        return reset_at
    seconds = error.retry_after if error.retry_after is not None else 300.0
    return now + timedelta(seconds=min(max(float(seconds), 1.0), 86_400.0))


SIGNING_IN_LIMITED = "the PDS accepts no more sign-ins for now"
SIGN_IN = "Make an app password on Bluesky (Settings → Privacy and security) and give it to Mutuals."
NEW_PASSWORD = "Make a new app password on Bluesky (Settings → Privacy and security) and give it to Mutuals."  # noqa: S105
