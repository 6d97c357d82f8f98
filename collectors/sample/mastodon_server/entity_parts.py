"""The unchanging parts of what a Mastodon server shows: an account, a picture, a poll, addresses, times."""

from datetime import UTC, datetime
from typing import Any

from collectors.sample.mastodon_server.html import html
from collectors.sample.world import SampleAccount

Json = dict[str, Any]


def iso(at: datetime) -> str:
    """Milliseconds and Z, as Mastodon writes times."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def profile_url(account: SampleAccount) -> str:
    """The address of an account's page at its home server."""
    return f"https://{account.home}/@{account.handle.partition('@')[0]}"


def actor_uri(account: SampleAccount) -> str:
    """The address by which servers know the account."""
    return f"https://{account.home}/users/{account.handle.partition('@')[0]}"


def account(one: SampleAccount, number: str, opened_at: datetime, *, is_local: bool) -> Json:
    """An Account without its counts."""
    name = one.handle.partition("@")[0]
    avatar = f"https://{one.home}/avatars/original/missing.png"
    written: Json = {
        "id": number,
        "username": name,
        "acct": name if is_local else one.handle,
        "display_name": one.name,
        "locked": one.is_locked,
        "bot": one.is_bot,
        "discoverable": one.is_discoverable,
        "indexable": one.is_indexable,
        "group": False,
        "created_at": opened_at.strftime("%Y-%m-%dT00:00:00.000Z"),
        "note": html(one.note, domain=one.home, mentions={}, tags=_profile_tags(one.note)),
        "url": profile_url(one),
        "uri": actor_uri(one),
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": "",
        "header": f"https://{one.home}/headers/original/missing.png",
        "header_static": f"https://{one.home}/headers/original/missing.png",
        "header_description": "",
        "followers_count": 0,
        "following_count": one.following_count,
        "statuses_count": 0,
        "last_status_at": None,
        "hide_collections": None,
        "emojis": [],
        "fields": [],
    }
    if is_local:
        written["noindex"] = one.is_noindex
        written["roles"] = []
    return written


def _profile_tags(note: str) -> frozenset[str]:
    return frozenset(word[1:].lower().rstrip(".,;:!?") for word in note.split() if word.startswith("#"))


def picture(domain: str, number: str, alt: str) -> Json:
    """A media attachment; no alternative text is null."""
    url = f"https://{domain}/media/{number}.jpg"
    return {
        "id": number,
        "type": "image",
        "url": url,
        "preview_url": url,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": {"original": {"width": 1200, "height": 800, "size": "1200x800", "aspect": 1.5}},
        "description": alt or None,
        "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
    }


def poll(home_id: str) -> Json:
    """A poll nobody has voted in."""
    return {
        "id": home_id,
        "expires_at": None,
        "expired": False,
        "multiple": False,
        "votes_count": 0,
        "voters_count": 0,
        "options": [{"title": "Yes", "votes_count": 0}, {"title": "No", "votes_count": 0}],
        "emojis": [],
    }
