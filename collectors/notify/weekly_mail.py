"""The weekly mail: on Monday at eight by everybody's own clock, once per person and week, tried again when it does not arrive.

What it says is put together by whoever starts the collector and handed in: the words belong to the reports.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from collectors.notify.policy import may_retry
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.casebook.mail_preferences import MailAddressee, is_unsubscribed
from warehouse.casebook.notifications import WEEKLY, Notification, begin_sending, finish_sending, load_notifications
from warehouse.settings import Person, Settings
from warehouse.snapshots.reader import NothingPublished, Reader, open_reader

log = logging.getLogger(__name__)

AT = time(8)
_WEEK = timedelta(days=7)
_LATE = timedelta(days=3)  # for a computer that slept: after that last week is old news
_WAITS = timedelta(hours=4)  # for a collector that has not yet read the end of the week

Compose = Callable[[Reader, Settings, Person, date, datetime], MailAddressee]  # … Monday of the week that is over, now
Post = Callable[[Settings, str, MailAddressee, datetime], str]  # '' or why it did not arrive


def mail_due_at(person: Person, now: datetime) -> datetime:
    """The latest Monday at eight where the person is."""
    local = now.astimezone(ZoneInfo(person.timezone))
    monday = local.date() - timedelta(days=local.weekday())
    at = datetime.combine(monday, AT, local.tzinfo)
    return at if at <= local else datetime.combine(monday - _WEEK, AT, local.tzinfo)


def week_due(person: Person, past: Sequence[Notification], now: datetime, *, is_by_hand: bool = False) -> date | None:
    """The Monday of the week to tell of now; None: nothing, or not yet again. `past`: what was mailed to this person.

    By hand it goes out on any day, but not a second time.
    """
    due = mail_due_at(person, now)
    week = due.date() - _WEEK
    these = [one for one in past if one.about == (_about(week),)]
    if any(not one.failure for one in these):
        return None
    if not is_by_hand and (now - due >= _LATE or not may_retry(these, now)):
        return None
    return week


def send_due_mails(
    settings: Settings,
    now: datetime,
    compose: Compose,
    post: Post,
    *,
    is_by_hand: bool = False,
    only: str = "",
) -> list[tuple[str, str]]:
    """Mail everybody who is due, or `only` one; returns their names, each with '' or why it did not arrive."""
    people = [one for one in settings.people if one.mail and (not only or one.name == only)]
    if not settings.mail.host or not people:
        return []
    casebook = open_casebook(settings)
    try:
        gone = is_unsubscribed(casebook)
        people = [one for one in people if one.name.casefold() not in gone]
        past = load_notifications(casebook)
        if not any(week_due(one, _theirs(past, one), now, is_by_hand=is_by_hand) for one in people):
            return []
        reader = open_reader(settings)
        try:
            if not is_by_hand:
                people = [one for one in people if _is_read(reader, one, now)]
            tried = [_mail(settings, casebook, reader, one, now, compose, post, is_by_hand) for one in people]
        finally:
            reader.close()
    except NothingPublished:
        return []
    finally:
        casebook.close()
    return [one for one in tried if one]


def _mail(
    settings: Settings,
    casebook: Casebook,
    reader: Reader,
    person: Person,
    now: datetime,
    compose: Compose,
    post: Post,
    is_by_hand: bool,
) -> tuple[str, str] | None:
    with casebook.writing() as con:  # with the pen in hand: another process may have mailed it meanwhile
        week = week_due(person, _theirs(load_notifications(casebook, con), person), now, is_by_hand=is_by_hand)
        if week is None:
            return None
        ids = begin_sending(con, [Notification(person.name, WEEKLY, "", now, "weekly", 0, (_about(week),))])
    failure = post(settings, person.mail, compose(reader, settings, person, week, now), now)
    finish_sending(casebook, ids, failure)
    if failure:
        log.warning("a weekly mail did not go out: %s", failure)
    return person.name, failure


def _is_read(reader: Reader, person: Person, now: datetime) -> bool:
    """Was anything published since the week ended? A while is waited for it, no longer."""
    due = mail_due_at(person, now)
    return reader.published_at >= due - timedelta(hours=AT.hour) or now - due >= _WAITS


def _theirs(past: Sequence[Notification], person: Person) -> list[Notification]:
    return [one for one in past if (one.person, one.channel) == (person.name, WEEKLY)]


def _about(week: date) -> str:
    return f"week:{week.isoformat()}"
