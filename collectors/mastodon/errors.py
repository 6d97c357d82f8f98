"""What went wrong on the way to a Mastodon-API server, in words for a person and without anybody's text or handle."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import requests
from mastodon import MastodonAPIError, MastodonError, MastodonNetworkError, MastodonRatelimitError
from urllib3.exceptions import ReadTimeoutError

from collectors.fetch_types import FetchFailed

_WHOSE = "of the group's account on this server"
ADD_TOKEN = f"Add a read-only token {_WHOSE} (README: Settings)."
NEW_TOKEN = f"Make a new read-only token {_WHOSE} and put it in place of the old one."
ASK_ADMIN = "Ask the people who run the server, or leave this part out: the rest goes on without it."
NO_SUCH_CALL = (404, 405, 501)  # how other software says that it lacks a call
_DEFAULT_WAIT = timedelta(minutes=5)  # a Mastodon window


class HttpAnswer(FetchFailed):
    """A failure that the server told us of by an HTTP status."""

    def __init__(
        self,
        kind: Literal["limited", "down", "closed", "gone", "broken"],
        reason: str,
        status: int,
        *,
        cure: str | None = None,
        capability: str | None = None,
    ) -> None:
        super().__init__(kind, f"{reason} ({status})", cure=cure, capability=capability)
        self.status = status


def status_of(error: FetchFailed) -> int | None:
    """The HTTP status behind a failure, if there was one."""
    return error.status if isinstance(error, HttpAnswer) else None


def explain_failure(
    error: MastodonError, *, capability: str, has_token: bool, resets_at: datetime | None, now: datetime
) -> FetchFailed:
    """The FetchFailed for what Mastodon.py raised. `resets_at` is what the answer said of its rate limit."""
    causes = list(_causes(error))
    inner = next((cause for cause in causes if isinstance(cause, FetchFailed)), None)
    if inner is not None:
        inner.capability = inner.capability or capability
        return inner
    if isinstance(error, MastodonRatelimitError):
        retry_at = resets_at if resets_at is not None and resets_at > now else now + _DEFAULT_WAIT
        return FetchFailed("limited", "the server asked us to slow down", capability=capability, retry_at=retry_at)
    if isinstance(error, MastodonNetworkError):
        return FetchFailed("down", _line(causes), capability=capability)
    status = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else None
    if isinstance(error, MastodonAPIError) and status is not None:
        return _of_status(status, capability, has_token)
    return explain_not_json(capability)


def explain_not_json(capability: str) -> FetchFailed:
    """A login page, half an answer, or something else that is not what was asked for."""
    return FetchFailed(
        "broken",
        "the server's answer makes no sense; it may be showing a login or maintenance page",
        cure="Open the server in a browser and see whether it works there.",
        capability=capability,
    )


def _of_status(status: int, capability: str, has_token: bool) -> HttpAnswer:
    if status in (404, 410):
        return HttpAnswer("gone", "the server does not have it", status, capability=capability)
    if status == 401:
        reason = "the server did not accept our token" if has_token else "the server shows this only when signed in"
        cure = NEW_TOKEN if has_token else ADD_TOKEN
        return HttpAnswer("closed", reason, status, cure=cure, capability=capability)
    if status in (403, 422, 451):
        cure = ASK_ADMIN if has_token else f"{ADD_TOKEN} {ASK_ADMIN}"
        return HttpAnswer("closed", "the server does not allow this", status, cure=cure, capability=capability)
    if status in (405, 501):
        reason = "the server's software does not offer this"
        return HttpAnswer("closed", reason, status, capability=capability)
    if status >= 500 or status in (408, 425):
        return HttpAnswer("down", "the server has trouble of its own", status, capability=capability)
    return HttpAnswer("broken", "the server did not understand us", status, capability=capability)


def _line(causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, (requests.exceptions.Timeout, ReadTimeoutError, TimeoutError)):
            return "the server did not answer in time"
        if isinstance(cause, requests.exceptions.SSLError):
            return "no secure connection to the server could be made (its certificate)"
        if "NameResolution" in type(cause).__name__ or "gaierror" in type(cause).__name__:
            return "no server was found under this name"
        if isinstance(cause, ConnectionRefusedError):
            return "the server refused the connection"
    if any("Incomplete" in type(cause).__name__ for cause in causes):
        return "the server's answer was cut off"
    return "the line to the server broke"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from; requests and urllib3 also hide causes in their arguments."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        hidden = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        waiting += [cause for cause in hidden if isinstance(cause, BaseException)]
