"""Who wants no weekly mail: on SQLite and on a real PostgreSQL."""

from dataclasses import replace
from pathlib import Path

from tests.support.rows import HOUR, NOW
from warehouse.casebook.events import Casebook
from warehouse.casebook.mail_preferences import choose, token, wants_none, ways_out, who
from warehouse.settings import Mail, Person, Settings

KEY = b"k" * 32
SAM = Person("Sam", mail="sam@mail.example")
UTE = Person("Ute", mail="ute@mail.example")
HERE = Settings(
    people=(SAM, UTE, Person("Bo", ("web",))), data_dir=Path("data"), mail=Mail("m.example", sender="us@m.example")
)
THERE = replace(HERE, dashboard_url="https://mutuals.example")


def test_the_last_word_counts_however_the_name_is_written(casebook: Casebook) -> None:
    assert wants_none(casebook) == frozenset()
    choose(casebook, SAM, wants=False, at=NOW)
    choose(casebook, UTE, wants=False, at=NOW)
    choose(casebook, replace(SAM, name="SAM"), wants=True, at=NOW + HOUR)
    assert wants_none(casebook) == {"ute"}


def test_a_link_is_one_persons_and_names_nobody() -> None:
    assert who(THERE, KEY, token(KEY, SAM)) == SAM
    assert who(THERE, KEY, token(b"j" * 32, SAM)) is None
    assert who(THERE, KEY, token(KEY, replace(SAM, mail="new@mail.example"))) is None
    assert who(THERE, KEY, "") is None
    assert len({token(KEY, SAM), token(KEY, UTE)}) == 2


def test_the_ways_out_are_those_that_the_reader_can_take() -> None:
    assert ways_out(HERE, KEY, SAM) == ("mailto:us@m.example?subject=unsubscribe",)
    link, by_mail = ways_out(THERE, KEY, SAM)
    assert link == f"https://mutuals.example/unsubscribe?who={token(KEY, SAM)}"
    assert by_mail == "mailto:us@m.example?subject=unsubscribe"
    assert ways_out(Settings(people=(SAM,)), KEY, SAM) == ()
