"""What the groups themselves post, by the day: a week with its fixed places, monthly meetings, a quiet August."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from collectors.sample.community.activity_hours import at, is_august, rng, week_number
from collectors.sample.community.people import Circle
from collectors.sample.community.phrases import in_turn, texts
from collectors.sample.community.post_writer import Conversation, fits
from collectors.sample.world import Network, SamplePost

# weekday → (kind, hour, minute) of what is posted
_WEEK: Mapping[int, tuple[tuple[str, int, int], ...]] = {
    0: (("monday", 8, 30), ("night", 21, 50)),
    1: (("tip", 12, 15),),
    2: (("evening", 18, 30), ("night", 21, 50)),
    3: (("ask_thread", 18, 0),),
    4: (("wins", 13, 0), ("night", 21, 50)),
    5: (("picture", 10, 10),),
    6: (("sunday", 19, 15), ("night", 21, 50)),
}
_AUGUST: Mapping[int, tuple[tuple[str, int, int], ...]] = {
    1: (("august", 10, 0),),
    3: (("ask_thread", 18, 0),),
    4: (("night", 21, 50),),
    6: (("night", 21, 50),),
}
_CLUB: Mapping[int, tuple[tuple[str, int, int], ...]] = {
    0: (("posts", 10, 30),),
    2: (("posts", 16, 0),),
    5: (("posts", 11, 0),),
}
_NUMBERS = ("fourteen", "seventeen", "nineteen", "twenty-one", "twenty-three", "sixteen", "eighteen")


@dataclass(frozen=True, slots=True)
class OwnPost:
    """One of the group's posts, with what members say to it: its own answers, else those of its kind."""

    kind: str
    post: SamplePost
    answers: tuple[str, ...]


def own_posts(seed: int, circle: Circle, day: date) -> list[OwnPost]:
    """The group's posts of a local day on all its networks."""
    return [
        _write(seed, circle, network, day, kind, moment, said)
        for kind, moment, said in _planned(seed, circle, day)
        for network in circle.networks
        if network == "mastodon" or rng(seed, "cross", day, kind).random() < 0.85
    ] + _only_on_bluesky(seed, circle, day)


def _planned(seed: int, circle: Circle, day: date) -> Iterator[tuple[str, datetime, Any]]:
    """(kind, time, text or picture). A text is taken in turn, so that none comes again for months."""
    week = week_number(day)
    if circle.id != "riverside":
        for kind, hour, minute in _CLUB.get(day.weekday(), ()):
            if not (is_august(day) and day.weekday() != 2):
                yield kind, _about(seed, circle, day, kind, hour, minute), _club_text(seed, day)
        return
    for kind, hour, minute in (_AUGUST if is_august(day) else _WEEK).get(day.weekday(), ()):
        number = week * 4 + day.weekday() // 2 if kind == "night" else week
        yield kind, _about(seed, circle, day, kind, hour, minute), _text(seed, kind, number)
    yield from _monthly(seed, day)


def _monthly(seed: int, day: date) -> Iterator[tuple[str, datetime, Any]]:
    posts = texts("riverside_posts")
    third_wednesday = _nth(day, 2, 3)
    topic = in_turn(seed, "topic", day.year * 12 + day.month, posts["meeting_topics"])
    if day.month != 8:
        for kind, before, hour in (("meeting_soon", 7, 12), ("meeting_tomorrow", 1, 17), ("meeting_thanks", -1, 9)):
            if day == third_wednesday - timedelta(days=before):
                said = in_turn(seed, kind, day.month, posts[kind])
                heads = in_turn(seed, "heads", day.month, _NUMBERS)
                yield kind, at(day, hour, 5), said.replace("{topic}", topic).replace("{number}", heads)
    if day == _nth(day, 1, 1):
        yield "poll", at(day, 17, 0), _text(seed, "poll", day.year * 12 + day.month)
    special = {"rights_day": (11, _nth(day, 3, 3) - timedelta(days=3)), "carers_week": (6, _nth(day, 0, 2))}
    for kind, (month, first) in special.items():
        place = (day - first).days
        if day.month == month and 0 <= place < len(posts[kind]):
            yield kind, at(day, 9, 40), posts[kind][place]


def _nth(day: date, weekday: int, number: int) -> date:
    """The `number`th such weekday of the month of `day`."""
    first = day.replace(day=1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _text(seed: int, kind: str, number: int) -> Any:
    return in_turn(seed, kind, number, texts("riverside_posts")[kind])


def _club_text(seed: int, day: date) -> Any:
    club = texts("bakerylane")
    number = week_number(day) * 3 + day.weekday() // 2
    return in_turn(seed, "club", number, club["posts"])


def _about(seed: int, circle: Circle, day: date, kind: str, hour: int, minute: int) -> datetime:
    """Roughly at that time: a person presses the button."""
    return at(day, hour, minute) + timedelta(seconds=rng(seed, circle.id, day, kind).randrange(-900, 900))


def _write(seed: int, circle: Circle, network: Network, day: date, kind: str, moment: datetime, said: Any) -> OwnPost:
    chance = rng(seed, circle.id, network, day, kind, "own")
    row = said if isinstance(said, dict) else {"text": said}
    text, alts = row["text"], (row["alt"],) if "alt" in row else ()
    lines = texts("riverside_chat")
    answers = tuple(row.get("answers", lines.get(kind, lines["other"])))
    if network == "bluesky":
        moment += timedelta(seconds=chance.randrange(60, 800))
    tags = (
        (circle.hashtag,) if kind in ("ask_thread", "night", "meeting_soon", "posts") or chance.random() < 0.4 else ()
    )
    if not fits(f"{text}\n\n#{circle.hashtag}", network):
        tags = ()
    more: dict[str, Any] = {"media_alts": alts, "has_poll": kind == "poll" and network == "mastodon"}
    if kind not in ("night", "poll") and chance.random() < 0.03:
        more |= {"edited_at": moment + timedelta(minutes=chance.randrange(2, 90)), "edited_text": None}
    conversation = Conversation(f"{circle.id}-{network[0]}-{day}-{kind}", chance)
    post = conversation.begin(circle.own[network], moment, text, tags=tags, **more)
    if post.edited_at is not None:
        post = conversation.change(post, edited_text=post.text + "\n\n(Edited to mend a spelling mistake.)")
        if not fits(post.edited_text or "", network):
            post = conversation.change(post, edited_at=None, edited_text=None)
    return OwnPost(kind, post, answers)


def _only_on_bluesky(seed: int, circle: Circle, day: date) -> list[OwnPost]:
    if "bluesky" not in circle.networks or day.weekday() not in (1, 5) or is_august(day):
        return []
    number = week_number(day) * 2 + day.weekday() // 5
    said = in_turn(seed, "hello", number, texts("riverside_posts")["hello"])
    return [_write(seed, circle, "bluesky", day, "hello", at(day, 15, 20), said)]
