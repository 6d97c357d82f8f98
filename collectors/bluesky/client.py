"""A connected Bluesky: the AppView without a sign-in and, when an app password is given, the account's PDS."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from atproto_client.client.client import Client as SdkClient

from collectors.bluesky import jetstream
from collectors.bluesky.errors import SIGN_IN
from collectors.bluesky.http import Params, Wire
from collectors.bluesky.parse import Frame
from collectors.bluesky.session import SignedInClient
from collectors.fetch_types import FetchFailed
from warehouse.settings import Bluesky


@dataclass(slots=True)
class Client:
    """For one thread. Reads are anonymous: signed in, a block between two accounts would look like a deletion."""

    settings: Bluesky
    now: Callable[[], datetime]
    appview_wire: Wire
    appview: SdkClient
    pds_wire: Wire
    pds: SdkClient
    signed_in: SignedInClient | None
    hashtags: tuple[str, ...]
    profiles: dict[str, tuple[datetime, bool]] = field(default_factory=dict)  # DID → when asked, whether it says no
    topic_heads: dict[str, frozenset[str]] = field(default_factory=dict)  # source_id → uris on its last head page

    @property
    def frame(self) -> Frame:
        """What the readers of JSON need to know."""
        return Frame(self.settings.web.rstrip("/"), self.now())

    def start(self, seconds: float) -> None:
        """Everything asked from now on has to be done in so many seconds."""
        for wire in self._wires():
            wire.deadline = wire.monotonic() + seconds

    def close(self) -> None:
        """Let go of the connections."""
        self.appview.request.close()
        self.pds.request.close()
        if self.signed_in is not None:
            self.signed_in.close()

    def ask(self, nsid: str, params: Params) -> dict[str, Any]:
        """Ask the AppView, as nobody."""
        return self.appview_wire.query(self.appview, nsid, params)

    def ask_pds(self, nsid: str, params: Params) -> dict[str, Any]:
        """Ask the configured PDS, as nobody; it passes on what it does not hold."""
        return self.pds_wire.query(self.pds, nsid, params)

    def ask_signed_in(self, nsid: str, params: Params) -> dict[str, Any]:
        """Ask the account's PDS, as the account."""
        if self.signed_in is None:
            raise FetchFailed("closed", "Bluesky shows this only after a sign-in", cure=SIGN_IN)
        return self.signed_in.query(nsid, params)

    def drain_rules(self) -> jetstream.Rules:
        """How a drain of Jetstream is bounded."""
        wire = self.appview_wire
        return jetstream.Rules(self.now, wire.user_agent, min(60.0, wire.left() / 2), monotonic=wire.monotonic)

    def _wires(self) -> Iterator[Wire]:
        yield self.appview_wire
        yield self.pds_wire
        if self.signed_in is not None:
            yield self.signed_in.wire


def connect(
    bluesky: Bluesky,
    *,
    handle: str | None = None,
    password: str | None = None,
    session_file: Path | None = None,
    user_agent: str,
    spend: Callable[[bool], None],
    limits: Callable[[int | None, datetime | None], None],
    now: Callable[[], datetime],
    hashtags: tuple[str, ...] = (),
    monotonic: Callable[[], float] = time.monotonic,
) -> Client:
    """A client; nothing is asked yet. `hashtags` are the group's own, for the drain. FetchFailed for a bad address."""

    def wire(url: str) -> Wire:
        return Wire(
            url.rstrip("/"), user_agent, spend, limits, now, bluesky.requests_per_hour // 12, monotonic=monotonic
        )

    appview, pds = wire(bluesky.appview), wire(bluesky.pds)
    signed_in = (
        SignedInClient(wire(bluesky.pds), handle.removeprefix("@"), password, session_file)
        if handle and password
        else None
    )
    return Client(bluesky, now, appview, appview.client(), pds, pds.client(), signed_in, hashtags)
