"""Access and refresh tokens. They keep real time, whatever the sample's clock says: the SDK compares them with it."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field

ACCESS_SECONDS, REFRESH_SECONDS = 7_200, 90 * 86_400


def _part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def token(did: str, scope: str, seconds: int, number: int) -> str:
    """A JSON web token with a real form and a signature of our own."""
    now = int(time.time())
    claims = {"scope": scope, "sub": did, "aud": "did:web:pds.example", "iat": now, "exp": now + seconds}
    head = _part(json.dumps({"typ": "at+jwt", "alg": "HS256"}).encode())
    body = _part(json.dumps({**claims, "jti": str(number)}).encode())
    signature = hmac.new(b"sample", f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{_part(signature)}"


@dataclass(slots=True)
class Sessions:
    """Who is signed in. A refresh token works once."""

    access: dict[str, str] = field(default_factory=dict)  # token → DID
    refresh: dict[str, str] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    count: int = 0

    def make(self, did: str) -> tuple[str, str]:
        """A new (access, refresh) pair."""
        self.count += 2
        access = token(did, "com.atproto.appPass", ACCESS_SECONDS, self.count)
        refresh = token(did, "com.atproto.refresh", REFRESH_SECONDS, self.count + 1)
        self.access[access], self.refresh[refresh] = did, did
        return access, refresh

    def who(self, access: str) -> str | None:
        """The DID of an access token."""
        return self.access.get(access)

    def spend(self, refresh: str) -> str | None:
        """The DID of a refresh token, which is used up by this."""
        did = self.refresh.pop(refresh, None)
        self.expired.add(refresh)
        return did

    def expire(self, *, with_refresh: bool = False) -> None:
        """All access tokens run out, and the refresh tokens if asked."""
        self.expired.update(self.access)
        self.access.clear()
        if with_refresh:
            self.expired.update(self.refresh)
            self.refresh.clear()
