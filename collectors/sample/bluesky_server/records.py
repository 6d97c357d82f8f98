"""A post as the record its author's client wrote: text, facets with UTF-8 byte offsets, reply and quote references."""

import re
from typing import Any

from collectors.sample.bluesky_server.ids import POST, cid, iso
from collectors.sample.world import SampleAccount, SamplePost

Json = dict[str, Any]
FACET = "app.bsky.richtext.facet"
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
SELF_LABELS = frozenset(("porn", "sexual", "nudity", "graphic-media", "bot", "!no-unauthenticated"))


def facets(text: str, mentions: dict[str, str], tags: tuple[str, ...]) -> list[Json]:
    """Facets of a text. `mentions`: handle → DID. Only what really stands in the text becomes one."""
    found = [
        (*place.span(), {"$type": f"{FACET}#mention", "did": did})
        for handle, did in mentions.items()
        for place in re.finditer(rf"@{re.escape(handle)}(?![\w-])", text, re.IGNORECASE)
    ]
    found += [
        (*place.span(), {"$type": f"{FACET}#tag", "tag": tag})
        for tag in dict.fromkeys(tags)
        for place in re.finditer(rf"#{re.escape(tag)}(?!\w)", text)
    ]
    found += [(*place.span(), {"$type": f"{FACET}#link", "uri": place.group()}) for place in LINK.finditer(text)]
    return [
        {
            "$type": FACET,
            "index": {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())},
            "features": [feature],
        }
        for start, end, feature in sorted(found, key=lambda one: one[:2])
    ]


def pictures(post: SamplePost) -> Json | None:
    """The record's embed of its pictures."""
    if not post.media_alts:
        return None
    images = [
        {
            "alt": alt,
            "aspectRatio": {"width": 1200, "height": 800},
            "image": {
                "$type": "blob",
                "ref": {"$link": cid(f"picture {post.key} {number}")},
                "mimeType": "image/jpeg",
                "size": 54321,
            },
        }
        for number, alt in enumerate(post.media_alts)
    ]
    return {"$type": "app.bsky.embed.images", "images": images}


def record(
    post: SamplePost, text: str, accounts: dict[str, SampleAccount], reply: Json | None, quoted: Json | None
) -> Json:
    """The record. `reply` and `quoted` are strong references (uri and cid)."""
    mentions = {accounts[key].handle: key for key in post.mentions if key in accounts}
    written: Json = {"$type": POST, "text": text, "createdAt": iso(post.created_at)}
    if post.language:
        written["langs"] = [post.language]
    marked = facets(text, mentions, post.tags)
    if marked:
        written["facets"] = marked
    unseen = [tag for tag in post.tags if f"#{tag}" not in text]
    if unseen:
        written["tags"] = unseen
    if reply is not None:
        written["reply"] = reply
    media = pictures(post)
    quote = {"$type": "app.bsky.embed.record", "record": quoted} if quoted else None
    if media and quote:
        written["embed"] = {"$type": "app.bsky.embed.recordWithMedia", "record": quote, "media": media}
    elif media or quote:
        written["embed"] = media or quote
    own = [{"val": label} for label in post.labels if label in SELF_LABELS]
    if own:
        written["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": own}
    return written
