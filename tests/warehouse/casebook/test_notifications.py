"""Who was told: what is said of somebody who cannot be reached; kept on SQLite and on a real PostgreSQL."""

import threading
from datetime import timedelta

from tests.support.rows import DAY, HOUR, NOW
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.casebook.notifications import (
    BROKE_OFF,
    Notification,
    begin_sending,
    finish_sending,
    load_notifications,
    load_troubles,
)
from warehouse.settings import Settings

DOWN = "the service could not be reached"


def telling(hours: float, failure: str = "", channel: str = "mail", group: str = "g") -> Notification:
    return Notification("Sam", channel, group, NOW + hours * HOUR, "late", 2, ("late:a",), failure)


def test_a_first_failure_is_not_yet_news() -> None:
    past = [telling(-0.9, DOWN), telling(-0.5, DOWN)]
    assert load_troubles(past, NOW) == []


def test_after_an_hour_or_three_tries_it_says_since_when_and_why() -> None:
    for past in ([telling(-1, DOWN)], [telling(-0.3, BROKE_OFF), telling(-0.2, BROKE_OFF), telling(-0.1, DOWN)]):
        (trouble,) = load_troubles([telling(-30), *past], NOW)
        assert (trouble.person, trouble.since, trouble.reason) == ("Sam", past[0].at, DOWN)


def test_one_message_about_three_groups_is_one_try() -> None:
    assert load_troubles([telling(-0.1, DOWN, group=name) for name in "abc"], NOW) == []


def test_a_message_that_arrives_ends_the_trouble_of_its_channel_only() -> None:
    past = [telling(-3, DOWN), telling(-3, DOWN, "chat"), telling(-1, "", "mail")]
    assert [trouble.channel for trouble in load_troubles(past, NOW)] == ["chat"]


def test_a_telling_counts_as_broken_off_until_it_is_finished(casebook: Casebook) -> None:
    with casebook.writing() as con:
        ids = begin_sending(con, [Notification("Sam", "mail", "g", NOW, "late", 2, ("late:a",))])
    assert [one.failure for one in load_notifications(casebook)] == [BROKE_OFF]
    finish_sending(casebook, ids, "")
    assert load_notifications(casebook) == [telling(0)]


def test_of_two_who_would_tell_the_same_the_second_sees_that_it_is_told(opened: Settings) -> None:
    """As two collector processes would: each decides with the pen in hand."""
    at_once = threading.Barrier(4)

    def tell() -> None:
        book = open_casebook(opened)
        at_once.wait()
        with book.writing() as con:
            if not load_notifications(book, con):
                begin_sending(con, [telling(0)])
        book.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    book = open_casebook(opened)
    assert len(load_notifications(book)) == 1
    book.close()


def test_what_is_long_past_is_forgotten(casebook: Casebook) -> None:
    with casebook.writing() as con:
        begin_sending(con, [telling(0)])
        begin_sending(con, [Notification("Sam", "mail", "g", NOW + 61 * DAY, "late", 1)])
    assert [one.at for one in load_notifications(casebook)] == [NOW + timedelta(days=61)]
