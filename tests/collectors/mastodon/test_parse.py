"""What a Mastodon server says becomes posts and accounts; what makes no sense becomes quarantine, never a lost page."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.mastodon.feeds import _of_groups, _of_list, _of_notifications
from collectors.mastodon.parse import Reading, Unreadable, _time, full_handle, read_account, read_page, read_post

READING = Reading("carers.example", "carers.example", "https://carers.example")


def an_account(**changes: Any) -> dict[str, Any]:
    return {
        "id": "7",
        "acct": "Ann",
        "uri": "https://carers.example/users/Ann",
        "url": "https://carers.example/@Ann",
        "note": "<p>Tea and knitting</p>",
        "fields": [],
        "followers_count": 12,
        "following_count": 3,
        "statuses_count": 40,
        **changes,
    }


def a_status(**changes: Any) -> dict[str, Any]:
    return {
        "id": "100",
        "uri": "https://carers.example/users/Ann/statuses/100",
        "url": "https://carers.example/@Ann/100",
        "created_at": "2026-11-20T12:00:00.000Z",
        "edited_at": None,
        "visibility": "public",
        "language": "en",
        "content": "<p>Has anybody got advice?</p>",
        "spoiler_text": "",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "reblog": None,
        "account": an_account(),
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "poll": None,
        "replies_count": 2,
        "reblogs_count": 1,
        "favourites_count": 5,
        **changes,
    }


def fresh() -> Reading:
    return Reading(READING.server, READING.domain, READING.web)


def test_a_post_is_read_as_it_is() -> None:
    post = read_post(
        a_status(
            mentions=[{"acct": "Riverside"}, {"acct": "Bo@Other.example"}, {"acct": "not a handle"}, "junk"],
            tags=[{"name": "RiversideCarers"}, {"name": 7}],
            media_attachments=[{"description": "a cat"}, {"description": None}, "junk"],
            poll={"id": "1"},
            spoiler_text="grief",
            in_reply_to_id="99",
            edited_at="2026-11-20T13:30:00+01:00",
            visibility="unlisted",
        ),
        fresh(),
    )
    assert post.author.key == "ann@carers.example"
    assert post.author.handle == "Ann@carers.example"
    assert post.mentioned_keys == {"riverside@carers.example", "bo@other.example"}
    assert post.tags == {"riversidecarers"}
    assert (post.media_count, post.alt_text_count, post.has_poll) == (2, 1, True)
    assert (post.content_warning, post.visibility, post.language) == ("grief", "unlisted", "en")
    assert (post.is_reply, post.parent_server_post_id) == (True, "99")
    assert post.edited_at == datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert (post.replies_count, post.boosts_count, post.likes_count, post.quotes_count) == (2, 1, 5, None)
    assert post.handle_free_link == "https://carers.example/statuses/100"


def test_a_server_of_other_software_offers_no_link_without_a_handle() -> None:
    assert read_post(a_status(), Reading("gts.example", "gts.example")).handle_free_link is None


def test_a_hidden_count_of_followers_is_unknown_and_not_minus_one() -> None:
    assert read_account(an_account(followers_count=-1), "x.example").followers_count is None


@pytest.mark.parametrize(
    "said",
    [
        {"note": "<p>no copies please #nobot</p>"},
        {"note": '<p><a href="https://x.example/tags/NoBots">#<span>NoBots</span></a></p>'},
        {"note": "I&#39;m shy &#35;noindex"},
        {"fields": [{"name": "rules", "value": "<b>#NOINDEX</b>"}]},
        {"fields": [{"name": "#nobot", "value": ""}]},
        {"noindex": True},
        {"display_name": "Ann #nobot"},
        {"display_name": "Ann #\u200bno\u200dbot"},  # zero-width signs between
        {"display_name": "Ann #\ufe0f\u20e3nobot"},  # the emoji keyboard's number sign
        {"note": "<p>\uff03\uff4e\uff4f\uff42\uff4f\uff54</p>"},  # full-width letters
        {"note": "<p>#no&shy;index</p>"},  # a soft hyphen
        {
            "fields": [
                {"name": "bots", "value": '<a href="https://x.example/tags/nobots">#<span>no\u2060bots</span></a>'}
            ]
        },
        {"note": "<p>x<![nonsense[ #nobot"},  # in markup that no parser reads
    ],
)
def test_a_no_in_the_profile_is_heard(said: dict[str, Any]) -> None:
    assert read_account(an_account(**said), "x.example").is_refusing


@pytest.mark.parametrize(
    "said", [{"note": "#nobotany, #noindexing"}, {"note": "nobot"}, {"note": None, "fields": None}]
)
def test_what_only_looks_like_a_no_is_none(said: dict[str, Any]) -> None:
    assert not read_account(an_account(**said), "x.example").is_refusing


@pytest.mark.parametrize(
    ("indexable", "discoverable", "is_agreeing"),
    [(True, True, True), (True, None, False), (False, True, False), (None, None, False), ("yes", "yes", False)],
)
def test_yes_to_search_is_both_flags_said_aloud(indexable: Any, discoverable: Any, is_agreeing: bool) -> None:
    account = read_account(an_account(indexable=indexable, discoverable=discoverable), "x.example")
    assert account.is_agreeing is is_agreeing


@pytest.mark.parametrize("visibility", ["private", "direct", "local", "mutuals_only"])
def test_what_is_not_public_is_counted_and_nothing_of_it_is_read(visibility: str) -> None:
    page = read_page([a_status(visibility=visibility, content=7, account=None)], fresh())
    assert (page.posts, page.private_count, page.private_ids, page.quarantined) == ([], 1, ["100"], [])


def test_private_posts_inside_boosts_and_quotes_are_counted_too() -> None:
    private = a_status(id="5", visibility="private")
    quote = {"state": "accepted", "quoted_status": private}
    page = read_page([a_status(reblog=private), a_status(quote=quote), a_status(reblog=a_status(quote=quote))], fresh())
    assert page.private_count == 3
    assert [post.quoted_uri for post in page.posts] == [None]


def test_a_boost_is_no_post() -> None:
    assert read_page([a_status(id="1", reblog=a_status())], fresh()).posts == []


@pytest.mark.parametrize("state", ["pending", "rejected", "revoked", "deleted", "unauthorized", "brand new", None])
def test_only_an_accepted_quote_is_a_quote(state: str | None) -> None:
    quoted = a_status(uri="https://carers.example/users/r/statuses/1")
    assert read_post(a_status(quote={"state": state, "quoted_status": quoted}), fresh()).quoted_uri is None
    accepted = read_post(a_status(quote={"state": "accepted", "quoted_status": quoted}), fresh())
    assert accepted.quoted_uri == quoted["uri"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (None, "not a post"),
        ("junk", "not a post"),
        ({}, "visibility is missing"),
        (a_status(visibility=None), "visibility is missing"),
        (a_status(id=100), "id is missing"),
        (a_status(uri=""), "uri is missing"),
        (a_status(uri="https://x.example/\ud800"), "uri is missing"),
        (a_status(account=None), "the account is missing"),
        (a_status(account="nobody"), "the account is missing"),
        (a_status(account=an_account(id=None)), "account.id is missing"),
        (a_status(account=an_account(acct="a@b@c")), "account.acct is not a handle"),
        (a_status(created_at=None), "created_at is not a time"),
        (a_status(created_at="yesterday"), "created_at is not a time"),
        (a_status(created_at="0001-01-01T00:00:00+23:59"), "created_at is not a time"),
        (a_status(edited_at=7), "edited_at is not a time"),
        (a_status(content=7), "content is not text"),
        (a_status(spoiler_text={}), "spoiler_text is not text"),
        (a_status(replies_count=None), "replies_count is not a count"),
        (a_status(favourites_count=True), "favourites_count is not a count"),
        (a_status(reblogs_count=-1), "reblogs_count is not a count"),
        (a_status(content="<p>" * 100_000), "the markup is too long to be read"),
    ],
)
def test_a_bad_item_is_set_aside_with_its_reason_and_the_page_goes_on(item: Any, reason: str) -> None:
    page = read_page([item, a_status(id="101")], fresh())
    assert [post.server_post_id for post in page.posts] == ["101"]
    assert [one.reason for one in page.quarantined] == [reason]
    assert "advice" not in page.quarantined[0].item_id


def test_times_come_out_in_utc_whatever_zone_they_came_in() -> None:
    for written in ("2026-11-20T12:00:00Z", "2026-11-20T23:00:00+11:00", "2026-11-20T12:00:00"):
        assert read_post(a_status(created_at=written), fresh()).created_at == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_links_are_web_addresses_or_nothing() -> None:
    assert read_post(a_status(url="javascript:alert(1)"), fresh()).link is None


def test_text_that_no_database_takes_is_mended() -> None:
    assert read_post(a_status(content="a\ud800b\0c"), fresh()).text == "a?bc"


def test_a_private_post_cannot_be_read_by_mistake() -> None:
    with pytest.raises(Unreadable):
        read_post(a_status(visibility="direct"), fresh())


@pytest.mark.parametrize("acct", [None, 7, "", "a b", "a@b@c", "a/b", "@", "x@y\0.example"])
def test_nonsense_is_no_handle(acct: Any) -> None:
    assert full_handle(acct, "x.example") is None


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["public", "<b>"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
broken_accounts = st.dictionaries(st.sampled_from(list(an_account())), nonsense).map(lambda some: an_account(**some))
names = [*a_status(), "quote", "quotes_count"]
broken = st.dictionaries(st.sampled_from(names), nonsense | broken_accounts).map(lambda some: a_status(**some))


@given(nonsense | st.fixed_dictionaries({"statuses": st.lists(nonsense | broken), "notification_groups": nonsense}))
def test_notifications_however_mad_are_items_or_nothing(raw: Any) -> None:
    for items_of in (_of_groups, _of_notifications, _of_list):
        assert isinstance(items_of(raw), list | None)


@given(st.lists(nonsense | broken, max_size=4))
def test_no_answer_however_mad_raises_anything(items: list[Any]) -> None:
    page = read_page(items, fresh())
    for post in page.posts:
        assert post.visibility in ("public", "unlisted")
        assert post.created_at.tzinfo is UTC
        post.text.encode()  # or no database takes it
    told = len(page.posts) + len(page.private_ids) + len(page.quarantined)
    assert told <= len(items)  # boosts are left out


@pytest.mark.parametrize("at", ["0001-01-05T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_that_no_calendar_here_can_hold_sets_the_post_aside(at: str) -> None:
    with pytest.raises(Unreadable):
        _time(at, "created_at")
