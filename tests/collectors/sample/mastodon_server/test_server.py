"""What a Mastodon server shows, and to whom."""

from datetime import timedelta

import pytest

from collectors.sample.servers import Clock, MastodonOptions, SampleServers
from collectors.sample.world import World
from tests.collectors.sample.conftest import Starter
from tests.support.tiny_world import (
    ACCOUNTS,
    ANN,
    AWAY,
    BEN,
    CLIENT,
    GROUP,
    HOME,
    NEW,
    SHY,
    WORLD,
    Asker,
    Fedi,
    at,
    post,
)


@pytest.fixture
def home(servers: SampleServers) -> Fedi:
    return Fedi(servers)


@pytest.fixture
def signed_in(servers: SampleServers) -> Fedi:
    return Fedi(servers, token=servers.mastodon[HOME].app.user_token(GROUP))


def test_an_account_is_looked_up_by_its_short_and_its_full_name_without_case(home: Fedi) -> None:
    assert home.get("/accounts/lookup", acct="Group").json()["acct"] == "group"
    assert home.get("/accounts/lookup", acct=f"group@{HOME}").json()["acct"] == "group"
    assert home.get("/accounts/lookup", acct=BEN).json()["acct"] == BEN
    assert home.get("/accounts/lookup", acct="nobody").status_code == 404


def test_a_remote_account_is_unknown_until_something_of_it_has_arrived(home: Fedi, clock: Clock) -> None:
    clock.set(at(1))
    assert home.get("/accounts/lookup", acct=BEN).json() == {"error": "Record not found"}


def test_strangers_see_public_and_unlisted_posts_and_boosts_but_never_private_or_direct_ones(home: Fedi) -> None:
    assert home.keys(home.posts(ANN)) == ["below", "thanks", "ask"]
    assert home.keys(home.posts(BEN)) == ["quoting", "boost of welcome", "help"]
    for key in ("secret", "friends"):
        assert home.get(f"/statuses/{home.id(key)}").status_code == 404


def test_a_user_sees_what_mentions_them_and_all_of_their_own(servers: SampleServers, signed_in: Fedi) -> None:
    assert "secret" in signed_in.keys(signed_in.posts(ANN))
    assert signed_in.get(f"/statuses/{signed_in.id('friends')}").json()["visibility"] == "private"
    ann = Fedi(servers, token=servers.mastodon[HOME].app.user_token(ANN))
    assert "secret" in ann.keys(ann.posts(ANN))


def test_a_server_shows_only_what_has_reached_it_by_its_own_clock(home: Fedi, clock: Clock) -> None:
    assert "lost" not in home.app.site.view.by_key
    clock.set(at(2.5))
    assert home.keys(home.posts(BEN)) == ["boost of welcome"]
    clock.set(at(3))
    assert home.keys(home.posts(BEN)) == ["boost of welcome", "help"]


def test_a_late_post_takes_an_id_from_its_creation_so_a_cursor_misses_it(home: Fedi, clock: Clock) -> None:
    clock.set(at(2.5))
    newest = home.posts(BEN)[0]["id"]
    clock.set(at(3))
    assert home.posts(BEN, since_id=newest) == []
    assert int(home.id("help")) >> 16 == int(at(2).timestamp() * 1000)


def test_the_uri_is_the_same_on_both_servers_and_the_id_is_not(servers: SampleServers) -> None:
    here, there = Fedi(servers), Fedi(servers, AWAY)
    mine, theirs = (one.get(f"/statuses/{one.id('ask')}").json() for one in (here, there))
    assert mine["uri"] == theirs["uri"] == f"https://{HOME}/users/ann/statuses/{here.id('ask')}"
    assert mine["id"] != theirs["id"]
    assert (mine["account"]["acct"], theirs["account"]["acct"]) == ("ann", ANN)


def test_counts_are_those_that_this_server_knows_at_this_moment(servers: SampleServers, clock: Clock) -> None:
    home = Fedi(servers)
    shown = home.get(f"/statuses/{home.id('welcome')}").json()
    names = ("replies_count", "reblogs_count", "favourites_count", "quotes_count")
    assert [shown[name] for name in names] == [1, 1, 1, 1]
    clock.set(at(4))
    assert home.get(f"/statuses/{home.id('welcome')}").json()["reblogs_count"] == 2


def test_private_and_deleted_replies_are_not_counted(home: Fedi, clock: Clock) -> None:
    assert home.get(f"/statuses/{home.id('ask')}").json()["replies_count"] == 1
    clock.set(at(5))
    assert home.get(f"/statuses/{home.id('ask')}").json()["replies_count"] == 2


def test_a_deleted_post_is_404_and_its_replies_go_on_pointing_at_it(home: Fedi) -> None:
    assert home.get(f"/statuses/{home.id('regret')}").status_code == 404
    assert home.get(f"/statuses/{home.id('below')}").json()["in_reply_to_id"] == home.id("regret")
    assert home.thread("ask") == (["welcome"], ["help", "thanks"])


def test_a_remote_deletion_may_never_arrive(serving: Starter) -> None:
    world = World(ACCOUNTS, (post("kept", BEN, 1, deleted_at=at(2), known_from={HOME: at(1)}),), ())
    servers = serving(world, mastodon={HOME: MastodonOptions(keeps_deleted=frozenset(["kept"]))})
    home, away = Fedi(servers), Fedi(servers, AWAY)
    assert home.get(f"/statuses/{home.id('kept')}").status_code == 200
    assert away.get(f"/statuses/{away.id('kept')}").status_code == 404


def test_an_edit_keeps_the_id_and_sets_edited_at(home: Fedi, clock: Clock) -> None:
    edited = home.get(f"/statuses/{home.id('thanks')}").json()
    assert (edited["content"], edited["edited_at"]) == ("<p>thank you all</p>", "2026-09-01T18:00:00.000Z")
    clock.set(at(5))
    assert home.get(f"/statuses/{home.id('thanks')}").json()["edited_at"] is None


def test_text_is_html_with_paragraphs_shortened_links_and_anchors(home: Fedi) -> None:
    content = home.get(f"/statuses/{home.id('welcome')}").json()["content"]
    assert content.startswith("<p>Welcome to the circle.<br />Ask anything.</p><p>More: <a href=")
    assert '<span class="invisible">https://www.</span><span class="ellipsis">example.org/a/very/long/way/to' in content
    content = home.get(f"/statuses/{home.id('ask')}").json()["content"]
    assert f'<a href="https://{HOME}/@group" class="u-url mention">@<span>group</span></a></span>' in content
    assert "how do I &lt;sleep&gt;?" in content
    assert f'<a href="https://{HOME}/tags/carerscircle" class="mention hashtag" rel="tag">' in content


def test_a_post_carries_its_warning_pictures_poll_mentions_and_tags(home: Fedi) -> None:
    shown = home.get(f"/statuses/{home.id('ask')}").json()
    assert (shown["spoiler_text"], shown["sensitive"], shown["language"]) == ("tired", True, "en")
    assert [one["description"] for one in shown["media_attachments"]] == ["a bed", None]
    assert shown["poll"]["options"]
    assert [one["acct"] for one in shown["mentions"]] == ["group"]
    assert [one["name"] for one in shown["tags"]] == ["carerscircle"]


def test_a_quote_carries_what_it_quotes_and_repeats_the_link_inline(home: Fedi) -> None:
    shown = home.get(f"/statuses/{home.id('quoting')}").json()
    assert shown["quote"]["state"] == "accepted"
    assert shown["quote"]["quoted_status"]["id"] == home.id("welcome")
    assert shown["content"].startswith('<p class="quote-inline">RE: ')


def test_the_state_of_a_quote_can_be_anything(serving: Starter) -> None:
    home = Fedi(serving(mastodon={HOME: MastodonOptions(quote_states={"quoting": "revoked"})}))
    assert home.get(f"/statuses/{home.id('quoting')}").json()["quote"] == {"state": "revoked", "quoted_status": None}


def test_an_account_says_whether_it_agrees_to_be_found(home: Fedi) -> None:
    group = home.get("/accounts/lookup", acct="group").json()
    assert (group["indexable"], group["discoverable"], group["followers_count"]) == (True, True, 121)
    assert home.get("/accounts/lookup", acct="shy").json()["noindex"] is True
    ben = home.get("/accounts/lookup", acct=BEN).json()
    assert (ben["indexable"], ben["discoverable"], ben["followers_count"]) == (False, None, -1)
    assert "noindex" not in ben  # only local accounts have it
    assert home.get("/accounts/lookup", acct=NEW).json()["bot"] is True


def test_pages_go_down_by_max_id_and_up_by_min_id(home: Fedi) -> None:
    newest_first = ["below", "thanks", "ask"]
    assert home.keys(home.posts(ANN, limit=1)) == newest_first[:1]
    assert home.keys(home.posts(ANN, limit=1, max_id=home.id("below"))) == ["thanks"]
    assert home.keys(home.posts(ANN, limit=1, min_id=home.id("ask"))) == ["thanks"]
    assert home.keys(home.posts(ANN, limit=1, since_id=home.id("ask"))) == ["below"]
    assert home.posts(ANN, max_id=home.id("ask")) == []


def test_an_accounts_last_page_has_no_next_link_and_an_empty_one_none_at_all(home: Fedi) -> None:
    path = f"/accounts/{home.app.account_id(ANN)}/statuses"
    full = home.get(path, limit=3).headers["link"]
    assert f'max_id={home.id("ask")}>; rel="next"' in full
    assert f'min_id={home.id("below")}>; rel="prev"' in full
    assert 'rel="next"' not in home.get(path, limit=4).headers["link"]
    assert "link" not in home.get(path, max_id=home.id("ask")).headers


def test_a_tag_feed_offers_a_next_page_while_it_shows_anything(home: Fedi) -> None:
    response = home.get("/timelines/tag/carers", limit=40)
    assert home.keys(response.json()) == ["welcome"]
    following = CLIENT.get(response.links["next"]["url"])
    assert following.json() == []
    assert "link" not in following.headers


def test_short_pages_go_on(serving: Starter) -> None:
    home = Fedi(serving(mastodon={HOME: MastodonOptions(shorter_pages=1)}))
    path = f"/accounts/{home.app.account_id(ANN)}/statuses"
    first = home.get(path, limit=2)
    assert len(first.json()) == 1
    assert "next" in first.links


def test_a_page_holds_at_most_forty_and_twenty_unless_asked(serving: Starter) -> None:
    posts = tuple(post(f"p{number}", ANN, number / 100, tags=("much",)) for number in range(50))
    home = Fedi(serving(World(ACCOUNTS, posts, ())))
    assert [len(home.posts(ANN, **limit)) for limit in ({}, {"limit": 40}, {"limit": 80})] == [20, 40, 40]


def test_a_tag_feed_holds_public_posts_only_and_does_not_mind_case(serving: Starter) -> None:
    posts = (post("loud", ANN, 1, tags=("Tag",)), post("quiet", ANN, 2, tags=("Tag",), visibility="unlisted"))
    home = Fedi(serving(World(ACCOUNTS, posts, ())))
    assert home.keys(home.get("/timelines/tag/TAG").json()) == ["loud"]
    assert home.get("/timelines/tag/unheardof").json() == []


def test_replies_to_others_boosts_and_posts_without_pictures_can_be_left_out(home: Fedi) -> None:
    assert home.keys(home.posts(GROUP)) == ["boost of ask", "welcome"]
    assert home.keys(home.posts(GROUP, exclude_reblogs="true")) == ["welcome"]
    assert home.keys(home.posts(ANN, exclude_replies="true")) == []
    assert home.keys(home.posts(ANN, only_media="true")) == ["ask"]


def test_a_boost_is_a_wrapper_around_the_original(home: Fedi) -> None:
    wrapper = home.posts(GROUP, limit=1)[0]
    assert wrapper["reblog"]["id"] == home.id("ask")
    assert wrapper["account"]["acct"] == "group"
    assert wrapper["created_at"] == "2026-09-01T14:00:00.000Z"


def test_boosters_are_paged_and_those_who_took_it_back_are_gone(home: Fedi, clock: Clock) -> None:
    path = f"/statuses/{home.id('welcome')}/reblogged_by"
    assert [one["acct"] for one in home.get(path).json()] == [BEN]
    clock.set(at(4))
    first = home.get(path, limit=1)
    assert [one["acct"] for one in first.json()] == ["ann"]
    assert [one["acct"] for one in CLIENT.get(first.links["next"]["url"]).json()] == [BEN]


def test_twenty_posts_and_forty_accounts_may_be_asked_for_at_once(home: Fedi) -> None:
    ids = [home.id("welcome"), "1", home.id("secret"), home.id("regret"), home.id("ask")]
    assert home.keys(home.get("/statuses", **{"id[]": ids}).json()) == ["welcome", "ask"]
    assert home.get("/statuses", **{"id[]": [str(number) for number in range(21)]}).status_code == 422
    accounts = [home.app.account_id(GROUP), "1"]
    assert len(home.get("/accounts", **{"id[]": accounts}).json()) == 1
    assert home.get("/accounts", **{"id[]": [str(number) for number in range(41)]}).status_code == 422


def test_strangers_see_sixty_replies_and_a_depth_of_twenty_and_users_see_all(serving: Starter) -> None:
    wide = [
        post(f"w{number:02}", BEN, 1 + number / 100, reply_to="top", known_from={HOME: at(1)}) for number in range(70)
    ]
    deep = [post(f"d{number:02}", ANN, 5 + number / 100, reply_to=f"d{number - 1:02}") for number in range(1, 60)]
    world = World(ACCOUNTS, (post("top", GROUP, 0), *wide, post("d00", ANN, 5), *deep), ())
    servers = serving(world)
    stranger, user = Fedi(servers), Fedi(servers, token=servers.mastodon[HOME].app.user_token(GROUP))
    assert stranger.thread("top")[1] == [f"w{number:02}" for number in range(60)]  # the newest are the ones dropped
    assert len(user.thread("top")[1]) == 70
    assert (len(stranger.thread("d00")[1]), len(user.thread("d00")[1])) == (20, 59)
    assert (len(stranger.thread("d59")[0]), len(user.thread("d59")[0])) == (40, 59)


def test_private_replies_take_up_places_in_the_cap(serving: Starter) -> None:
    hidden = [
        post(f"h{number:02}", SHY, 1 + number / 100, reply_to="top", visibility="private") for number in range(60)
    ]
    home = Fedi(serving(World(ACCOUNTS, (post("top", GROUP, 0), *hidden, post("open", ANN, 5, reply_to="top")), ())))
    assert home.thread("top") == ([], [])


def test_mention_notifications_hold_direct_and_private_posts(signed_in: Fedi) -> None:
    found = signed_in.get("/notifications", **{"types[]": "mention"}).json()
    assert [one["status"]["visibility"] for one in found] == ["direct", "private", "public"]


def test_mentions_by_new_accounts_are_held_back_unless_asked_for(signed_in: Fedi) -> None:
    plain = signed_in.get("/notifications").json()
    assert NEW not in [one["account"]["acct"] for one in plain]
    whole = signed_in.get("/notifications", include_filtered="true").json()
    assert [one["account"]["acct"] for one in whole if one.get("filtered")] == [NEW]


def test_grouped_notifications_put_accounts_and_posts_beside_the_groups(
    servers: SampleServers, signed_in: Fedi
) -> None:
    asker = Asker(servers.mastodon[HOME].url, signed_in.headers["Authorization"].removeprefix("Bearer "))
    body = asker.get("/api/v2/notifications", include_filtered="true").json()
    assert {"mention", "favourite", "reblog", "quote"} == {one["type"] for one in body["notification_groups"]}
    ids = {one["id"] for one in body["statuses"]}
    assert {one["status_id"] for one in body["notification_groups"]} == ids


def test_an_app_token_is_not_a_user(servers: SampleServers) -> None:
    app = Fedi(servers, token=servers.mastodon[HOME].app.app_token())
    assert app.get("/apps/verify_credentials").json()["name"] == "Sample app"
    assert app.get("/notifications").status_code == 422
    assert Fedi(servers).get("/notifications").status_code == 401


def test_a_bad_token_is_401_everywhere_and_a_narrow_one_403(servers: SampleServers) -> None:
    assert Fedi(servers, token="wrong").get("/instance").status_code == 401
    narrow = servers.mastodon[HOME].app.user_token(GROUP, ("read:statuses",))
    assert Fedi(servers, token=narrow).get("/notifications").status_code == 403
    writer = servers.mastodon[HOME].app.user_token(GROUP, ("write",))
    assert Fedi(servers, token=writer).get("/accounts/lookup", acct="group").status_code == 403


def test_a_closed_server_is_401_and_a_closed_tag_feed_422_with_its_local_part_open(serving: Starter) -> None:
    closed = Fedi(serving(mastodon={HOME: MastodonOptions(is_closed=True)}))
    assert closed.get("/accounts/lookup", acct="group").status_code == 401
    half = Fedi(serving(mastodon={HOME: MastodonOptions(tag_feed="authenticated")}))
    assert half.get("/timelines/tag/carers").status_code == 422
    assert half.keys(half.get("/timelines/tag/carers", local="true").json()) == ["welcome"]
    token = half.app.user_token(GROUP)
    half.headers = {"Authorization": f"Bearer {token}"}
    assert half.get("/timelines/tag/carers").status_code == 200


def test_the_instance_tells_its_version_access_rules_and_terms(servers: SampleServers) -> None:
    body = Asker(servers.mastodon[HOME].url).get("/api/v2/instance").json()
    assert body["domain"] == HOME
    assert body["version"].startswith("4.5")
    assert body["configuration"]["timelines_access"]["hashtag_feeds"] == {"local": "public", "remote": "public"}
    assert body["api_versions"] == {"mastodon": 7}
    assert body["rules"][0]["text"]


def test_a_longer_history_gives_the_same_ids(serving: Starter, servers: SampleServers) -> None:
    longer = World(WORLD.accounts, (post("ancient", ANN, -1000), *WORLD.posts), WORLD.reactions)
    assert Fedi(serving(longer)).id("ask") == Fedi(servers).id("ask")


def test_dates_are_by_the_servers_own_clock(home: Fedi, clock: Clock) -> None:
    clock.move(timedelta(days=-0.1))
    assert home.get("/instance").headers["date"] == "Tue, 01 Sep 2026 19:36:00 GMT"


def test_for_users_a_server_fetches_missing_replies_and_says_that_it_does(serving: Starter, clock: Clock) -> None:
    servers = serving(mastodon={HOME: MastodonOptions(fetches_replies=True)})
    stranger, user = Fedi(servers), Fedi(servers, token=servers.mastodon[HOME].app.user_token(GROUP))
    path = f"/statuses/{user.id('ask')}/context"
    assert "mastodon-async-refresh" not in stranger.get(path).headers
    first = user.get(path)
    assert "retry=3" in first.headers["mastodon-async-refresh"]
    assert "lost" not in user.keys(first.json()["descendants"])
    clock.move(timedelta(seconds=3))
    again = user.get(path)
    assert "mastodon-async-refresh" not in again.headers
    assert "lost" in user.keys(again.json()["descendants"])
    assert user.get(f"/statuses/{user.id('ask')}").json()["replies_count"] == 2
