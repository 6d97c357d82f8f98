"""What happens around the groups and mostly must not be kept: strangers, sellers, private words, other lives."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from collectors.sample.community.activity_hours import at, rng
from collectors.sample.community.membership import audience, is_away
from collectors.sample.community.people import Circle, Person, by_role
from collectors.sample.community.phrases import texts
from collectors.sample.community.post_writer import Conversation, spoken
from collectors.sample.world import Network, SamplePost, SampleReaction

_TAG = re.compile(r"#(\w+)")


def outsider_posts(seed: int, circle: Circle, day: date) -> Iterator[SamplePost]:
    """The posts of a local day around a group, none of them a reply."""
    for network in circle.networks:
        chance = rng(seed, circle.id, network, day, "around")
        yield from _strangers(circle, network, day, chance)
        yield from _tagged(circle, network, day, chance)
        yield from _members_lives(seed, circle, network, day, chance)
    if "bluesky" in circle.networks and day.toordinal() % 19 == 4:
        yield from _imported(seed, circle, day)


def boosts(seed: int, circle: Circle, day: date) -> Iterator[tuple[SamplePost, SampleReaction]]:
    """Twice a week or so the group boosts a post of some organisation: (the post, the boost)."""
    chance = rng(seed, circle.id, day, "boosts")
    if chance.random() > 0.3:
        return
    network = chance.choice(circle.networks)
    author = chance.choice(by_role("organisation", network))
    moment = _sometime(day, chance)
    text = chance.choice(texts("around")["boosted"])
    post = Conversation(f"{circle.id}-{day}-boosted", chance).begin(author, moment, text)
    later = moment + timedelta(minutes=chance.randrange(5, 300))
    yield post, SampleReaction(post.key, circle.own[network].key, "boost", later)


def _sometime(day: date, chance: Random) -> datetime:
    return at(day, chance.randrange(7, 23), chance.randrange(60), chance.randrange(60))


def _write(
    author: Person,
    day: date,
    text: str,
    name: str,
    chance: Random,
    circle: Circle,
    moment: datetime | None = None,
    **more: Any,
) -> SamplePost:
    """One post; a tag in its text becomes a tag, "{at}" the group's name."""
    own = circle.own[author.account.network]
    text = text.replace("{tag}", circle.hashtag).replace("{topic}", circle.topic).replace("{at}", spoken(own))
    mentions = [own] if spoken(own) in text else []
    key = f"{circle.id}-{author.account.network[0]}-{day}-{name}"
    talk = Conversation(key, chance)
    return talk.begin(
        author, moment or _sometime(day, chance), text, mentions=mentions, tags=_TAG.findall(text), **more
    )


def _strangers(circle: Circle, network: Network, day: date, chance: Random) -> Iterator[SamplePost]:
    """Posts with the topic tag: counted, never kept."""
    people = audience(network)
    for number in range(chance.choice((0, 0, 1, 1, 2)) if circle.id == "riverside" else chance.choice((0, 0, 0, 1))):
        text = chance.choice(texts("around")["strangers"])
        yield _write(chance.choice(people), day, text, f"stranger{number}", chance, circle, share=0.8)


def _tagged(circle: Circle, network: Network, day: date, chance: Random) -> Iterator[SamplePost]:
    """The group's hashtag in other people's hands: kind words, shy words, things for sale, bare links."""
    words = texts("around")
    people = audience(network)
    scale = 1.0 if circle.id == "riverside" else 0.4
    organisations = by_role("organisation", network)
    sellers = by_role("seller", network)
    if chance.random() < 0.11 * scale:
        yield _write(chance.choice(organisations), day, chance.choice(words["hashtag_open"]), "open", chance, circle)
    if chance.random() < 0.08 * scale and network == "mastodon":
        yield _write(chance.choice(people), day, chance.choice(words["hashtag_closed"]), "closed", chance, circle)
    if chance.random() < 0.06 * scale:
        yield _write(chance.choice(sellers), day, chance.choice(words["promotions"]), "sale", chance, circle)
    if chance.random() < 0.07 * scale:
        yield _write(chance.choice(organisations), day, chance.choice(words["links"]), "link", chance, circle)
    if network == "mastodon" and day.day == 12:
        for both in (one for one in circle.regulars if one.is_in_both):
            yield _write(both, day, words["both"][day.month % len(words["both"])], "both", chance, circle)


def _members_lives(seed: int, circle: Circle, network: Network, day: date, chance: Random) -> Iterator[SamplePost]:
    """What members post for themselves, in public (not ours) or in private (never ours)."""
    words = texts("around")
    regulars = [one for one in circle.regulars if one.account.network == network and not is_away(seed, one, day)]
    if chance.random() < 0.6:
        text = chance.choice(words["elsewhere"])
        yield _write(chance.choice(regulars), day, text, "elsewhere", chance, circle, share=0.5)
    if network == "mastodon" and chance.random() < 0.4:
        visibility = chance.choice(("private", "direct", "direct"))
        text = chance.choice(words["private"])
        yield _write(chance.choice(regulars), day, text, "private", chance, circle, visibility=visibility)
    if network == "mastodon" and chance.random() < 0.03:
        text = chance.choice(words["private_by_group"])
        yield _write(circle.own["mastodon"], day, text, "followers", chance, circle, visibility="private")


def _imported(seed: int, circle: Circle, day: date) -> Iterator[SamplePost]:
    """Somebody brings old posts over from elsewhere; they claim the dates of then."""
    chance = rng(seed, circle.id, day, "imported")
    author = chance.choice([one for one in circle.on("bluesky") if one.cares_for == "parent"])
    arrived = _sometime(day, chance)
    for number, text in enumerate(chance.sample(texts("around")["imported"], 2)):
        claimed = arrived - timedelta(days=chance.randrange(300, 900), minutes=chance.randrange(1400))
        indexed_at = arrived + timedelta(seconds=3 * number)
        yield _write(author, day, text, f"imported{number}", chance, circle, moment=claimed, indexed_at=indexed_at)
