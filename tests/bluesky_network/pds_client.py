"""Writing to a Bluesky network through its PDS, with nothing but HTTP: what the collectors read is compared with this."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

POST = "app.bsky.feed.post"
Json = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody with an account on the PDS."""

    pds: str
    handle: str
    password: str = "correct horse battery"
    did: str = ""
    token: str = ""
    written: dict[str, Json] = field(default_factory=dict)  # uri → record, without what was deleted

    def join(self) -> "Person":
        body = {"email": f"{self.handle}@example.com", "handle": self.handle, "password": self.password}
        made = self.call("com.atproto.server.createAccount", body)
        self.did, self.token = made["did"], made["accessJwt"]
        return self

    def call(self, nsid: str, body: Json) -> Json:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = httpx.post(f"{self.pds}/xrpc/{nsid}", json=body, headers=headers, timeout=30)
        assert answer.is_success, f"{nsid}: {answer.text}"
        made: Json = answer.json() if answer.content else {}
        return made

    def app_password(self) -> str:
        name = f"mutuals {next(_clock_ids)}"  # a name given twice is an Internal Server Error
        return str(self.call("com.atproto.server.createAppPassword", {"name": name})["password"])

    def put(self, collection: str, record: Json, rkey: str | None = None) -> Json:
        """A strong reference to the record written."""
        body = {"repo": self.did, "collection": collection, "record": {"$type": collection, **record}}
        verb = "createRecord" if rkey is None else "putRecord"
        made = self.call(f"com.atproto.repo.{verb}", body if rkey is None else body | {"rkey": rkey})
        return {"uri": made["uri"], "cid": made["cid"]}

    def post(self, text: str, *, reply_to: "tuple[Json, Json] | None" = None, **more: Any) -> Json:
        """`reply_to` is (root, parent)."""
        record = {"text": text, "createdAt": stamp(), "langs": ["en"], **more}
        if reply_to is not None:
            record["reply"] = {"root": reply_to[0], "parent": reply_to[1]}
        made = self.put(POST, record)
        self.written[made["uri"]] = record
        return made

    def post_all(self, records: "dict[str, Json]") -> None:
        """Many posts in one piece; record key → record."""
        writes = [
            {"$type": "com.atproto.repo.applyWrites#create", "collection": POST, "rkey": rkey,
             "value": {"$type": POST, **record}}
            for rkey, record in records.items()
        ]  # fmt: skip
        self.call("com.atproto.repo.applyWrites", {"repo": self.did, "writes": writes})
        self.written |= {f"at://{self.did}/{POST}/{rkey}": record for rkey, record in records.items()}

    def delete(self, post: Json) -> None:
        repo, collection, rkey = post["uri"].removeprefix("at://").split("/")
        self.call("com.atproto.repo.deleteRecord", {"repo": repo, "collection": collection, "rkey": rkey})
        del self.written[post["uri"]]

    def boost(self, post: Json) -> None:
        self.put("app.bsky.feed.repost", {"subject": post, "createdAt": stamp()})

    def like(self, post: Json) -> None:
        self.put("app.bsky.feed.like", {"subject": post, "createdAt": stamp()})

    def follow(self, other: "Person") -> None:
        self.put("app.bsky.graph.follow", {"subject": other.did, "createdAt": stamp()})

    def picture(self, content: bytes) -> Json:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "image/png"}
        url = f"{self.pds}/xrpc/com.atproto.repo.uploadBlob"
        blob: Json = httpx.post(url, content=content, headers=headers).raise_for_status().json()["blob"]
        return blob


def stamp(at: datetime | None = None) -> str:
    return (at or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_clock_ids = count()


def tid(at: datetime) -> str:
    """A record key as servers make them: microseconds and a clock id, in letters that sort."""
    value = (int(at.timestamp() * 1_000_000) << 10) + next(_clock_ids) % 1024
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[value >> shift & 31] for shift in range(60, -1, -5))


def mention(text: str, name: str, person: Person) -> Json:
    return _facet(text, name, {"$type": "app.bsky.richtext.facet#mention", "did": person.did})


def tag(text: str, word: str) -> Json:
    return _facet(text, f"#{word}", {"$type": "app.bsky.richtext.facet#tag", "tag": word})


def _facet(text: str, part: str, feature: Json) -> Json:
    """Facets count bytes of UTF-8, not letters."""
    start = text.encode().index(part.encode())
    return {"index": {"byteStart": start, "byteEnd": start + len(part.encode())}, "features": [feature]}
