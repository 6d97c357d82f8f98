"""The weekly mail: when it is due, that it goes out once, and that a real mail server takes it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from shutil import copytree

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as some

from app.reports.mail.compose import compose
from collectors.notify.smtp import send_mail
from collectors.notify.weekly_mail import mail_due_at, send_due_mails, week_due
from tests.collectors.notify.test_apprise_channel import free_port
from tests.support import village
from warehouse.casebook.events import open_casebook
from warehouse.casebook.mail_preferences import record_choice
from warehouse.casebook.notifications import WEEKLY, Notification, load_notifications, load_troubles
from warehouse.ingest.store import Rows, store
from warehouse.settings import Mail, Person, Secrets, Settings
from warehouse.snapshots.publish import publish
from warehouse.storage import rows
from warehouse.storage.connection import open_warehouse
from warehouse.transform.prepare import prepare

SAM = Person("Sam", mail="sam@mail.example")
UTE = Person("Ute", mail="ute@mail.example", language="de", timezone="Europe/Berlin")
KIM = Person("Kim", mail="kim@mail.example", timezone="America/New_York")
MONDAY = date(2026, 11, 16)  # of the village's last whole week; NOW is the Sunday after it
EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)  # in London


class Box:
    """A mail server that takes everything, or answers what it is told to."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        if self.answer.startswith("250"):
            read = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[attr-defined]
            self.letters.append((envelope.rcpt_tos, read))  # type: ignore[attr-defined]
        return self.answer


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The village, published once more when the week was over."""
    made = village.build(tmp_path_factory.mktemp("weekly"))
    with open_warehouse(made) as con:
        con.execute("begin")
        at = EIGHT - timedelta(hours=1)
        prepare(con, store(con, Rows(cycles=[rows.Cycle("run-2", at, at, 1, 0, True)])), at)
        con.execute("commit")
        publish(con, made, at)
    return made


@pytest.fixture
def box() -> Iterator[tuple[Box, Mail]]:
    handler = Box()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        mail = Mail(
            "127.0.0.1", server.port, "none", sender="mutuals@riverside.example", reply_to="team@riverside.example"
        )
        yield handler, mail
    finally:
        server.stop()


@pytest.fixture
def settings(published: Settings, box: tuple[Box, Mail], tmp_path: Path) -> Settings:
    copytree(published.data_dir, tmp_path / "data")
    (tmp_path / "data" / "key").write_bytes(village.KEY)
    url = "https://mutuals.riverside.example"
    return replace(published, data_dir=tmp_path / "data", people=(SAM, UTE, KIM), mail=box[1], dashboard_url=url)


def mailed(settings: Settings, at: datetime) -> list[tuple[str, str]]:
    return send_due_mails(settings, at, compose, send_mail)


def test_everybody_gets_it_at_eight_by_their_own_clock_and_once(settings: Settings, box: tuple[Box, Mail]) -> None:
    got: list[tuple[str, str]] = []
    for minutes in range(-120, 420, 20):
        at = EIGHT + timedelta(minutes=minutes)
        got += [(name, f"{at:%H:%M}") for name, failure in mailed(settings, at) if not failure]
    assert got == [("Ute", "07:00"), ("Sam", "08:00"), ("Kim", "13:00")]
    assert [to for to, _ in box[0].letters] == [[UTE.mail], [SAM.mail], [KIM.mail]]
    assert mailed(settings, EIGHT + timedelta(days=1)) == []


def test_the_mail_has_both_parts_a_plain_headline_and_a_way_out(settings: Settings, box: tuple[Box, Mail]) -> None:
    mailed(settings, EIGHT)
    letters = {to[0]: letter for to, letter in box[0].letters}
    sam, ute = letters[SAM.mail], letters[UTE.mail]
    assert sam["Subject"].startswith("Riverside Carers’ Circle: ")
    assert "answered in time" in sam["Subject"]
    assert "rechtzeitig beantwortet" in ute["Subject"]
    assert [part.get_content_type() for part in sam.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    plain, html = (sam.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "16 to 22 November" in plain
    assert '<html lang="en">' in html
    assert '<html lang="de">' in ute.get_body(("html",)).get_content()
    assert "https://mutuals.riverside.example" in plain
    link, by_mail = sam["List-Unsubscribe"].split(", ")
    assert link.startswith("<https://mutuals.riverside.example/unsubscribe?who=")
    assert by_mail == "<mailto:team@riverside.example?subject=unsubscribe>"
    assert sam["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link != ute["List-Unsubscribe"].split(", ")[0]
    assert link[1:-1] in plain
    assert sam["Auto-Submitted"] == "auto-generated"


def test_no_word_and_no_name_of_anybody_is_in_a_mail(settings: Settings, box: tuple[Box, Mail]) -> None:
    mailed(settings, EIGHT)
    with open_warehouse(settings) as con:
        texts = {text[:30] for (text,) in con.execute("select text from stored.post_texts").fetchall()}
        handles = {one for (one,) in con.execute("select handle from stored.accounts").fetchall() if one}
    whole = [part.get_content() for _, letter in box[0].letters for part in letter.walk() if not part.is_multipart()]
    assert len(whole) == 4
    assert len(texts | handles) > 30
    assert not [needle for needle in texts | handles for one in whole if needle in one]


def test_a_dashboard_that_only_this_computer_reaches_leaves_a_way_out_by_mail(
    settings: Settings, box: tuple[Box, Mail]
) -> None:
    here = replace(settings, dashboard_url="http://127.0.0.1:8501", people=(SAM,))
    mailed(here, EIGHT)
    ((_, letter),) = box[0].letters
    assert letter["List-Unsubscribe"] == "<mailto:team@riverside.example?subject=unsubscribe>"
    assert letter["List-Unsubscribe-Post"] is None
    assert "Answer it with the word" in letter.get_body(("plain",)).get_content()


def test_who_wants_none_gets_none_until_they_want_it_again(settings: Settings, box: tuple[Box, Mail]) -> None:
    casebook = open_casebook(settings)
    record_choice(casebook, SAM, wants=False, at=EIGHT)
    assert mailed(settings, EIGHT) == [("Ute", "")]
    record_choice(casebook, SAM, wants=True, at=EIGHT)
    assert mailed(settings, EIGHT) == [("Sam", "")]
    casebook.close()
    assert len(box[0].letters) == 2


def test_a_server_that_is_down_is_tried_thrice_in_an_hour_then_it_is_said_and_tried_on(
    settings: Settings, box: tuple[Box, Mail]
) -> None:
    alone = replace(settings, people=(SAM,))
    box[0].answer = "451 come back later"
    tries = [at for minutes in range(0, 121, 5) if mailed(alone, at := EIGHT + timedelta(minutes=minutes))]
    assert [(at - EIGHT).total_seconds() / 60 for at in tries] == [0, 20, 60]
    casebook = open_casebook(alone)
    (trouble,) = load_troubles(load_notifications(casebook), EIGHT + timedelta(hours=2))
    casebook.close()
    assert (trouble.person, trouble.channel, trouble.reason) == ("Sam", WEEKLY, "the mail service said 451")
    box[0].answer = "250 OK"
    assert mailed(alone, EIGHT + timedelta(hours=8)) == [("Sam", "")]
    assert mailed(alone, EIGHT + timedelta(hours=9)) == []
    assert len(box[0].letters) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"port": 1}, "the mail service could not be reached"),
        ({"host": "nowhere.invalid", "security": "starttls"}, "the mail service could not be reached"),
        (
            {"security": "starttls"},
            "the mail service does not offer what the settings ask for;"
            ' if it speaks TLS from the start, write security = "tls" and port = 465 below [mail]',
        ),
        (
            {"security": "tls"},
            "the line to the mail service could not be made private;"
            ' if it speaks STARTTLS, write security = "starttls" and port = 587 below [mail]',
        ),
        (
            {"user": "mutuals"},
            "the mail service does not offer what the settings ask for;"
            " if it takes no name and password, leave out user below [mail]",
        ),
    ],
)
def test_what_goes_wrong_is_said_without_an_address_or_a_password(
    settings: Settings, change: dict[str, object], said: str
) -> None:
    wrong = replace(
        settings, people=(SAM,), mail=replace(settings.mail, **change), secrets=Secrets(mail_password="hunter2")
    )  # type: ignore[arg-type]
    assert mailed(wrong, EIGHT) == [("Sam", said)]


def test_by_hand_it_goes_out_on_any_day_but_not_twice(settings: Settings, box: tuple[Box, Mail]) -> None:
    friday = EIGHT + timedelta(days=4)
    alone = replace(settings, people=(SAM,))
    assert mailed(alone, friday) == []  # old news by then
    assert send_due_mails(alone, friday, compose, send_mail, is_by_hand=True) == [("Sam", "")]
    assert send_due_mails(alone, friday, compose, send_mail, is_by_hand=True) == []
    assert len(box[0].letters) == 1


def test_it_waits_a_while_for_the_end_of_the_week_to_be_read(settings: Settings) -> None:
    alone = replace(settings, people=(SAM,))
    with open_warehouse(alone) as con:
        publish(con, alone, EIGHT - timedelta(hours=20))
    assert mailed(alone, EIGHT + timedelta(hours=3)) == []
    assert mailed(alone, EIGHT + timedelta(hours=4)) == [("Sam", "")]


ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo")


@given(some.sampled_from(ZONES), some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001
def test_it_is_due_at_eight_on_a_monday_whatever_the_clocks_do(zone: str, naive: datetime) -> None:
    person, now = replace(SAM, timezone=zone), naive.replace(tzinfo=UTC)
    due = mail_due_at(person, now)
    assert (due.weekday(), due.hour, due.minute) == (0, 8, 0)
    assert timedelta(0) <= now - due <= timedelta(days=7, hours=1)


def test_a_week_is_told_once_even_when_the_clocks_change_in_it() -> None:
    """The clocks in London went back on Sunday 25 October 2026."""
    after = datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert week_due(SAM, [], after - timedelta(minutes=1)) is None
    assert week_due(SAM, [], after) == date(2026, 10, 19)
    told = Notification("Sam", WEEKLY, "", after, "weekly", 0, ("week:2026-10-19",), "")
    assert week_due(SAM, [told], after + timedelta(hours=1)) is None
    assert week_due(SAM, [told], after + timedelta(days=7)) == date(2026, 10, 26)
