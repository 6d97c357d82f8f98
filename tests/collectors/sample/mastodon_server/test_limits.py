"""How much may be asked of a Mastodon server, and what other software does differently."""

from datetime import timedelta

from collectors.sample.servers import Clock, MastodonOptions
from collectors.sample.world import World
from tests.collectors.sample.conftest import Starter
from tests.support.tiny_world import ACCOUNTS, ANN, GROUP, HOME, Asker, Fedi, at, post


def test_the_one_request_too_many_is_429_until_the_window_that_the_wall_clock_sets_is_over(
    serving: Starter, clock: Clock
) -> None:
    clock.set(at(10) + timedelta(minutes=4, seconds=30))
    home = Fedi(serving(mastodon={HOME: MastodonOptions(requests_per_5_minutes=2)}))
    answers = [home.get("/instance") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[2].headers["x-ratelimit-reset"] == "2026-09-01T22:05:00.000000Z"
    assert answers[2].json() == {"error": "Too many requests"}
    assert "retry-after" not in answers[2].headers
    clock.move(timedelta(seconds=30))
    assert home.get("/instance").status_code == 200


def test_paged_requests_have_a_second_scarcer_limit_of_a_quarter_of_an_hour(serving: Starter, clock: Clock) -> None:
    home = Fedi(serving(mastodon={HOME: MastodonOptions(paged_per_15_minutes=1)}))
    path = f"/accounts/{home.app.account_id(ANN)}/statuses"
    first, second = home.get(path, max_id="9"), home.get(path, since_id="9")
    assert (first.status_code, second.status_code) == (200, 429)
    assert first.headers["x-ratelimit-limit"] == "1"  # the scarcest window is told
    assert second.headers["x-ratelimit-reset"] == "2026-09-01T22:15:00.000000Z"
    assert home.get(path).status_code == 200  # the head page is not paged
    assert home.get(path, max_id="").status_code == 200
    clock.move(timedelta(minutes=15))
    assert home.get(path, min_id="9").status_code == 200


def test_every_token_has_a_limit_of_its_own(serving: Starter) -> None:
    servers = serving(mastodon={HOME: MastodonOptions(requests_per_5_minutes=1)})
    tokens = [None, *(servers.mastodon[HOME].app.user_token(who) for who in (GROUP, ANN))]
    assert [Fedi(servers, token=token).get("/instance").status_code for token in tokens] == [200, 200, 200]
    assert Fedi(servers).get("/instance").status_code == 429


def test_gotosocial_wants_a_users_token_and_has_no_batches_and_no_groups(serving: Starter) -> None:
    servers = serving(mastodon={HOME: MastodonOptions(flavour="gotosocial")})
    stranger, user = Fedi(servers), Fedi(servers, token=servers.mastodon[HOME].app.user_token(GROUP))
    app = Fedi(servers, token=servers.mastodon[HOME].app.app_token())
    assert stranger.get("/accounts/lookup", acct="group").status_code == 401
    assert app.get("/accounts/lookup", acct="group").status_code == 401
    assert stranger.get("/instance").status_code == 200
    shown = user.posts(ANN, limit=1)[0]
    assert len(shown["id"]) == 26
    assert "quotes_count" not in shown
    assert user.keys(user.posts(ANN, max_id=shown["id"])) == ["thanks", "secret", "ask"]
    assert user.get("/statuses", **{"id[]": [shown["id"]]}).status_code == 405
    assert user.get("/timelines/tag/unheardof").status_code == 404
    assert Asker(servers.mastodon[HOME].url, "x").get("/api/v2/notifications").status_code == 404
    assert user.get("/notifications").status_code == 200
    assert user.get("/instance").headers["x-ratelimit-reset"].isdigit()


def test_takahe_has_no_newer_instance_and_no_batches_and_its_ids_are_numbers(serving: Starter) -> None:
    servers = serving(mastodon={HOME: MastodonOptions(flavour="takahe")})
    home = Fedi(servers)
    newer = Asker(servers.mastodon[HOME].url).get("/api/v2/instance")
    assert (newer.status_code, newer.headers["content-type"].partition(";")[0]) == (404, "text/html")
    assert "takahe" in home.get("/instance").json()["version"]
    assert home.posts(ANN, limit=1)[0]["id"].isdigit()
    assert home.get("/statuses", **{"id[]": ["1"]}).status_code == 405
    assert home.get("/timelines/tag/unheardof").json() == []
    assert Asker(servers.mastodon[HOME].url).get("/api/v2/notifications").status_code == 404


def test_takahe_may_want_a_token_too(serving: Starter) -> None:
    home = Fedi(serving(mastodon={HOME: MastodonOptions(flavour="takahe", needs_token=True)}))
    assert home.get("/accounts/lookup", acct="group").json() == {"error": "identity_token_required"}


def test_other_software_caps_threads_in_its_own_way(serving: Starter) -> None:
    world = World(
        ACCOUNTS, (post("top", GROUP, 0), *(post(f"r{n}", ANN, 1 + n / 100, reply_to="top") for n in range(80))), ()
    )
    takahe = Fedi(serving(world, mastodon={HOME: MastodonOptions(flavour="takahe")}))
    assert len(takahe.thread("top")[1]) == 50
    servers = serving(world, mastodon={HOME: MastodonOptions(flavour="gotosocial")})
    gotosocial = Fedi(servers, token=servers.mastodon[HOME].app.user_token(GROUP))
    assert len(gotosocial.thread("top")[1]) == 80
