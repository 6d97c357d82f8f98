"""The signed-in half: what is kept, renewed and never sent."""

import stat
from pathlib import Path

import pytest

from collectors import bluesky
from collectors.bluesky.http import READING, SIGNING_IN, read_limits
from collectors.fetch_types import FetchFailed
from collectors.sample.servers import BlueskyOptions
from tests.support.bluesky_sample import HANDLE, NOW, Sample, sample
from warehouse.settings import Bluesky

CREATE = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"


def _begin_anew(found: Sample) -> None:
    """What a new process knows: nothing but the file."""
    assert found.client.signed_in is not None
    found.client.signed_in.close()
    found.client.signed_in.session = None


def test_connecting_asks_nothing(tmp_path: Path) -> None:
    with sample(session_file=tmp_path / "session") as found:
        assert found.servers.bluesky.requests == []


def test_one_sign_in_serves_many_runs(tmp_path: Path) -> None:
    with sample(session_file=tmp_path / "kept" / "session") as found:
        found.fetch("mentions")
        _begin_anew(found)  # the process ends, the next one begins
        found.fetch("mentions")
        assert found.asked(CREATE) == 1


def test_the_kept_session_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "session"
    with sample(session_file=file) as found:
        found.fetch("mentions")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_token_that_ran_out_on_the_server_is_renewed_without_the_password(tmp_path: Path) -> None:
    file = tmp_path / "session"
    with sample(session_file=file) as found:
        found.fetch("mentions")
        before = file.read_text()
        found.servers.bluesky.app.expire_sessions()
        assert found.fetch("mentions").is_complete
        assert (found.asked(CREATE), found.asked(REFRESH)) == (1, 1)
        assert file.read_text() != before  # a refresh token works once: the new one is kept


def test_when_the_renewal_fails_too_the_password_is_used_once(tmp_path: Path) -> None:
    with sample(session_file=tmp_path / "session") as found:
        found.fetch("mentions")
        found.servers.bluesky.app.expire_sessions(with_refresh=True)
        assert found.fetch("mentions").is_complete
        assert found.asked(CREATE) == 2


@pytest.mark.parametrize("content", ["", "junk", "https://x\na:::b:::c:::d:::e", "\x00\xff" * 40])
def test_a_session_file_with_something_else_in_it_is_no_obstacle(tmp_path: Path, content: str) -> None:
    file = tmp_path / "session"
    file.write_text(content, encoding="latin-1")
    with sample(session_file=file) as found:
        assert found.fetch("mentions").is_complete
        assert found.asked(CREATE) == 1


def test_a_session_made_at_another_pds_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "session"
    for _ in range(2):
        with sample(session_file=file) as found:  # another port each time
            assert found.fetch("mentions").is_complete
            assert found.asked(CREATE) == 1


def test_a_wrong_password_closes_mentions_and_nothing_else(tmp_path: Path) -> None:
    with sample(session_file=tmp_path / "session") as found:
        assert found.client.signed_in is not None
        found.client.signed_in.password = "wrong"
        with pytest.raises(FetchFailed) as caught:
            found.fetch("mentions")
        assert caught.value.kind == "closed"
        assert "new app password" in (caught.value.cure or "")
        assert "wrong" not in caught.value.reason
        assert found.fetch("own").posts


def test_too_many_sign_ins_do_not_stop_the_anonymous_reading() -> None:
    with sample(options=BlueskyOptions(logins_per_5_minutes=1), session_file=None) as found:
        found.fetch("mentions")
        _begin_anew(found)
        with pytest.raises(FetchFailed) as caught:
            found.fetch("mentions")
        assert caught.value.kind == "closed"
        assert caught.value.retry_at is not None
        assert found.fetch("own").posts


def test_the_small_limit_of_sign_ins_is_not_taken_for_that_of_reading(tmp_path: Path) -> None:
    with sample(session_file=tmp_path / "session") as found:
        found.fetch("mentions")
        assert min(remaining or 0 for remaining, _ in found.limits) > 200


@pytest.mark.parametrize(
    "nsid",
    [
        "app.bsky.notification.updateSeen",
        "com.atproto.repo.createRecord",
        "app.bsky.graph.muteActor",
        "chat.bsky.convo.listConvos",
        "app.bsky.feed.getLikes",  # who liked is nobody's business
    ],
)
def test_nothing_but_reading_leaves_this_machine(nsid: str) -> None:
    with sample() as found:
        assert found.client.signed_in is not None
        found.fetch("mentions")
        before = len(found.servers.bluesky.requests)
        with pytest.raises(FetchFailed, match="not among the methods"):
            found.client.ask(nsid, {})
        with pytest.raises(FetchFailed, match="not among the methods"):
            found.client.ask_signed_in(nsid, {})
        with pytest.raises(FetchFailed, match="not among the methods"):
            found.client.appview.invoke_procedure(nsid)  # past our own door, through the SDK
        assert len(found.servers.bluesky.requests) == before


def test_the_list_of_what_may_be_called_holds_only_reading() -> None:
    assert not any(name.rpartition(".")[2].startswith(("update", "put", "create", "delete")) for name in READING)
    assert {CREATE, REFRESH} == SIGNING_IN


def test_a_redirect_to_another_host_is_not_followed() -> None:
    with sample() as found:
        found.client.appview_wire.hosts = {"127.0.0.1:1"}
        with pytest.raises(FetchFailed, match="another host"):
            found.fetch("own")
        assert found.servers.bluesky.requests == []


def test_no_secret_shows_in_what_is_printed(tmp_path: Path) -> None:
    client = bluesky.connect(
        Bluesky(), handle=HANDLE, password="abcd-efgh", session_file=tmp_path / "s",
        user_agent="t", spend=lambda _: None, limits=lambda *_: None, now=lambda: NOW,
    )  # fmt: skip
    assert "abcd-efgh" not in repr(client)
    client.close()


def test_what_remains_is_told_as_a_share_of_our_own_limit() -> None:
    headers = {"ratelimit-limit": "3000", "ratelimit-remaining": "1500", "ratelimit-reset": "1790856000"}
    assert read_limits(headers, 300)[0] == 150
    assert read_limits({**headers, "ratelimit-reset": "soon"}, 300) == (None, None)
    assert read_limits({}, 300) == (None, None)
