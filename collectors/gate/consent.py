"""Who and what may be stored: visibility, scope, consent. Pure, and the only way into the warehouse.

The rules, with tests/collectors/gate/test_consent.py as their table:

* Public and quiet-public only. Followers-only and direct posts are dropped, whoever returned them.
* Only posts by the group or addressed to it: replies, mentions, quotes, the group's own hashtags, and every public reply
  below such a post. What stands *above* a post that merely mentions the group is somebody else's conversation.
* An explicit no makes a post addressed to the group a link-only card. No yes to search does the same to a post found only
  by the group's hashtag; replies, mentions and quotes are mail to the group and are kept.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from collectors.fetch_types import SeenPost
from warehouse.storage.collector_state import HeldPost


class Action(Enum):
    """What may be kept of a post."""

    STORE = "store"
    LINK_ONLY = "link only"  # times, keyed author, verdict, a link that shows no handle; no text, no name
    BARE = "bare"  # an erased person: counted, and nothing more
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Scope:
    """What "addressed to the group" means for one group on one network. Keys are SeenAccount.key."""

    group_id: str
    own_keys: frozenset[str]
    team_keys: frozenset[str]
    hashtags: frozenset[str]  # lower case
    opted_out_keys: frozenset[str] = frozenset()
    erased_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GatedPost:
    """A post that may be kept, with the reasons why the group may hold it (most direct first)."""

    post: SeenPost
    action: Action
    why: tuple[str, ...]
    parent: str | None  # server_post_id of the nearest ancestor that is held or passed; None: unknown or none


_PUBLIC = ("public", "unlisted")


def apply_gate(
    posts: Iterable[SeenPost],
    scope: Scope,
    held_posts: Mapping[str, HeldPost],
    *,
    anchor: str | None = None,
    own_uris: Collection[str] = (),
) -> tuple[list[GatedPost], int]:
    """Judge the posts of one batch, parents before children.

    `held` maps server_post_id → what the warehouse holds. `anchor` is the post whose thread was read: a descendant
    whose parent the server no longer shows hangs from there. `own_uris` are held posts of the group (for quotes).
    Returns the posts that passed, parents first, and how many were dropped.
    """
    by_id = {post.server_post_id: post for post in posts}
    passed: dict[str, GatedPost] = {}
    own_quoted = set(own_uris) | {post.uri for post in by_id.values() if post.author.key in scope.own_keys}
    dropped = 0
    for post in _parents_first(by_id):
        parent = _nearest_kept(post, by_id, passed, held_posts, anchor)
        verdict = _judge_one(post, scope, parent, passed, held_posts, own_quoted)
        if verdict is None:
            dropped += 1
        else:
            passed[post.server_post_id] = GatedPost(post, verdict[0], verdict[1], parent)
    return list(passed.values()), dropped


def _judge_one(
    post: SeenPost,
    scope: Scope,
    parent: str | None,
    passed: Mapping[str, GatedPost],
    held_posts: Mapping[str, HeldPost],
    own_uris: Collection[str],
) -> tuple[Action, tuple[str, ...]] | None:
    if post.visibility not in _PUBLIC:
        return None
    why = _why(post, scope, parent, passed, held_posts, own_uris)
    if not why:
        return None
    key = post.author.key
    if "own" in why:
        return Action.STORE, why
    if key in scope.erased_keys:
        return Action.BARE, why
    if key in scope.opted_out_keys or post.author.is_refusing or post.is_refused:
        return Action.LINK_ONLY, why
    # held as such: her tag was edited out, or is no longer the group's
    is_tagged = why == ("hashtag",) or (why == ("held",) and held_posts[post.server_post_id].is_tagged)
    if is_tagged and not post.author.is_agreeing and key not in scope.team_keys:
        return Action.LINK_ONLY, why
    return Action.STORE, why


def _why(
    post: SeenPost,
    scope: Scope,
    parent: str | None,
    passed: Mapping[str, GatedPost],
    held_posts: Mapping[str, HeldPost],
    own_uris: Collection[str],
) -> tuple[str, ...]:
    if post.author.key in scope.own_keys:
        return ("own",)
    why = []
    if parent is not None and _is_own(parent, passed, held_posts):
        why.append("reply")
    if post.mentioned_keys & scope.own_keys:
        why.append("mention")
    if post.quoted_uri is not None and post.quoted_uri in own_uris:
        why.append("quote")
    if post.tags & scope.hashtags:
        why.append("hashtag")
    if parent is not None and "reply" not in why:
        why.append("thread")
    if not why and post.server_post_id in held_posts:
        why.append("held")  # read again without its surroundings: what made it addressed to the group is on record
    return tuple(why)


def _is_own(parent: str, passed: Mapping[str, GatedPost], held_posts: Mapping[str, HeldPost]) -> bool:
    if parent in passed:
        return "own" in passed[parent].why
    return held_posts[parent].is_own


def _nearest_kept(
    post: SeenPost,
    by_id: Mapping[str, SeenPost],
    passed: Mapping[str, GatedPost],
    held_posts: Mapping[str, HeldPost],
    anchor: str | None,
) -> str | None:
    """The nearest ancestor that is kept. A private reply in between does not cut off what stands below it."""
    if not post.is_reply or post.server_post_id == anchor:
        return None
    walked: set[str] = {post.server_post_id}
    current = post.parent_server_post_id
    while current is not None and current not in walked:
        if current in passed or current in held_posts:
            return current
        walked.add(current)
        above = by_id.get(current)
        current = above.parent_server_post_id if above is not None else None
    # What stands between is no longer shown: the thread that was read, or the root the post itself names.
    known = (name for name in (anchor, post.root_server_post_id) if name in passed or name in held_posts)
    return next(known, None)


def _parents_first(by_id: Mapping[str, SeenPost]) -> list[SeenPost]:
    """Sort so that a post comes after its ancestors. Times cannot be trusted for that: clocks differ between servers."""

    def depth(post: SeenPost) -> int:
        walked: set[str] = set()
        current: SeenPost | None = post
        while current is not None and current.server_post_id not in walked:
            walked.add(current.server_post_id)
            current = by_id.get(current.parent_server_post_id or "")
        return len(walked)

    return sorted(by_id.values(), key=depth)
