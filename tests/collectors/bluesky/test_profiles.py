"""A no in a Bluesky profile or on one post is heard before anything is stored."""

from dataclasses import replace

from collectors.fetch_types import Batch
from tests.support import bluesky_sample
from tests.support.bluesky_sample import PEER, sample


def with_note(note: str, monkeypatch: object) -> None:
    people = tuple(replace(one, note=note) if one.key == PEER else one for one in bluesky_sample.ACCOUNTS)
    monkeypatch.setattr(bluesky_sample, "ACCOUNTS", people)  # type: ignore[attr-defined]


def of(batch: Batch, did: str) -> list[bool]:
    return [post.author.is_refusing for post in batch.posts if post.author.key == did]


def test_nobot_in_a_description_is_a_no_though_posts_do_not_carry_it(monkeypatch: object) -> None:
    with_note("quiet #\u200bnobot", monkeypatch)
    with sample() as one:
        assert of(one.fetch("quotes", about=("news 0",)), PEER) == [True]
        assert one.asked("app.bsky.actor.getProfiles") == 1
        assert of(one.fetch("refresh", "", about=("quote", "hostile")), PEER) == [True, True]
        assert one.asked("app.bsky.actor.getProfiles") == 1, "each writer once a day"


def test_a_writer_whose_profile_cannot_be_read_now_is_left_out_until_it_can(monkeypatch: object) -> None:
    with_note("quiet #nobot", monkeypatch)
    with sample() as one:
        one.fail("app.bsky.actor.getProfiles", "status:404", times=None)
        batch = one.fetch("quotes", about=("news 0",))
        assert not batch.posts
        assert not batch.is_complete
        assert batch.reason is not None


def test_nobody_is_looked_up_for_a_topic_tag() -> None:
    with sample() as one:
        one.fetch("topic", "RiversideCarers")
        assert one.asked("app.bsky.actor.getProfiles") == 0
