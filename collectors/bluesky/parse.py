"""Raw JSON of Bluesky's AppView → SeenPost and SeenAccount. Pure; every item is judged alone.

The SDK's models raise for a whole page when one required field of one post is bad, so nothing here uses them. Whatever
JSON comes in, each function returns a value or raises Unreadable, never anything else.
Fields: the lexicons app.bsky.feed.defs, app.bsky.actor.defs, app.bsky.feed.post, com.atproto.label.defs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors import text_folding
from collectors.bluesky.timestamps import read_created, read_indexed, read_time
from collectors.fetch_types import Quarantined, SeenAccount, SeenPost

POST = "app.bsky.feed.post"
NOT_SHOWN_TO_ALL = "!no-unauthenticated"  # Bluesky's own switch, of an account or of one post
SERVER = "bluesky"

# Labels that fold a post, in words for the page.
_WARNINGS: Mapping[str, str] = {
    "!warn": "marked as sensitive",
    "porn": "adult content",
    "sexual": "sexual content",
    "nudity": "nudity",
    "graphic-media": "graphic images",
}
_NOBODY: frozenset[str] = frozenset()


Authors = dict[str, tuple[Any, SeenAccount]]  # DID → the JSON and what was read from it


class Unreadable(ValueError):
    """An item that cannot be used. The message is a reason without any of its content."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What reading depends on besides the JSON: where posts are shown to people, and the time (labels expire)."""

    web: str
    now: datetime


def read_posts(
    views: Iterable[Any], frame: Frame, hidden: frozenset[str] = _NOBODY
) -> tuple[list[SeenPost], list[Quarantined]]:
    """Read what can be read; name what cannot. `hidden` are uris that the thread's owner hid."""
    seen, bad = [], []
    authors: Authors = {}
    for view in views:
        try:
            seen.append(read_post(view, frame, hidden, authors))
        except Unreadable as error:
            bad.append(Quarantined(item_id(view), str(error)))
    return seen, bad


def read_post(view: Any, frame: Frame, hidden: frozenset[str] = _NOBODY, authors: Authors | None = None) -> SeenPost:
    """One postView. `authors` remembers the accounts of a page, where the same few come again and again."""
    if type(view) is not dict:
        raise Unreadable("not a post")
    uri, did, rkey = post_uri(view.get("uri"))
    author, record = view.get("author"), view.get("record")
    if type(record) is not dict or record.get("$type", POST) != POST:
        raise Unreadable("no post record")
    text = record.get("text")
    if type(text) is not str:
        raise Unreadable("no text field")
    known = authors.get(did) if authors is not None else None
    if known is not None and known[0] == author:
        who = known[1]
    else:
        who = read_account(author, frame)
        if authors is not None:
            authors[did] = (author, who)
    if who.key != did:
        raise Unreadable("the author is not the owner of the address")
    indexed_at = read_time(view.get("indexedAt"))
    if indexed_at is None:
        raise Unreadable("no indexing time")
    reply = record.get("reply")
    parent, root = (reply.get("parent"), reply.get("root")) if type(reply) is dict else (None, None)
    mentioned, tags = read_facets(record)
    labels = read_labels(view.get("labels"), frame.now)
    embed = record.get("embed")
    media, alts, quoted = read_embed(embed) if embed is not None else (0, 0, None)
    if quoted is not None and is_detached(view.get("embed")):
        quoted = None
    return SeenPost(
        network="bluesky",
        server=SERVER,
        uri=uri,
        server_post_id=uri,
        link=f"{who.url}/post/{rkey}",
        handle_free_link=f"{frame.web}/profile/{did}/post/{rkey}",
        author=who,
        created_at=read_created(record.get("createdAt"), indexed_at),
        indexed_at=read_indexed(indexed_at, rkey, frame.now),
        edited_at=None,  # Bluesky states no time of an edit; what changed shows when the text differs from the held one
        visibility="public",
        language=read_language(record.get("langs")),
        text=clean(text),
        content_warning=", ".join(_WARNINGS[label] for label in _WARNINGS if label in labels) or None
        if labels
        else None,
        is_reply=type(reply) is dict,
        parent_server_post_id=strong_ref(parent),
        root_server_post_id=strong_ref(root),
        quoted_uri=quoted,
        mentioned_keys=mentioned,
        tags=tags,
        has_poll=False,
        media_count=media,
        alt_text_count=alts,
        replies_count=read_count(view, "replyCount") or 0,
        boosts_count=read_count(view, "repostCount") or 0,
        likes_count=read_count(view, "likeCount") or 0,
        quotes_count=read_count(view, "quoteCount"),
        is_hidden=uri in hidden or "!hide" in labels,
        is_refused=NOT_SHOWN_TO_ALL in labels or NOT_SHOWN_TO_ALL in _self_labels(record),
    )


def read_account(view: Any, frame: Frame) -> SeenAccount:
    """One profileView, basic, plain or detailed; counts only from a detailed one."""
    if type(view) is not dict:
        raise Unreadable("no author")
    did, handle = view.get("did"), view.get("handle")
    if type(did) is not str or not did.startswith("did:"):
        raise Unreadable("an account without a DID")
    if type(handle) is not str or not handle:
        raise Unreadable("an account without a handle")
    labels, name = read_labels(view.get("labels"), frame.now), view.get("displayName")
    profile_texts = (one for one in (name, view.get("description")) if type(one) is str)
    is_refusing = NOT_SHOWN_TO_ALL in labels or any(text_folding.has_refusal_tag(one) for one in profile_texts)
    return SeenAccount(
        network="bluesky",
        key=did,
        handle=clean(handle),
        address=did,
        # handle.invalid: the network could not verify the handle, so only the DID leads there
        url=f"{frame.web}/profile/{did if handle == 'handle.invalid' else clean(handle)}",
        is_bot="bot" in labels,
        is_refusing=is_refusing,
        is_agreeing=not is_refusing,
        followers_count=read_count(view, "followersCount"),
        following_count=read_count(view, "followsCount"),
        posts_count=read_count(view, "postsCount"),
        name=clean(name) if type(name) is str else "",
    )


def read_labels(labels: Any, now: datetime) -> frozenset[str]:
    """The labels in force: not taken back by the same labeller (neg), not expired (exp)."""
    if type(labels) is not list or not labels:
        return _NOBODY
    given: dict[tuple[str, str], bool] = {}
    for label in labels:
        if type(label) is not dict or type(label.get("val")) is not str:
            continue
        expires_at = read_time(label.get("exp"))
        is_on = label.get("neg") is not True and (expires_at is None or expires_at > now)
        # Labels are listed as given; a later word of the same labeller on the same thing stands.
        given[str(label.get("src")), label["val"]] = is_on
    return frozenset(value for (_, value), is_on in given.items() if is_on)


def _self_labels(record: Mapping[str, Any]) -> frozenset[str]:
    """Labels that the author put into the post itself (com.atproto.label.defs#selfLabels)."""
    own = record.get("labels")
    values = own.get("values") if type(own) is dict else None
    found = (label.get("val") for label in values if type(label) is dict) if type(values) is list else ()
    return frozenset(value for value in found if type(value) is str)


def read_facets(record: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Who is mentioned (DIDs) and which tags there are (lower case). A plain-text @handle is no mention.

    Facets name what they mean themselves, so their offsets (UTF-8 bytes) are not needed here.
    """
    facets, outer = record.get("facets"), record.get("tags")
    if not facets and not outer:
        return _NOBODY, _NOBODY
    mentioned, tags = set(), set()
    for facet in facets if type(facets) is list else ():
        features = facet.get("features") if type(facet) is dict else None
        for feature in features if type(features) is list else ():
            if type(feature) is not dict:
                continue
            did, tag = feature.get("did"), feature.get("tag")
            if feature.get("$type") == "app.bsky.richtext.facet#mention" and type(did) is str:
                mentioned.add(clean(did))
            elif feature.get("$type") == "app.bsky.richtext.facet#tag" and type(tag) is str:
                tags.add(_tag(tag))
    tags.update(_tag(tag) for tag in (outer if type(outer) is list else ()) if type(tag) is str)
    tags.discard("")
    return frozenset(mentioned), frozenset(tags)


def read_embed(embed: Any) -> tuple[int, int, str | None]:
    """How many pictures and videos, how many of them described, and the uri of the post that is quoted."""
    if type(embed) is not dict:
        return 0, 0, None
    kind = embed.get("$type")
    if kind == "app.bsky.embed.recordWithMedia":
        media, alts, _ = read_embed(embed.get("media")) if _is_media(embed.get("media")) else (0, 0, None)
        inner = embed.get("record")
        return media, alts, _quoted(inner.get("record")) if type(inner) is dict else None
    if kind == "app.bsky.embed.record":
        return 0, 0, _quoted(embed.get("record"))
    if kind == "app.bsky.embed.images":
        images = embed.get("images")
        shown = [image for image in images if type(image) is dict] if type(images) is list else []
        return len(shown), sum(_is_described(image) for image in shown), None
    if kind == "app.bsky.embed.video":
        return 1, int(_is_described(embed)), None
    return 0, 0, None


def is_detached(view: Any) -> bool:
    """Whether the quoted post's author has taken it out of this quote (embed view)."""
    inner = view.get("record") if type(view) is dict else None
    if type(inner) is dict and view.get("$type") == "app.bsky.embed.recordWithMedia#view":
        inner = inner.get("record")
    return type(inner) is dict and inner.get("$type") == "app.bsky.embed.record#viewDetached"


def read_count(view: Mapping[str, Any], name: str) -> int | None:
    """A count, or None when it is not told."""
    count = view.get(name)
    if count is None or (type(count) is int and 0 <= count < 2**31):
        return count
    raise Unreadable(f"{name} is not a count")


def read_language(langs: Any) -> str | None:
    """The first language the author named, without region: "pt" of "pt-BR"."""
    first = langs[0] if type(langs) is list and langs else None
    if type(first) is not str:
        return None
    code = first.partition("-")[0].lower()
    return code if code.isascii() and code.isalpha() and 2 <= len(code) <= 3 else None


def post_uri(uri: Any) -> tuple[str, str, str]:
    """A post's at:// uri, checked, with its DID and record key."""
    if type(uri) is not str or not uri.startswith("at://did:"):
        raise Unreadable("no at:// address")
    parts = uri.split("/")
    if len(parts) != 5 or parts[3] != POST or not parts[4] or not uri.isprintable():
        raise Unreadable("not the address of a post")
    return uri, parts[2], parts[4]


def strong_ref(reference: Any) -> str | None:
    """The uri of a com.atproto.repo.strongRef."""
    uri = reference.get("uri") if type(reference) is dict else None
    return clean(uri) if type(uri) is str else None


def item_id(view: Any) -> str:
    """What names an item that could not be read; it is hashed before it is stored."""
    uri = view.get("uri") if type(view) is dict else None
    return clean(uri) if type(uri) is str and uri else "unknown"


def clean(text: str) -> str:
    """Text that every store can hold: no NUL, no half of a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _tag(tag: str) -> str:
    return text_folding.fold_tag(clean(tag))


def _is_media(embed: Any) -> bool:
    return type(embed) is dict and embed.get("$type") in ("app.bsky.embed.images", "app.bsky.embed.video")


def _is_described(media: Mapping[str, Any]) -> bool:
    alt = media.get("alt")
    return type(alt) is str and bool(alt.strip())


def _quoted(reference: Any) -> str | None:
    uri = strong_ref(reference)
    return uri if uri is not None and f"/{POST}/" in uri else None  # feeds, lists and packs are embedded the same way
