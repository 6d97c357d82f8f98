"""The sample community: all that a real one has, the same every time, and never a word that must not be there."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from collectors.sample.community.activity_hours import local, monday
from collectors.sample.community.community import CANARIES, community
from collectors.sample.community.people import Person, did
from collectors.sample.community.post_writer import spoken
from collectors.sample.world import SampleAccount, SamplePost, World

START = datetime(2026, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 16, 20, tzinfo=UTC)
UNTIL = NOW + timedelta(days=2)
OWN = {"riverside@carers.example", "bakerylane@carers.example", did("riverside.carers.example")}
TEAM = {f"{name}@carers.example" for name in ("dee", "amir", "joan")} | {
    "winston@other.example",
    did("joyce.carers.example"),
}
ASK = re.compile(r"(riverside|bakerylane)-\d{4}-\d\d-\d\d-(\d\d|refused)")


@pytest.fixture(scope="module")
def world() -> World:
    """Five months, with somebody watching from `NOW`."""
    return community(2026, START, UNTIL, NOW)


@pytest.fixture(scope="module")
def accounts(world: World) -> Mapping[str, SampleAccount]:
    """By key."""
    return {account.key: account for account in world.accounts}


@pytest.fixture(scope="module")
def posts(world: World) -> Mapping[str, SamplePost]:
    """By key."""
    return {post.key: post for post in world.posts}


@pytest.fixture(scope="module")
def answers(world: World, accounts: Mapping[str, SampleAccount]) -> Callable[[SamplePost], list[SamplePost]]:
    """Public replies anywhere below a post, by other people than its author and not automatic; by time."""
    children: dict[str, list[SamplePost]] = defaultdict(list)
    for post in world.posts:
        if post.reply_to:
            children[post.reply_to].append(post)

    def below(key: str) -> Iterator[SamplePost]:
        for child in children[key]:
            yield child
            yield from below(child.key)

    def find(post: SamplePost) -> list[SamplePost]:
        return sorted(
            (
                one
                for one in below(post.key)
                if one.author != post.author
                and _is_public(one)
                and not accounts[one.author].is_bot
                and "?" not in one.text
            ),
            key=lambda one: one.created_at,
        )

    return find


def _is_public(post: SamplePost) -> bool:
    return post.visibility in ("public", "unlisted")


def _asks(world: World, group: str = "riverside") -> list[SamplePost]:
    return [post for post in world.posts if ASK.fullmatch(post.key) and post.key.startswith(group)]


def _shown(post: SamplePost) -> datetime:
    return post.indexed_at or post.created_at


# The same every time


def test_the_same_seed_and_dates_give_the_same_world(world: World) -> None:
    assert community(2026, START, UNTIL, NOW) == world


def test_another_seed_gives_another_world(world: World) -> None:
    other = community(7, START, UNTIL, NOW)
    assert {post.text for post in _asks(other)} != {post.text for post in _asks(world)}
    assert [post.key for post in other.posts] != [post.key for post in world.posts]


def test_a_longer_history_only_appends() -> None:
    until = datetime(2026, 10, 25, 13, tzinfo=UTC)
    short, long = community(2026, START, until), community(2026, START, until + timedelta(days=17))
    assert {post.key for post in short.posts} <= {post.key for post in long.posts}
    kept = {post.key for post in short.posts}
    assert tuple(post for post in long.posts if post.key in kept) == short.posts
    assert tuple(one for one in long.reactions if one.post in kept) == short.reactions
    begun = [post for post in long.posts if post.key not in kept and post.reply_to is None]
    assert min(_shown(post) for post in begun) >= until
    assert [account.key for account in short.accounts] == [
        account.key for account in long.accounts if account.key in {one.key for one in short.accounts}
    ]


def test_a_later_start_changes_nothing_after_its_first_days() -> None:
    """The demo lives through the last two weeks first and the months before behind it: both must tell the same story."""
    late = NOW - timedelta(days=14)
    short, whole = community(2026, late, UNTIL, NOW), community(2026, START, UNTIL, NOW)
    settled = late + timedelta(days=4)
    theirs = {post.key: post for post in whole.posts}
    assert [post for post in short.posts if _shown(post) > settled and theirs.get(post.key) != post] == []
    missing = {key for key, post in theirs.items() if _shown(post) > settled} - {post.key for post in short.posts}
    assert all(theirs[key].reply_to for key in missing), "only replies in conversations that began before"
    assert short.reactions[-500:] == whole.reactions[-500:]


def test_follower_counts_are_the_same_whoever_asks_first(world: World) -> None:
    shorter = community(2026, START, START + timedelta(days=30))
    before = next(account for account in shorter.accounts if account.handle == "riverside@carers.example").followers
    after = next(account for account in world.accounts if account.handle == "riverside@carers.example").followers
    assert after[: len(before)] == before


# Whole and consistent


def test_every_key_is_there_once_and_every_reference_leads_somewhere(
    world: World, posts: Mapping[str, SamplePost], accounts: Mapping[str, SampleAccount]
) -> None:
    assert len(posts) == len(world.posts)
    assert len(accounts) == len(world.accounts)
    assert len({account.handle for account in world.accounts}) == len(world.accounts)
    for post in world.posts:
        assert post.author in accounts
        assert set(post.mentions) <= set(accounts)
        for other in (post.reply_to, post.quote_of):
            assert other is None or posts[other].network == post.network
    assert {one.post for one in world.reactions} <= set(posts)
    assert {one.account for one in world.reactions} <= set(accounts)


def test_no_reply_or_quote_comes_before_what_it_answers(world: World, posts: Mapping[str, SamplePost]) -> None:
    for post in world.posts:
        for other in (post.reply_to, post.quote_of):
            if other is not None:
                assert post.created_at > posts[other].created_at, post.key


def test_nobody_reacts_before_a_post_or_twice(world: World, posts: Mapping[str, SamplePost]) -> None:
    assert all(one.at > _shown(posts[one.post]) for one in world.reactions)
    assert len({(one.post, one.account, one.kind) for one in world.reactions}) == len(world.reactions)


def test_events_are_sorted_by_when_they_show(world: World) -> None:
    assert [_shown(post) for post in world.posts] == sorted(_shown(post) for post in world.posts)
    assert [one.at for one in world.reactions] == sorted(one.at for one in world.reactions)


def test_mentions_stand_in_the_text_and_mastodon_replies_mention_whom_they_answer(
    world: World, posts: Mapping[str, SamplePost], accounts: Mapping[str, SampleAccount]
) -> None:
    for post in world.posts:
        for key in post.mentions:
            assert spoken(Person(accounts[key], "")) in post.text, post.key
        if post.reply_to and post.network == "mastodon":
            answered = posts[post.reply_to].author
            assert answered in post.mentions or answered == post.author, post.key
        assert all(f"#{tag}" in post.text for tag in post.tags), post.key


def test_every_text_fits_its_network_and_has_no_gap_left(world: World) -> None:
    limits = {"mastodon": 500, "bluesky": 300}
    for post in world.posts:
        for text in (post.text, post.edited_text or ""):
            assert len(text) <= limits[post.network], text
            assert not re.search(r"[{}|]", text), text


def test_no_text_holds_a_number_or_an_address_that_might_be_real(world: World) -> None:
    for post in world.posts:
        assert not re.search(r"\d[\d ]{6,}\d", post.text), post.text
        assert all(host.endswith(".example") for host in re.findall(r"https?://([^/\s]+)", post.text)), post.text
        assert not re.search(r"\b[\w-]+\.(com|org|uk|net|social|app)\b", post.text), post.text
    for account in world.accounts:
        assert account.handle.endswith(".example")


# Everything that the brief of a real community holds


def test_every_kind_of_post_is_there(world: World, accounts: Mapping[str, SampleAccount]) -> None:
    group_posts = [post for post in world.posts if post.author in OWN]
    kinds = {
        "edited ask": any(post.edited_text for post in _asks(world)),
        "deleted ask": any(post.deleted_at for post in _asks(world)),
        "deleted answer": any(post.deleted_at for post in world.posts if post.reply_to and not ASK.fullmatch(post.key)),
        "content warning": any(post.content_warning for post in _asks(world)),
        "automatic reply": any(accounts[post.author].is_bot for post in world.posts),
        "hidden reply": any(post.hidden_at and post.network == "bluesky" for post in world.posts),
        "hostile reply on Mastodon": any(post.author == "plainly@other.example" for post in world.posts),
        "quiet-public reply": any(post.visibility == "unlisted" and post.reply_to for post in world.posts),
        "quiet-public ask": any(post.visibility == "unlisted" for post in _asks(world)),
        "quote of the group": any(post.quote_of for post in world.posts),
        "brought-over post": any(
            post.indexed_at and post.indexed_at - post.created_at > timedelta(days=1) for post in world.posts
        ),
        "poll": any(post.has_poll for post in group_posts),
        "picture": any(post.media_alts and post.media_alts[0] for post in group_posts),
        "picture without words": any(post.media_alts == ("",) for post in group_posts),
        "promotion": any("offers" in accounts[post.author].handle for post in world.posts),
        "bare link": any("https://news.example" in post.text for post in world.posts),
        "topic tag": any(post.tags == ("carers",) for post in world.posts),
        "hashtag only": any(post.tags and not post.mentions and post.author not in OWN for post in world.posts),
        "two groups": any({"RiversideCarers", "BakeryLaneStroke"} <= set(post.tags) for post in world.posts),
        "boost by the group": any(one.kind == "boost" and one.account in OWN for one in world.reactions),
        "reaction undone": any(one.undone_at for one in world.reactions),
    }
    assert [kind for kind, is_there in kinds.items() if not is_there] == []


def test_several_languages_are_spoken_and_english_most(world: World) -> None:
    count = Counter(post.language for post in world.posts)
    assert {"cy", "de", "pl", "es"} <= set(count)
    assert count["en"] > 0.95 * sum(count.values())


def test_there_are_people_of_every_kind(world: World, accounts: Mapping[str, SampleAccount]) -> None:
    mastodon = [account for account in world.accounts if account.network == "mastodon"]
    assert sum(account.is_indexable for account in mastodon) < 0.3 * len(mastodon), "most have not said yes to search"
    assert any("#nobot" in account.note for account in mastodon)
    assert any(account.is_noindex for account in mastodon)
    assert any("!no-unauthenticated" in account.labels for account in world.accounts)
    assert any("bot" in account.labels for account in world.accounts)
    assert accounts["jun@other.example"].followers[0][1] == -1
    writers = {post.author for post in world.posts if post.author not in OWN}
    assert {"robin_l@other.example", "hazel_g@carers.example", did("fen.sky.example")} <= writers


def test_texts_that_must_never_be_stored_carry_their_canary_and_no_other_does(
    world: World, accounts: Mapping[str, SampleAccount]
) -> None:
    for post in world.posts:
        author = accounts[post.author]
        is_refusing = "#nobot" in author.note or author.is_noindex or "!no-unauthenticated" in author.labels
        assert (CANARIES["private"] in post.text) == (not _is_public(post)), post.key
        assert (CANARIES["refused"] in post.text) == is_refusing, post.key
    for name, word in CANARIES.items():
        assert sum(word in post.text for post in world.posts) >= 5, name


def test_some_remote_replies_reach_the_home_server_late_and_some_never(
    world: World, accounts: Mapping[str, SampleAccount]
) -> None:
    remote = [
        post
        for post in world.posts
        if post.reply_to and accounts[post.author].home == "other.example" and _is_public(post)
    ]
    late = [
        post
        for post in remote
        if post.known_from and post.known_from["carers.example"] - post.created_at > timedelta(hours=3)
    ]
    lost = [post for post in remote if not post.known_from]
    assert len(late) >= 5
    assert len(lost) >= 3


def test_followers_grow_slowly_with_bumps_and_a_dip(world: World) -> None:
    account = next(one for one in world.accounts if one.handle == "riverside@carers.example")
    counts = dict(account.followers[1:])
    days = {local(at).date().isoformat(): count for at, count in counts.items()}
    assert days["2026-11-22"] > days["2026-07-01"] + 30
    assert days["2026-10-11"] - days["2026-10-05"] > 15, "the local paper wrote about the group"
    assert days["2026-09-20"] < days["2026-09-14"], "a server cleaned up"


# The rhythm


def test_a_normal_week_has_12_to_25_asks_and_august_5_to_8(world: World) -> None:
    weeks = Counter(monday(local(post.created_at).date()) for post in _asks(world))
    whole = {
        week: count for week, count in weeks.items() if week >= START.date() and week < NOW.date() - timedelta(days=6)
    }
    for week, count in whole.items():
        is_quiet = (week + timedelta(days=3)).month == 8
        assert (5 if is_quiet else 12) <= count <= (9 if is_quiet else 25), week


def test_most_asks_are_answered_within_a_day_some_only_by_peers_a_few_never(
    world: World, answers: Callable[[SamplePost], list[SamplePost]]
) -> None:
    asks = [post for post in _asks(world) if post.created_at < NOW - timedelta(days=5)]
    found = {post.key: answers(post) for post in asks}
    soon = sum(
        bool(said) and said[0].created_at - post.created_at < timedelta(days=1)
        for post in asks
        if (said := found[post.key]) is not None
    )
    peers_only = sum(bool(said) and not {one.author for one in said} & (TEAM | OWN) for said in found.values())
    never = sum(not said for said in found.values())
    assert 0.78 <= soon / len(asks) <= 0.92
    assert peers_only / len(asks) > 0.25
    assert 0.02 <= never / len(asks) <= 0.12


def test_the_night_keeps_wall_clock_time_across_summer_and_winter(world: World) -> None:
    """23:20 in London is 22:20 UTC in July and 23:20 UTC in November."""
    late = [post for post in _asks(world) if (local(post.created_at).hour, local(post.created_at).minute) == (23, 20)]
    assert {post.created_at.hour for post in late if post.created_at.month in (7, 9)} == {22}
    assert {post.created_at.hour for post in late if post.created_at.month == 11} == {23}


def test_night_asks_are_answered_within_20_minutes_and_some_nights_nobody_is_there(
    world: World, answers: Callable[[SamplePost], list[SamplePost]]
) -> None:
    nights = [post for post in _asks(world) if local(post.created_at).hour in (23, 0, 1, 2, 3)]
    quick = [
        post
        for post in nights
        if sum(said.created_at - post.created_at < timedelta(minutes=20) for said in answers(post)) >= 2
    ]
    assert len(quick) >= 20
    assert sum(not answers(post) for post in nights) >= 5


def test_people_come_back_with_thanks_and_others_ask_again_three_days_later(
    world: World, posts: Mapping[str, SamplePost]
) -> None:
    thanks = [post for post in world.posts if post.reply_to and re.search(r"[Tt]hank", post.text)]
    assert len(thanks) > 100
    back = [
        post
        for post in world.posts
        if post.reply_to in posts
        and ASK.fullmatch(posts[post.reply_to].key)
        and timedelta(hours=50) < post.created_at - posts[post.reply_to].created_at < timedelta(days=7)
    ]
    assert len(back) > 60


def test_newcomers_trickle_in_and_some_regulars_go_quiet(world: World) -> None:
    first: dict[str, datetime] = {}
    for post in _asks(world):
        first.setdefault(post.author, post.created_at)
    assert sum(at > START + timedelta(days=60) for at in first.values()) >= 20


# What a newcomer to the demo finds


def _waiting(
    world: World, group: str, at: datetime, within: timedelta, find: Callable[[SamplePost], list[SamplePost]]
) -> list[SamplePost]:
    """Asks of a group that stand unanswered at a moment."""
    scenes = re.compile(
        r"riverside-(daughter|nobody|yesterday|morning|afternoon|answered|just_now|live-\S+-\d+)(-\d{8}T\d{4})?"
    )
    return [
        post
        for post in world.posts
        if (ASK.fullmatch(post.key) or scenes.fullmatch(post.key))
        and post.key.startswith(group)
        and timedelta(0) <= at - post.created_at < within
        and not (post.deleted_at and post.deleted_at <= at)
        and not any(said.created_at <= at for said in find(post))
    ]


@pytest.mark.parametrize("hour", [0, 3, 6, 9, 12, 15, 18, 21])
@pytest.mark.parametrize("day", ["2026-11-22", "2026-08-12", "2027-01-04"])
def test_whenever_one_looks_three_to_nine_asks_of_the_last_two_days_wait_on_both_networks(day: str, hour: int) -> None:
    now = datetime.fromisoformat(day).replace(hour=hour, minute=20, tzinfo=UTC)
    world = community(2026, now - timedelta(days=10), now + timedelta(days=1), now)
    children: dict[str, list[SamplePost]] = defaultdict(list)
    for post in world.posts:
        children[post.reply_to or ""].append(post)
    waiting = _waiting(
        world,
        "riverside",
        now,
        timedelta(days=2),
        lambda post: [one for one in children[post.key] if one.author != post.author],
    )
    assert 3 <= len(waiting) <= 9
    assert {post.network for post in waiting} == {"mastodon", "bluesky"}
    assert len({(now - post.created_at) // timedelta(hours=4) for post in waiting}) >= 3, "of different ages"


def test_last_night_at_2320_a_daughters_distress_was_answered_and_another_night_nobody_was_there(
    world: World, answers: Callable[[SamplePost], list[SamplePost]]
) -> None:
    daughter = next(post for post in world.posts if post.key.startswith("riverside-daughter"))
    assert local(daughter.created_at).strftime("%d %H:%M") == "21 23:20"
    assert "daughter" in daughter.text
    assert sum(said.created_at - daughter.created_at < timedelta(minutes=20) for said in answers(daughter)) == 3
    nobody = next(post for post in world.posts if post.key.startswith("riverside-nobody"))
    assert local(nobody.created_at).hour == 1
    assert answers(nobody) == []


def test_while_one_watches_something_happens_every_minute(world: World) -> None:
    moments = sorted([one.at for one in world.reactions] + [_shown(post) for post in world.posts if _is_public(post)])
    watched = [at for at in moments if NOW <= at < NOW + timedelta(minutes=90)]
    assert max(after - before for before, after in pairwise(watched)) < timedelta(minutes=1)
    asked = [post for post in world.posts if "-live-" in post.key and post.reply_to is None and post.author not in OWN]
    assert {post.network for post in asked} == {"mastodon", "bluesky"}
    assert min(post.created_at for post in asked) < NOW + timedelta(minutes=2)


def test_without_a_watcher_some_asks_are_always_open(
    world: World, answers: Callable[[SamplePost], list[SamplePost]]
) -> None:
    for week in range(8, 19):
        at = START + timedelta(weeks=week, hours=12)
        assert 2 <= len(_waiting(world, "riverside", at, timedelta(days=30), answers)) <= 12, at


def test_texts_do_not_repeat_within_a_page(world: World) -> None:
    """The asks of any 30 days are nearly all different, and so are the group's posts of any five weeks."""
    asks = [post for post in _asks(world) if post.language == "en"]
    for start in range(0, len(asks) - 60, 30):
        page = [re.sub(r"(^@\S+ )|(\n\n.*)", "", post.text) for post in asks[start : start + 60]]
        assert len(set(page)) >= 54
    said: dict[str, datetime] = {}
    for post in world.posts:
        if post.author == "riverside@carers.example" and post.reply_to is None and _is_public(post):
            assert post.text not in said or post.created_at - said[post.text] > timedelta(days=35), post.text
            said[post.text] = post.created_at


def test_the_small_group_is_small_and_on_mastodon_only(world: World) -> None:
    asks = _asks(world, "bakerylane")
    weeks = Counter(monday(local(post.created_at).date()) for post in asks)
    assert {post.network for post in asks} == {"mastodon"}
    assert max(weeks.values()) <= 4
    assert len(asks) > 30


def test_the_size_is_right_and_the_speed_is_told(world: World, record_property: Callable[[str, object], None]) -> None:
    begun = time.perf_counter()
    community(2026, START, UNTIL, NOW)
    record_property("seconds", round(time.perf_counter() - begun, 2))
    assert 3_000 <= len(world.posts) <= 6_000
    assert 15_000 <= len(world.reactions) <= 30_000
