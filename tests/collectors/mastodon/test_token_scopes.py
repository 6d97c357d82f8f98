"""A token is for reading only: one that may do more is put aside before it is used, and the cure is said."""

import pytest

from collectors import mastodon
from collectors.fetch_types import FetchFailed
from collectors.mastodon.client import scopes_beyond_reading
from collectors.sample.mastodon_server.options import Token
from tests.support.mastodon_sample import GROUP, HANDLE, HOME, client_of, the_town, work

ADVISED = ("read:accounts", "read:statuses", "read:notifications")


def states(token: Token, **home: str) -> dict[str, tuple[str, str | None, str | None]]:
    """capability → state, reason, cure, as somebody with this token is told."""
    with the_town(**home) as town:
        app = town.mastodon[HOME].app
        app.tokens["ours"] = token
        found = mastodon.probe(client_of(town, token="ours"), HANDLE, "RiversideCarers")
    return {one.capability: (one.state, one.reason, one.cure) for one in found}


def test_a_token_as_we_advise_it_is_used() -> None:
    found = states(Token(GROUP, ADVISED))
    assert found["token"][0] == found["mentions"][0] == "open"


@pytest.mark.parametrize(
    "scopes", [("read", "write"), (*ADVISED, "write:statuses"), ("read", "follow"), ("read", "push")]
)
def test_a_token_that_may_do_more_is_not_used_and_the_cure_is_said(scopes: tuple[str, ...]) -> None:
    found = states(Token(GROUP, scopes))
    for capability in ("token", "mentions"):
        state, reason, cure = found[capability]
        assert state == "closed"
        assert reason == f"the token may do more than read ({scopes[-1]}), so it is not used"
        assert "delete this one" in (cure or "")
    assert found["own posts"][0] == "open", "what anybody may read is read on"


def test_not_one_request_but_the_question_itself_carries_such_a_token() -> None:
    with the_town() as town:
        app = town.mastodon[HOME].app
        app.tokens["ours"] = Token(GROUP, ("read", "write"))
        client = client_of(town, token="ours")
        with pytest.raises(FetchFailed):
            mastodon.fetch(client, work("mentions"))
        mastodon.fetch(client, work("own"))
        asked = [one.path for one in town.mastodon[HOME].requests]
        assert asked[:2] == ["/api/v2/instance", "/oauth/token/info"]
        assert app.tokens["ours"].account == GROUP
        assert client.api.access_token is None
        assert not client.has_token


def test_where_a_server_tells_only_of_the_application_that_counts() -> None:
    assert states(Token(GROUP, ("read",), ("read", "write")), flavour="gotosocial")["token"][0] == "closed"
    assert states(Token(GROUP, ("read",)), flavour="gotosocial")["token"][0] == "open"


def test_a_token_s_own_scopes_count_where_its_application_might_do_more() -> None:
    assert states(Token(GROUP, ADVISED, (*ADVISED, "write")))["token"][0] == "open"


def test_a_server_that_does_not_say_is_named_and_the_token_is_used() -> None:
    found = states(Token(GROUP, ("read", "write")), flavour="takahe")
    state, reason, cure = found["token"]
    assert (state, reason) == ("unknown", "this server does not say what a token may do")
    assert "read scopes only" in (cure or "")
    assert found["mentions"][0] == "open"


def test_administering_is_never_reading_and_nothing_a_server_makes_up_is_shown() -> None:
    assert scopes_beyond_reading(["read", "read:statuses", "profile", "admin:read", "write"]) == ["admin:read", "write"]
    found = states(Token(GROUP, ("read", "<script>")))
    assert found["token"][1] == "the token may do more than read (something unknown), so it is not used"
