"""A signed-in client for one app password: what the account's own PDS shows only to the account itself.

Signing in is scarce (30 in 5 minutes, 100 to 300 a day): the session is kept in a 0600 file, written whenever the PDS
hands out new tokens. Which PDS answers is learnt at sign-in, so this client is never the one that reads anonymously.
"""

import logging
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atproto_client.client.client import Client as SdkClient
from atproto_client.client.session import Session, SessionEvent
from atproto_core.exceptions import AtProtocolError

from collectors.bluesky.errors import EXPIRED, NEW_PASSWORD, SIGNING_IN_LIMITED, explain_failure
from collectors.bluesky.http import Params, Wire
from collectors.fetch_types import FetchFailed

log = logging.getLogger(__name__)


@dataclass(slots=True)
class SignedInClient:
    """Signs in when first asked something, goes on with the kept session, renews it when it has run out."""

    wire: Wire
    handle: str  # or DID
    password: str = field(repr=False)
    session_file: Path | None
    client: SdkClient | None = field(default=None, repr=False)
    session: Session | None = field(default=None, repr=False)

    def query(self, nsid: str, params: Params) -> dict[str, Any]:
        """Ask as this account. Tokens that no longer count are renewed once, else the password is used once."""
        if self.client is None:
            self.client = self._resumed() or self._with_password()
        try:
            return self.wire.query(self.client, nsid, params)
        except FetchFailed:
            # A token that ran out on the server is a 400 (ExpiredToken) that the SDK does not recover from.
            if self.wire.error not in EXPIRED and self.wire.status != 401:
                raise
        spent, self.client = self.client, None
        spent.request.close()
        self.client = self._resumed() or self._renewed() or self._with_password()
        return self.wire.query(self.client, nsid, params)

    def close(self) -> None:
        """Let go of the connections. The session stays good."""
        if self.client is not None:
            self.client.request.close()
            self.client = None

    def _resumed(self) -> SdkClient | None:
        """A client that goes on with the kept session, unless that is the one in use or not this account's."""
        kept = self._kept()
        if kept is None or (self.session is not None and kept.access_jwt == self.session.access_jwt):
            return None
        client = self._fresh()
        client.login(session_string=kept.encode(), fetch_bsky_profile=False)
        return client

    def _renewed(self) -> SdkClient | None:
        """A client with tokens got for the refresh token, which works once; None when it has run out too."""
        if self.session is None:
            return None
        client = self._fresh()
        headers = {"Authorization": f"Bearer {self.session.refresh_jwt}"}
        try:
            answer = client.com.atproto.server.refresh_session(headers=headers, ignore_session_check=True)
        except Exception as error:  # noqa: BLE001 as in Wire.query
            client.request.close()
            failure = explain_failure(error, self.wire.name, self.wire.now())
            if failure.kind in ("down", "limited"):
                raise failure from None
            return None
        renewed = Session(answer.handle, answer.did, answer.access_jwt, answer.refresh_jwt, self.session.pds_endpoint)
        client.login(session_string=renewed.encode(), fetch_bsky_profile=False)
        self._changed(SessionEvent.REFRESH, renewed)
        return client

    def _with_password(self) -> SdkClient:
        """A fresh client (one whose resume failed keeps the dead tokens), signed in with the app password."""
        self.session = None
        client = self._fresh()
        try:
            client.login(self.handle, self.password, fetch_bsky_profile=False)
        except Exception as error:  # noqa: BLE001 as in Wire.query
            client.request.close()
            failure = explain_failure(error, self.wire.name, self.wire.now())
            if failure.kind == "limited":  # the limit of sign-ins, not of reading: the anonymous half goes on
                failure = FetchFailed(
                    "closed", SIGNING_IN_LIMITED, cure="Nothing to do: it is tried again.", retry_at=failure.retry_at
                )
            elif failure.kind in ("closed", "gone"):
                failure = FetchFailed("closed", f"{self.wire.name} does not accept the app password", cure=NEW_PASSWORD)
            raise failure from None
        return client

    def _fresh(self) -> SdkClient:
        client = self.wire.client()
        client.on_session_change(self._changed)
        return client

    def _changed(self, event: SessionEvent, session: Session) -> None:
        self.wire.allow_named(session.pds_endpoint)
        self.session = session
        if event is not SessionEvent.IMPORT and self.session_file is not None:
            try:
                _write_private(self.session_file, f"{self.wire.url}\n{session.encode()}")
            except OSError as error:
                log.warning("the Bluesky session cannot be kept (%s); every start signs in anew", error.strerror)

    def _kept(self) -> Session | None:
        if self.session_file is None:
            return None
        try:
            entrance, _, text = self.session_file.read_text("utf-8").partition("\n")
            session = Session.decode(text)
            session.access_jwt_payload  # noqa: B018 raises when the file holds something else
        except (OSError, ValueError, AtProtocolError):
            return None
        # A session names its own PDS: one made under other settings would be taken to where they led.
        is_ours = self.handle.lower() in (session.handle.lower(), session.did.lower())
        return session if is_ours and entrance == self.wire.url else None


def _write_private(path: Path, text: str) -> None:
    """Replace the file in one step; from its first byte on only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)
