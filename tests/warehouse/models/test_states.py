"""The table of states: how a request stands after what happened, one row each, and why.

All of it happens around one ask, written by Ann on 2026-11-16 10:00 UTC (a Monday), read whole at 11:50 on the day of
looking. `now` is Friday 2026-11-20, 12:00 UTC. Rows of posts are (name, by, when, under, more).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.models.conftest import Town, at

ASKED, FRIDAY = "2026-11-16 10:00", "2026-11-20 12:00"
BEN = ("reply", "ben", "2026-11-16 12:00", "ask")
CAT = ("second", "cat", "2026-11-16 13:00", "ask")
DEE = ("team", "riverside-dee", "2026-11-16 14:00", "ask")


@dataclass(frozen=True)
class Case:
    """`stands`: state, then the words of said(); `listed`: the list of the page, '' for none."""

    why: str
    stands: str
    listed: str
    posts: tuple[tuple[Any, ...], ...] = ()
    ask: dict[str, Any] = field(default_factory=dict)
    read: dict[str, Any] | None = field(default_factory=dict)
    decided: dict[str, dict[str, Any]] = field(default_factory=dict)
    now: str = FRIDAY


def outcome(said: str, when: str = "2026-11-16 15:00") -> dict[str, Any]:
    return {"outcome": said, "outcome_at": at(when)}


CASES = [
    # nobody
    Case("nobody wrote, and the thread was read whole", "unanswered", "waiting"),
    Case("its own writer is nobody else", "unanswered", "waiting", (("self", "ann", "2026-11-16 10:05", "ask"),)),
    Case("a bot is nobody", "unanswered", "waiting", (("beep", "newsbot", "2026-11-16 10:05", "ask"),)),
    Case("the thread's owner hid the reply", "unanswered", "waiting", ((*BEN, {"hidden": True}),)),
    Case("the reply was taken down", "unanswered", "waiting", ((*BEN, {"deleted": "2026-11-17 10:00"}),)),
    Case("“me too?” is an ask, not an answer", "unanswered", "waiting", ((*BEN, {"asks": True}),)),
    Case("an edit moves no clock", "unanswered", "waiting", ask={"edited": "2026-11-19 10:00"}),
    # somebody
    Case("a member replied", "answered, by peers, second voice", "check back", (BEN,)),
    Case("two members replied", "answered, by peers", "check back", (BEN, CAT)),
    Case("one account twice is one voice", "answered, by peers, second voice", "check back",
         (BEN, ("too", "ben", "2026-11-16 12:01", "reply"))),
    Case("the team replied", "answered, by the group, second voice", "check back", (DEE,)),
    Case("a member and the team: always both", "answered, by peers, by the group", "check back", (BEN, DEE)),
    Case("a reply kept as a link only counts", "answered, by peers, second voice", "check back",
         ((*BEN, {"link_only": True}),)),
    Case("deep in the thread is in the thread", "answered, by peers, second voice", "check back",
         (("self", "ann", "2026-11-16 10:05", "ask"), ("deep", "ben", "2026-11-16 12:00", "self"))),
    Case("clocks differ: a reply from before the ask", "answered, by peers, second voice", "check back",
         (("early", "ben", "2026-11-16 09:58", "ask"),)),
    Case("a remote reply that was found on Friday counts at its own time", "answered, by peers, second voice",
         "check back", (BEN,), read={"when": "2026-11-20 11:59", "reported": 1, "fetched": 1}),
    Case("a fresh answer by one account could use company", "answered, by peers, second voice", "second voice",
         (("reply", "ben", "2026-11-18 12:00", "ask"),)),
    Case("a fresh answer by two needs nothing", "answered, by peers", "",
         (("reply", "ben", "2026-11-18 12:00", "ask"), ("second", "cat", "2026-11-18 13:00", "ask"))),
    Case("collecting began after all of it", "answered, by peers, second voice", "",
         (("reply", "ben", "2026-06-02 12:00", "ask"),), ask={"when": "2026-06-01 10:00"}),
    # again
    Case("the last word is the asker's", "waiting again, by peers", "waiting",
         (BEN, ("but", "ann", "2026-11-17 10:00", "reply"))),
    Case("a thanks is not a wait", "answered, by peers, second voice", "check back",
         (BEN, ("thanks", "ann", "2026-11-17 10:00", "reply", {"thanks": True}))),
    Case("the asker's last word was taken down", "answered, by peers, second voice", "check back",
         (BEN, ("but", "ann", "2026-11-17 10:00", "reply", {"deleted": "2026-11-17 11:00"}))),
    Case("a person said it was answered, then the asker wrote", "waiting again, by the group", "waiting",
         (("but", "ann", "2026-11-17 10:00", "ask"),), decided={"ask": outcome("answered elsewhere")}),
    # how are they now
    Case("the helper wrote again two days later", "answered, by peers, second voice, checked back", "",
         (BEN, ("again", "ben", "2026-11-18 12:00", "reply"))),
    Case("the team may ask, whoever answered", "answered, by peers, by the group, checked back", "",
         (BEN, ("again", "riverside-dee", "2026-11-18 12:00", "reply"))),
    Case("somebody new is a second voice, not the one who comes back", "answered, by peers", "check back",
         (BEN, ("again", "cat", "2026-11-18 12:00", "reply"))),
    Case("the same day is still the answer", "answered, by peers, second voice", "check back",
         (BEN, ("again", "ben", "2026-11-17 11:59", "reply"))),
    Case("over a week is another story", "answered, by peers, second voice", "",
         (BEN, ("again", "ben", "2026-11-23 12:01", "reply")), now="2026-11-23 13:00"),
    Case("somebody said that they asked, elsewhere", "answered, by peers, second voice", "",
         (BEN,), decided={"ask": {"looked_after_at": at("2026-11-20 11:00")}}),
    Case("before the third day it is too early", "answered, by peers", "", (BEN, CAT), now="2026-11-19 11:59"),
    Case("after a week the reminder goes", "answered, by peers", "", (BEN, CAT), now="2026-11-23 12:01"),
    # not known
    Case("never read", "unknown", "waiting", read=None),
    Case("the network has more replies than it showed", "unknown", "waiting", read={"reported": 3, "fetched": 2}),
    Case("the last try failed", "unknown", "waiting", read={"failed": "2026-11-20 11:55"}),
    Case("read too long ago", "unknown", "waiting", read={"when": "2026-11-18 11:00"}),
    Case("a held answer wins over unknown", "answered, by peers, second voice", "check back", (BEN,), read=None),
    # flags
    Case("the only answer is misleading", "unanswered, flagged", "waiting", (BEN,),
         decided={"reply": {"flag": "misleading"}}),
    Case("the only answer is hostile", "unanswered, flagged", "waiting", (BEN,), decided={"reply": {"flag": "hostile"}}),
    Case("the team's own answer can be misleading too", "unanswered, flagged", "waiting", (DEE,),
         decided={"team": {"flag": "misleading"}}),
    Case("one of two answers stands", "answered, by peers, second voice, flagged", "check back", (BEN, CAT),
         decided={"reply": {"flag": "hostile"}}),
    Case("one that needs a signpost is still an answer", "answered, by peers, second voice", "check back", (BEN,),
         decided={"reply": {"flag": "needs a signpost"}}),
    Case("the asker wrote below a hostile reply: from the ask on", "unanswered, flagged", "waiting",
         (BEN, ("but", "ann", "2026-11-17 10:00", "reply")), decided={"reply": {"flag": "hostile"}}),
    Case("a flagged bot was no answer before", "unanswered", "waiting",
         (("beep", "newsbot", "2026-11-16 10:05", "ask"),), decided={"beep": {"flag": "hostile"}}),
    # what a person said
    Case("answered here", "answered, by the group", "check back", decided={"ask": outcome("answered here")}),
    Case("answered elsewhere, the day before", "answered, by the group", "done",
         decided={"ask": outcome("answered elsewhere", "2026-11-19 15:00")}),
    Case("no reply needed leaves the figures", "left out, not counted", "done",
         decided={"ask": outcome("no reply needed")}),
    Case("not a request leaves the figures", "left out, not counted", "done", decided={"ask": {"is_request": False}}),
    Case("closed without an answer stays counted", "closed", "done",
         decided={"ask": outcome("closed without an answer")}),
    Case("closed by a person, then answered after all", "answered, by peers, second voice", "check back", (BEN,),
         decided={"ask": outcome("closed without an answer")}),
    Case("opened again: as if nobody had said anything", "unanswered", "waiting", decided={"ask": {}}),
    Case("put off: the clock runs on", "unanswered", "put off",
         decided={"ask": {"snoozed_at": at("2026-11-20 11:00"), "snoozed_until_at": at("2026-11-21 08:00")}}),
    Case("taken on is not answered", "unanswered", "waiting",
         decided={"ask": {"claimed_by": "Dee", "claimed_at": at("2026-11-20 11:00"),
                          "claimed_until_at": at("2026-11-20 13:00")}}),
    # the end
    Case("taken down while open", "closed", "", ask={"deleted": "2026-11-18 10:00"}),
    Case("taken down after an answer", "answered, by peers, second voice", "", (BEN,),
         ask={"deleted": "2026-11-18 10:00"}),
    Case("30 days are over: it closes itself and stays counted", "closed", "", now="2026-12-16 10:00"),
    Case("a minute before", "unanswered", "waiting", now="2026-12-16 09:59"),
    Case("30 days from the asker's last word", "unanswered", "waiting",
         (("self", "ann", "2026-11-19 10:00", "ask"),), now="2026-12-19 09:59"),
    Case("hidden by the thread's owner", "left out, not counted", "", ask={"hidden": True}),
    Case("hidden, but a person says that it is one", "unanswered", "waiting", ask={"hidden": True},
         decided={"ask": {"is_request": True}}),
    # where it came from
    Case("imported: an ask all the same, without times", "unanswered", "waiting",
         ask={"imported": True, "indexed": "2026-11-16 10:00"}),
    Case("an answer imported with an old date counts when the network took it in", "answered, by peers, second voice",
         "second voice", (("old", "ben", "2024-01-01 10:00", "ask", {"imported": True, "indexed": "2026-11-19 10:00"}),)),
    Case("might be a request", "unanswered, not counted", "maybe", ask={"asks": False, "queue": True}),
    Case("a language without a list", "unanswered, not counted", "maybe", ask={"asks": False, "checked": False}),
    Case("somebody new who tells and does not ask", "unanswered, not counted", "welcome",
         ask={"asks": False, "first_contact": True}),
    Case("somebody new who might ask", "unanswered, not counted", "maybe",
         ask={"asks": False, "queue": True, "first_contact": True}),
    Case("somebody new in a language without a list", "unanswered, not counted", "maybe",
         ask={"asks": False, "checked": False, "first_contact": True}),
    Case("somebody new who was welcomed", "answered, by peers, second voice, not counted", "", (BEN,),
         ask={"asks": False, "first_contact": True}),
    Case("somebody new of whom a person said: no need", "left out, not counted", "done",
         ask={"asks": False, "first_contact": True}, decided={"ask": outcome("no reply needed")}),
]  # fmt: skip


def said(row: dict[str, Any]) -> str:
    """A row of shown.request_states in words."""
    words = {
        "by peers": row["answered_by_peer"],
        "by the group": row["answered_by_group"],
        "second voice": row["needs_second_voice"],
        "checked back": row["is_checked_back"],
        "flagged": row["flagged_count"] > 0,
        "not counted": not row["is_counted"],
    }
    return ", ".join([row["state"], *(word for word, holds in words.items() if holds)])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_how_a_request_stands(case: Case, town: Town) -> None:
    town.now = at(case.now)
    town.account("newsbot", is_bot=True)
    how = {"when": ASKED, "asks": True, **case.ask}
    edited = how.pop("edited", None)
    town.post("ask", "ann", how.pop("when"), **how)
    if edited:
        town.con.execute("update stored.posts set edited_at = ?", [at(edited).replace(tzinfo=None)])
    for name, by, when, under, *more in case.posts:
        town.post(name, by, when, under, **(more[0] if more else {}))
    if case.read is not None:
        town.read("ask", **{"when": just_before(case.now), **case.read})
    for name, decision in case.decided.items():
        town.decide(name, **decision)
    town.rebuild()
    row = town.states()["ask"]
    assert (said(row), row["listed_in"] or "") == (case.stands, case.listed)
    assert row["is_open"] == (case.listed in ("waiting", "maybe", "welcome", "put off"))
    assert (row["waiting_hours"] is not None) == (row["state"] in ("unanswered", "waiting again", "unknown"))
    assert row["state_reason"]


def just_before(now: str) -> str:
    return (datetime.fromisoformat(now) - timedelta(minutes=10)).isoformat()


def test_no_two_cases_have_the_same_reason() -> None:
    assert len({case.why for case in CASES}) == len(CASES)


def test_a_flag_that_is_taken_off_leaves_no_trace(town: Town) -> None:
    town.post("ask", "ann", ASKED, asks=True)
    town.post(*BEN)
    town.read("ask", "2026-11-20 11:50")
    town.decide("reply", flag=None)
    town.rebuild()
    assert said(town.states()["ask"]) == "answered, by peers, second voice"


def test_the_thread_shows_the_flag(town: Town) -> None:
    town.post("ask", "ann", ASKED, asks=True)
    town.post(*BEN)
    town.decide("reply", flag="hostile")
    town.rebuild()
    flags = {row["post_id"]: row["flag"] for row in town.ask("select post_id, flag from shown.thread_posts")}
    assert flags == {"ask": None, "reply": "hostile"}
