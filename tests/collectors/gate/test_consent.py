"""Nothing private, nothing out of scope, nobody who said no gets past the gate."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.fetch_types import SeenPost
from collectors.gate.consent import Action, GatedPost, Scope, apply_gate
from collectors.pipeline import evaluate
from collectors.pipeline.cycle_state import CycleState
from tests.collectors.conftest import NOON
from warehouse.storage.collector_state import HeldPost, Refused

GROUP = "riverside@carers.example"
SCOPE = Scope(
    group_id="riverside",
    own_keys=frozenset({GROUP}),
    team_keys=frozenset({"dee@carers.example"}),
    hashtags=frozenset({"riversidecarers"}),
    opted_out_keys=frozenset({"out@carers.example"}),
    erased_keys=frozenset({"gone@carers.example"}),
)
Make = Callable[..., Any]


def a_held_post() -> HeldPost:
    """Some held post that is not the group's own."""
    return HeldPost("", uuid4(), uuid4(), None, NOON, is_own=False)


def one(posts: list[SeenPost], **options: Any) -> GatedPost | None:
    """What became of the last of these posts."""
    passed, _ = apply_gate(posts, SCOPE, options.pop("held", {}), **options)
    return next((found for found in passed if found.post is posts[-1]), None)


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_private_posts_are_dropped_even_when_they_mention_the_group(visibility: str, post: Make) -> None:
    assert one([post(1, mentioned_keys=frozenset({GROUP}), visibility=visibility)]) is None


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_even_the_groups_own_private_posts_are_dropped(visibility: str, post: Make, account: Make) -> None:
    assert one([post(1, account("riverside"), visibility=visibility)]) is None


def test_a_quiet_public_reply_is_kept(post: Make, account: Make) -> None:
    found = one([post(1, account("riverside")), post(2, parent=1, visibility="unlisted")])
    assert found is not None
    assert (found.action, found.why) == (Action.STORE, ("reply",))


def test_a_post_that_only_mentions_a_topic_is_out_of_scope(post: Make) -> None:
    assert one([post(1, tags=frozenset({"carers"}))]) is None


def test_what_stands_above_a_mention_is_somebody_elses_conversation(post: Make) -> None:
    posts = [post(1), post(2, parent=1, mentioned_keys=frozenset({GROUP})), post(3, parent=2)]
    passed, dropped = apply_gate(posts, SCOPE, {})
    assert {found.post.server_post_id: found.why for found in passed} == {"2": ("mention",), "3": ("thread",)}
    assert dropped == 1  # post 1


def test_a_reply_to_a_reply_belongs_to_the_conversation(post: Make, account: Make) -> None:
    found = one([post(1, account("riverside")), post(2, parent=1), post(3, account("bob"), parent=2)])
    assert found is not None
    assert found.why == ("thread",)


def test_a_quote_of_the_groups_post_is_addressed_to_it(post: Make) -> None:
    found = one([post(2, quoted_uri="https://carers.example/posts/1")], own_uris=["https://carers.example/posts/1"])
    assert found is not None
    assert found.why == ("quote",)


CONSENT = [
    # who, flags, how the post is addressed, what may be kept, because …
    ("ann", {}, "mention", Action.STORE),  # no yes to search is the default: a mention is mail to the group
    ("ann", {}, "hashtag", Action.LINK_ONLY),  # found only by hashtag, and no yes to search
    ("ann", {"is_agreeing": True}, "hashtag", Action.STORE),  # said yes to search
    ("dee", {}, "hashtag", Action.STORE),  # the group's own team
    ("ann", {"is_refusing": True}, "mention", Action.LINK_ONLY),  # an explicit no wins over being addressed
    ("ann", {"is_refusing": True, "is_agreeing": True}, "hashtag", Action.LINK_ONLY),  # … and over a yes
    ("out", {"is_agreeing": True}, "mention", Action.LINK_ONLY),  # opted out here
    ("gone", {"is_agreeing": True}, "mention", Action.BARE),  # erased: counted, nothing more
]


@pytest.mark.parametrize(("who", "flags", "how", "action"), CONSENT)
def test_consent_decides_what_is_kept_of_an_addressed_post(
    who: str, flags: dict[str, bool], how: str, action: Action, post: Make, account: Make
) -> None:
    addressed = {"mentioned_keys": frozenset({GROUP})} if how == "mention" else {"tags": frozenset({"riversidecarers"})}
    found = one([post(1, account(who, **flags), **addressed)])
    assert found is not None
    assert found.action is action


def test_a_refusal_without_an_address_to_the_group_leaves_nothing(post: Make, account: Make) -> None:
    assert one([post(1, account("ann", is_refusing=True))]) is None


def test_what_stands_below_a_private_reply_hangs_from_the_nearest_kept_post(post: Make, account: Make) -> None:
    posts = [post(1, account("riverside")), post(2, parent=1, visibility="private"), post(3, account("bob"), parent=2)]
    found = one(posts)
    assert found is not None
    assert found.parent == "1"


def test_a_descendant_whose_parent_was_deleted_hangs_from_the_thread_that_was_read(post: Make) -> None:
    held = {"1": a_held_post()}
    found = one([post(3, parent=2)], held=held, anchor="1")
    assert found is not None
    assert (found.parent, found.why) == ("1", ("thread",))


def test_a_held_post_read_again_alone_stays(post: Make) -> None:
    held = {"3": a_held_post()}
    found = one([post(3, parent=2)], held=held)
    assert found is not None
    assert found.why == ("held",)


def test_posts_that_answer_each_other_in_a_circle_end(post: Make) -> None:
    passed, dropped = apply_gate([post(1, parent=2), post(2, parent=1)], SCOPE, {})
    assert (passed, dropped) == ([], 2)


@given(st.data())
def test_no_tree_however_odd_lets_a_private_or_unaddressed_post_through(data: st.DataObject) -> None:
    from tests.collectors.conftest import a_post, an_account

    size = data.draw(st.integers(1, 8))
    people = [an_account(name) for name in ("riverside", "ann", "bob")]
    posts = [
        a_post(
            number,
            data.draw(st.sampled_from(people)),
            visibility=data.draw(st.sampled_from(["public", "unlisted", "private", "direct"])),
            **({"parent": data.draw(st.integers(0, size))} if data.draw(st.booleans()) else {}),
            **({"mentioned_keys": frozenset({GROUP})} if data.draw(st.booleans()) else {}),
        )
        for number in range(size)
    ]
    passed, dropped = apply_gate(posts, SCOPE, {})
    assert len(passed) + dropped == size
    kept = {found.post.server_post_id for found in passed}
    for found in passed:
        assert found.post.visibility in ("public", "unlisted")
        assert found.post.author.key == GROUP or found.post.mentioned_keys or found.parent in kept
    order = [found.post.server_post_id for found in passed]
    for found in passed:
        if found.parent is not None:
            assert order.index(found.parent) < order.index(found.post.server_post_id)


def test_another_servers_silence_takes_no_refusal_back(post: Make, account: Make) -> None:
    memory, ann = CycleState(Refused(frozenset(), frozenset()), {}, {}, {}, {}), UUID(int=7)
    silent = post(1, author=account(is_no_told=False))
    assert not evaluate._with_an_earlier_no(silent, ann, memory).author.is_refusing
    refusing = post(1, author=account(is_refusing=True))
    assert evaluate._with_an_earlier_no(refusing, ann, memory) == refusing
    assert evaluate._with_an_earlier_no(silent, ann, memory).author.is_refusing
    agreeing = post(1, author=account())
    assert not evaluate._with_an_earlier_no(agreeing, ann, memory).author.is_refusing, "her own server says so"


def test_a_card_stays_a_card_when_its_hashtag_is_edited_out(post: Make) -> None:
    found = replace(a_held_post(), is_tagged=True)
    later = one([post(1)], held={"1": found})
    assert later is not None
    assert later.action is Action.LINK_ONLY


def test_one_post_that_is_not_for_everybody_is_a_card_and_its_author_s_others_are_not(
    post: Make, account: Make
) -> None:
    hers = account("ann", is_agreeing=True)
    to_us = {"mentioned_keys": frozenset({GROUP})}
    passed, _ = apply_gate([post(1, hers, is_refused=True, **to_us), post(2, hers, **to_us)], SCOPE, {})
    assert [one.action for one in passed] == [Action.LINK_ONLY, Action.STORE]
