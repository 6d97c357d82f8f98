"""Everything that can go wrong on the way, switched on per route and counted down: no chance is involved.

    servers.faults.add("/api/v1/timelines/tag", "status:503", times=2)

Kinds (the tables of docs/networks.md):
    status:<n>        that status with the body the network would send
    429               too many requests, with the reset header; "429:no reset" without, "429:bad reset" unreadable
    bad reset         a good answer whose reset header is unreadable
    stall             no byte for `seconds`          drip         one byte at a time, `seconds` apart
    disconnect        the line drops before an answer   cut       the line drops half-way through the body
    truncated         a whole answer holding half a JSON text
    login page        HTML with 200                  error object {"error": …} with 200
    null              the JSON null with 200         empty        no body at all with 200
    redirect loop     a redirect to itself
    junk items        the true list, and five items more that are no items
    wrong types       one item (`item`) with a number for its text and a text for its author
    bad field         one item without a required field (`field`, dotted), which fails the whole page in the atproto SDK
    stale:<n>         what a CDN kept: the answer of n seconds ago, with its Age
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

OUTRIGHT = ("status", "429", "stall", "disconnect", "login page", "redirect loop")
LATE = ("drip", "cut", "truncated", "empty", "bad reset", "stale", "null", "error object")  # need the true answer first
SPOILT = ("junk items", "wrong types", "bad field")  # that, and are about its items
KINDS = frozenset((*OUTRIGHT, *LATE, *SPOILT))


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong, on requests whose path matches (a beginning, or a pattern with *)."""

    path: str
    kind: str
    times: int | None = 1  # None: until cleared
    skip: int = 0  # let that many matching requests through first
    seconds: float = 60.0  # stall: how long; drip: between bytes
    server: str | None = None  # a domain or "bluesky"; None: any
    item: int = 0  # wrong types, bad field: which item of the list
    field: str | None = None  # bad field: which one, e.g. "post.indexedAt"
    method: str | None = None
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind.partition(":")[0] not in KINDS:
            raise ValueError(f"unknown kind of fault {self.kind!r}; choose from {', '.join(sorted(KINDS))}")

    @property
    def argument(self) -> str:
        """What stands behind the colon of the kind."""
        return self.kind.partition(":")[2]

    def is_for(self, server: str, method: str, path: str) -> bool:
        """Whether a request is meant."""
        if (self.server is not None and self.server != server) or (self.method is not None and self.method != method):
            return False
        return fnmatch(path, self.path) if "*" in self.path else path.startswith(self.path)


@dataclass(slots=True)
class Faults:
    """The faults that are switched on, in the order in which they were added; the first that fits is used."""

    active: list[Fault] = field(default_factory=list)

    def add(self, path: str, kind: str, **options: Any) -> Fault:
        """Switch one on; the options are the fields of Fault."""
        fault = Fault(path, kind, **options)
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Everything works again."""
        self.active.clear()

    def take(self, server: str, method: str, path: str) -> Fault | None:
        """The fault for this request, counted; None when it goes through."""
        for fault in self.active:
            if not fault.is_for(server, method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times is not None and fault.hits >= fault.times:
                continue
            fault.hits += 1
            return fault
        return None


LISTS = ("descendants", "statuses", "feed", "posts", "notifications", "likes", "repostedBy", "profiles")


def _items(body: Any) -> list[Any] | None:
    """The list a page is about, whatever it is wrapped in."""
    if isinstance(body, list):
        return body
    if not isinstance(body, dict):
        return None
    found = next((body[name] for name in LISTS if isinstance(body.get(name), list)), None)
    if found is None and isinstance(body.get("thread"), dict):
        found = body["thread"].get("replies")
    return found if isinstance(found, list) else None


def _inner(item: dict[str, Any]) -> dict[str, Any]:
    """The post of a feed item or thread node; else the item itself."""
    inner = item.get("post")
    return inner if isinstance(inner, dict) else item


def junk_items(body: Any, _: Fault) -> Any:
    """Adds five items that are none: nothing, null, a word, one without its id, one without its time."""
    items = _items(body)
    if items is None:
        return body
    extra: list[Any] = [{}, None, "junk"]
    if items and isinstance(items[0], dict):
        for missing in (("id", "uri"), ("created_at", "indexedAt")):
            whole = dict(items[0])
            inner = {name: value for name, value in _inner(whole).items() if name not in missing}
            extra.append({**whole, "post": inner} if _inner(whole) is not whole else inner)
    items.extend(extra)
    return body


def _chosen(body: Any, fault: Fault) -> dict[str, Any] | None:
    items = _items(body)
    if items is None:
        return body if isinstance(body, dict) else None
    chosen = items[fault.item] if fault.item < len(items) else None
    return chosen if isinstance(chosen, dict) else None


def wrong_types(body: Any, fault: Fault) -> Any:
    """One item whose text is a number and whose author is a word."""
    chosen = _chosen(body, fault)
    if chosen is None:
        return body
    inner = _inner(chosen)
    if "record" in inner:
        inner["record"] = {**inner["record"], "text": 7, "createdAt": 7}
        inner["author"] = "nobody"
    else:
        inner.update(content=7, created_at=7, account="nobody")
    return body


def bad_field(body: Any, fault: Fault) -> Any:
    """One item without a required field."""
    chosen = _chosen(body, fault)
    if chosen is None:
        return body
    path = (fault.field or ("post.indexedAt" if "post" in chosen else "indexedAt")).split(".")
    for name in path[:-1]:
        chosen[name] = dict(chosen[name])
        chosen = chosen[name]
    chosen.pop(path[-1], None)
    return body


SPOILERS: dict[str, Callable[[Any, Fault], Any]] = {
    "junk items": junk_items,
    "wrong types": wrong_types,
    "bad field": bad_field,
    "null": lambda _body, _fault: None,
    "error object": lambda _body, _fault: {"error": "Something went wrong"},
}
