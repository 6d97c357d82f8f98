"""Nobody who said no or was erased comes back, whatever the gate let through."""

from dataclasses import replace

from duckdb import DuckDBPyConnection

from tests.support.rows import HOUR, NOW, account, all_of, dump, kept, named, reading, scope, whole
from warehouse.ingest.store import Rows, Touched
from warehouse.storage import rows
from warehouse.storage.migrate import MIGRATIONS


def words(con: DuckDBPyConnection) -> list[str]:
    """Everything that is stored as text of a person: words, tags, names, addresses."""
    columns = {"post_texts": "text", "post_tags": "tag", "accounts": "handle, address", "post_addresses": "uri, link"}
    return [
        str(value) for table, names in columns.items() for row in all_of(con, names, table) for value in row if value
    ]


def test_a_link_only_post_never_has_words(con: DuckDBPyConnection) -> None:
    batch = whole("ask", why="hashtag", is_link_only=True)
    batch.post_texts = [rows.PostText(named("ask"), NOW, "secret words", None)]
    batch.post_tags = [rows.PostTag(named("ask"), NOW, "secret")]
    kept(con, batch)
    kept(con, Rows(post_texts=[rows.PostText(named("ask"), NOW, "secret words", None)]))
    assert all_of(con, "text", "post_texts") == all_of(con, "tag", "post_tags") == []


def test_a_post_by_somebody_who_refuses_becomes_a_card(con: DuckDBPyConnection) -> None:
    batch = whole("ask")
    batch.accounts = [account("ann", is_refusing=True)]
    kept(con, batch)
    assert all_of(con, "is_link_only", "posts") == [(True,)]
    assert words(con) == []
    assert len(all_of(con, "post_id", "verdicts")) == 1


def test_a_card_from_the_gate_keeps_its_handle_free_link(con: DuckDBPyConnection) -> None:
    batch = whole("ask", is_link_only=True)
    batch.accounts = [account("ann", is_refusing=True, handle=None, address=None)]
    batch.post_addresses = [replace(batch.post_addresses[0], uri=None, link="https://x.example/statuses/1")]
    kept(con, batch)
    assert words(con) == ["https://x.example/statuses/1"]


def test_somebody_who_starts_to_refuse_loses_the_words_that_were_kept(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    touched = kept(con, Rows(accounts=[account("ann", NOW + HOUR, is_refusing=True)]))
    assert words(con) == []
    assert all_of(con, "is_link_only", "posts") == [(True,)]
    assert touched.roots == {named("ask")}


def test_a_stored_refusal_holds_when_a_batch_does_not_tell_of_it(con: DuckDBPyConnection) -> None:
    kept(con, Rows(accounts=[account("ann", is_refusing=True)]))
    kept(con, replace(whole("ask"), accounts=[]))
    assert words(con) == []


def test_somebody_who_no_longer_refuses_is_kept_again(con: DuckDBPyConnection) -> None:
    kept(con, Rows(accounts=[account("ann", is_refusing=True)]))
    kept(con, whole("ask", verified_at=NOW + HOUR))
    assert all_of(con, "text", "post_texts") == [("hello",)]


def test_an_opt_out_works_backwards_and_holds(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    touched = kept(con, Rows(opt_outs=[rows.OptOut(named("ann"), NOW)]))
    assert touched.roots == {named("ask")}
    assert words(con) == []
    kept(con, whole("ask", verified_at=NOW + HOUR))
    kept(con, whole("new", verified_at=NOW + HOUR))
    assert words(con) == []
    assert all_of(con, "distinct is_link_only", "posts") == [(True,)]


def test_an_erased_post_never_returns(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, Rows(erased=[rows.Erased(named("ask"), "post", NOW)]))
    before = dump(con)
    assert all_of(con, "text", "post_texts") == all_of(con, "uri", "post_addresses") == []
    again = replace(whole("ask", verified_at=NOW + HOUR), accounts=[])
    assert kept(con, again) == Touched()
    assert dump(con) == before


def test_an_erased_person_is_only_counted(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, Rows(erased=[rows.Erased(named("ann"), "account", NOW)]))
    assert words(con) == []
    kept(con, whole("new", verified_at=NOW + HOUR))
    assert words(con) == []
    assert all_of(con, "post_id", "post_addresses") == []
    assert len(all_of(con, "post_id", "posts")) == 2


def test_other_peoples_words_stay(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    batch = whole("other", "bob", text="stays")
    batch.extend(whole("more", "cy", is_link_only=True, why="hashtag"))
    batch.opt_outs = [rows.OptOut(named("ann"), NOW)]
    batch.erased = [rows.Erased(named("zoe"), "account", NOW)]
    kept(con, batch)
    assert all_of(con, "text", "post_texts") == [("stays",)]


def test_the_groups_own_account_is_never_a_card(con: DuckDBPyConnection) -> None:
    batch = whole("notice", "g", why="own")
    batch.accounts = [account("g", is_refusing=True)]
    batch.group_accounts = [rows.GroupAccount("g", named("g"), "mastodon", "group")]
    kept(con, batch)
    kept(con, Rows(accounts=[account("g", NOW + HOUR, is_refusing=True)]))
    assert all_of(con, "is_link_only", "posts") == [(False,)]
    assert all_of(con, "text", "post_texts") == [("hello",)]


def test_of_a_card_nothing_is_counted_however_it_became_one(con: DuckDBPyConnection) -> None:
    kept(con, whole("control", "bob"))
    assert len(all_of(con, "post_id", "observations")) == 1, "the control: of others there is a count"
    kept(con, card("from the gate"))
    kept(con, whole("by hashtag", "ann", why="hashtag"))
    kept(con, card("by hashtag"))
    kept(con, whole("before", "ann"))
    kept(con, Rows(accounts=[account("ann", NOW + HOUR, is_refusing=True)]))
    again = whole("before", "ann", verified_at=NOW + 2 * HOUR)
    again.accounts = [account("ann", NOW + 2 * HOUR, is_refusing=True)]
    again.observations = [reading("before", NOW + 2 * HOUR, likes=7)]
    kept(con, again)
    batch = whole("after", "ann")
    batch.accounts = again.accounts
    batch.due = [_looked_for("after", counts_total=12, replies_count=2)]
    kept(con, batch)
    assert all_of(con, "post_id", "observations") == [(named("control"),)]
    assert all_of(con, "counts_total, replies_count", "due") == [(2, 2)], (
        "how often somebody replied says if it was answered"
    )


def test_an_older_warehouse_loses_the_counts_of_its_cards_and_of_nothing_else(con: DuckDBPyConnection) -> None:
    kept(con, card("card"))
    kept(con, whole("notice", "g", why="own"))
    kept(con, whole("ask", "bob"))
    with_due = Rows(due=[_looked_for(name, counts_total=12, replies_count=2) for name in ("card", "ask")])
    kept(con, with_due)
    con.execute("insert into stored.group_accounts values ('g', $id, 'mastodon', 'group')", {"id": named("g")})
    con.execute(
        "insert into stored.observations select $card, * exclude (post_id) from stored.observations where post_id = $ask",
        {"card": named("card"), "ask": named("ask")},
    )
    con.execute("update stored.due set counts_total = 12")
    con.execute((MIGRATIONS / "0008_cards_without_counts.sql").read_text(encoding="utf-8"))
    assert set(all_of(con, "post_id", "observations")) == {(named("notice"),), (named("ask"),)}
    assert set(all_of(con, "post_id, counts_total", "due")) == {(named("card"), 2), (named("ask"), 12)}


def _looked_for(name: str, **counts: int) -> rows.Due:
    return rows.Due(
        named(name), "g", "mastodon", "x.example", name, "refresh", NOW, NOW, None, 0, None, 0, None, **counts
    )


def card(name: str) -> Rows:
    """The same post as the hashtag alone lets us keep it."""
    out = whole(name, why="hashtag", is_link_only=True)
    out.accounts = [account("ann", handle=None, address=None, is_agreeing=False)]
    out.post_addresses = [replace(out.post_addresses[0], uri=None, link=None)]
    return out


def mail(name: str) -> Rows:
    out = whole(name)
    out.accounts = [account("ann", is_agreeing=False)]
    return out


def test_mail_to_the_group_wins_over_a_card_whichever_comes_first(con: DuckDBPyConnection) -> None:
    kept(con, mail("first"))
    kept(con, card("first"))
    kept(con, card("last"))
    kept(con, mail("last"))
    both = card("together")
    both.extend(mail("together"))
    kept(con, both)
    assert all_of(con, "distinct is_link_only", "posts") == [(False,)]
    assert len(all_of(con, "text", "post_texts")) == 3
    assert set(all_of(con, "uri", "post_addresses")) == {("uri/first",), ("uri/last",), ("uri/together",)}


def test_a_card_does_not_grow_words_without_a_reason(con: DuckDBPyConnection) -> None:
    """Read again by its id, a card could look like any post."""
    kept(con, card("ask"))
    again = mail("ask")
    again.post_scope = [scope("ask", why="hashtag")]
    kept(con, again)
    assert all_of(con, "is_link_only", "posts") == [(True,)]
    assert all_of(con, "text", "post_texts") == []


def test_a_yes_to_search_lets_a_card_grow_words(con: DuckDBPyConnection) -> None:
    kept(con, card("ask"))
    again = whole("ask", why="hashtag")
    kept(con, again)
    assert all_of(con, "text", "post_texts") == [("hello",)]


def test_a_yes_taken_back_makes_a_hashtag_post_a_card(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask", why="hashtag"))
    kept(con, card("ask"))
    assert all_of(con, "is_link_only", "posts") == [(True,)]
    assert all_of(con, "text", "post_texts") == []
