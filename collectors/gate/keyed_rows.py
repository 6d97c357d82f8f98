"""Posts that passed the gate → keyed rows for the warehouse. Pure; from here on nobody's handle stands beside their post."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID
from zoneinfo import ZoneInfo

from collectors.fetch_types import Batch, Quarantined, SeenAccount, SeenPost, Work
from collectors.gate.consent import Action, GatedPost
from warehouse.ingest.store import Rows
from warehouse.requests import Judgement, judge
from warehouse.requests.asides import judge_as_aside
from warehouse.storage import rows
from warehouse.storage.collector_state import HeldPost
from warehouse.storage.keys import keyed

# Imports and bridges claim the original's time: "more than 24 h before indexedAt" stays out of time figures.
_IMPORT_GAP = timedelta(hours=24)
_VERDICTS_AT_MOST = 50_000
_IDS_AT_MOST = 20_000  # a piece of work asks for the id of each of its posts several times
_verdicts: dict[bytes, Judgement] = {}


@lru_cache(maxsize=_IDS_AT_MOST)
def account_id(key: bytes, network: str, account_key: str) -> UUID:
    """The keyed id of an account: `account_key` is SeenAccount.key."""
    return keyed(key, "account", network, account_key)


@lru_cache(maxsize=_IDS_AT_MOST)
def post_id(key: bytes, network: str, uri: str) -> UUID:
    """The keyed id of a post. The uri is the same on every server."""
    return keyed(key, "post", network, uri)


def clamp_future_times(seen: Iterable[SeenPost], now: datetime) -> list[SeenPost]:
    """Posts as read at `now`, none of them later: a server passes on whatever its writer's clock claimed."""
    return [post if post.created_at <= now else replace(post, created_at=now) for post in seen]


def post_rows(
    passed: Iterable[GatedPost],
    held_posts: Mapping[str, HeldPost],
    *,
    key: bytes,
    group_id: str,
    zone: ZoneInfo,
    team_keys: frozenset[str],
    now: datetime,
) -> Rows:
    """Rows for the posts of one batch (parents first, as the gate hands them over)."""
    out = Rows()
    placed: dict[str, tuple[UUID, UUID]] = {}  # server_post_id → post_id, root_id of this batch
    people: dict[tuple[UUID, bool], SeenAccount] = {}  # whose account row is written: the same few come again and again
    for one in passed:
        post = one.post
        row_id = post_id(key, post.network, post.uri)
        parent, root = _place(one, row_id, held_posts, placed)
        placed[post.server_post_id] = (row_id, root)
        author = account_id(key, post.network, post.author.key)
        is_named = one.action is Action.STORE
        if people.get((author, is_named)) is not post.author:
            people[author, is_named] = post.author
            out.accounts.append(account_row(post.author, author, is_named, now))
        out.posts.append(_post(one, row_id, author, parent, root, key, now))
        if one.action is not Action.BARE:
            out.post_addresses.append(_address(one, row_id))
        if is_named:
            out.post_texts.append(rows.PostText(row_id, post.created_at, post.text, post.content_warning))
            out.post_tags.extend(rows.PostTag(row_id, post.created_at, tag) for tag in sorted(post.tags))
        local = post.created_at.astimezone(zone)
        out.post_scope.extend(
            rows.PostScope(group_id, row_id, why, post.created_at, local.date(), local.hour, local.isoweekday())
            for why in one.why
            if why != "held"
        )
        if is_named or "own" in one.why:
            out.observations.append(_observation(post, row_id, now))
        if "own" in one.why or post.author.key in team_keys:
            continue
        out.verdicts.append(_verdict(one, row_id, is_aside=_is_aside(one, held_posts)))
        if one.why != ("held",):
            out.first_contacts.append(rows.FirstContact(group_id, author, row_id, post.created_at))
        if "reply" in one.why and parent is not None:
            out.interactions.append(rows.Interaction(parent, author, "reply", post.created_at))
    return out


def thread_rows(batch: Batch, work: Work, held_posts: Mapping[str, HeldPost], now: datetime) -> Rows:
    """What was read of each conversation, for posts that are held."""
    out = Rows()
    for seen in batch.threads:
        one = held_posts.get(seen.server_post_id)
        if one is not None:
            out.thread_reads.append(
                rows.ThreadRead(
                    one.post_id, one.root_id, one.created_at, work.server, now, True, None, now,
                    seen.replies_reported, seen.replies_fetched,
                )
            )  # fmt: skip
    return out


def interaction_rows(batch: Batch, work: Work, known: Mapping[str, HeldPost], *, key: bytes, now: datetime) -> Rows:
    """Who boosted or quoted a post of the group, as keyed hashes. Whose followers they are is not kept."""
    out = Rows()
    for seen in batch.interactions:
        if seen.server_post_id in known:
            who = account_id(key, work.network, seen.account_key)
            out.interactions.append(rows.Interaction(known[seen.server_post_id].post_id, who, seen.kind, now))
    return out


def quarantine_rows(items: Iterable[Quarantined], source_id: str, *, key: bytes, now: datetime) -> Rows:
    """Items that could not be read. Their ids can contain handles, so they are hashed too."""
    return Rows(
        quarantine=[rows.Quarantine(source_id, keyed(key, "item", one.item_id), one.reason, now, now) for one in items]
    )


def account_row(seen: SeenAccount, row_id: UUID, is_named: bool, now: datetime) -> rows.Account:
    """An account row; without handle and address for somebody who prefers not to be copied."""
    return rows.Account(
        account_id=row_id,
        network=seen.network,
        handle=seen.handle if is_named else None,
        address=seen.address if is_named else None,
        is_bot=seen.is_bot,
        is_refusing=seen.is_refusing,
        is_agreeing=seen.is_agreeing,
        first_seen_at=now,
        last_seen_at=now,
    )


def _place(
    one: GatedPost, row_id: UUID, held_posts: Mapping[str, HeldPost], placed: Mapping[str, tuple[UUID, UUID]]
) -> tuple[UUID | None, UUID]:
    """parent_id and root_id: nearest and topmost held post of the conversation."""
    known = held_posts.get(one.post.server_post_id)
    if one.parent is None:
        return (known.parent_id, known.root_id) if known is not None else (None, row_id)
    parent, root = (
        placed[one.parent] if one.parent in placed else (held_posts[one.parent].post_id, held_posts[one.parent].root_id)
    )
    if known is not None and known.parent_id is not None and one.parent != one.post.parent_server_post_id:
        # What it answers is not shown any more, taken down perhaps: it stays where it was seen to stand.
        return known.parent_id, root
    return parent, root


def _post(
    one: GatedPost, row_id: UUID, author: UUID, parent: UUID | None, root: UUID, key: bytes, now: datetime
) -> rows.Post:
    post, is_named = one.post, one.action is Action.STORE
    is_imported = post.indexed_at is not None and post.indexed_at - post.created_at > _IMPORT_GAP
    return rows.Post(
        post_id=row_id,
        network=post.network,
        author_id=author,
        created_at=post.created_at,
        indexed_at=post.indexed_at,
        first_seen_at=now,
        edited_at=post.edited_at,
        deleted_at=None,
        verified_at=now,
        language=post.language if is_named else None,
        is_reply=post.is_reply,
        parent_id=parent,
        root_id=root,
        quoted_id=post_id(key, post.network, post.quoted_uri) if post.quoted_uri and is_named else None,
        has_content_warning=bool(post.content_warning) and is_named,
        has_poll=post.has_poll and is_named,
        media_count=post.media_count if is_named else 0,
        alt_text_count=post.alt_text_count if is_named else 0,
        is_link_only=not is_named,
        is_hidden=post.is_hidden,
        is_imported=is_imported,
    )


def _address(one: GatedPost, row_id: UUID) -> rows.PostAddress:
    post = one.post
    is_named = one.action is Action.STORE
    return rows.PostAddress(
        post_id=row_id,
        created_at=post.created_at,
        network=post.network,
        server=post.server,
        server_post_id=post.server_post_id,
        uri=post.uri if is_named else None,
        link=post.link if is_named else post.handle_free_link,
    )


def _observation(post: SeenPost, row_id: UUID, now: datetime) -> rows.Observation:
    return rows.Observation(
        post_id=row_id,
        server=post.server,
        observed_at=now,
        replies_count=post.replies_count,
        boosts_count=post.boosts_count,
        likes_count=post.likes_count,
        quotes_count=post.quotes_count,
        boosters_followers_count=None,
        is_boosters_partial=False,
    )


def _judged(post: SeenPost) -> Judgement:
    """The rules' verdict, remembered by a digest of the words: most posts of a cycle were read before. No words are kept."""
    judged_text = "\x1f".join((post.text, post.language or "", post.content_warning or ""))
    digest = blake2b(judged_text.encode(errors="surrogatepass"), digest_size=16).digest()
    if digest not in _verdicts:
        if len(_verdicts) >= _VERDICTS_AT_MOST:
            _verdicts.clear()
        _verdicts[digest] = judge(post.text, post.language, post.content_warning)
    return _verdicts[digest]


def _is_aside(one: GatedPost, held_posts: Mapping[str, HeldPost]) -> bool:
    """Is it only here because it stands in a conversation, as a reply to somebody other than the group?"""
    if one.why == ("held",):
        return held_posts[one.post.server_post_id].is_aside
    return one.why == ("thread",)


def _verdict(one: GatedPost, row_id: UUID, *, is_aside: bool) -> rows.Verdict:
    """What the rules said; of a card the verdict alone, not what it was made of."""
    post, is_named = one.post, one.action is Action.STORE
    judgement = _judged(post)
    if is_aside:
        judgement = judge_as_aside(judgement)
    return rows.Verdict(
        post_id=row_id,
        created_at=post.created_at,
        detector_version=judgement.detector_version,
        language=judgement.language if is_named else None,
        is_checked=judgement.is_checked,
        score=judgement.score,
        is_queue=judgement.is_queue,
        is_count=judgement.is_count,
        is_thanks=judgement.is_thanks,
        rule_ids=tuple(dict.fromkeys(fired.rule_id for fired in judgement.fired)) if is_named else (),
        support_asked=judgement.support_asked if is_named else None,
        support_given=judgement.support_given if is_named else None,
    )
