"""What is told to whom, and when not: the whole decision, without a network and without a clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collectors.notify.policy import GroupStatus, MessageLine, Stretch, Wait, decide_message, digest_due_at, is_quiet
from warehouse.casebook.notifications import Notification
from warehouse.settings import Person

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAM = Person("Sam", ("mail",), quiet_hours="")


def wait(name: str, hours: float, *, asker: int = 1, promise: float = 24, now: datetime = NOW) -> Wait:
    since = now - hours * HOUR
    return Wait(name, asker, since, since + promise * HOUR)


def lines(
    *waits: Wait,
    person: Person = SAM,
    past: list[Notification] | None = None,
    now: datetime = NOW,
    uncovered: tuple[Stretch, ...] = (),
) -> list[MessageLine]:
    return decide_message(person, past or [], {"riverside": GroupStatus(waits, uncovered)}, now)


def told(line: MessageLine, at: datetime = NOW, failure: str = "") -> Notification:
    return Notification("Sam", "mail", line.group_id, at, line.kind, line.waiting_count, line.about, failure)


def test_nothing_is_told_while_everybody_is_within_the_promise() -> None:
    assert lines(wait("a", 23.9)) == []
    assert lines() == []


def test_a_wait_beyond_the_promise_is_told_with_all_who_wait() -> None:
    (line,) = lines(wait("a", 24), wait("b", 2, asker=2))
    assert (line.kind, line.waiting_count, line.longest) == ("late", 2, 24 * HOUR)


def test_two_posts_by_one_person_are_one_person() -> None:
    (line,) = lines(wait("a", 30), wait("b", 29))
    assert line.waiting_count == 1


def test_thirty_old_waits_at_the_first_start_are_one_message() -> None:
    (line,) = lines(*(wait(f"w{n}", 40 + n, asker=n) for n in range(30)))
    assert line.waiting_count == 30


def test_nobody_is_told_twice_of_the_same() -> None:
    (line,) = lines(wait("a", 24))
    assert lines(wait("a", 25), past=[told(line)], now=NOW + HOUR) == []


def test_somebody_new_beyond_the_promise_is_told_though_others_were_told_before() -> None:
    (before,) = lines(wait("a", 24))
    (line,) = lines(wait("a", 25), wait("b", 24, asker=2), past=[told(before)])
    assert line.waiting_count == 2


def test_what_was_answered_and_waits_again_is_told_again() -> None:
    (before,) = lines(wait("a", 60))
    assert lines(wait("a, since yesterday", 25), past=[told(before)])


def test_each_person_and_group_is_told_of_their_own() -> None:
    standing = GroupStatus([wait("a", 30)])
    both = decide_message(SAM, [], {"riverside": standing, "lane": GroupStatus([wait("b", 1)])}, NOW)
    assert [line.group_id for line in both] == ["riverside"]


# Quiet hours


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ("2026-11-20 21:59", False),
        ("2026-11-20 22:00", True),
        ("2026-11-21 03:00", True),
        ("2026-11-21 07:59", True),
        ("2026-11-21 08:00", False),
        # the clocks go forward at 01:00 UTC on 29 March 2026: eight in London is seven in UTC
        ("2026-03-29 06:59", True),
        ("2026-03-29 07:00", False),
        # and back on 25 October 2026: the night is an hour longer
        ("2026-10-25 07:59", True),
        ("2026-10-25 08:00", False),
    ],
)
def test_quiet_hours_over_midnight_follow_the_clock_on_the_wall(utc: str, expected: bool) -> None:
    sam = replace(SAM, quiet_hours="22:00-08:00")
    assert is_quiet(sam, datetime.fromisoformat(utc).replace(tzinfo=UTC)) is expected


def test_quiet_hours_are_those_of_the_persons_own_zone() -> None:
    assert is_quiet(replace(SAM, quiet_hours="13:00-14:00", timezone="Europe/Berlin"), NOW)
    assert not is_quiet(replace(SAM, quiet_hours="13:00-14:00"), NOW)


def test_what_came_in_quiet_hours_is_told_once_when_they_end() -> None:
    sam = replace(SAM, quiet_hours="22:00-08:00")
    night, morning = datetime(2026, 11, 21, 3, tzinfo=UTC), datetime(2026, 11, 21, 8, tzinfo=UTC)
    waits = [wait("a", 24, now=night), wait("b", 25, asker=2, now=night)]
    assert lines(*waits, person=sam, now=night) == []
    (line,) = lines(*waits, person=sam, now=morning)
    assert (line.waiting_count, line.longest) == (2, 30 * HOUR)


# Digest


DIGEST = replace(SAM, digest_at="08:30", quiet_hours="22:00-08:00")


def test_a_digest_comes_at_most_once_a_day() -> None:
    at = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    (line,) = lines(wait("a", 30, now=at), person=DIGEST, now=at)
    assert line.kind == "digest"
    past = [told(line, at)]
    more = wait("b", 30, asker=2, now=at)
    for hours in (0.1, 4, 23.9):
        assert lines(wait("a", 30), more, person=DIGEST, past=past, now=at + hours * HOUR) == []
    assert lines(wait("a", 30), more, person=DIGEST, past=past, now=at + 24 * HOUR)


def test_a_digest_of_nothing_new_is_not_sent() -> None:
    at = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    (line,) = lines(wait("a", 30, now=at), person=DIGEST, now=at)
    assert lines(wait("a", 30, now=at), person=DIGEST, past=[told(line, at)], now=at + 24 * HOUR) == []


def test_a_digest_before_its_time_waits_for_it() -> None:
    at = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    (line,) = lines(wait("a", 30, now=at), person=DIGEST, now=at)
    tomorrow = at + 23 * HOUR
    assert lines(wait("b", 30, now=tomorrow), person=DIGEST, past=[told(line, at)], now=tomorrow) == []


def test_a_digest_at_an_hour_of_the_quiet_hours_comes_all_the_same() -> None:
    early = replace(DIGEST, digest_at="07:00")
    at = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)
    assert lines(wait("a", 30, now=at), person=early, now=at)
    assert lines(wait("a", 30), person=early, now=at.replace(hour=23)) == []  # it was missed: not in the night


@pytest.mark.parametrize(
    ("clock", "first", "second"),
    [
        ("01:30", "2026-03-28 01:30", "2026-03-29 01:30"),  # forward: London's 01:30 does not exist, 02:30 summer time
        ("01:30", "2026-10-24 00:30", "2026-10-25 00:30"),  # back: London's 01:30 comes twice, told at the first
        ("08:30", "2026-10-24 07:30", "2026-10-25 08:30"),
    ],
)
def test_a_digest_comes_once_in_the_nights_when_the_clocks_change(clock: str, first: str, second: str) -> None:
    sam = replace(SAM, digest_at=clock)
    start, end = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (first, second))
    past: list[Notification] = []
    at, sent = start - HOUR / 2, []
    while at < end + 12 * HOUR:
        # somebody new is late at every quarter of an hour
        for line in lines(wait(f"{at}", 25, now=at), person=sam, past=past, now=at):
            past.append(told(line, at))
            sent.append(at)
        at += HOUR / 4
    assert sent[-2:] == [start, end]


def test_the_latest_digest_time_is_never_in_the_future() -> None:
    at = datetime(2026, 3, 28, 22, tzinfo=UTC)
    for quarter in range(8 * 24):
        now = at + quarter * HOUR / 4
        assert timedelta(0) <= now - digest_due_at(replace(SAM, digest_at="01:30"), now) < 25 * HOUR


# Nights


NIGHT = (datetime(2026, 11, 19, 22, tzinfo=UTC), datetime(2026, 11, 20, 7, tzinfo=UTC))


def test_an_hour_in_a_night_without_cover_is_told_before_the_promise_runs_out() -> None:
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert lines(wait("a", 0.9, now=at), now=at, uncovered=(NIGHT,)) == []
    (line,) = lines(wait("a", 1, now=at), now=at, uncovered=(NIGHT,))
    assert line.kind == "night"


def test_a_night_with_cover_tells_nobody() -> None:
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert lines(wait("a", 3, now=at), now=at) == []


def test_what_was_told_at_night_is_told_again_when_the_promise_runs_out_and_no_more() -> None:
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    (night,) = lines(wait("a", 2, now=at), now=at, uncovered=(NIGHT,))
    later = at + 22 * HOUR
    (late,) = lines(wait("a", 24, now=later), past=[told(night, at)], now=later, uncovered=(NIGHT,))
    assert late.kind == "late"
    past = [told(night, at), told(late, later)]
    assert lines(wait("a", 25, now=later + HOUR), past=past, now=later + HOUR, uncovered=(NIGHT,)) == []


def test_somebody_who_is_away_is_told_nothing_until_they_are_back() -> None:
    away = GroupStatus([wait("a", 30)], away=frozenset({"sam"}))
    assert decide_message(SAM, [], {"riverside": away}, NOW) == []
    assert lines(wait("a", 30))


# When it does not arrive


def test_a_failure_is_tried_three_times_in_an_hour_and_then_every_six_hours() -> None:
    past: list[Notification] = []
    tried = []
    for minute in range(0, 14 * 60, 5):
        at = NOW + timedelta(minutes=minute)
        for line in lines(wait("a", 30), past=past, now=at):
            past.append(told(line, at, "the service could not be reached"))
            tried.append(minute)
    assert tried == [0, 20, 60, 60 + 360, 60 + 720]


def test_after_a_failure_the_next_message_tells_of_everything() -> None:
    (first,) = lines(wait("a", 30))
    past = [told(first, NOW, "it broke off")]
    (line,) = lines(wait("a", 31), wait("b", 30, asker=2), past=past, now=NOW + HOUR)
    assert line.waiting_count == 2
    assert lines(wait("a", 32), past=[*past, told(line, NOW + HOUR)], now=NOW + 2 * HOUR) == []


def test_two_groups_that_fail_together_are_one_try() -> None:
    standing = {"riverside": GroupStatus([wait("a", 30)]), "lane": GroupStatus([wait("b", 30)])}
    both = decide_message(SAM, [], standing, NOW)
    past = [told(line, NOW, "it broke off") for line in both]
    assert decide_message(SAM, past, standing, NOW + timedelta(minutes=20))
