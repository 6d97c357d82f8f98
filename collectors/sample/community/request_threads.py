"""An ask and all that follows from it: answers, thanks, "me too?", more questions, somebody asking three days later."""

from datetime import timedelta
from random import Random

from collectors.sample.community.activity_hours import at_breakfast, in_daytime, rng, soon
from collectors.sample.community.answers import answered
from collectors.sample.community.people import Person, by_role, refusing
from collectors.sample.community.phrases import fill, texts
from collectors.sample.community.post_writer import Conversation
from collectors.sample.community.requests import Ask
from collectors.sample.world import SamplePost, Visibility


def request_thread(seed: int, ask: Ask) -> list[SamplePost]:
    """The whole conversation below an ask. Everything in it is decided now, though much of it lies days ahead."""
    chance = rng(seed, ask.key, "arc")
    talk = Conversation(ask.key, chance)
    post = _asked(talk, ask)
    _noise(talk, ask, post)
    answers = answered(seed, talk, ask, post)
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
        asks_too, helper = chance.sample(others, 2)
        too = talk.say(asks_too, soon(ask.at, chance, 30, 600), chance.choice(words["metoo"]), post)
        talk.say(helper, soon(too.created_at, chance, 20, 500), chance.choice(words["metoo_answers"]), too)
    if chance.random() < 0.05:
        for bot in by_role("bot", network):
            talk.say(bot, ask.at + timedelta(seconds=chance.randrange(8, 40)), chance.choice(words["bot"]), post)
    if chance.random() < 0.04 and not ask.is_night:
        for unkind in by_role("hostile", network):
            at = soon(ask.at, chance, 20, 300)
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
    talk.say(talk.chance.choice(others), soon(ask.at, talk.chance, 10, 200), text, post, visibility=visibility)


def _afterwards(talk: Conversation, ask: Ask, post: SamplePost, answers: list[SamplePost]) -> None:
    """Thanks, one more question, and somebody who asks three days later how it is going."""
    chance, words = talk.chance, texts("talk")
    first, last_at = answers[0], answers[-1].created_at
    helper = talk.authors[first.key]
    if chance.random() < 0.62:
        at = max(last_at, at_breakfast(ask.at)) if ask.ending == "night" else last_at
        thanks = _thanks(ask, helper, chance)
        thanked = talk.say(ask.asker, soon(at, chance, 8, 200), thanks, first, language=ask.language)
        last_at = thanked.created_at
        if ask.language == "en" and chance.random() < 0.16 and not helper.is_team:
            talk.say(helper, soon(last_at, chance, 3, 120), chance.choice(words["welcomes_back"]), thanked)
    if ask.words.is_practical and chance.random() < 0.16:
        row = chance.choice(words["again"])
        more = talk.say(ask.asker, soon(last_at, chance, 40, 500), row["text"], first)
        if chance.random() < 0.7:
            talk.say(helper, soon(more.created_at, chance, 30, 600), row["answer"], more)
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
        talk.say(ask.asker, soon(back.created_at, chance, 15, 400), chance.choice(lines), back)


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
    at = soon(posts[-1].created_at, chance, 10, 300)
    return [talk.say(chance.choice(able), at, chance.choice(texts("around")["refused_replies"]), posts[0])]
