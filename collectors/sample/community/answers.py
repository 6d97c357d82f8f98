"""Who answers an ask, when and with which words."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from collectors.sample.community.activity_hours import at_breakfast, local, not_before_breakfast, soon
from collectors.sample.community.membership import is_away
from collectors.sample.community.people import Person
from collectors.sample.community.phrases import fill, texts
from collectors.sample.community.post_writer import Conversation, fits
from collectors.sample.community.requests import Ask
from collectors.sample.world import SamplePost

_FIRST_ANSWER = {  # minutes to the first answer, from – to
    "quick": (4, 55),
    "hours": (60, 330),
    "slow": (360, 880),
    "late": (26 * 60, 46 * 60),
    "night": (2, 7),
    "morning": (380, 520),
}


def answered(seed: int, talk: Conversation, ask: Ask, post: SamplePost) -> list[SamplePost]:
    """The answers to an ask, first to last; none where nobody answers."""
    if ask.ending in ("never", "alone"):
        return []
    chance = talk.chance
    start, end = _FIRST_ANSWER[ask.ending]
    at = ask.at + timedelta(minutes=chance.uniform(start, end))
    count = chance.choices((1, 2, 3, 4, 5), (28, 32, 22, 12, 6))[0]
    if ask.ending == "night":
        count = max(count, 2)
    elif ask.ending in ("hours", "slow", "late"):
        at = not_before_breakfast(at, chance)
    said: list[SamplePost] = []
    for helper, text in _helpers(seed, talk, ask, count):
        to = chance.choice(said) if said and chance.random() < 0.2 and ask.ending != "night" else post
        is_english = ask.language == "en" or helper.is_team
        answer = talk.say(helper, at, text, to, language="en" if is_english else ask.language)
        said.append(_late_or_lost(talk, helper, answer))
        at = at + timedelta(minutes=chance.uniform(1, 5)) if ask.ending == "night" else soon(at, chance, 6, 400)
    team = ask.circle.on(ask.asker.account.network, ask.circle.team)
    if ask.ending == "night" and ask.words.team and chance.random() < 0.6:
        morning = at_breakfast(ask.at) + timedelta(minutes=chance.randrange(100))
        said.append(talk.say(chance.choice(team), morning, chance.choice(ask.words.team), post))
    return said


def _helpers(seed: int, talk: Conversation, ask: Ask, count: int) -> list[tuple[Person, str]]:
    """Who answers and with which words; at night the owls. Two in five have somebody of the team among them."""
    chance, network = talk.chance, ask.asker.account.network
    day = local(ask.at).date()
    is_night = ask.ending == "night"
    peers = [
        one
        for one in ask.circle.on(network)
        if one.key != ask.asker.key and not is_away(seed, one, day) and (one.is_owl or not is_night)
    ]
    team = [one for one in ask.circle.on(network, ask.circle.team) if one.is_owl or not is_night]
    chosen: list[Person] = []
    while peers and len(chosen) < count:
        one = chance.choices(peers, [person.helps for person in peers])[0]
        peers.remove(one)
        chosen.append(one)
    if is_night and team and ask.circle.id == "riverside" and chance.random() < 0.2:
        chosen[-1] = team[0]
    elif not is_night and team and ask.words.team and chance.random() < 0.62:
        chosen[chance.randrange(len(chosen))] = chance.choices(team, [one.helps for one in team])[0]
    return list(zip(chosen, _said(ask, chosen, chance), strict=True))


def _said(ask: Ask, helpers: Sequence[Person], chance: Random) -> list[str]:
    """What each of them says: the team its own words, the peers the most fitting ones left."""
    talk, network = texts("talk"), ask.asker.account.network
    left = list(ask.words.answers)
    if ask.ending == "morning":
        left = chance.sample(talk["listening"], len(talk["listening"]))
    elif len(left) > 3:
        left[2:] = chance.sample(left[2:], len(left) - 2)
    written = []
    for helper in helpers:
        if helper.is_team:
            written.append(chance.choice(talk["team_now"] if ask.ending == "night" else ask.words.team))
            continue
        body = left.pop(0) if left else chance.choice(talk["listening"])
        opener = closer = ""
        if ask.language == "en" and chance.random() < 0.3:
            opener = chance.choice(talk["opener_night" if ask.ending == "night" else "openers"])
        if ask.language == "en" and chance.random() < 0.2:
            closer = chance.choice(talk["closers"])
        whole = fill(" ".join(part for part in (opener, body, closer) if part), chance, name=ask.asker.name)
        written.append(whole if fits(whole + " " * 50, network) else body)
    return written


def _late_or_lost(talk: Conversation, helper: Person, answer: SamplePost) -> SamplePost:
    """Some remote replies reach the group's server hours late, and some never."""
    if helper.account.home != "other.example":
        return answer
    draw = talk.chance.random()
    if draw < 0.07:
        return talk.change(answer, known_from={})
    if draw < 0.16:
        late = answer.created_at + timedelta(hours=talk.chance.randrange(4, 30))
        return talk.change(answer, known_from={"carers.example": late})
    return answer
