"""An ask and all that follows from it: answers, thanks, "me too?", more questions, somebody asking three days later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from collectors.sample.asks import Ask
from collectors.sample.conversation import Conversation, fits
from collectors.sample.people import Person, by_role, is_away, refusing
from collectors.sample.phrases import fill, texts
from collectors.sample.rhythm import at_breakfast, in_daytime, local, not_before_breakfast, rng
from collectors.sample.world import SamplePost, Visibility

_FIRST_ANSWER = {  # minutes to the first answer, from – to
    "quick": (4, 55),
    "hours": (60, 330),
    "slow": (360, 880),
    "late": (26 * 60, 80 * 60),
    "night": (2, 7),
    "morning": (380, 520),
}


def arc(seed: int, ask: Ask) -> list[SamplePost]:
    """The whole conversation below an ask. Everything in it is decided now, though much of it lies days ahead."""
    chance = rng(seed, ask.key, "arc")
    talk = Conversation(ask.key, chance)
    post = _asked(talk, ask)
    _noise(talk, ask, post)
    answers = _answers(seed, talk, ask, post)
    if answers:
        _afterwards(talk, ask, post, answers)
    _second_thoughts(talk, ask)
    return talk.posts


def _asked(talk: Conversation, ask: Ask) -> SamplePost:
    group = ask.circle.own[ask.asker.account.network]
    mentions = (
        [group]
        if ask.way in ("both", "mention") or (ask.way == "reply" and group.account.network == "mastodon")
        else []
    )
    tags = [ask.circle.hashtag] if ask.way in ("both", "tag") else []
    is_quiet = ask.way in ("reply", "mention") and group.account.network == "mastodon" and talk.chance.random() < 0.5
    post = talk.begin(
        ask.asker,
        ask.at,
        ask.text,
        mentions=mentions,
        tags=tags,
        share=0.6 if ask.way == "tag" else 1.0,
        language=ask.language,
        content_warning=ask.content_warning,
        visibility="unlisted" if is_quiet else "public",
        reply_to=ask.parent.key if ask.parent and ask.way == "reply" else None,
        quote_of=ask.parent.key if ask.parent and ask.way == "quote" else None,
    )
    if post.known_from and talk.chance.random() < 0.04:  # the news of it is late
        late = {server: at + timedelta(hours=talk.chance.randrange(2, 9)) for server, at in post.known_from.items()}
        post = talk.change(post, known_from=late)
    return post


def _noise(talk: Conversation, ask: Ask, post: SamplePost) -> None:
    """What stands below an ask and is no answer: a PS, a "me too?", an automatic reply, unkindness, private words."""
    chance, words, network = talk.chance, texts("talk"), post.network
    others = [one for one in ask.circle.on(network) if one.key != ask.asker.key]
    if ask.words.is_practical and chance.random() < 0.08:
        at = ask.at + timedelta(minutes=chance.randrange(1, 9))
        talk.say(ask.asker, at, chance.choice(words["self_replies"]), post)
    if ask.words.is_practical and chance.random() < 0.11:
        talk.say(chance.choice(others), _soon(ask.at, chance, 30, 600), chance.choice(words["metoo"]), post)
    if chance.random() < 0.05:
        for bot in by_role("bot", network):
            talk.say(bot, ask.at + timedelta(seconds=chance.randrange(8, 40)), chance.choice(words["bot"]), post)
    if chance.random() < 0.04 and not ask.is_night:
        for unkind in by_role("hostile", network):
            at = _soon(ask.at, chance, 20, 300)
            hidden_at = at + timedelta(minutes=chance.randrange(20, 300)) if network == "bluesky" else None
            talk.say(unkind, at, chance.choice(words["hostile"]), post, hidden_at=hidden_at)
    if network == "mastodon" and chance.random() < 0.07:
        _private_reply(talk, ask, post, chance.choice(texts("around")["private_replies"]))


def _private_reply(talk: Conversation, ask: Ask, post: SamplePost, text: str) -> None:
    """Followers-only or direct: the asker sees it, nobody may store it."""
    others = [one for one in ask.circle.on("mastodon") if one.key != ask.asker.key]
    text = text.replace("{at} ", "")
    closed: tuple[Visibility, ...] = ("private", "direct")
    visibility = talk.chance.choice(closed)
    talk.say(talk.chance.choice(others), _soon(ask.at, talk.chance, 10, 200), text, post, visibility=visibility)


def _answers(seed: int, talk: Conversation, ask: Ask, post: SamplePost) -> list[SamplePost]:
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
        at = at + timedelta(minutes=chance.uniform(1, 5)) if ask.ending == "night" else _soon(at, chance, 6, 400)
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


def _afterwards(talk: Conversation, ask: Ask, post: SamplePost, answers: list[SamplePost]) -> None:
    """Thanks, one more question, and somebody who asks three days later how it is going."""
    chance, words = talk.chance, texts("talk")
    first, last_at = answers[0], answers[-1].created_at
    helper = talk.authors[first.key]
    if chance.random() < 0.62:
        at = max(last_at, at_breakfast(ask.at)) if ask.ending == "night" else last_at
        thanks = _thanks(ask, helper, chance)
        thanked = talk.say(ask.asker, _soon(at, chance, 8, 200), thanks, first, language=ask.language)
        last_at = thanked.created_at
        if ask.language == "en" and chance.random() < 0.16 and not helper.is_team:
            talk.say(helper, _soon(last_at, chance, 3, 120), chance.choice(words["welcomes_back"]), thanked)
    if ask.words.is_practical and chance.random() < 0.16:
        row = chance.choice(words["again"])
        more = talk.say(ask.asker, _soon(last_at, chance, 40, 500), row["text"], first)
        if chance.random() < 0.7:
            talk.say(helper, _soon(more.created_at, chance, 30, 600), row["answer"], more)
    if ask.words.back and chance.random() < 0.38:
        _checked_back(talk, ask, post, answers)


def _checked_back(talk: Conversation, ask: Ask, post: SamplePost, answers: list[SamplePost]) -> None:
    """Three days later one of those who answered asks how it is going."""
    chance = talk.chance
    helper = talk.authors[chance.choice(answers).key]
    at = in_daytime(answers[0].created_at + timedelta(hours=chance.uniform(60, 84)))
    back = talk.say(helper, at, fill(chance.choice(ask.words.back), chance, name=ask.asker.name), post)
    if chance.random() < 0.6 and ask.asker.role == "":
        pool = texts("bakerylane")["talk"] if ask.circle.id == "bakerylane" else texts("talk")
        lines = pool["still_well"] + (pool["still_well_practical"] if ask.words.is_practical else [])
        talk.say(ask.asker, _soon(back.created_at, chance, 15, 400), chance.choice(lines), back)


def _thanks(ask: Ask, helper: Person, chance: Random) -> str:
    words = texts("talk")
    if ask.asker.role == "refusing":
        lines = texts("around")["refused_thanks"]
    elif ask.language != "en":
        lines = [texts("languages")["thanks"][ask.language]]
    elif ask.circle.id == "bakerylane":
        lines = texts("bakerylane")["talk"]["thanks"]
    elif ask.ending == "night":
        lines = words["thanks_night"]
    else:
        lines = words["thanks"] + (words["thanks_practical"] if ask.words.is_practical else [])
    return fill(chance.choice(lines), chance, name=helper.name)


def _second_thoughts(talk: Conversation, ask: Ask) -> None:
    """A few asks and answers are deleted again, and a few asks edited."""
    chance = talk.chance
    post = talk.posts[0]
    edit = chance.choice(texts("talk")["edits"])
    if chance.random() < 0.03:
        talk.change(post, deleted_at=ask.at + timedelta(hours=chance.uniform(0.5, 60)))
    elif chance.random() < 0.05 and post.network == "mastodon" and ask.language == "en":
        at = ask.at + timedelta(minutes=chance.randrange(3, 900))
        talk.change(post, edited_at=at, edited_text=post.text + edit)
    for answer in talk.posts[1:]:
        if answer.author != ask.asker.key and chance.random() < 0.015:
            talk.change(answer, deleted_at=answer.created_at + timedelta(hours=chance.uniform(0.2, 40)))


def refusing_answer(seed: int, ask: Ask, posts: list[SamplePost]) -> list[SamplePost]:
    """Now and then one of those who want no copy answers somebody. One post or none, below the ask."""
    chance = rng(seed, ask.key, "refusing")
    able = [one for one in refusing() if one.account.network == posts[0].network and one.key != ask.asker.key]
    if chance.random() > 0.04 or ask.ending in ("never", "alone", "late") or ask.language != "en":
        return []
    talk = Conversation(f"{ask.key}-aside", chance, [posts[0]], {posts[0].key: ask.asker})
    at = _soon(posts[-1].created_at, chance, 10, 300)
    return [talk.say(chance.choice(able), at, chance.choice(texts("around")["refused_replies"]), posts[0])]


def _soon(at: datetime, chance: Random, start: int, end: int) -> datetime:
    """`start` to `end` minutes later, and not in the middle of the night for most."""
    return not_before_breakfast(at + timedelta(minutes=chance.uniform(start, end)), chance)
