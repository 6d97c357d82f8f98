"""One evening of a carers' group, written to a real network: who wrote what is known exactly."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from struct import pack

from tests.bluesky_network.pds_client import POST, Json, Person, mention, stamp, tag, tid

DEEP = 90  # more than the collectors read in one answer


@dataclass(slots=True)
class Evening:
    """The people and the posts that tests ask for by name."""

    group: Person
    asker: Person
    peer: Person
    quiet: Person  # asks not to be shown to people who are not signed in
    leaver: Person  # leaves (for a while) after having asked
    posts: dict[str, Json] = field(default_factory=dict)

    @property
    def people(self) -> tuple[Person, ...]:
        return (self.group, self.asker, self.peer, self.quiet, self.leaver)

    def uri(self, name: str) -> str:
        return str(self.posts[name]["uri"])


def write(pds: str, catch_up: Callable[[], None]) -> Evening:
    """Write everything through the PDS. `catch_up` waits for the AppView: it tells nobody of an answer to a post that it
    does not know yet."""
    evening = Evening(
        group=Person(pds, "riverside.test").join(),
        asker=Person(pds, "asker.test").join(),
        peer=Person(pds, "peer.test").join(),
        quiet=Person(pds, "quiet.test").join(),
        leaver=Person(pds, "leaver.test").join(),
    )
    for part in (_profiles, _own_posts, _asking, _long_talk, _reactions):
        part(evening)
        catch_up()
    _departures(evening, catch_up)
    catch_up()
    return evening


def _profiles(evening: Evening) -> None:
    evening.group.put("app.bsky.actor.profile", {"displayName": "Riverside Carers"}, rkey="self")
    no = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
    evening.quiet.put("app.bsky.actor.profile", {"displayName": "Quiet", "labels": no}, rkey="self")
    evening.asker.follow(evening.group)
    evening.peer.follow(evening.group)
    evening.group.follow(evening.peer)
    evening.asker.follow(evening.peer)
    evening.leaver.follow(evening.group)


def _own_posts(evening: Evening) -> None:
    group, posts = evening.group, evening.posts
    posts["welcome"] = group.post("Welcome, the kettle is on.", langs=["en-GB"])
    posts["also"] = group.post("And there is cake.", reply_to=(posts["welcome"], posts["welcome"]))
    image = {"alt": "A full table", "image": group.picture(_png())}
    plain = {"alt": "", "image": group.picture(_png())}
    pictures = {"$type": "app.bsky.embed.images", "images": [image, plain]}
    folded = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    posts["pictures"] = group.post("Last week's table", embed=pictures, labels=folded)
    posts["old"] = group.post("From our old newsletter", createdAt=stamp(datetime(2014, 5, 1, tzinfo=UTC)))
    posts["future"] = group.post("A wrong clock", createdAt=stamp(datetime(2031, 1, 1, tzinfo=UTC)))


def _asking(evening: Evening) -> None:
    group, posts = evening.group, evening.posts
    text = "Grüße 💙 @riverside.test – can anybody tell me how respite works? #RiversideCarers"
    facets = [mention(text, "@riverside.test", group), tag(text, "RiversideCarers")]
    posts["ask"] = evening.asker.post(text, facets=facets)
    posts["plain"] = evening.peer.post("I once saw @riverside.test somewhere")  # no facet: no mention
    text = "Who is in tonight? #riversidecarers"  # the test network's search minds the case
    posts["tagged"] = evening.peer.post(text, facets=[tag(text, "riversidecarers")])
    text = "@riverside.test I would rather not be copied"
    posts["quiet ask"] = evening.quiet.post(text, facets=[mention(text, "@riverside.test", group)])
    posts["answer"] = group.post("Ring the council first", reply_to=(posts["ask"], posts["ask"]))
    posts["peer answer"] = evening.peer.post("It took us six weeks", reply_to=(posts["ask"], posts["ask"]))


def _long_talk(evening: Evening) -> None:
    """Replies below replies, deeper than any one answer shows. Written in one piece by each of the two, to save time:
    the record keys are ours, and the hash of the parent, which nobody checks, is always the first one's."""
    root, parent = evening.posts["ask"], evening.posts["answer"]
    talk: dict[str, dict[str, Json]] = {evening.asker.did: {}, evening.group.did: {}}
    for number in range(DEEP):
        who = (evening.asker, evening.group)[number % 2]
        rkey = tid(datetime.now(UTC))
        said = {"text": f"and then, {number}", "createdAt": stamp(), "langs": ["en"]}
        talk[who.did][rkey] = said | {"reply": {"root": root, "parent": parent}}
        parent = {"uri": f"at://{who.did}/{POST}/{rkey}", "cid": parent["cid"]}
    for who in (evening.asker, evening.group):
        who.post_all(talk[who.did])
    evening.posts["deepest"] = parent


def _reactions(evening: Evening) -> None:
    posts, welcome = evening.posts, evening.posts["welcome"]
    evening.peer.boost(welcome)
    evening.asker.boost(welcome)
    evening.quiet.like(welcome)
    evening.group.boost(posts["plain"])
    quoting = {"$type": "app.bsky.embed.record", "record": welcome}
    posts["quote"] = evening.peer.post("These people are kind", embed=quoting)
    posts["hostile"] = evening.peer.post("Go away", reply_to=(welcome, welcome))
    posts["friendly"] = evening.asker.post("Thank you all", reply_to=(welcome, welcome))
    rkey = evening.uri("welcome").rpartition("/")[2]
    gate = {"post": evening.uri("welcome"), "hiddenReplies": [evening.uri("hostile")], "createdAt": stamp()}
    evening.group.put("app.bsky.feed.threadgate", gate, rkey=rkey)


def _departures(evening: Evening, catch_up: Callable[[], None]) -> None:
    posts = evening.posts
    root = posts["also"]
    top = posts["welcome"]
    posts["deleted"] = evening.peer.post("I should not have said this", reply_to=(top, root))
    catch_up()
    posts["below deleted"] = evening.asker.post("I heard you", reply_to=(top, posts["deleted"]))
    catch_up()
    evening.peer.delete(posts["deleted"])
    text = "@riverside.test is anybody there?"
    posts["left"] = evening.leaver.post(text, facets=[mention(text, "@riverside.test", evening.group)])
    evening.leaver.call("com.atproto.server.deactivateAccount", {})
    posts["deleted own"] = evening.group.post("Wrong date, sorry")
    evening.group.delete(posts["deleted own"])


def _png() -> bytes:
    """One grey pixel."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))

    header = pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


__all__ = ["DEEP", "POST", "Evening", "write"]
