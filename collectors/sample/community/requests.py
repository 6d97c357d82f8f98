"""Who asks what, when, and how it is going to end: a week's asks of a group, planned before a word is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, Literal

from collectors.sample.community.activity_hours import (
    EPOCH,
    asks_before,
    asks_in_week,
    is_august,
    late_moment,
    local,
    rng,
    small_hours,
    waking_moment,
    week_number,
)
from collectors.sample.community.membership import is_away, newcomers, recent_newcomers
from collectors.sample.community.people import Circle, Person, refusing
from collectors.sample.community.phrases import fill, in_turn, texts
from collectors.sample.world import Network, SamplePost

# How an ask ends. quick: within the hour; hours; slow: within a day; late: after one; never; night: several answers
# within 20 minutes; morning: asked in the small hours, answered after breakfast; alone: a night when nobody answered.
Ending = Literal["quick", "hours", "slow", "late", "never", "night", "morning", "alone"]
Way = Literal["both", "tag", "mention", "reply", "quote"]  # how it is addressed to the group


@dataclass(frozen=True, slots=True)
class Words:
    """What is asked, and what can be said to it: by peers (most fitting first), by the team, by who asks again later."""

    theme: str
    text: str
    cares_for: str = "any"
    answers: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_practical: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask, planned."""

    key: str
    circle: Circle
    at: datetime
    ending: Ending
    asker: Person
    text: str  # words.text with its choices made
    words: Words
    way: Way
    content_warning: str | None = None
    parent: SamplePost | None = None  # the group's post it answers or quotes

    @property
    def language(self) -> str:
        """What it is written in."""
        return self.words.language

    @property
    def is_night(self) -> bool:
        """Asked when most people sleep."""
        return self.ending in ("night", "morning", "alone")


def asks_of_week(seed: int, circle: Circle, first_day: date, own: Sequence[SamplePost]) -> list[Ask]:
    """All asks of the week that begins on Monday `first_day`. `own` are the group's posts that may be answered."""
    week = week_number(first_day)
    before = asks_before(seed, circle.id, week)
    endings = _endings(seed, circle, week)
    planned = [
        _plan(seed, circle, first_day, place, ending, before + place, own) for place, ending in enumerate(endings)
    ]
    return planned + _from_refusing(seed, circle, first_day)


def _endings(seed: int, circle: Circle, week: int) -> list[Ending]:
    """How the week's asks end: the same shares every week, so that no week is a catastrophe by chance."""
    count = asks_in_week(seed, circle.id, week)
    chance = rng(seed, circle.id, "endings", week)
    if circle.id != "riverside":
        rare: Ending = "never" if week % 3 == 0 else "late" if week % 3 == 1 else "hours"
        mixed: tuple[Ending, ...] = ("quick", "hours", "hours", "slow", "night")
        return [rare, *(chance.choice(mixed) for _ in range(count - 1))]
    # two weeks in three have one that nobody answers, by night and by day in turn: a well-kept group, not a perfect one
    unanswered: tuple[Ending | None, ...] = ("alone", "never", None)
    unhappy: list[Ending] = [ending for ending in (unanswered[week % 3], "late") if ending]
    if count > 9:
        unhappy.append("late" if chance.random() < 0.3 else "slow")
    nights: list[Ending] = ["night" for _ in range(round(count / 7))]
    nights += ["morning"] if week % 3 else []
    rest = count - len(unhappy) - len(nights)
    usual: tuple[Ending, ...] = ("quick", "hours", "slow")
    days = [chance.choices(usual, (4, 5, 2))[0] for _ in range(rest)]
    return [*unhappy[: 1 if is_august(EPOCH + timedelta(weeks=week)) else 3], *nights, *days]


def _plan(
    seed: int, circle: Circle, first_day: date, place: int, ending: Ending, number: int, own: Sequence[SamplePost]
) -> Ask:
    chance = rng(seed, circle.id, first_day, "ask", place)
    is_night = ending in ("night", "morning", "alone")
    if ending == "night":
        at = late_moment(chance, first_day)
    elif is_night:
        at = small_hours(chance, first_day)
    else:
        at = waking_moment(chance, first_day)
    network: Network = "bluesky" if "bluesky" in circle.networks and chance.random() < 0.42 else "mastodon"
    words = in_turn(seed, f"{circle.id} {is_night}", number, _repertoire(circle.id, is_night))
    asker = _asker(seed, circle, network, words, at, chance)
    ask = Ask(
        key=f"{circle.id}-{first_day}-{place:02d}",
        circle=circle,
        at=at,
        ending=ending,
        asker=asker,
        text=fill(words.text, chance),
        words=words,
        way=_way(asker, chance),
        content_warning=_warning(words, network, chance),
    )
    if not is_night and circle.id == "riverside" and place == 7 and week_number(first_day) % 4:
        ask = _in_another_language(seed, ask, week_number(first_day), chance)
    return _attached(ask, own, chance)


@cache
def _repertoire(group: str, is_night: bool) -> list[Words]:
    """Every ask of a group, by day or by night, with what can be said to it."""
    if group != "riverside":
        club = texts("bakerylane")["talk"]
        if is_night:
            return [Words("stroke", text, answers=tuple(club["replies_night"])) for text in club["nights"]]
        return [_words("stroke", club, row) for row in club["asks"]]
    themes = texts("riverside_nights" if is_night else "riverside_asks")
    return [_words(name, theme, row) for name, theme in themes.items() for row in theme["asks"]]


def _words(name: str, theme: Mapping[str, Any], row: Mapping[str, Any]) -> Words:
    general = texts("talk")
    fallback = general["listening"] + (general["listening_practical"] if theme.get("is_practical") else [])
    return Words(
        theme=name,
        text=row["text"],
        cares_for=theme.get("for", "any"),
        answers=(*row["answers"], *theme["replies"], *(() if name == "stroke" else fallback)),
        team=tuple(row.get("team", theme["team"] or general["team"])),
        back=tuple(row.get("back", theme["back"] or general["back"])),
        warnings=tuple(theme.get("warnings", ())),
        is_practical=theme.get("is_practical", False),
    )


def _asker(seed: int, circle: Circle, network: Network, words: Words, at: datetime, chance: Random) -> Person:
    """A newcomer, one of lately, or a regular whose life the ask fits."""
    day = local(at).date()
    draw = chance.random()
    new = circle.on(network, newcomers(seed, circle.id, week_number(day)))
    if draw < 0.2 and new:
        return chance.choice(new)
    lately = circle.on(network, tuple(recent_newcomers(seed, circle.id, day)))
    if draw < 0.36 and lately:
        return chance.choice(lately)
    regulars = [one for one in circle.on(network) if not is_away(seed, one, day)]
    fitting = [one for one in regulars if words.cares_for in ("any", one.cares_for)]
    return chance.choice(fitting or regulars)


def _way(asker: Person, chance: Random) -> Way:
    """Most mention the group and use its hashtag. By hashtag alone: mostly people who agreed to be found."""
    if asker.account.network == "bluesky":
        return chance.choices(("reply", "both", "mention", "quote"), (50, 26, 12, 12))[0]
    if asker.account.is_indexable:
        return chance.choices(("both", "reply", "mention", "tag"), (40, 25, 10, 25))[0]
    return chance.choices(("both", "reply", "mention", "tag"), (60, 27, 10, 3))[0]


def _warning(words: Words, network: Network, chance: Random) -> str | None:
    if network == "bluesky" or not words.warnings or chance.random() > 0.5:
        return None
    return chance.choice(words.warnings)


def _in_another_language(seed: int, ask: Ask, week: int, chance: Random) -> Ask:
    """The same ask by somebody who writes in another language: a regular who does, else somebody new."""
    row = in_turn(seed, "languages", week, texts("languages")["asks"])
    circle, network, day = ask.circle, ask.asker.account.network, local(ask.at).date()
    people = [one for one in circle.on(network) if one.language == row["language"]]
    people = people or circle.on(network, tuple(recent_newcomers(seed, circle.id, day)))
    words = Words("language", row["text"], answers=(row["answer"],), language=row["language"])
    return replace(ask, asker=chance.choice(people), text=row["text"], words=words, content_warning=None)


def _attached(ask: Ask, own: Sequence[SamplePost], chance: Random) -> Ask:
    """An ask below (or quoting) a post of the group needs one from the last three days; else it mentions the group."""
    if ask.way not in ("reply", "quote"):
        return ask
    network = ask.asker.account.network
    latest = [
        post
        for post in own
        if post.network == network and timedelta(minutes=20) < ask.at - post.created_at < timedelta(days=3)
    ]
    inviting = [post for post in latest if post.key.endswith(("ask_thread", "night", "monday", "evening"))]
    if not latest:
        return replace(ask, way="both")
    return replace(ask, parent=chance.choice(inviting or latest))


def _from_refusing(seed: int, circle: Circle, first_day: date) -> list[Ask]:
    """Every other week one of the people who want no copy asks something, and is answered like anybody."""
    chance = rng(seed, circle.id, first_day, "refusing")
    if circle.id != "riverside" or chance.random() < 0.45:
        return []
    asker = chance.choice(refusing())
    text = in_turn(seed, "refused", week_number(first_day), texts("around")["refused_asks"])
    talk = texts("talk")
    words = Words("refused", text, answers=tuple(talk["listening"]), back=("Thinking of you.",))
    at = waking_moment(chance, first_day)
    return [Ask(f"{circle.id}-{first_day}-refused", circle, at, "hours", asker, text, words, "both")]
