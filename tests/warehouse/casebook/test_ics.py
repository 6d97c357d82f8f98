"""Calendar files: time zones, whole days, repeating, mistakes by their lines. Written for these tests."""

from datetime import date

import pytest

from warehouse.casebook.dates import DateDraft
from warehouse.casebook.ics import IcsFile, IcsProblem, parse_ics

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def ics(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n".replace("\n\n", "\n").encode()


def event(*lines: str) -> str:
    return "\r\n".join(lines)


def found(*events: str, zone: str = "Europe/London") -> IcsFile:
    return parse_ics(ics(*events), zone, FIRST, LAST)


def days(told: IcsFile) -> list[tuple[str, str]]:
    return [(draft.first.isoformat(), draft.clock) for draft in told.drafts]


def test_a_meeting_stands_on_the_groups_own_clock() -> None:
    told = found(event("UID:1", "SUMMARY:Thursday circle", "DTSTART:20260716T180000Z", "DTEND:20260716T200000Z"))
    assert told.drafts == [DateDraft("meeting", "Thursday circle", date(2026, 7, 16), date(2026, 7, 16), "19:00", "1")]
    assert told.problems == []
    auckland = found(event("UID:1", "SUMMARY:Call", "DTSTART:20260716T180000Z"), zone="Pacific/Auckland")
    assert days(auckland) == [("2026-07-17", "06:00")]


def test_a_time_without_a_zone_is_on_the_groups_clock() -> None:
    assert days(found(event("UID:1", "SUMMARY:Call", "DTSTART:20260716T180000"))) == [("2026-07-16", "18:00")]


def test_a_weekly_meeting_keeps_its_hour_when_the_clocks_change() -> None:
    told = found(
        event(
            "UID:1",
            "SUMMARY:Sunday call",
            "DTSTART;TZID=Europe/London:20261018T190000",
            "RRULE:FREQ=WEEKLY;COUNT=3",
        )
    )
    assert days(told) == [("2026-10-18", "19:00"), ("2026-10-25", "19:00"), ("2026-11-01", "19:00")]


def test_a_time_that_was_moved_or_left_out_is() -> None:
    told = found(
        event(
            "UID:1",
            "SUMMARY:Circle",
            "DTSTART;TZID=Europe/London:20261001T190000",
            "RRULE:FREQ=WEEKLY;COUNT=4",
            "EXDATE;TZID=Europe/London:20261008T190000",
        ),
        event(
            "UID:1",
            "SUMMARY:Circle, moved",
            "RECURRENCE-ID;TZID=Europe/London:20261015T190000",
            "DTSTART;TZID=Europe/London:20261016T200000",
        ),
    )
    assert days(told) == [("2026-10-01", "19:00"), ("2026-10-16", "20:00"), ("2026-10-22", "19:00")]


def test_whole_days_end_the_day_before_they_say() -> None:
    told = found(
        event("UID:1", "SUMMARY:Carers Week", "DTSTART;VALUE=DATE:20260608", "DTEND;VALUE=DATE:20260615"),
        event("UID:2", "SUMMARY:Picnic", "DTSTART;VALUE=DATE:20260620"),
    )
    assert [(draft.first.day, draft.last.day, draft.kind) for draft in told.drafts] == [
        (8, 14, "event"),
        (20, 20, "event"),
    ]


def test_what_ends_at_midnight_is_not_on_the_next_day() -> None:
    told = found(event("UID:1", "SUMMARY:Late", "DTSTART:20260110T200000Z", "DTEND:20260111T000000Z"))
    assert told.drafts[0].last == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (("UID:1", "SUMMARY:A", "DTSTART:2026 soon"), IcsProblem(6, "bad_line", "DTSTART")),
        (("UID:1", "SUMMARY:A"), IcsProblem(3, "no_start")),
        (("UID:1", "SUMMARY:A", "DTSTART:20260110T200000Z", "DTEND:20260110T190000Z"), IcsProblem(7, "ends_before")),
        (("UID:1", "SUMMARY:A", "DTSTART:20260110T200000Z", "RRULE:FREQ=OFTEN"), IcsProblem(7, "bad_line", "RRULE")),
        (("UID:1", "DTSTART:20260110T200000Z", "RRULE:FREQ=SECONDLY"), IcsProblem(6, "too_often")),
        (("UID:1", "DTSTART:20260110T200000Z", "STATUS:CANCELLED"), IcsProblem(3, "cancelled")),
        (("UID:1", "SUMMARY:A", "DTSTART:19990110T200000Z"), IcsProblem(3, "outside")),
        (("UID:1", "DTSTART:20260110T200000Z"), IcsProblem(3, "no_title")),
        (("UID:1", "SUMMARY:A", "DTSTART:20260110T200000Z", "no property at all"), IcsProblem(3, "bad_line")),
    ],
)
def test_a_mistake_is_named_by_its_line_and_costs_the_others_nothing(
    lines: tuple[str, ...], problem: IcsProblem
) -> None:
    told = found(event(*lines), event("UID:2", "SUMMARY:Good", "DTSTART:20260111T200000Z"))
    assert told.problems == [problem]
    assert [draft.title for draft in told.drafts] == ["Good"]


def test_an_unknown_time_zone_is_said_and_the_time_taken_as_it_stands() -> None:
    told = found(event("UID:1", "SUMMARY:A", "DTSTART;TZID=Mars/Olympus:20260110T200000"))
    assert (days(told), told.problems) == ([("2026-01-10", "20:00")], [IcsProblem(6, "unknown_zone", "Mars/Olympus")])


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", IcsProblem(1, "no_calendar")),
        (b"\x89PNG\r\n\x1a\n\x00\xff", IcsProblem(1, "no_calendar")),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", IcsProblem(1, "no_event")),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", IcsProblem(2, "no_end")),
        (b"BEGIN:VCALENDAR" + b" " * 1_000_001, IcsProblem(1, "too_large")),
    ],
)
def test_what_is_no_calendar_is_said(raw: bytes, problem: IcsProblem) -> None:
    assert parse_ics(raw, "Europe/London", FIRST, LAST).problems == [problem]


def test_a_file_without_end_is_cut() -> None:
    every_day = event("UID:1", "SUMMARY:Daily", "DTSTART:20200101T080000Z", "RRULE:FREQ=DAILY")
    other = event("UID:2", "SUMMARY:Daily too", "DTSTART:20200101T090000Z", "RRULE:FREQ=DAILY")
    told = found(every_day, other)
    assert len(told.drafts) == 500
    assert told.problems == [IcsProblem(1, "too_many", "500")]


def test_a_title_is_one_line_without_hidden_signs() -> None:
    told = found(event("UID:1", "SUMMARY:Open\\nday \u202e<b>x</b>" + "y" * 200, "DTSTART:20260110T200000Z"))
    assert told.drafts[0].title.startswith("Open day <b>x</b>")
    assert len(told.drafts[0].title) == 80
