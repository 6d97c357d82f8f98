"""What the settings and the casebook no longer name goes from the warehouse too."""

from duckdb import DuckDBPyConnection

from tests.warehouse.making import NOW, group, kept, named, whole
from warehouse import agenda, rows
from warehouse.casebook import open_casebook
from warehouse.settings import Settings
from warehouse.store import Rows, Touched


def test_a_decision_erased_from_the_casebook_leaves_the_warehouse(con: DuckDBPyConnection, settings: Settings) -> None:
    casebook = open_casebook(settings)
    for name in ("ask", "other"):
        kept(con, whole(name))
        casebook.record(group_id="g", post_id=named(name), who="Jo", what="claim", at=NOW)
    kept(con, Rows(groups=[group()], decisions=casebook.decisions(NOW)))
    casebook.erase([named("ask")], NOW)
    touched = agenda.take_out_all_but(con, Rows(groups=[group()], decisions=casebook.decisions(NOW)))
    assert con.execute("select post_id, claimed_by from stored.decisions").fetchall() == [(named("other"), "Jo")]
    assert touched.roots == {named("ask")}
    casebook.close()


def test_an_account_taken_out_of_the_settings_is_no_longer_the_groups(con: DuckDBPyConnection) -> None:
    accounts = [rows.GroupAccount("g", named(name), "mastodon", "team") for name in ("dee", "ben")]
    other = rows.GroupAccount("other", named("dee"), "mastodon", "team")
    kept(con, whole("reply", by="ben"))
    kept(con, Rows(groups=[group()], group_accounts=[*accounts, other]))
    touched = agenda.take_out_all_but(con, Rows(groups=[group()], group_accounts=accounts[:1]))
    assert con.execute("select group_id, account_id from stored.group_accounts order by 1").fetchall() == [
        ("g", named("dee")),
        ("other", named("dee")),
    ]
    assert touched.roots == {named("reply")}


def test_where_all_is_still_named_nothing_is_touched(con: DuckDBPyConnection) -> None:
    assert agenda.take_out_all_but(con, Rows()) == Touched()
