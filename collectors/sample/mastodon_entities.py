"""A status, an account, an instance as JSON, the way Mastodon 4.5 and its two relatives write them."""

from bisect import bisect_right
from datetime import UTC, datetime
from typing import Any

from collectors.sample.index import followers_at
from collectors.sample.mastodon_html import html
from collectors.sample.mastodon_view import Status, View
from collectors.sample.world import SampleAccount, SamplePost

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


class Entities:
    """Writes what one server shows. What never changes about a post is written once."""

    def __init__(self, view: View, quote_states: dict[str, str]) -> None:
        self.view = view
        self.quote_states = quote_states
        self._posts: dict[tuple[str, bool], Json] = {}
        self._accounts: dict[str, Json] = {}

    # accounts

    def account(self, account: SampleAccount, now: datetime) -> Json:
        """An Account."""
        known = self._accounts.get(account.key)
        if known is None:
            known = self._accounts[account.key] = self._account(account)
        statuses = self.view.statuses_count(account.key)
        last = bisect_right(statuses.came, now)
        return {
            **known,
            "followers_count": followers_at(account, now),
            "statuses_count": statuses.at(now),
            "last_status_at": statuses.came[last - 1].date().isoformat() if last else None,
        }

    def _account(self, account: SampleAccount) -> Json:
        name = account.handle.partition("@")[0]
        is_local = self.view.is_local(account)
        picture = f"https://{account.home}/avatars/original/missing.png"
        written: Json = {
            "id": self.view.account_ids[account.key],
            "username": name,
            "acct": name if is_local else account.handle,
            "display_name": account.name,
            "locked": account.is_locked,
            "bot": account.is_bot,
            "discoverable": account.is_discoverable,
            "indexable": account.is_indexable,
            "group": False,
            "created_at": self.view.index.opened_at(account).strftime("%Y-%m-%dT00:00:00.000Z"),
            "note": html(account.note, domain=account.home, mentions={}, tags=_profile_tags(account.note)),
            "url": profile_url(account),
            "uri": actor_uri(account),
            "avatar": picture,
            "avatar_static": picture,
            "avatar_description": "",
            "header": f"https://{account.home}/headers/original/missing.png",
            "header_static": f"https://{account.home}/headers/original/missing.png",
            "header_description": "",
            "followers_count": 0,
            "following_count": account.following_count,
            "statuses_count": 0,
            "last_status_at": None,
            "hide_collections": None,
            "emojis": [],
            "fields": [],
        }
        if is_local:
            written["noindex"] = account.is_noindex
            written["roles"] = []
        return written

    # statuses

    def status(self, status: Status, now: datetime, viewer: SampleAccount | None, *, is_quoted: bool = False) -> Json:
        """A Status; a boost carries the original in `reblog`."""
        if status.boosted is not None:
            return self._boost(status, status.boosted, now, viewer)
        post = status.post
        is_edited = post.edited_at is not None and post.edited_at <= now
        static = self._posts.get((post.key, is_edited))
        if static is None:
            static = self._posts[post.key, is_edited] = self._post(status, is_edited)
        parent = self.view.status(post.reply_to, now)
        parent_id, parent_account = self._parent(post, parent, now)
        written = {
            **static,
            "in_reply_to_id": parent_id,
            "in_reply_to_account_id": parent_account,
            "account": self.account(status.author, now),
            "mentions": self._mentions(post),
            **self._counts(post.key, now),
        }
        if viewer is not None:
            likes = self.view.index.reactions_of.get(post.key, ())
            mine = {one.kind for one in likes if one.account == viewer.key and one.at <= now}
            written |= {"favourited": "like" in mine, "reblogged": "boost" in mine, "muted": False, "bookmarked": False}
        if self.view.flavour == "mastodon":
            written["quote"] = self._quote(post, now, viewer, is_quoted=is_quoted)
        return written

    def _counts(self, key: str, now: datetime) -> Json:
        counts = {
            "replies_count": self.view.tally("reply", key).at(now),
            "reblogs_count": self.view.tally("boost", key).at(now),
            "favourites_count": self.view.tally("like", key).at(now),
        }
        if self.view.flavour == "mastodon":
            counts["quotes_count"] = self.view.tally("quote", key).at(now)
        return counts

    def _parent(self, post: SamplePost, parent: Status | None, now: datetime) -> tuple[str | None, str | None]:
        """Replies keep pointing to a parent that was deleted; one that never reached this server has no id."""
        held = parent or self.view.by_key.get(post.reply_to or "")
        if held is None or held.from_at > now:
            return None, None
        return held.id, self.view.account_ids[held.author.key]

    def _mentions(self, post: SamplePost) -> list[Json]:
        accounts = (self.view.index.accounts.get(key) for key in post.mentions)
        return [
            {
                "id": self.view.account_ids[account.key],
                "username": account.handle.partition("@")[0],
                "url": profile_url(account),
                "acct": account.handle.partition("@")[0] if self.view.is_local(account) else account.handle,
            }
            for account in accounts
            if account is not None
        ]

    def _boost(self, status: Status, original: Status, now: datetime, viewer: SampleAccount | None) -> Json:
        written = self.status(original, now, viewer)
        uri = f"{actor_uri(status.author)}/statuses/{status.id}/activity"
        return {
            **written,
            "id": status.id,
            "uri": uri,
            "url": uri,
            "created_at": iso(status.at),
            "edited_at": None,
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "account": self.account(status.author, now),
            "visibility": original.post.visibility,
            "replies_count": 0,
            "reblog": written,
        } | ({"quote": None} if "quote" in written else {})

    def _post(self, status: Status, is_edited: bool) -> Json:
        post, author = status.post, status.author
        home_id = self.view.ids.post(author.home, post.key)
        text = post.edited_text if is_edited and post.edited_text is not None else post.text
        sensitive = post.content_warning is not None or "sensitive" in post.labels
        return {
            "id": status.id,
            "created_at": iso(post.created_at),
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "sensitive": sensitive,
            "spoiler_text": post.content_warning or "",
            "visibility": post.visibility,
            "language": post.language,
            "uri": f"{actor_uri(author)}/statuses/{home_id}",
            "url": f"{profile_url(author)}/{home_id}",
            "edited_at": iso(post.edited_at) if is_edited and post.edited_at else None,
            "content": self._content(post, author, text),
            "reblog": None,
            "application": {"name": "Web", "website": None} if self.view.is_local(author) else None,
            "media_attachments": [
                _picture(author.home, f"{home_id}{number}", alt) for number, alt in enumerate(post.media_alts)
            ],
            "mentions": [],
            "tags": [
                {"name": tag.lower(), "url": f"https://{self.view.domain}/tags/{tag.lower()}"}
                for tag in dict.fromkeys(post.tags)
            ],
            "emojis": [],
            "card": None,
            "poll": _poll(home_id) if post.has_poll else None,
        }

    def _content(self, post: SamplePost, author: SampleAccount, text: str) -> str:
        addresses: dict[str, str] = {}
        for key in post.mentions:
            account = self.view.index.accounts.get(key)
            if account is not None:
                handle = account.handle.lower()
                addresses[f"@{handle}"] = addresses[f"@{handle.partition('@')[0]}"] = profile_url(account)
        tags = frozenset(tag.lower() for tag in post.tags)
        quoted = self.view.index.posts.get(post.quote_of or "")
        address = None
        if quoted is not None:
            owner = self.view.index.accounts[quoted.author]
            address = f"{profile_url(owner)}/{self.view.ids.post(owner.home, quoted.key)}"
        return html(text, domain=author.home, mentions=addresses, tags=tags, quoted=address)

    def _quote(self, post: SamplePost, now: datetime, viewer: SampleAccount | None, *, is_quoted: bool) -> Json | None:
        """The quote and its state; a quote inside a quote is only an id."""
        if post.quote_of is None:
            return None
        held = self.view.by_key.get(post.quote_of)
        quoted = self.view.status(post.quote_of, now)
        state = self.quote_states.get(post.key, "accepted")
        if held is not None and quoted is None and held.from_at <= now:
            state = "deleted"
        elif quoted is None:
            state = "pending"
        elif state == "accepted" and not self.view.is_visible(quoted, viewer):
            state = "unauthorized"
        shown = quoted if state == "accepted" else None
        if is_quoted:
            return {"state": state, "quoted_status_id": shown.id if shown else None}
        return {"state": state, "quoted_status": self.status(shown, now, viewer, is_quoted=True) if shown else None}


def _profile_tags(note: str) -> frozenset[str]:
    return frozenset(word[1:].lower().rstrip(".,;:!?") for word in note.split() if word.startswith("#"))


def _picture(domain: str, number: str, alt: str) -> Json:
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


def _poll(home_id: str) -> Json:
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
