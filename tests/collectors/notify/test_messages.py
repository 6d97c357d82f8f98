"""What a message says, in each language."""

import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.notify.dispatch import dispatch_due, send_test
from collectors.notify.messages import TEXTS, Message, compose_message, compose_test
from collectors.notify.policy import MessageLine
from tests.support import village
from warehouse.settings import Group, Person, Secrets, Settings
from warehouse.settings.validators.people import LANGUAGES

LATE = MessageLine("a", "late", 2, timedelta(hours=5), ())
TWO = Settings(groups=(Group("a", "Hügelstraße"), Group("b", "{Hill} Street")))


def flat(table: dict[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return found


def catalogue(language: str) -> dict[str, str]:
    return flat(tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8")))


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_language_of_the_settings_has_its_words_and_no_other() -> None:
    assert sorted(LANGUAGES) == sorted(path.stem for path in TEXTS.glob("*.toml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_that_english_says_and_fills_in_the_same(language: str) -> None:
    assert {key: blanks(text) for key, text in catalogue(language).items()} == {
        key: blanks(text) for key, text in catalogue("en").items()
    }


@pytest.mark.parametrize(
    ("language", "count", "longest", "said"),
    [
        ("en", 1, timedelta(minutes=1), "1 person is waiting, for 1 minute."),
        ("en", 2, timedelta(hours=47), "2 people are waiting, the longest for 47 hours."),
        ("de", 1, timedelta(hours=1), "1 Person wartet auf Antwort, seit 1 Stunde."),
        ("de", 2, timedelta(minutes=59), "2 Personen warten auf Antwort, am längsten seit 59 Minuten."),
        ("de", 3, timedelta(hours=49), "3 Personen warten auf Antwort, am längsten seit 2 Tagen."),
        ("de", 1, timedelta(hours=47), "1 Person wartet auf Antwort, seit 47 Stunden."),
    ],
)
def test_a_message_is_in_the_persons_language(language: str, count: int, longest: timedelta, said: str) -> None:
    settings = replace(TWO, groups=TWO.groups[:1])
    assert compose_message([replace(LATE, waiting_count=count, longest=longest)], settings, language) == Message(
        "Hügelstraße", f"{said}\nhttp://127.0.0.1:8501"
    )


def test_a_groups_name_is_never_taken_for_a_blank() -> None:
    said = compose_message([LATE, replace(LATE, group_id="b")], TWO, "de")
    assert "{Hill} Street: 2 Personen warten auf Antwort, am längsten seit 5 Stunden." in said.body
    assert said.title == "Mutuals"


def test_each_is_told_in_their_own_language_the_test_message_too(tmp_path: Path) -> None:
    ute, sam = Person("Ute", ("ute",), quiet_hours="", language="de"), Person("Sam", ("sam",), quiet_hours="")
    secrets = Secrets(notify={"ute": "u", "sam": "s"})
    settings = replace(village.build(tmp_path, has_history=False), people=(ute, sam), secrets=secrets)
    got: dict[str, str] = {}
    dispatch_due(settings, village.NOW, lambda address, said: got.update({address: said.body}) or "")
    assert "warten auf Antwort" in got["u"]
    assert "are waiting" in got["s"]
    ((_, said, _),) = send_test(settings, "Ute", village.NOW, lambda *_: "")
    assert said == compose_test(settings, "de")
    assert said.body.startswith("Das ist ein Test.")
