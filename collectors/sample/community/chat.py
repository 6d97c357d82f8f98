"""What members say below the group's own posts: company, not questions; and what the group says back."""

from datetime import timedelta

from collectors.sample.community.activity_hours import is_august, local, rng, soon
from collectors.sample.community.membership import is_away
from collectors.sample.community.own_posts import OwnPost
from collectors.sample.community.people import Circle
from collectors.sample.community.phrases import texts
from collectors.sample.community.post_writer import Conversation
from collectors.sample.world import SamplePost


def chat(seed: int, circle: Circle, own_post: OwnPost) -> list[SamplePost]:
    """The small talk below one of the group's posts (without the post)."""
    post, pool = own_post.post, own_post.answers
    chance = rng(seed, post.key, "chat")
    day = local(post.created_at).date()
    own = circle.own[post.network]
    talk = Conversation(f"{post.key}-c", chance, [post], {post.key: own})
    most = {"night": 5, "monday": 4, "wins": 6, "evening": 3}.get(own_post.kind, 2)
    count = chance.randint(0, max(1, most // 2)) if is_august(day) else chance.randint(most // 3, most)
    people = [one for one in circle.on(post.network) if not is_away(seed, one, day)]
    at = post.created_at
    for person, line in zip(
        chance.sample(people, min(count, len(people))), chance.sample(pool, len(pool)), strict=False
    ):
        at += timedelta(minutes=chance.expovariate(1 / 35) + 1)
        said = talk.say(person, at, line, post)
        if circle.id == "riverside" and chance.random() < 0.13:
            answer = chance.choice(texts("riverside_chat")["reply_by_group"])
            talk.say(own, at + timedelta(minutes=chance.uniform(4, 90)), answer, said)
    return talk.posts[1:]


def quotes(seed: int, circle: Circle, post: SamplePost) -> list[SamplePost]:
    """Now and then a member passes one of the group's posts on with a word, or a question, of their own; which is answered."""
    chance = rng(seed, post.key, "quotes")
    if circle.id != "riverside" or chance.random() > (0.14 if post.network == "bluesky" else 0.05):
        return []
    person = chance.choice(circle.on(post.network))
    at = post.created_at + timedelta(hours=chance.uniform(0.3, 20))
    talk = Conversation(f"{post.key}-q", chance)
    words = texts("talk")
    if chance.random() > 0.2:
        return [talk.begin(person, at, chance.choice(words["quotes"]), quote_of=post.key)]
    row = chance.choice(words["quotes_asking"])
    asked = talk.begin(person, at, row["text"], quote_of=post.key)
    helper = chance.choice([one for one in circle.on(post.network) if one.key != person.key])
    talk.say(helper, soon(at, chance, 20, 300), row["answer"], asked)
    return talk.posts
