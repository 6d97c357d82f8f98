"""In which conversations somebody waits; and what the settings and the casebook no longer name goes from the warehouse too."""

from dataclasses import replace
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from tests.support.rows import DAY, HOUR, NOW, group, kept, named, whole
from warehouse.casebook.events import open_casebook
from warehouse.ingest.store import Rows, Touched
from warehouse.settings import Settings
from warehouse.storage import collector_state, rows
from warehouse.transform.prepare import rebuild


def test_a_decision_erased_from_the_casebook_leaves_the_warehouse(con: DuckDBPyConnection, settings: Settings) -> None:
    casebook = open_casebook(settings)
    for name in ("ask", "other"):
        kept(con, whole(name))
        casebook.record(group_id="g", post_id=named(name), who="Jo", what="claim", at=NOW)
    kept(con, Rows(groups=[group()], decisions=casebook.decisions(NOW)))
    casebook.erase([named("ask")], NOW)
    touched = collector_state.remove_groups_except(con, Rows(groups=[group()], decisions=casebook.decisions(NOW)))
    assert con.execute("select post_id, claimed_by from stored.decisions").fetchall() == [(named("other"), "Jo")]
    assert touched.roots == {named("ask")}
    casebook.close()


def test_an_account_taken_out_of_the_settings_is_no_longer_the_groups(con: DuckDBPyConnection) -> None:
    accounts = [rows.GroupAccount("g", named(name), "mastodon", "team") for name in ("dee", "ben")]
    other = rows.GroupAccount("other", named("dee"), "mastodon", "team")
    kept(con, whole("reply", by="ben"))
    kept(con, Rows(groups=[group()], group_accounts=[*accounts, other]))
    touched = collector_state.remove_groups_except(con, Rows(groups=[group()], group_accounts=accounts[:1]))
    assert con.execute("select group_id, account_id from stored.group_accounts order by 1").fetchall() == [
        ("g", named("dee")),
        ("other", named("dee")),
    ]
    assert touched.roots == {named("reply")}


def test_where_all_is_still_named_nothing_is_touched(con: DuckDBPyConnection) -> None:
    assert collector_state.remove_groups_except(con, Rows()) == Touched()


def below(name: str, by: str, hours: float, *, is_thanks: bool = False) -> Rows:
    """A reply to the ask, `hours` ago, that the rules take for nothing but a reply."""
    out = whole(name, by, NOW - hours * HOUR, why="thread", parent_id=named("ask"), root_id=named("ask"), is_reply=True)
    out.verdicts = [replace(out.verdicts[0], is_queue=False, is_count=False, is_thanks=is_thanks)]
    return out


ASK, ANSWER, HOSTILE = whole("ask", at=NOW - 9 * HOUR), below("answer", "ben", 8), below("hostile", "cat", 7)


@pytest.mark.parametrize(
    ("posts", "decided", "waits_since"),
    [
        ((ASK,), (), 9),
        ((ASK, ANSWER), (), None),
        ((ASK, ANSWER, below("again", "ann", 3)), (), 3),
        ((ASK, ANSWER, below("thanks", "ann", 3, is_thanks=True)), (), None),
        # its only answer was flagged; of two, one still stands; a signpost is missing but it answers
        ((ASK, HOSTILE), (("hostile", "flag", {"flag": "hostile"}),), 9),
        ((ASK, HOSTILE), (("hostile", "flag", {"flag": "needs a signpost"}),), None),
        ((ASK, ANSWER, HOSTILE), (("hostile", "flag", {"flag": "misleading"}),), None),
        ((ASK, HOSTILE), (("hostile", "flag", {"flag": "hostile"}), ("hostile", "flag", {"flag": None})), None),
        # a person's word wins over the rules
        ((ASK,), (("ask", "not_a_request", {}),), None),
        ((ASK,), (("ask", "answered_elsewhere", {"reason": "phone"}),), None),
        ((below("ask", "ann", 5),), (), None),
        ((below("ask", "ann", 5),), (("ask", "is_request", {}),), 5),
        ((whole("ask", at=NOW - 31 * DAY),), (), None),
    ],
)
def test_a_thread_is_open_while_somebody_in_it_waits(
    con: DuckDBPyConnection,
    settings: Settings,
    posts: tuple[Rows, ...],
    decided: tuple[tuple[str, str, dict[str, Any]], ...],
    waits_since: float | None,
) -> None:
    casebook = open_casebook(settings)
    for name, what, detail in decided:
        casebook.record(group_id="g", post_id=named(name), who="Jo", what=what, at=NOW - HOUR, detail=detail)
    all_rows = Rows(groups=[group()], decisions=casebook.decisions())
    casebook.close()
    for one in posts:
        all_rows.extend(one)
    kept(con, all_rows)
    rebuild(con, NOW)
    found = collector_state.load_open_roots(con, [named("ask")], NOW - 30 * DAY)
    assert found == ({named("ask"): NOW - waits_since * HOUR} if waits_since else {})
