"""Jetstream, the v2 wire of the atproto SDK: every change of the network in order, from a cursor to now and on."""

import asyncio
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from collectors.sample.bluesky_server.ids import LIKE, POST, REPOST, cid, iso, tid
from collectors.sample.bluesky_server.known_posts import KnownPost, KnownPosts, reaction_uri, strong
from collectors.sample.bluesky_server.records import Json
from collectors.sample.world import SampleReaction

NSID = "network.bsky.jetstream.subscribeEvents"
KINDS = frozenset(("commit", "identity", "account", "sync"))
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
TIMESTAMPS_FROM = 10**15  # a cursor at or above this is microseconds, below it a sequence number
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one record."""

    seq: int
    at: datetime
    did: str
    collection: str
    key: str
    operation: str
    what: KnownPost | SampleReaction


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber wants to get."""

    dids: frozenset[str]
    collections: tuple[str, ...]
    kinds: frozenset[str]

    def has(self, event: Event) -> bool:
        """Whether the event is among it."""
        if (self.kinds and "commit" not in self.kinds) or (self.dids and event.did not in self.dids):
            return False
        if not self.collections:
            return True
        return any(
            event.collection.startswith(one[:-1]) if one.endswith(".*") else event.collection == one
            for one in self.collections
        )


class Jetstream:
    """The stream of the whole sample network."""

    def __init__(self, view: KnownPosts, look_back_hours: int) -> None:
        self.view = view
        self.look_back = timedelta(hours=look_back_hours)
        self._events: list[Event] | None = None

    @property
    def events(self) -> list[Event]:
        """All that ever happens, in order. Sequence numbers come from the time, so a longer past does not move them."""
        if self._events is None:
            self._events = list(self._numbered())
        return self._events

    def _numbered(self) -> Iterator[Event]:
        last = 0
        for at, did, collection, key, operation, what in sorted(self._changes(), key=lambda one: one[:5]):
            last = max(last + 1, int((at - EPOCH).total_seconds() * 1000) * 100)
            yield Event(last, at, did, collection, key, operation, what)

    def _changes(self) -> Iterator[tuple[datetime, str, str, str, str, Any]]:
        for held in self.view.by_key.values():
            post, did = held.post, held.author.key
            yield held.from_at, did, POST, held.key, "create", held
            if post.edited_at is not None:
                yield post.edited_at, did, POST, held.key, "update", held
            if post.deleted_at is not None:
                yield post.deleted_at, did, POST, held.key, "delete", held
        for one in self.view.index.reactions:
            collection = REPOST if one.kind == "boost" else LIKE
            key = reaction_uri(one).rpartition("/")[2]
            yield one.at, one.account, collection, key, "create", one
            if one.undone_at is not None:
                yield one.undone_at, one.account, collection, key, "delete", one

    async def subscribe(self, socket: WebSocket) -> None:
        """One subscriber: what happened since the cursor, then what goes on happening, until they leave."""
        query = socket.query_params
        kinds = frozenset(query.getlist("kinds"))
        collections = tuple(query.getlist("collections") + query.getlist("wantedCollections"))
        wish = Wish(frozenset(query.getlist("dids") + query.getlist("wantedDids")), collections, kinds)
        now: datetime = socket.scope["now"]
        cursor = query.get("cursor")
        refused = self._refused(wish, cursor, now)
        if refused is not None:
            await socket.send_denial_response(refused)
            return
        place, advice = self._start(cursor, now)
        offered = socket.scope.get("subprotocols") or []
        await socket.accept(subprotocol="xrpc.v1.json" if "xrpc.v1.json" in offered else None)
        if advice is not None:
            await socket.send_text(_frame({"$type": f"{NSID}#info", **advice}))
        leaving = asyncio.create_task(_left(socket))
        try:
            while not leaving.done():
                place = await self._send(socket, wish, place, socket.scope["clock"].now())
                await asyncio.wait({leaving}, timeout=PAUSE_SECONDS)
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            leaving.cancel()

    async def _send(self, socket: WebSocket, wish: Wish, place: int, now: datetime) -> int:
        while place < len(self.events) and self.events[place].at <= now:
            event = self.events[place]
            if wish.has(event):
                await socket.send_text(_frame(self._written(event)))
            place += 1
        return place

    def _refused(self, wish: Wish, cursor: str | None, now: datetime) -> Response | None:
        """What is wrong is said before the line is opened: a 400."""
        error = ("InvalidRequest", "")
        if len(wish.dids) > 10_000:
            error = ("InvalidRequest", "too many dids: at most 10000")
        elif len(wish.collections) > 100:
            error = ("InvalidRequest", "too many collections: at most 100")
        elif wish.kinds - KINDS or (wish.collections and wish.kinds and "commit" not in wish.kinds):
            error = ("InvalidRequest", "kinds do not fit")
        elif cursor is not None and not cursor.isdigit():
            error = ("InvalidRequest", "cursor must be an integer")
        elif cursor is not None and int(cursor) < TIMESTAMPS_FROM and int(cursor) < self._floor(now):
            error = ("CursorTooOld", "cursor is below the retention floor")
        if not error[1]:
            return None
        body = json.dumps({"error": error[0], "message": error[1]})
        return Response(body, 400, media_type="application/json")

    def _floor(self, now: datetime) -> int:
        return int((now - self.look_back - EPOCH).total_seconds() * 1000) * 100

    def _start(self, cursor: str | None, now: datetime) -> tuple[int, Json | None]:
        """The place of the first event to send, and an advice where the cursor could not be kept."""
        tip = bisect_left(self.events, now + timedelta(microseconds=1), key=lambda event: event.at)
        if cursor is None:
            return tip, None
        wanted = int(cursor)
        if wanted >= TIMESTAMPS_FROM:
            at = datetime.fromtimestamp(wanted / 1_000_000, UTC)
            floor = now - self.look_back
            place = bisect_left(self.events, max(at, floor), key=lambda event: event.at)
            outdated = {"name": "OutdatedCursor", "message": f"resumed from {self._floor(now)}"}
            return min(place, tip), outdated if at < floor else None
        place = bisect_left(self.events, wanted, key=lambda event: event.seq)
        if place > tip or (place == tip and tip and wanted > self.events[tip - 1].seq + 1):
            return tip, {"name": "FutureCursor", "message": "started at the live tip"}
        return place, None

    def _written(self, event: Event) -> Json:
        body: Json = {
            "$type": f"{NSID}#commit",
            "seq": event.seq,
            "did": event.did,
            "time": iso(event.at),
            "witnessedAt": iso(event.at),
            "collection": event.collection,
            "rkey": event.key,
            "operation": event.operation,
            "rev": tid(event.at, f"{event.did} {event.seq}"),
        }
        if event.operation == "delete":
            return body
        if isinstance(event.what, KnownPost):
            return {**body, "cid": event.what.cid(event.at), "record": self.view.record(event.what, event.at)}
        subject = strong(self.view.by_key[event.what.post])
        record = {"$type": event.collection, "subject": subject, "createdAt": iso(event.at)}
        return {**body, "cid": cid(repr(record)), "record": record}


def _frame(payload: Json) -> str:
    return json.dumps({"$type": "message", "payload": payload}, ensure_ascii=False)


async def _left(socket: WebSocket) -> None:
    """Returns when the subscriber has gone."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
