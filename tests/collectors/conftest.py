"""What a network might show, in short: posts and accounts for the tests of the collectors' pure parts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.fetch_types import SeenAccount, SeenPost

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def an_account(name: str = "ann", **changes: Any) -> SeenAccount:
    """A Mastodon account on carers.example that has not said yes to search (the default there)."""
    values = {
        "network": "mastodon",
        "key": f"{name}@carers.example",
        "handle": f"{name}@carers.example",
        "address": f"https://carers.example/users/{name}",
        "url": f"https://carers.example/@{name}",
    }
    return SeenAccount(**{**values, **changes})  # type: ignore[arg-type]


def a_post(number: int | str, author: SeenAccount | None = None, **changes: Any) -> SeenPost:
    """A public post; `parent` is short for a reply to that number."""
    author = author or an_account()
    parent = changes.pop("parent", None)
    values = {
        "network": "mastodon",
        "server": "carers.example",
        "uri": f"https://carers.example/posts/{number}",
        "server_post_id": str(number),
        "link": f"https://carers.example/@{author.handle}/{number}",
        "handle_free_link": f"https://carers.example/statuses/{number}",
        "author": author,
        "created_at": NOON,
        "indexed_at": None,
        "edited_at": None,
        "visibility": "public",
        "language": "en",
        "text": "Has anybody got advice about respite care?",
        "content_warning": None,
        "is_reply": parent is not None,
        "parent_server_post_id": None if parent is None else str(parent),
        "quoted_uri": None,
        "mentioned_keys": frozenset(),
        "tags": frozenset(),
        "has_poll": False,
        "media_count": 0,
        "alt_text_count": 0,
        "replies_count": 0,
        "boosts_count": 0,
        "likes_count": 0,
        "quotes_count": None,
    }
    return SeenPost(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def account() -> Callable[..., SeenAccount]:
    """an_account."""
    return an_account


@pytest.fixture
def post() -> Callable[..., SeenPost]:
    """a_post."""
    return a_post
