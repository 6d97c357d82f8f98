"""A tiny hand-made world: two Mastodon servers and Bluesky, a handful of people, one conversation of every kind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from collectors.sample.servers import SampleServers
from collectors.sample.world import SampleAccount, SamplePost, SampleReaction, World

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOME, AWAY = "carers.example", "far.example"
GROUP, ANN, BEN, SHY, NEW = (f"group@{HOME}", f"ann@{HOME}", f"ben@{AWAY}", f"shy@{HOME}", f"new@{AWAY}")
SKY, CAT, DAN = "did:plc:group", "did:plc:cat", "did:plc:dan"


def at(hours: float) -> datetime:
    """So many hours after noon on the first day."""
    return NOON + timedelta(hours=hours)


def person(key: str, **more: object) -> SampleAccount:
    """A Mastodon account."""
    name, _, home = key.partition("@")
    return SampleAccount(key, "mastodon", home, key, name.title(), **more)  # type: ignore[arg-type]


def skyer(did: str, **more: object) -> SampleAccount:
    """A Bluesky account."""
    name = did.rpartition(":")[2]
    return SampleAccount(did, "bluesky", "bluesky", f"{name}.sky.example", name.title(), **more)  # type: ignore[arg-type]


def post(key: str, author: str, hours: float, text: str = "Hello.", **more: object) -> SamplePost:
    """A post; its network follows from its author."""
    network = "bluesky" if author.startswith("did:") else "mastodon"
    return SamplePost(key, network, author, at(hours), text, **more)  # type: ignore[arg-type]


ACCOUNTS = (
    person(
        GROUP,
        is_indexable=True,
        is_discoverable=True,
        followers=((at(-100), 120), (at(5), 121)),
        note="#carers.",
    ),
    person(ANN, followers=((at(-100), 7),)),
    person(BEN, followers=((at(-100), -1),)),
    person(SHY, is_noindex=True),
    person(NEW, created_at=at(-24), is_bot=True),
    skyer(SKY, followers=((at(-100), 55),)),
    skyer(CAT, labels=("!no-unauthenticated",)),
    skyer(DAN, labels=("bot",)),
)
WELCOME = "Welcome to the circle.\nAsk anything.\n\nMore: https://www.example.org/a/very/long/way/to/go"
MASTODON_POSTS = (
    post("welcome", GROUP, 0, WELCOME, tags=("Carers",)),
    post("ask", ANN, 1, f"@{GROUP} how do I <sleep>? #CarersCircle", reply_to="welcome", mentions=(GROUP,),
         tags=("CarersCircle",), known_from={AWAY: at(1)}, content_warning="tired", media_alts=("a bed", ""), has_poll=True),
    post("help", BEN, 2, "@ann try naps", reply_to="ask", mentions=(ANN,), visibility="unlisted",
         known_from={HOME: at(3)}),
    post("lost", BEN, 2.5, "@ann only here", reply_to="ask", mentions=(ANN,)),
    post("secret", ANN, 2, "@group for you only", visibility="direct", mentions=(GROUP,)),
    post("friends", SHY, 2, "@group for friends", reply_to="ask", visibility="private", mentions=(GROUP, ANN)),
    post("young", NEW, 3, "@group hello from a new account", mentions=(GROUP,), known_from={HOME: at(3)}),
    post("thanks", ANN, 4, "thank you", reply_to="help", edited_at=at(6), edited_text="thank you all", known_from={AWAY: at(4)}),
    post("regret", SHY, 4, "I take this back", reply_to="ask", deleted_at=at(7)),
    post("below", ANN, 5, "@shy no worries", reply_to="regret", mentions=(SHY,)),
    post("quoting", BEN, 5, "Look at this", quote_of="welcome", known_from={HOME: at(5)}),
)  # fmt: skip
BLUESKY_POSTS = (
    post("root", SKY, 0, "Grüße, ask here! #Carers", tags=("Carers", "unseen")),
    post(
        "one", CAT, 1, "☂ @group.sky.example how do I rest? See https://example.org/x", reply_to="root", mentions=(SKY,)
    ),
    post("two", DAN, 2, "try naps", reply_to="one", labels=("graphic-media", "-porn", "nudity<2026-08-01T00:00:00Z")),
    post("three", CAT, 3, "thanks", reply_to="two", edited_at=at(6), edited_text="thank you"),
    post("gone", DAN, 3, "delete me", reply_to="root", deleted_at=at(5)),
    post("orphan", CAT, 4, "below a deleted post", reply_to="gone"),
    post("hidden", DAN, 4, "rude", reply_to="root", hidden_at=at(5)),
    post("quote", CAT, 5, "well said", quote_of="root", media_alts=("a cat",)),
    post("import", SKY, -500, "from an older place", indexed_at=at(5)),
    post("mention", DAN, 6, "hey @GROUP.sky.example are you there?", mentions=(SKY,)),
    post("plain", DAN, 6.1, "not a mention of the group", mentions=(SKY,)),
)
REACTIONS = (
    SampleReaction("welcome", ANN, "like", at(1)),
    SampleReaction("welcome", BEN, "boost", at(2.2)),
    SampleReaction("welcome", ANN, "boost", at(3), undone_at=at(6)),
    SampleReaction("ask", GROUP, "boost", at(2)),
    SampleReaction("root", CAT, "like", at(1)),
    SampleReaction("root", DAN, "boost", at(2), undone_at=at(6)),
    SampleReaction("one", SKY, "boost", at(2)),
)  # fmt: skip
WORLD = World(ACCOUNTS, MASTODON_POSTS + BLUESKY_POSTS, REACTIONS)

CLIENT = httpx.Client(timeout=5, limits=httpx.Limits(max_keepalive_connections=0))


class Asker:
    """Asks one server as a stranger, or with a token."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **params: Any) -> httpx.Response:
        """One request."""
        return CLIENT.get(self.url + path, params=params, headers=self.headers)


class Fedi(Asker):
    """Asks a Mastodon-API server, and knows its ids."""

    def __init__(self, servers: SampleServers, domain: str = HOME, token: str | None = None) -> None:
        super().__init__(f"{servers.mastodon[domain].url}/api/v1", token)
        self.app = servers.mastodon[domain].app

    def id(self, key: str) -> str:
        """This server's id of a post."""
        return self.app.status_id(key)

    def keys(self, statuses: list[dict[str, Any]]) -> list[str]:
        """Which posts of the world these are; a boost as "boost of …"."""
        names = {status.id: key for key, status in self.app.site.view.by_key.items()}
        return [f"boost of {names[one['reblog']['id']]}" if one["reblog"] else names[one["id"]] for one in statuses]

    def posts(self, account: str, **params: Any) -> list[dict[str, Any]]:
        """The posts of an account."""
        found: list[dict[str, Any]] = self.get(f"/accounts/{self.app.account_id(account)}/statuses", **params).json()
        return found

    def thread(self, key: str) -> tuple[list[str], list[str]]:
        """What stands above and below a post."""
        body = self.get(f"/statuses/{self.id(key)}/context").json()
        return self.keys(body["ancestors"]), self.keys(body["descendants"])


class Sky(Asker):
    """Asks Bluesky."""

    def __init__(self, servers: SampleServers, login: str | None = None) -> None:
        super().__init__(f"{servers.bluesky.url}/xrpc/")
        self.app = servers.bluesky.app
        if login is not None:
            body = {"identifier": login, "password": self.app.app_password(login)}
            session = CLIENT.post(f"{self.url}com.atproto.server.createSession", json=body).json()
            self.headers = {"Authorization": f"Bearer {session['accessJwt']}"}

    def uri(self, key: str) -> str:
        """The address of a post of the world."""
        return self.app.uri(key)

    def keys(self, posts: list[dict[str, Any]]) -> list[str]:
        """Which posts of the world these are."""
        view = self.app.network.view
        return [view.by_uri[one["uri"]].post.key for one in posts]

    def feed(self, actor: str, **params: Any) -> list[str]:
        """The posts of an author's feed."""
        body = self.get("app.bsky.feed.getAuthorFeed", actor=actor, **params).json()
        return self.keys([item["post"] for item in body["feed"]])
