"""A token that is not what it should be, or a provider that is not well, lets nobody in, and says so in words."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.sign_in.dashboard import HILLSIDE, RIVERSIDE
from tests.sign_in.http_session import Person
from tests.sign_in.setup import DEE, House

pytestmark = pytest.mark.signin
HOUR = 3600

# What the provider's token says instead of the truth, made when it is asked for.
CLAIMS: dict[str, Callable[[int], dict[str, Any]]] = {
    "for another program": lambda _: {"aud": "another"},
    "for several others": lambda _: {"aud": ["another", "mutuals-test"]},
    "for nobody": lambda _: {"aud": None},
    "of another service": lambda _: {"iss": "https://evil.example"},
    "of no service": lambda _: {"iss": None},
    "expired": lambda now: {"exp": now - HOUR, "iat": now - 2 * HOUR},
    "without an end": lambda _: {"exp": None},
    "from yesterday, but said to hold": lambda now: {"iat": now - 13 * HOUR, "exp": now + HOUR},
    "from tomorrow": lambda now: {"iat": now + 24 * HOUR, "exp": now + 25 * HOUR},
    "of no time": lambda _: {"iat": None},
    "of a time that is none": lambda _: {"iat": "today"},
    "of a time out of all calendars": lambda _: {"iat": 10**18, "exp": 10**19},
    "without an address": lambda _: {"email": None},
    "with an empty address": lambda _: {"email": ""},
    "with an address that is none": lambda _: {"email": "dee"},
    "with an address that is a list": lambda _: {"email": [DEE, "mallory@elsewhere.example"]},
    "with an address nobody checked": lambda _: {"email_verified": False},
    "silent on whether somebody checked": lambda _: {"email_verified": None},
    "checked in words only": lambda _: {"email_verified": "false"},
    "answering another question": lambda _: {"nonce": "another"},
    "answering no question": lambda _: {"nonce": None},
    "with an address that looks alike": lambda _: {"email": "d\u0435\u0435@riverside.example"},
    "with an address that folds to another": lambda _: {"email": "dee@river\u017fide.example"},
    "with an address and more": lambda _: {"email": f"mallory@elsewhere.example,{DEE}"},
    "with a line of its own": lambda _: {"email": f"{DEE}\nmallory@elsewhere.example"},
}
SIGNED = ["another key", "nobody", "our public key"]
ILL = [
    {"token": "broken"}, {"token": "nonsense"}, {"token": "slow"}, {"token": "no id token"},
    {"keys": "broken"}, {"keys": "nonsense"},
]  # fmt: skip
DISCOVERY = ["broken", "nonsense", "another issuer", "slow"]


def is_shut(person: Person) -> str:
    """What somebody sees who was not let in; fails when they see more."""
    with person.line() as line:
        for page in ("waiting", "summary", "who_may"):
            shown = line.ask(page, "group=riverside")
            assert not any(word in shown for word in (*RIVERSIDE, *HILLSIDE, "Carers’ Circle", "Who looked"))
        return line.ask()


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_a_token_that_is_not_right_opens_nothing(house: House, claims: Callable[[int], dict[str, Any]]) -> None:
    house.provider.fault(claims=claims(int(time.time())))
    with house.person() as person:
        person.sign_in(DEE)
        shown = is_shut(person)
    assert "Sign in" in shown or "Sign out" in shown
    assert house.leaked() == []


@pytest.mark.parametrize("by", SIGNED)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(house: House, by: str) -> None:
    house.provider.fault(signed_by=by)
    with house.person() as person:
        person.sign_in(DEE)
        is_shut(person)
    assert house.leaked() == []


@pytest.mark.parametrize("fault", ILL, ids=str)
def test_a_provider_that_is_ill_opens_nothing_and_somebody_is_told(house: House, fault: dict[str, str]) -> None:
    house.provider.fault(**fault)
    started = time.monotonic()
    with house.person() as person:
        answer = person.sign_in(DEE)
        assert time.monotonic() - started < 25  # a person waits, and so does a thread of the server
        is_shut(person)
        said = told(person, answer)
    assert "did not work" in said
    assert house.leaked() == []


@pytest.mark.parametrize("fault", DISCOVERY)
def test_a_provider_that_does_not_say_where_to_go_is_told_in_words(house: House, fault: str) -> None:
    house.provider.fault(discovery=fault)
    with house.person() as person:
        answer = person.knock()
        if fault == "another issuer" and answer.is_redirect and "/auth?" in answer.headers["Location"]:
            back = person.authorise(DEE, answer.headers["Location"])
            answer = person.http.get(back.headers["Location"])
        said = told(person, answer)
        is_shut(person)
    assert "did not work" in said
    assert house.leaked() == []


def test_once_the_provider_is_well_again_the_next_try_works(house: House) -> None:
    with house.person() as person:
        house.provider.fault(token="broken")
        person.sign_in(DEE)
        house.provider.fault()
        person.sign_in(DEE)
        with person.line() as line:
            assert RIVERSIDE[0] in line.ask()


@pytest.mark.parametrize("email", ["Dee@Riverside.Example", "DEE@RIVERSIDE.EXAMPLE"])
def test_capital_letters_make_nobody_another_person(house: House, email: str) -> None:
    house.provider.fault(claims={"email": email})
    with house.person() as person:
        person.sign_in(DEE)
        with person.line() as line:
            assert RIVERSIDE[0] in line.ask()


def told(person: Person, answer: Any) -> str:
    """What a browser shows after this answer of the dashboard."""
    assert answer.is_redirect, (answer.status_code, answer.text)
    where = answer.headers["Location"]
    assert where.startswith("/")
    with person.line() as line:
        return line.ask(query=where.partition("?")[2])
