"""What a Mastodon-API server says, in JSON → SeenPost and SeenAccount. Pure; every item is checked on its own.

Whatever a server sends, `read_page` returns: an item that cannot be read is quarantined, never the page. Followers-only
and direct posts are counted by their visibility before anything else of them is read, also inside boosts and quotes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from collectors import text_folding
from collectors.fetch_types import Quarantined, SeenAccount, SeenPost
from collectors.mastodon.html_text import UnreadableHtml, html_text

_PUBLIC = ("public", "unlisted")
_ACCT = re.compile(r"[^\s@/]{1,200}(@[^\s@/]{1,255})?")
_CAN_BE_TAGGED = re.compile("[#&\N{FULLWIDTH NUMBER SIGN}\N{SMALL NUMBER SIGN}]")
_LARGEST_COUNT = 2**53


class Unreadable(ValueError):
    """An item that is not what it should be. The message names the field, never what it held."""


@dataclass(slots=True)
class Reading:
    """Where items are read from. Accounts come with every post, so each is read once."""

    server: str  # as in the settings
    domain: str  # what completes a local account's handle; not always the host asked
    web: str | None = None  # where /statuses/<id> shows a post without a handle in the address; None: nowhere
    accounts: dict[str, SeenAccount] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """The items of one answer. `ids` are the posts read, in the server's order."""

    posts: list[SeenPost] = field(default_factory=list)
    private_ids: list[str] = field(default_factory=list)
    private_count: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)


def read_page(items: Iterable[Any], reading: Reading) -> Page:
    """Read a list of statuses. Boosts are left out: what they point at belongs to somebody else's post."""
    page = Page()
    for item in items:
        try:
            _read_into(page, item, reading)
        except (Unreadable, UnreadableHtml) as error:
            page.quarantined.append(Quarantined(_item_id(item), str(error)))
    return page


def _read_into(page: Page, item: Any, reading: Reading) -> None:
    visibility = _visibility(item)
    page.private_count += _private_inside(item)
    if visibility not in _PUBLIC:
        page.private_count += 1
        page.private_ids.append(_item_id(item))
    elif item.get("reblog") is None:
        page.posts.append(read_post(item, reading))


def read_post(raw: dict[str, Any], reading: Reading) -> SeenPost:
    """One public or quiet-public status. Raises Unreadable (UnreadableHtml for its text)."""
    visibility = _visibility(raw)
    if visibility not in _PUBLIC:
        raise Unreadable("not public")
    post_id = _text(raw, "id")
    parent = raw.get("in_reply_to_id")
    media = _items(raw, "media_attachments")
    return SeenPost(
        network="mastodon",
        server=reading.server,
        uri=_text(raw, "uri"),
        server_post_id=post_id,
        link=_web(raw.get("url")),
        handle_free_link=f"{reading.web}/statuses/{post_id}" if reading.web and post_id.isdigit() else None,
        author=_author(raw.get("account"), reading),
        created_at=_time(raw.get("created_at"), "created_at"),
        indexed_at=None,
        edited_at=None if raw.get("edited_at") is None else _time(raw["edited_at"], "edited_at"),
        visibility="public" if visibility == "public" else "unlisted",
        language=_clean(raw["language"]) if isinstance(raw.get("language"), str) and raw["language"] else None,
        text=_clean(html_text(_html(raw))),
        content_warning=_warning(raw),
        is_reply=parent is not None or raw.get("in_reply_to_account_id") is not None,
        parent_server_post_id=parent if isinstance(parent, str) and parent else None,
        quoted_uri=_quoted_uri(raw.get("quote")),
        mentioned_keys=_mentions(raw, reading.domain),
        tags=frozenset(
            text_folding.fold_tag(_clean(tag["name"]))
            for tag in _items(raw, "tags")
            if isinstance(tag.get("name"), str)
        ),
        has_poll=raw.get("poll") is not None,
        media_count=len(media),
        alt_text_count=sum(1 for one in media if isinstance(one.get("description"), str) and one["description"]),
        replies_count=_count(raw, "replies_count"),
        boosts_count=_count(raw, "reblogs_count"),
        likes_count=_count(raw, "favourites_count"),
        quotes_count=None if raw.get("quotes_count") is None else _count(raw, "quotes_count"),
    )


def read_account(raw: Any, domain: str) -> SeenAccount:
    """One account. Raises Unreadable. Hidden follower counts (-1) become None."""
    if not isinstance(raw, dict):
        raise Unreadable("the account is missing")
    account_id = _text(raw, "id", "account.id")
    handle = full_handle(raw.get("acct"), domain)
    if handle is None:
        raise Unreadable("account.acct is not a handle")
    return SeenAccount(
        network="mastodon",
        key=handle.lower(),
        handle=handle,
        address=_web(raw.get("uri")),
        url=_web(raw.get("url")),
        is_bot=raw.get("bot") is True,
        is_refusing=raw.get("noindex") is True or _says_no(raw),
        is_no_told="noindex" in raw or "@" not in raw["acct"],
        is_agreeing=raw.get("indexable") is True and raw.get("discoverable") is True,
        followers_count=_count_or_none(raw.get("followers_count")),
        following_count=_count_or_none(raw.get("following_count")),
        posts_count=_count_or_none(raw.get("statuses_count")),
        server_account_id=account_id,
        name=_clean(raw["display_name"]) if isinstance(raw.get("display_name"), str) else "",
    )


def full_handle(acct: Any, domain: str) -> str | None:
    """`user@host` of an `acct`, which lacks the host for the server's own accounts; None when it is no handle."""
    if not isinstance(acct, str):
        return None
    acct = acct.removeprefix("@")
    if not _ACCT.fullmatch(acct) or _clean(acct) != acct:
        return None
    return acct if "@" in acct else f"{acct}@{domain}"


def _author(raw: Any, reading: Reading) -> SeenAccount:
    known = reading.accounts.get(raw["id"]) if isinstance(raw, dict) and isinstance(raw.get("id"), str) else None
    if known is None:
        known = read_account(raw, reading.domain)
        reading.accounts[raw["id"]] = known
    return known


def _says_no(raw: dict[str, Any]) -> bool:
    """#nobot, #nobots or #noindex in the name, the profile's text or its fields. Markup may stand between '#' and the word."""
    name = raw.get("display_name")
    if isinstance(name, str) and text_folding.has_refusal_tag(name):
        return True
    written = [raw.get("note"), *(one.get(part) for one in _items(raw, "fields") for part in ("name", "value"))]
    for html in written:
        if not isinstance(html, str) or not _CAN_BE_TAGGED.search(html):
            continue  # no hashtag can be in it: profiles come with every post, and most have none
        try:
            if text_folding.has_refusal_tag(html_text(html)) or text_folding.has_refusal_tag(
                html
            ):  # broken markup hides words from a parser
                return True
        except UnreadableHtml:
            return True  # a profile that cannot be read is not a yes
    return False


def _visibility(item: Any) -> str:
    if not isinstance(item, dict):
        raise Unreadable("not a post")
    visibility = item.get("visibility")
    if not isinstance(visibility, str) or not visibility:
        raise Unreadable("visibility is missing")
    return visibility


def _private_inside(item: dict[str, Any]) -> int:
    """How many private posts a boost or a quote carries along. They are counted, never read."""
    inside = [item.get("reblog"), _quoted(item.get("quote"))]
    if isinstance(inside[0], dict):
        inside.append(_quoted(inside[0].get("quote")))
    return sum(1 for one in inside if isinstance(one, dict) and one.get("visibility") not in _PUBLIC)


def _quoted(quote: Any) -> Any:
    return quote.get("quoted_status") if isinstance(quote, dict) else None


def _quoted_uri(quote: Any) -> str | None:
    """The uri of a quoted public post whose author accepted the quote; an unknown state counts as not accepted."""
    quoted = _quoted(quote)
    if not isinstance(quoted, dict) or quote.get("state") != "accepted" or quoted.get("visibility") not in _PUBLIC:
        return None
    uri = quoted.get("uri")
    return uri if isinstance(uri, str) and uri and _clean(uri) == uri else None


def _mentions(raw: dict[str, Any], domain: str) -> frozenset[str]:
    handles = (full_handle(mention.get("acct"), domain) for mention in _items(raw, "mentions"))
    return frozenset(handle.lower() for handle in handles if handle is not None)


def _html(raw: dict[str, Any]) -> str:
    content = raw.get("content")
    if content is None:
        return ""
    if not isinstance(content, str):
        raise Unreadable("content is not text")
    return content


def _warning(raw: dict[str, Any]) -> str | None:
    warning = raw.get("spoiler_text")
    if warning is None or warning == "":
        return None
    if not isinstance(warning, str):
        raise Unreadable("spoiler_text is not text")
    return _clean(warning)


def _items(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = raw.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(raw: dict[str, Any], name: str, label: str | None = None) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value or _clean(value) != value:
        raise Unreadable(f"{label or name} is missing")
    return value


def _time(value: Any, name: str) -> datetime:
    """A time in UTC. Servers write odd zones; one without a zone is meant as UTC."""
    try:
        time = datetime.fromisoformat(value)
        time = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        if not 1970 <= time.year <= 2200:
            raise ValueError
        return time
    except (TypeError, ValueError, OverflowError):
        raise Unreadable(f"{name} is not a time") from None


def _count(raw: dict[str, Any], name: str) -> int:
    count = _count_or_none(raw.get(name))
    if count is None:
        raise Unreadable(f"{name} is not a count")
    return count


def _count_or_none(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_COUNT
    return value if is_count else None


def _web(value: Any) -> str | None:
    """An address that is safe to put into a link."""
    is_web = isinstance(value, str) and value.startswith(("https://", "http://")) and _clean(value) == value
    return value if is_web else None


def _clean(text: str) -> str:
    """Without half characters and NULs, which no database takes."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _item_id(item: Any) -> str:
    found = item.get("id") if isinstance(item, dict) else None
    return _clean(found)[:200] if isinstance(found, str) and found else "without an id"
