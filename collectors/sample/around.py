"""What happens around the groups and mostly must not be kept: strangers, sellers, private words, other people's days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from collectors.sample.conversation import Conversation
from collectors.sample.people import Circle, Person, audience, by_role, is_away
from collectors.sample.phrases import texts
from collectors.sample.rhythm import at, rng
from collectors.sample.world import SamplePost, SampleReaction


def around(seed: int, circle: Circle, day: date) -> Iterator[SamplePost]:
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
    author: Person, day: date, text: str, name: str, chance: Random, circle: Circle, **more: object
) -> SamplePost:
    """One post; a tag in its text becomes a tag, "{at}" the group's name."""
    own = circle.own[author.account.network]
    moment = more.pop("moment", None) or _sometime(day, chance)
    assert isinstance(moment, datetime)  # noqa: S101, tells the type checker
    handle = own.account.handle
    spoken = "@" + (handle.partition("@")[0] if own.account.network == "mastodon" else handle)
    text = text.replace("{tag}", circle.hashtag).replace("{topic}", circle.topic).replace("{at}", spoken)
    tags = [tag for tag in (circle.hashtag, circle.topic) if f"#{tag}" in text]
    mentions = [own] if spoken in text else []
    key = f"{circle.id}-{author.account.network[0]}-{day}-{name}"
    return Conversation(key, chance).begin(author, moment, text, mentions=mentions, tags=tags, **more)


def _strangers(circle: Circle, network: str, day: date, chance: Random) -> Iterator[SamplePost]:
    """Posts with the topic tag: counted, never kept."""
    people = audience("bluesky" if network == "bluesky" else "mastodon")
    for number in range(chance.choice((0, 0, 1, 1, 2)) if circle.id == "riverside" else chance.choice((0, 0, 0, 1))):
        text = chance.choice(texts("around")["strangers"])
        yield _write(chance.choice(people), day, text, f"stranger{number}", chance, circle, share=0.8)


def _tagged(circle: Circle, network: str, day: date, chance: Random) -> Iterator[SamplePost]:
    """The group's hashtag in other people's hands: kind words, shy words, things for sale, bare links."""
    words = texts("around")
    people = audience("bluesky" if network == "bluesky" else "mastodon")
    scale = 1.0 if circle.id == "riverside" else 0.4
    organisations = by_role("organisation", "bluesky" if network == "bluesky" else "mastodon")
    sellers = by_role("seller", "bluesky" if network == "bluesky" else "mastodon")
    if chance.random() < 0.11 * scale:
        yield _write(chance.choice(organisations), day, chance.choice(words["hashtag_open"]), "open", chance, circle)
    if chance.random() < 0.08 * scale and network == "mastodon":
        yield _write(chance.choice(people), day, chance.choice(words["hashtag_closed"]), "closed", chance, circle)
    if chance.random() < 0.06 * scale:
        yield _write(chance.choice(sellers), day, chance.choice(words["promotions"]), "sale", chance, circle)
    if chance.random() < 0.07 * scale:
        yield _write(chance.choice(organisations), day, chance.choice(words["links"]), "link", chance, circle)


def _members_lives(seed: int, circle: Circle, network: str, day: date, chance: Random) -> Iterator[SamplePost]:
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
