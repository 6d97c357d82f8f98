"""Hand-worked examples of how a request stands. `now` is 2026-11-20 12:00 UTC."""

import pytest

from collectors.pipeline.refresh_schedule import thread_interval
from tests.warehouse.models.conftest import Town, at, hours


def asked(
    town: Town, when: str = "2026-11-20 10:00", *, read: str | None = "2026-11-20 11:50", replies: int = 0
) -> None:
    """Ann's ask, read whole ten minutes ago."""
    town.post("ask", "ann", when, asks=True)
    if read:
        town.read("ask", read, reported=replies, fetched=replies)


def test_an_ask_that_nobody_answered_is_unanswered(town: Town) -> None:
    asked(town)
    town.rebuild()
    row = town.states()["ask"]
    assert (row["state"], row["is_open"], row["is_counted"], row["waiting_hours"]) == ("unanswered", True, True, 2)
    assert row["waiting_since_at"] == row["asked_at"]


def test_a_reply_by_a_member_answers_it_as_a_peer(town: Town) -> None:
    asked(town)
    town.post("reply", "ben", "2026-11-20 10:30", "ask")
    town.rebuild()
    row = town.states()["ask"]
    assert (row["state"], row["is_open"], row["first_answer_by"], row["first_answer_hours"]) == (
        "answered",
        False,
        "peer",
        0.5,
    )
    assert (row["answered_by_peer"], row["answered_by_group"], row["needs_second_voice"]) == (True, False, True)


@pytest.mark.parametrize("helper", ["riverside", "riverside-dee"])
def test_a_reply_by_the_group_or_its_team_answers_it_as_the_group(town: Town, helper: str) -> None:
    asked(town)
    town.post("reply", helper, "2026-11-20 10:30", "ask", why=("thread",))
    town.rebuild()
    assert town.states()["ask"]["first_answer_by"] == "group"


def test_what_is_not_an_answer(town: Town) -> None:
    asked(town, replies=5)
    town.account("newsbot", is_bot=True)
    town.post("self", "ann", "2026-11-20 10:05", "ask")  # the asker
    town.post("bot", "newsbot", "2026-11-20 10:06", "ask")  # a bot
    town.post("hidden", "cat", "2026-11-20 10:07", "ask", hidden=True)  # hidden by the thread's owner
    town.post("gone", "dan", "2026-11-20 10:08", "ask", deleted="2026-11-20 11:00")  # taken down
    town.post("me-too", "eve", "2026-11-20 10:09", "ask", asks=True)  # itself a request
    town.rebuild()
    row = town.states()["ask"]
    assert (row["state"], row["answers_count"]) == ("unanswered", 0)


def test_a_link_only_reply_is_an_answer(town: Town) -> None:
    asked(town)
    town.post("card", "fay", "2026-11-20 10:30", "ask", link_only=True)
    town.rebuild()
    assert town.state() == "answered"


def test_a_reply_deep_in_the_thread_is_an_answer(town: Town) -> None:
    asked(town)
    town.post("self", "ann", "2026-11-20 10:05", "ask")
    town.post("deep", "ben", "2026-11-20 10:30", "self")
    town.rebuild()
    assert town.states()["ask"]["first_answer_hours"] == 0.5


def test_a_reply_below_an_ask_deep_in_a_thread_answers_that_ask_too(town: Town) -> None:
    town.post("news", "riverside", "2026-11-20 09:00")
    town.post("ask", "ann", "2026-11-20 10:00", "news", asks=True)
    town.post("other", "ben", "2026-11-20 10:10", "news")  # beside the ask, not below it
    town.read("ask", "2026-11-20 11:50")
    town.rebuild()
    assert town.state() == "unanswered"
    town.post("reply", "ben", "2026-11-20 10:30", "ask")
    town.rebuild()
    assert town.state() == "answered"


def test_a_reply_that_claims_to_be_older_than_the_ask_waits_zero_hours(town: Town) -> None:
    asked(town)
    town.post("reply", "ben", "2026-11-20 09:58", "ask")  # clocks differ
    town.rebuild()
    assert town.states()["ask"]["first_answer_hours"] == 0


def test_an_answer_given_before_the_ask_was_collected_counts_at_its_own_time(town: Town) -> None:
    asked(town, "2026-11-10 10:00", read="2026-11-20 11:50", replies=1)
    town.post("reply", "ben", "2026-11-10 13:00", "ask")
    town.rebuild()
    row = town.states()["ask"]
    assert (row["first_answer_hours"], row["is_due"], row["is_answered_in_promise"]) == (3, True, True)


def test_an_imported_answer_counts_from_when_the_network_took_it_in(town: Town) -> None:
    asked(town)
    town.post("reply", "ben", "2024-01-01 10:00", "ask", imported=True, indexed="2026-11-20 11:00")
    town.rebuild()
    assert town.states()["ask"]["first_answer_hours"] == 1


class TestWaitingAgain:
    """An answer, and then the asker again."""

    def test_the_askers_question_after_an_answer_waits_from_then_on(self, town: Town) -> None:
        asked(town, "2026-11-20 06:30")
        town.post("reply", "ben", "2026-11-20 08:00", "ask")
        town.post("but", "ann", "2026-11-20 09:00", "reply")
        town.post("still", "ann", "2026-11-20 10:00", "but")
        town.rebuild()
        row = town.states()["ask"]
        # from the first word that nobody answered
        assert (row["state"], row["waiting_hours"], row["is_open"]) == ("waiting again", 3, True)
        assert row["first_answer_hours"] == 1.5  # the first wait is over all the same

    def test_a_thanks_is_not_a_wait_but_the_asker_came_back(self, town: Town) -> None:
        asked(town)
        town.post("reply", "ben", "2026-11-20 10:30", "ask")
        town.post("thanks", "ann", "2026-11-20 10:40", "reply", thanks=True)
        town.rebuild()
        row = town.states()["ask"]
        assert (row["state"], row["asker_came_back"]) == ("answered", True)

    def test_an_answer_to_the_second_question_ends_the_wait(self, town: Town) -> None:
        asked(town)
        town.post("reply", "ben", "2026-11-20 10:30", "ask")
        town.post("but", "ann", "2026-11-20 10:40", "reply")
        town.post("again", "cat", "2026-11-20 10:50", "but")
        town.rebuild()
        assert town.state() == "answered"

    def test_a_deleted_last_word_does_not_wait(self, town: Town) -> None:
        asked(town)
        town.post("reply", "ben", "2026-11-20 10:30", "ask")
        town.post("but", "ann", "2026-11-20 10:40", "reply", deleted="2026-11-20 11:00")
        town.rebuild()
        assert town.state() == "answered"

    def test_the_askers_second_ask_belongs_to_the_first(self, town: Town) -> None:
        """One person, one thread: one row in the queue, one in the figures."""
        asked(town)
        town.post("reply", "ben", "2026-11-20 10:30", "ask")
        town.post("second", "ann", "2026-11-20 10:40", "reply", asks=True)
        town.rebuild()
        assert {name: row["state"] for name, row in town.states().items()} == {"ask": "waiting again"}

    def test_unless_a_person_marks_it(self, town: Town) -> None:
        asked(town)
        town.post("second", "ann", "2026-11-20 10:40", "ask", asks=True)
        town.decide("second", is_request=True)
        town.rebuild()
        assert set(town.states()) == {"ask", "second"}

    def test_or_the_first_was_taken_down(self, town: Town) -> None:
        town.post("ask", "ann", "2026-11-20 10:00", asks=True, deleted="2026-11-20 10:30")
        town.post("second", "ann", "2026-11-20 10:40", "ask", asks=True)
        town.rebuild()
        assert town.states()["second"]["is_open"]

    def test_a_question_after_somebody_closed_it_opens_it_again(self, town: Town) -> None:
        asked(town, "2026-11-19 10:00")
        town.post("but", "ann", "2026-11-20 11:00", "ask")
        town.decide("ask", outcome="answered elsewhere", outcome_at=at("2026-11-19 18:00"))
        town.rebuild()
        row = town.states()["ask"]
        assert (row["state"], row["waiting_hours"], row["first_answer_hours"]) == ("waiting again", 1, 8)


class TestUnknown:
    """What we could not read, we do not judge."""

    @pytest.mark.parametrize(
        ("asked_at", "read_at", "state"),
        [
            ("2026-11-20 09:00", "2026-11-20 10:00", "unanswered"),  # read when 1 h old, 2 h ago: just within
            ("2026-11-20 09:00", "2026-11-20 09:59", "unknown"),  # read when 1 h old, over 2 h ago
            ("2026-11-20 00:00", "2026-11-20 06:00", "unanswered"),  # read when 6 h old, 6 h ago: just within
            ("2026-11-19 05:00", "2026-11-20 05:59", "unknown"),  # read when a day old, over 6 h ago
            ("2026-11-15 12:00", "2026-11-18 12:00", "unanswered"),  # read when 3 days old, 48 h ago: just within
            ("2026-11-15 12:00", "2026-11-18 11:59", "unknown"),  # read when 3 days old, over 48 h ago
            ("2026-10-30 12:00", "2026-11-18 12:00", "unanswered"),  # read when 19 days old, 48 h ago: just within
            ("2026-10-30 12:00", "2026-11-18 11:59", "unknown"),  # read when 19 days old, over 48 h ago
        ],
    )
    def test_a_reading_that_is_too_old_says_nothing(self, town: Town, asked_at: str, read_at: str, state: str) -> None:
        asked(town, asked_at, read=read_at)
        town.rebuild()
        assert town.state() == state

    @pytest.mark.parametrize("age", [1, 5.9, 6, 71.9, 72, 13 * 24, 15 * 24, 29 * 24])
    def test_a_reading_holds_for_two_to_eight_of_the_pauses_between_readings_of_an_open_request(
        self, town: Town, age: float
    ) -> None:
        """So that one missed reading makes nothing unknown, and "unanswered" is never said long after the last look."""
        asked_at = at("2026-10-20 10:00")
        asked(town, "2026-10-20 10:00", read=f"{asked_at + hours(age):%Y-%m-%d %H:%M}")
        town.rebuild()
        found = town.ask("select sound_until_at - sound_read_at as holds from prepared.addressed_posts")
        every = thread_interval(hours(age), is_open=True)
        assert every is not None
        assert 2 * every <= found[0]["holds"] <= 8 * every

    def test_a_thread_never_read_is_unknown(self, town: Town) -> None:
        asked(town, read=None)
        town.rebuild()
        assert town.states()["ask"]["state_reason"].startswith("We have not read the thread yet")

    def test_more_replies_reported_than_fetched_is_unknown(self, town: Town) -> None:
        town.post("ask", "ann", "2026-11-20 10:00", asks=True)
        town.read("ask", "2026-11-20 11:50", reported=2, fetched=1)
        town.rebuild()
        assert town.states()["ask"]["state_reason"].startswith("The network has more replies")

    def test_a_reply_that_we_may_not_keep_was_fetched_all_the_same(self, town: Town) -> None:
        town.post("ask", "ann", "2026-11-20 10:00", asks=True)
        town.read("ask", "2026-11-20 11:50", reported=1, fetched=1)  # one private reply, gated
        town.rebuild()
        assert town.state() == "unanswered"

    def test_a_failed_last_try_is_unknown(self, town: Town) -> None:
        town.post("ask", "ann", "2026-11-20 10:00", asks=True)
        town.read("ask", "2026-11-20 11:40", failed="2026-11-20 11:55")
        town.rebuild()
        assert town.states()["ask"]["state_reason"].startswith("The last try")

    def test_a_held_answer_wins_over_unknown(self, town: Town) -> None:
        town.post("ask", "ann", "2026-11-20 10:00", asks=True)
        town.read("ask", "2026-11-20 10:10", reported=3, fetched=1, failed="2026-11-20 11:55")
        town.post("reply", "ben", "2026-11-20 10:05", "ask")
        town.rebuild()
        assert town.state() == "answered"

    def test_a_second_server_that_knows_of_more_makes_it_unknown(self, town: Town) -> None:
        asked(town)
        town.read("ask", "2026-11-20 11:45", reported=1, fetched=0, server="other.example")
        town.rebuild()
        assert town.state() == "unknown"

    def test_a_second_server_that_fails_does_not(self, town: Town) -> None:
        asked(town)
        town.read("ask", "2026-11-20 11:00", failed="2026-11-20 11:45", server="other.example")
        town.rebuild()
        assert town.state() == "unanswered"

    def test_the_reading_of_the_whole_conversation_counts_for_an_ask_inside_it(self, town: Town) -> None:
        town.post("news", "riverside", "2026-11-20 09:00")
        town.post("ask", "ann", "2026-11-20 10:00", "news", asks=True)
        town.read("news", "2026-11-20 11:50", reported=1, fetched=1)
        town.rebuild()
        assert town.state() == "unanswered"

    def test_a_dead_collector_turns_unanswered_into_unknown_by_itself(self, town: Town) -> None:
        asked(town)
        town.rebuild()
        assert (town.state(), town.state(now=town.now + hours(5))) == ("unanswered", "unknown")


class TestPeople:
    """A person always wins."""

    def test_a_mark_takes_an_ask_out_and_puts_another_in_at_once(self, town: Town) -> None:
        asked(town)
        town.post("chat", "ben", "2026-11-20 10:10")
        town.rebuild()
        assert set(town.states()) == {"ask"}
        town.decide("ask", is_request=False)
        town.decide("chat", is_request=True)
        rows = town.states()  # nothing was prepared anew
        assert (rows["ask"]["state"], rows["ask"]["is_counted"]) == ("left out", False)
        assert (rows["chat"]["is_counted"], rows["chat"]["is_open"]) == (True, True)

    def test_a_reply_marked_as_a_request_is_no_longer_an_answer(self, town: Town) -> None:
        asked(town)
        town.post("reply", "ben", "2026-11-20 10:30", "ask")
        town.rebuild()
        assert town.state() == "answered"
        town.decide("reply", is_request=True)
        assert town.state() == "unanswered"

    def test_and_the_other_way_round(self, town: Town) -> None:
        asked(town)
        town.post("reply", "ben", "2026-11-20 10:30", "ask", asks=True)
        town.rebuild()
        assert town.state() == "unanswered"
        town.decide("reply", outcome="not a request", outcome_at=town.now)
        assert town.state() == "answered"

    @pytest.mark.parametrize(
        ("outcome", "state", "is_counted"),
        [
            ("answered here", "answered", True),
            ("answered elsewhere", "answered", True),
            ("no reply needed", "left out", False),
            ("not a request", "left out", False),
            ("closed without an answer", "closed", True),
        ],
    )
    def test_every_outcome(self, town: Town, outcome: str, state: str, is_counted: bool) -> None:
        asked(town)
        town.decide("ask", outcome=outcome, outcome_at=at("2026-11-20 11:00"))
        town.rebuild()
        row = town.states()["ask"]
        assert (row["state"], row["is_counted"], row["is_open"]) == (state, is_counted, False)

    def test_answered_elsewhere_counts_at_its_time(self, town: Town) -> None:
        asked(town, "2026-11-18 10:00")
        town.decide("ask", outcome="answered elsewhere", outcome_at=at("2026-11-18 11:00"))
        town.rebuild()
        row = town.states()["ask"]
        assert (row["first_answer_hours"], row["first_answer_by"], row["is_answered_in_promise"]) == (1, "group", True)

    def test_snoozing_does_not_stop_the_clock(self, town: Town) -> None:
        asked(town)
        town.decide("ask", snoozed_at=town.now, snoozed_until_at=at("2026-11-21 12:00"))
        town.rebuild()
        row = town.states()["ask"]
        assert (row["is_snoozed"], row["is_open"], row["waiting_hours"], row["listed_in"]) == (True, True, 2, "put off")

    def test_what_was_put_off_comes_back_when_its_time_is_there(self, town: Town) -> None:
        asked(town)
        town.decide("ask", snoozed_at=town.now, snoozed_until_at=at("2026-11-20 13:00"))
        town.rebuild()
        lists = [town.states(now)["ask"]["listed_in"] for now in (town.now, at("2026-11-20 13:00"))]
        assert lists == ["put off", "waiting"]

    def test_and_at_once_when_the_asker_writes_again(self, town: Town) -> None:
        asked(town, "2026-11-20 08:00")
        town.post("more", "ann", "2026-11-20 11:30", "ask")
        town.decide("ask", snoozed_at=at("2026-11-20 11:00"), snoozed_until_at=at("2026-11-21 12:00"))
        town.rebuild()
        row = town.states()["ask"]
        assert (row["listed_in"], row["waiting_hours"]) == ("waiting", 4)

    def test_a_claim_lapses_by_itself_and_says_whose_it_was(self, town: Town) -> None:
        asked(town)
        town.decide("ask", claimed_by="Dee", claimed_at=town.now, claimed_until_at=town.now + hours(2))
        town.rebuild()
        before, after = (town.states(town.now + hours(count))["ask"] for count in (1.9, 2))
        assert (before["claimed_by"], before["lapsed_claim_by"]) == ("Dee", None)
        assert (after["claimed_by"], after["claimed_at"], after["lapsed_claim_by"]) == (None, None, "Dee")


class TestCandidates:
    """In the queue, in no figure."""

    def test_the_queue_threshold_makes_a_candidate_in_no_figure(self, town: Town) -> None:
        town.post("maybe", "ann", "2026-11-20 10:00", queue=True)
        town.rebuild()
        row = town.states()["maybe"]
        assert (row["is_candidate"], row["is_counted"], row["is_open"]) == (True, False, True)

    def test_once_somebody_said_how_it_ended_it_is_no_candidate_any_more(self, town: Town) -> None:
        town.post("maybe", "ann", "2026-11-20 10:00", queue=True)
        town.decide("maybe", outcome="answered elsewhere", outcome_at=at("2026-11-20 11:00"))
        town.rebuild()
        assert town.states()["maybe"]["is_candidate"] is False

    def test_so_do_a_first_contact_and_a_language_without_a_list(self, town: Town) -> None:
        town.post("hello", "ann", "2026-11-20 10:00", first_contact=True)
        town.post("croeso", "ben", "2026-11-20 10:00", checked=False)
        town.post("chat", "cat", "2026-11-20 10:00")  # nothing of all that
        town.rebuild()
        assert {name: row["is_candidate"] for name, row in town.states().items()} == {"hello": True, "croeso": True}

    def test_a_first_contact_before_we_began_to_collect_is_not_known_to_be_one(self, town: Town) -> None:
        town.post("hello", "ann", "2026-06-30 10:00", first_contact=True)
        town.rebuild()
        assert town.states() == {}

    def test_neither_the_team_nor_a_bot_asks(self, town: Town) -> None:
        town.account("newsbot", is_bot=True)
        town.post("team", "riverside-dee", "2026-11-20 10:00", asks=True)
        town.post("group", "riverside", "2026-11-20 10:00", asks=True)
        town.post("bot", "newsbot", "2026-11-20 10:00", asks=True)
        town.rebuild()
        assert town.states() == {}


class TestTheEnd:
    """How a request leaves the queue without an answer."""

    def test_after_thirty_days_it_is_closed_and_stays_counted(self, town: Town) -> None:
        asked(town, "2026-10-21 12:00")
        town.post("young", "ben", "2026-10-21 12:01", asks=True)
        town.read("young", "2026-11-20 11:00")
        town.rebuild()
        rows = town.states()
        assert (rows["ask"]["state"], rows["ask"]["is_counted"]) == ("closed", True)
        assert rows["young"]["state"] == "unanswered"

    def test_an_ask_taken_down_leaves_the_queue_and_stays_counted_as_asked(self, town: Town) -> None:
        town.post("ask", "ann", "2026-11-18 10:00", asks=True, deleted="2026-11-18 20:00")
        town.read("ask", "2026-11-20 11:50")
        town.rebuild()
        row = town.states()["ask"]
        assert (row["state"], row["is_open"], row["is_counted"], row["is_due"]) == ("closed", False, True, False)

    def test_one_taken_down_after_its_promise_ran_out_stays_due(self, town: Town) -> None:
        town.post("ask", "ann", "2026-11-18 10:00", asks=True, deleted="2026-11-19 20:00")
        town.read("ask", "2026-11-20 11:50")
        town.rebuild()
        assert town.states()["ask"]["is_due"]

    def test_an_ask_hidden_by_the_threads_owner_is_left_out(self, town: Town) -> None:
        town.post("news", "riverside", "2026-11-20 09:00")
        town.post("ask", "ann", "2026-11-20 10:00", "news", asks=True, hidden=True)
        town.rebuild()
        row = town.states()["ask"]
        assert (row["state"], row["is_counted"]) == ("left out", False)


class TestThePromise:
    """Answered in time, of those whose time has run out."""

    def test_it_is_due_when_the_promise_has_run_out_and_not_a_second_earlier(self, town: Town) -> None:
        asked(town, "2026-11-19 12:00")
        town.rebuild()
        early, late = town.now - hours(1 / 3600), town.now
        town.con.execute("update stored.thread_reads set read_at = '2026-11-20 12:00'")
        town.rebuild()
        assert [town.states(now)["ask"]["is_due"] for now in (early, late)] == [False, True]

    @pytest.mark.parametrize(("replied", "kept"), [("2026-11-19 10:00", True), ("2026-11-19 10:01", False)])
    def test_its_edge(self, town: Town, replied: str, kept: bool) -> None:
        asked(town, "2026-11-18 10:00")
        town.post("reply", "ben", replied, "ask")
        town.rebuild()
        row = town.states()["ask"]
        assert (row["is_due"], row["is_answered_in_promise"]) == (True, kept)

    def test_unknown_ones_are_in_neither(self, town: Town) -> None:
        asked(town, "2026-11-18 10:00", read="2026-11-19 09:00")  # last read before the promise ran out
        town.rebuild()
        row = town.states()["ask"]
        assert (row["is_due"], row["is_due_unknown"]) == (False, True)

    def test_an_imported_ask_stays_out_of_time_figures(self, town: Town) -> None:
        town.post("ask", "ann", "2024-11-18 10:00", asks=True, imported=True, indexed="2026-11-18 10:00")
        town.post("reply", "ben", "2026-11-19 10:00", "ask")
        town.rebuild()
        row = town.states()["ask"]
        assert (row["is_counted"], row["is_due"], row["first_answer_hours"]) == (True, False, None)


def test_each_group_sees_its_own_ask_with_its_own_promise(town: Town) -> None:
    town.group("hillside", promise=1)
    town.post("ask", "ann", "2026-11-20 10:00", asks=True)
    town.post("theirs", "ann", "2026-11-20 10:00", asks=True, group="hillside")
    town.read("theirs", "2026-11-20 11:50")
    town.rebuild()
    rows = town.states()
    assert (rows["ask"]["group_id"], rows["ask"]["is_due"]) == ("riverside", False)
    assert (rows["theirs"]["group_id"], rows["theirs"]["is_due"]) == ("hillside", True)


def test_no_data_gives_no_rows(town: Town) -> None:
    town.rebuild()
    assert town.states() == {}
