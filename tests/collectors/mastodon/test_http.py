"""Limits and ages are read from whatever headers servers write."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from collectors.fetch_types import FetchFailed
from collectors.mastodon.http import _reset
from tests.support.mastodon_sample import NOON, Notes, a_client, answers

LATER = NOON + timedelta(minutes=3)


@pytest.mark.parametrize(
    ("value", "resets_at"),
    [
        ("2026-11-20T12:03:00.000Z", LATER),
        ("2026-11-20T12:03:00+00:00", LATER),
        (str(int(LATER.timestamp())), LATER),  # GoToSocial
        ("soon", None),
        ("9" * 40, None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_a_reset_is_a_time_or_unknown(value: str | None, resets_at: datetime | None) -> None:
    assert _reset(value, None, NOON) == resets_at


def test_a_reset_is_told_by_our_clock_where_the_servers_is_wrong() -> None:
    wrong = NOON + timedelta(hours=2)
    assert _reset((wrong + timedelta(minutes=3)).isoformat(), wrong, NOON) == LATER


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"X-RateLimit-Remaining": "17", "X-RateLimit-Reset": LATER.isoformat()}, (17, LATER)),
        ({"X-RateLimit-Remaining": "-1"}, (None, None)),
        ({"X-RateLimit-Remaining": "many", "Age": "old", "Mastodon-Async-Refresh": "junk"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_odd_headers_do_not_spoil_a_good_answer(headers: dict[str, str], told: tuple[int | None, Any]) -> None:
    notes = Notes()
    with answers(lambda _: (200, headers, {"id": "1", "acct": "group"})) as url:
        client = a_client(url, notes=notes)
        raw = client.ask_object("profile", lambda: client.api.account_lookup("group"))
    assert raw == {"id": "1", "acct": "group"}
    assert notes.limits == [told]
    assert client.http.stale == timedelta()


def test_half_a_surrogate_pair_and_great_depth_do_not_cost_the_page() -> None:
    deep = "[" * 300 + "]" * 300
    body = f'{{"id": "1", "acct": "group", "note": "a\\ud800b", "odd": {deep}}}'
    with answers(lambda _: (200, {}, body.encode())) as url:
        client = a_client(url)
        raw = client.ask_object("profile", lambda: client.api.account_lookup("group"))
    assert raw["note"] == "a\ud800b"


def test_an_answer_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.mastodon.http._LARGEST_BODY", 1000)
    with answers(lambda _: (200, {}, b" " * 5000)) as url:
        client = a_client(url)
        with pytest.raises(FetchFailed) as failed:
            client.ask("profile", lambda: client.api.account_lookup("group"))
    assert (failed.value.kind, failed.value.reason) == ("broken", "the server's answer is far too long")


def test_an_answer_is_at_least_as_old_as_its_date_or_its_age_says() -> None:
    for headers in ({"Age": "7200"}, {"Date": (NOON - timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")}):
        with answers(lambda _, headers=headers: (200, headers, {"id": "1"})) as url:
            client = a_client(url, now=NOON)
            client.ask("profile", lambda client=client: client.api.account_lookup("group"))
        assert client.http.stale == timedelta(hours=2), headers
