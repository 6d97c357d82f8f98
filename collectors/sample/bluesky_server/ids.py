"""Names of records on the AT Protocol: TIDs, CIDs, at:// addresses. Made from the content, so that they are stable."""

from base64 import b32encode
from datetime import UTC, datetime
from hashlib import blake2b, sha256

SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
POST, LIKE, REPOST, GATE = (
    "app.bsky.feed.post",
    "app.bsky.feed.like",
    "app.bsky.feed.repost",
    "app.bsky.feed.threadgate",
)


def iso(at: datetime) -> str:
    """Milliseconds and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def tid(at: datetime, seed: str) -> str:
    """A record key: microseconds (filled up from the seed) and a clock id, 13 letters that sort by time."""
    noise = int.from_bytes(blake2b(seed.encode(), digest_size=4).digest())
    micros = int(at.timestamp() * 1000) * 1000 + noise % 1000
    value = (micros << 10) | (noise >> 22)
    return "".join(SORTABLE[(value >> shift) & 31] for shift in range(60, -1, -5))


def cid(content: str) -> str:
    """A CIDv1 of the right form (dag-cbor, sha-256). The hash is of our own text, not of real DAG-CBOR."""
    raw = b"\x01\x71\x12\x20" + sha256(content.encode()).digest()
    return "b" + b32encode(raw).decode().lower().rstrip("=")


def address(did: str, collection: str, key: str) -> str:
    """at://did/collection/key."""
    return f"at://{did}/{collection}/{key}"
