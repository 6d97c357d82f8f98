"""What somebody wished through the page is done by the next cycle, backwards too, and undone when they change their mind."""

from pathlib import Path

from collectors.gate import keyed_rows
from tests.support.collector import cycling
from tests.support.tiny_world import ANN, at
from warehouse.casebook.refusals import ERASE_ACCOUNT, OPT_OUT, TAKE_BACK, Refusal, record_refusal


def test_an_opt_out_in_the_casebook_makes_cards_of_what_is_held_and_of_what_comes(tmp_path: Path) -> None:
    with cycling(tmp_path) as one:
        ann = keyed_rows.account_id(one.collector.key, "mastodon", ANN)
        hers = "select count(*) filter (text.text is not null), count(*) from stored.posts as post"
        hers += " left join stored.post_texts as text using (post_id) where author_id = $ann"
        one.at(2)
        assert one.rows(hers, ann=ann)[0][0] > 0, "the control"
        counted = "select count(*) from stored.observations join stored.posts using (post_id) where author_id = $ann"
        assert one.rows(counted, ann=ann)[0][0] > 0, "the control"
        record_refusal(one.collector.casebook, [Refusal(ann, OPT_OUT, at(2.5))])
        one.at(5)
        texts, posts = one.rows(hers, ann=ann)[0]
        assert (texts, posts > 1) == (0, True)
        assert one.rows(counted, ann=ann) == [(0,)], "nor are their likes counted"
        looked_for = "select count(*) from stored.due join stored.posts using (post_id) where author_id = $ann"
        assert one.rows(looked_for, ann=ann)[0][0] > 0
        assert one.rows(looked_for + " and kind = 'refresh' and counts_total <> replies_count", ann=ann) == [(0,)]
        assert ANN not in one.words().lower()
        record_refusal(one.collector.casebook, [Refusal(ann, TAKE_BACK, at(5.5))])
        one.at(9)
        one.at(40)
        assert one.rows(hers, ann=ann)[0][0] > 0


def test_an_erasure_in_the_casebook_is_final(tmp_path: Path) -> None:
    with cycling(tmp_path) as one:
        ann = keyed_rows.account_id(one.collector.key, "mastodon", ANN)
        one.at(2)
        record_refusal(one.collector.casebook, [Refusal(ann, ERASE_ACCOUNT, at(2.5)), Refusal(ann, TAKE_BACK, at(2.6))])
        one.at(5)
        one.at(40)
        assert one.rows(
            "select count(*) from stored.post_texts join stored.posts using (post_id) where author_id = $a", a=ann
        ) == [(0,)]
        assert not one.rows("select handle from stored.accounts where account_id = $a and handle is not null", a=ann)
