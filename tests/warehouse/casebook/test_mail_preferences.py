"""Who wants no weekly mail: on SQLite and on a real PostgreSQL."""

from dataclasses import replace
from pathlib import Path

from tests.support.rows import HOUR, NOW
from warehouse.casebook.events import Casebook
from warehouse.casebook.mail_preferences import (
    is_unsubscribed,
    person_of_token,
    record_choice,
    unsubscribe_links,
    unsubscribe_token,
)
from warehouse.settings import Mail, Person, Settings

KEY = b"k" * 32
SAM = Person("Sam", mail="sam@mail.example")
UTE = Person("Ute", mail="ute@mail.example")
HERE = Settings(
    people=(SAM, UTE, Person("Bo", ("web",))), data_dir=Path("data"), mail=Mail("m.example", sender="us@m.example")
)
THERE = replace(HERE, dashboard_url="https://mutuals.example")


def test_the_last_word_counts_however_the_name_is_written(casebook: Casebook) -> None:
    assert is_unsubscribed(casebook) == frozenset()
    record_choice(casebook, SAM, wants=False, at=NOW)
    record_choice(casebook, UTE, wants=False, at=NOW)
    record_choice(casebook, replace(SAM, name="SAM"), wants=True, at=NOW + HOUR)
    assert is_unsubscribed(casebook) == {"ute"}


def test_a_link_is_one_persons_and_names_nobody() -> None:
    assert person_of_token(THERE, KEY, unsubscribe_token(KEY, SAM)) == SAM
    assert person_of_token(THERE, KEY, unsubscribe_token(b"j" * 32, SAM)) is None
    assert person_of_token(THERE, KEY, unsubscribe_token(KEY, replace(SAM, mail="new@mail.example"))) is None
    assert person_of_token(THERE, KEY, "") is None
    assert len({unsubscribe_token(KEY, SAM), unsubscribe_token(KEY, UTE)}) == 2


def test_the_ways_out_are_those_that_the_reader_can_take() -> None:
    assert unsubscribe_links(HERE, KEY, SAM) == ("mailto:us@m.example?subject=unsubscribe",)
    link, by_mail = unsubscribe_links(THERE, KEY, SAM)
    assert link == f"https://mutuals.example/unsubscribe?who={unsubscribe_token(KEY, SAM)}"
    assert by_mail == "mailto:us@m.example?subject=unsubscribe"
    assert unsubscribe_links(Settings(people=(SAM,)), KEY, SAM) == ()
