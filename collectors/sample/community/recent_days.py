"""The two days before somebody watches, with open asks of every age; and two hours with something every few seconds."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from collectors.sample.community.activity_hours import at, in_daytime, local, rng, week_number
from collectors.sample.community.membership import audience, newcomers
from collectors.sample.community.people import Circle, Person
from collectors.sample.community.phrases import in_turn, texts
from collectors.sample.community.post_writer import Conversation
from collectors.sample.world import Network, SamplePost, SampleReaction

LASTS = timedelta(hours=2)
Kinds = list[tuple[str, SamplePost]]


def recent_days(
    seed: int, circle: Circle, now: datetime, earlier: Sequence[SamplePost]
) -> tuple[Kinds, list[SampleReaction]]:
    """Posts with their kinds, and reactions. `earlier` are the posts of the world so far: the latest get likes."""
    chance = rng(seed, "lively", now.isoformat())
    conversations = [*_last_two_days(seed, circle, now), *_next_two_hours(seed, circle, now, chance)]
    posts: Kinds = [
        ("reply" if place else "ask", post) for talk in conversations for place, post in enumerate(talk.posts)
    ]
    posts += [("own", post) for post in _own_posts(circle, now, chance)]
    latest = [post for post in (*earlier, *(post for _, post in posts)) if _is_fresh(post, now)]
    return posts, list(_likes(latest, now, chance))


def _is_fresh(post: SamplePost, now: datetime) -> bool:
    age = now - post.created_at
    return timedelta(0) < age < timedelta(days=2) and post.visibility in ("public", "unlisted")


def _last_two_days(seed: int, circle: Circle, now: datetime) -> Iterator[Conversation]:
    yield _daughter(circle, _latest(now - timedelta(hours=5), 23, 20))
    yield _nobody(circle, _latest(now - timedelta(hours=20), 1, 50))
    yield _waiting(circle, "yesterday", "priti-writes.sky.example", in_daytime(now - timedelta(hours=30)))
    this_morning = min(in_daytime(now - timedelta(hours=6)), now - timedelta(hours=4))
    morning = _waiting(circle, "morning", "callum.sky.example", this_morning)
    _answer(morning, circle, "morning", "olwen.sky.example", now + timedelta(minutes=42))
    yield morning
    afternoon = _waiting(circle, "afternoon", "nell_p@carers.example", now - timedelta(minutes=118))
    _answer(afternoon, circle, "afternoon", "desmond@carers.example", now + timedelta(minutes=3, seconds=20))
    yield afternoon
    yield _answered(circle, now - timedelta(hours=11))
    yield _just_now(seed, circle, now)


def _latest(before: datetime, hour: int, minute: int) -> datetime:
    """The last time that the clock on the wall showed this, not after `before`."""
    moment = at(local(before).date(), hour, minute)
    return moment if moment <= before else at(local(before).date() - timedelta(days=1), hour, minute)


def _member(circle: Circle, handle: str) -> Person:
    return next(one for one in (*circle.regulars, *circle.team) if one.account.handle == handle)


def _ask(circle: Circle, name: str, asker: Person, moment: datetime) -> Conversation:
    scene = texts("showcase")[name]
    talk = Conversation(f"{circle.id}-{name}-{moment:%Y%m%dT%H%M}", rng(0, name, moment.isoformat()))
    group = circle.own[asker.account.network]
    is_public = asker.account.network == "mastodon"
    warning = scene.get("warning") if is_public else None
    talk.begin(asker, moment, scene["text"], mentions=[group], tags=[circle.hashtag], content_warning=warning)
    return talk


def _daughter(circle: Circle, moment: datetime) -> Conversation:
    """23:20, and three people are there within twenty minutes."""
    scene = texts("showcase")["daughter"]
    asker = _member(circle, "fliss@carers.example")
    talk = _ask(circle, "daughter", asker, moment)
    post = talk.posts[0]
    helpers = ("gwen@carers.example", "yusra@other.example", "sunil@other.example", "gwen@carers.example")
    for handle, text, minutes in zip(helpers, scene["replies"], (4, 9, 13, 31), strict=True):
        talk.say(_member(circle, handle), moment + timedelta(minutes=minutes, seconds=17), text, post)
    talk.say(asker, moment + timedelta(minutes=94), scene["thanks"], talk.posts[1])
    morning = at(local(moment).date() + timedelta(days=1), 8, 5)
    talk.say(_member(circle, "dee@carers.example"), morning, scene["morning"], post)
    return talk


def _nobody(circle: Circle, moment: datetime) -> Conversation:
    return _ask(circle, "nobody", _member(circle, "maureen@carers.example"), moment)


def _waiting(circle: Circle, name: str, handle: str, moment: datetime) -> Conversation:
    return _ask(circle, name, _member(circle, handle), moment)


def _answer(talk: Conversation, circle: Circle, name: str, handle: str, moment: datetime) -> None:
    talk.say(_member(circle, handle), moment, texts("showcase")[name]["answer"], talk.posts[0])


def _answered(circle: Circle, moment: datetime) -> Conversation:
    """One that went well this morning or last evening."""
    talk = _ask(circle, "answered", _member(circle, "marnie.sky.example"), in_daytime(moment))
    for handle, text, minutes in zip(
        ("jess-b.sky.example", "joyce.carers.example"), texts("showcase")["answered"]["replies"], (23, 61), strict=True
    ):
        talk.say(_member(circle, handle), talk.posts[0].created_at + timedelta(minutes=minutes), text, talk.posts[0])
    return talk


def _just_now(seed: int, circle: Circle, now: datetime) -> Conversation:
    """A first post, 25 minutes old when the watching begins; answered while one watches."""
    week = week_number(local(now).date())
    asker = next(one for one in reversed(newcomers(seed, circle.id, week)) if one.account.network in circle.networks)
    talk = _ask(circle, "just_now", asker, now - timedelta(minutes=25))
    helpers = circle.on(asker.account.network)[:2]
    for helper, text, minutes in zip(helpers, texts("showcase")["just_now"]["replies"], (1.4, 9), strict=True):
        talk.say(helper, now + timedelta(minutes=minutes), text, talk.posts[0])
    return talk


def _next_two_hours(seed: int, circle: Circle, now: datetime, chance: Random) -> Iterator[Conversation]:
    """An ask every eight minutes or so, on both networks in turn; two in three are answered before the hour is out."""
    moment = now + timedelta(seconds=50)
    rows = texts("showcase")["live"]["asks"]
    for number in range(len(rows)):
        row = in_turn(seed, "live", now.toordinal() + number, rows)
        network: Network = circle.networks[number % len(circle.networks)]
        asker, *helpers = chance.sample(circle.on(network), 3)
        talk = Conversation(f"{circle.id}-live-{now:%Y%m%dT%H%M%S}-{number}", chance)
        group = circle.own[network]
        talk.begin(asker, moment, row["text"], mentions=[group], tags=[circle.hashtag])
        later = moment + timedelta(minutes=chance.uniform(2, 9) if number % 3 else chance.uniform(25, 60))
        for helper, text in zip(helpers, row["answers"], strict=False):
            answer = talk.say(helper, later, text, talk.posts[0])
            later += timedelta(minutes=chance.uniform(1, 7))
        if number % 2:
            thanks = in_turn(seed, "live thanks", number // 2, texts("talk")["thanks"])
            talk.say(asker, later, thanks.replace("{name}", helpers[0].name), answer)
        yield talk
        moment += timedelta(minutes=chance.uniform(5, 11))


def _own_posts(circle: Circle, now: datetime, chance: Random) -> Iterator[SamplePost]:
    moment = now + timedelta(minutes=2)
    for number, text in enumerate(texts("showcase")["live"]["own"]):
        for network in circle.networks:
            key = f"{circle.id}-{network[0]}-live-{now:%Y%m%dT%H%M%S}-own-{number}"
            moment += timedelta(seconds=chance.uniform(20, 120))
            yield Conversation(key, chance).begin(circle.own[network], moment, text)
        moment += timedelta(minutes=chance.uniform(12, 24))


def _likes(latest: Sequence[SamplePost], now: datetime, chance: Random) -> Iterator[SampleReaction]:
    """A like or a boost every few seconds, each by another account."""
    moment = now
    while moment < now + LASTS and latest:
        moment += timedelta(seconds=chance.expovariate(1 / 9) + 1)
        post = chance.choice(latest)
        person = chance.choice(audience(post.network))
        kind = "boost" if chance.random() < 0.08 else "like"
        if person.key != post.author:
            yield SampleReaction(post.key, person.key, "boost" if kind == "boost" else "like", moment)
