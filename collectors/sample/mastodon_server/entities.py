"""A status, an account, an instance as JSON, the way Mastodon 4.5 and its two relatives write them."""

from bisect import bisect_right
from datetime import datetime

from collectors.sample.mastodon_server.entity_parts import Json, account, actor_uri, iso, picture, poll, profile_url
from collectors.sample.mastodon_server.html import html
from collectors.sample.mastodon_server.known_posts import KnownPosts, Status
from collectors.sample.world import SampleAccount, SamplePost
from collectors.sample.world_index import followers_at


class Entities:
    """Writes what one server shows. What never changes about a post is written once."""

    def __init__(self, view: KnownPosts, quote_states: dict[str, str]) -> None:
        self.view = view
        self.quote_states = quote_states
        self._posts: dict[tuple[str, bool], Json] = {}
        self._accounts: dict[str, Json] = {}

    # accounts

    def account(self, one: SampleAccount, now: datetime) -> Json:
        """An Account."""
        known = self._accounts.get(one.key)
        if known is None:
            known = self._accounts[one.key] = self._written(one)
        statuses = self.view.statuses_count(one.key)
        last = bisect_right(statuses.came, now)
        return {
            **known,
            "followers_count": followers_at(one, now),
            "statuses_count": statuses.at(now),
            "last_status_at": statuses.came[last - 1].date().isoformat() if last else None,
        }

    def _written(self, one: SampleAccount) -> Json:
        view = self.view
        return account(one, view.account_ids[one.key], view.index.opened_at(one), is_local=view.is_local(one))

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
                picture(author.home, f"{home_id}{number}", alt) for number, alt in enumerate(post.media_alts)
            ],
            "mentions": [],
            "tags": [
                {"name": tag.lower(), "url": f"https://{self.view.domain}/tags/{tag.lower()}"}
                for tag in dict.fromkeys(post.tags)
            ],
            "emojis": [],
            "card": None,
            "poll": poll(home_id) if post.has_poll else None,
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
