"""A server that says that a post is not public any more has answered: it goes at once, not after two misses."""

from pathlib import Path
from typing import Any

from collectors import mastodon
from collectors.fetch_types import Batch, KnownPost, Work
from collectors.pipeline import evaluate, persist
from collectors.pipeline.context import Fetched, Outcome
from collectors.pipeline.cycle import _names
from collectors.pipeline.cycle_state import CycleState, load_held_posts, load_state, server_of
from tests.support.collector import cycling
from tests.support.mastodon_sample import NOON, a_client, answers, work
from tests.support.tiny_world import HOME, at


def test_a_post_read_again_as_private_is_withdrawn_and_not_missing() -> None:
    private = [{"id": "7", "visibility": "private"}, {"id": "8", "visibility": "direct"}]

    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        return 200, {}, private if "statuses" in path else {"id": "1", "acct": "group"}

    with answers(tell) as url:
        known = tuple(KnownPost(name, None, NOON) for name in ("7", "8"))
        batch = mastodon.fetch(a_client(url), work("refresh", "", posts=known))
    assert batch.withdrawn == ["7", "8"]
    assert batch.missing == []


def test_a_held_post_that_became_private_is_gone_with_the_same_cycle(tmp_path: Path) -> None:
    with cycling(tmp_path) as one:
        one.at(2)
        (name, post_id), *_ = one.rows(
            "select server_post_id, post_id from stored.post_addresses join stored.post_texts using (post_id)"
            " where contains(text, 'how do I <sleep>') and server = $home", home=HOME,
        )  # fmt: skip
        this = Work("circle/mastodon/home/mentions", "circle", "mastodon", HOME, "mentions", "@group")
        fetched = Fetched(this, at(3), at(3), Batch(withdrawn=[name, "unknown"]), None)
        memory: CycleState = load_state(one.con, at(3))
        load_held_posts(one.con, memory, [_names(fetched, one.collector.key)])
        assert name in memory.held[server_of(this)]
        outcome = Outcome("r")
        evaluate.evaluate_batches(one.con, one.collector, memory, [fetched], outcome, at(3))
        assert memory.gone == {post_id}
        one.con.begin()
        persist.persist_cycle(one.con, one.collector.key, memory, outcome, at(3), at(3))
        one.con.commit()
        assert one.rows("select count(*) from stored.post_texts where post_id = $id", id=post_id) == [(0,)]
        assert one.rows("select deleted_at is not null from stored.posts where post_id = $id", id=post_id) == [(True,)]
