"""Likes and boosts: most in the first hours, a few for days."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random

from collectors.sample.community.activity_hours import is_august, local, rng
from collectors.sample.community.people import Person
from collectors.sample.world import SamplePost, SampleReaction

# who wrote it → (likes from–to, boosts from–to)
_RANGES = {
    "own": ((7, 24), (1, 6)),
    "small own": ((3, 10), (0, 2)),
    "ask": ((1, 7), (0, 1)),
    "reply": ((0, 4), (0, 0)),
    "around": ((0, 5), (0, 1)),
}


def reactions(
    seed: int, post: SamplePost, kind: str, pool: Mapping[str, tuple[Person, ...]]
) -> Iterator[SampleReaction]:
    """What a post gets, from its network's people; nothing where only some may read."""
    if post.visibility not in ("public", "unlisted"):
        return
    chance = rng(seed, post.key, "reactions")
    likes, boosts = _RANGES[kind]
    people = pool[post.network]
    scale = 0.6 if is_august(local(post.created_at).date()) else 1.0
    if post.media_alts:
        scale *= 1.5
    for action, (least, most) in (("like", likes), ("boost", boosts)):
        count = min(round(chance.triangular(least, most, least + (most - least) / 3) * scale), len(people))
        for person in chance.sample(people, count):
            if person.key != post.author:
                yield _one(post, person, action, chance)


def _one(post: SamplePost, person: Person, action: str, chance: Random) -> SampleReaction:
    """Half of all reactions come within an hour and a half; a tenth after a day."""
    hours = chance.expovariate(1 / 1.6) if chance.random() < 0.65 else chance.expovariate(1 / 14)
    at = (post.indexed_at or post.created_at) + timedelta(seconds=20 + int(hours * 3600))
    undone_at = at + timedelta(hours=chance.uniform(0.1, 30)) if chance.random() < 0.01 else None
    return SampleReaction(post.key, person.key, "like" if action == "like" else "boost", at, undone_at)
