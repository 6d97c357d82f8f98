"""A sign-in cannot be made, changed, lent to another page, or used once it was given back."""

import json
import re
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer
from websockets.exceptions import InvalidStatus

from tests.browser.conftest import CHROMIUM, QUIET
from tests.sign_in.dashboard import HILLSIDE, RIVERSIDE
from tests.sign_in.http_session import Person
from tests.sign_in.setup import DEE, HAL, NOBODY, TESS, House, house_of

pytestmark = pytest.mark.signin
USER = "_streamlit_user"


@pytest.fixture
def dee(house: House) -> Iterator[Person]:
    with house.person() as person:
        person.sign_in(DEE)
        yield person


def sees(person: Person, **how: Any) -> bool:
    """Is anything of the group shown on a line opened like this?"""
    try:
        with person.line(**how) as line:
            shown = line.ask("waiting", "group=riverside") + line.ask("who_may")
    except InvalidStatus:
        return False
    return any(word in shown for word in (*RIVERSIDE, *HILLSIDE, "Who looked"))


def with_user(cookie: str, value: str) -> str:
    """These cookies, with another one for who it is."""
    assert f"{USER}=" in cookie
    return re.sub(rf"{USER}=[^;]+", lambda _: f"{USER}={value}", cookie)


def value(cookie: str, name: str = USER) -> str:
    found = re.search(rf"(?:^|; ){name}=([^;]+)", cookie)
    assert found is not None
    return found[1]


def test_one_s_own_cookie_opens_the_page(dee: Person) -> None:
    """Or the tests below could not fail."""
    assert sees(dee)


def forged(claims: dict[str, Any]) -> list[str]:
    """What somebody makes who does not know the key."""
    told = json.dumps(claims)
    packed = urlsafe_b64encode(told.encode()).rstrip(b"=").decode()
    made = [
        URLSafeTimedSerializer(key, salt=salt).dumps(told) for key in ("", "secret", "mutuals") for salt in (USER, "")
    ]
    return [*made, packed, f"{packed}.x.y", f'"{told}"', b64encode(told.encode()).decode(), "null", "{}", ""]


def test_a_cookie_made_without_the_key_opens_nothing(house: House, dee: Person) -> None:
    claims = {
        "email": DEE, "email_verified": True, "is_logged_in": True, "iss": house.provider.address, "aud": "mutuals",
        "origin": house.dashboard.address, "provider": "default", "iat": 9_999_999_999, "exp": 9_999_999_999,
    }  # fmt: skip
    for one in forged(claims):
        assert not sees(dee, cookie=with_user(dee.cookie(), one)), one


def test_a_cookie_that_was_changed_opens_nothing(dee: Person) -> None:
    own = value(dee.cookie())
    middle = len(own) // 2
    other = "A" if own[middle] != "A" else "B"
    for one in (
        own[:middle] + other + own[middle + 1 :],
        own[:-1],
        own + own[-1],
        own.partition(".")[2],
        own.swapcase(),
    ):
        assert not sees(dee, cookie=with_user(dee.cookie(), one)), one


def test_another_signed_cookie_does_not_pass_for_who_it_is(dee: Person) -> None:
    tokens = value(dee.cookie(), "_streamlit_user_tokens")
    assert not sees(dee, cookie=with_user(dee.cookie(), tokens))


def test_the_cookie_of_another_dashboard_opens_nothing(dee: Person, built: Any, tmp_path: Any) -> None:
    with house_of(built, tmp_path) as other, other.person() as person:
        person.sign_in(DEE)
        assert sees(person)
        assert not sees(dee, cookie=with_user(dee.cookie(), value(person.cookie())))


def test_a_page_elsewhere_cannot_use_the_cookie(dee: Person) -> None:
    for origin in ("https://evil.example", "http://127.0.0.1:1", "null", f"{dee.dashboard}.evil.example"):
        with pytest.raises(InvalidStatus), dee.line(origin=origin) as line:
            line.ask()


def test_a_line_without_the_page_s_own_token_or_origin_is_nobody_s(dee: Person) -> None:
    assert not sees(dee, origin="")
    assert not sees(dee, cookie=f"{USER}={value(dee.cookie())}")


def test_no_header_says_who_somebody_is_where_people_sign_in_at_a_provider(house: House) -> None:
    headers = {"X-Forwarded-Email": DEE, "X-Mutuals-Proxy": "x", "X-Forwarded-User": DEE, "X-Streamlit-User": DEE}
    with house.person() as stranger:
        assert not sees(stranger, headers=headers)


def test_another_person_s_session_is_not_gone_on_with(house: House, dee: Person) -> None:
    with house.person() as tess:
        tess.sign_in(TESS)
        with dee.line() as line:
            line.ask()
            assert not sees(tess, resume=line.session)
            gone = line.session
        assert not sees(tess, resume=gone)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    with house.person() as person:
        answer = person.sign_in(DEE)
    set_now = [line for line in answer.headers.get_list("set-cookie") if line.startswith(USER)]
    assert len(set_now) >= 1
    for line in set_now:
        assert "httponly" in line.lower()
        assert "samesite=lax" in line.lower()


def parts(person: Person) -> dict[str, str]:
    """The pieces that a long sign-in's cookie is cut into, by name."""
    return dict(re.findall(rf"({USER}(?:_\d+)?)=([^;]+)", person.cookie()))


def test_a_long_sign_in_counts_and_one_made_of_pieces_of_two_does_not(house: House) -> None:
    """Streamlit signs each piece by itself; somebody could keep what the provider once said of them, in a later sign-in."""
    many = [sha256(str(number).encode()).hexdigest() for number in range(150)]  # of somebody who is in very many groups
    with house.person() as once, house.person() as later:
        house.provider.fault(claims={"groups": ["mutuals-volunteers", *many]})
        once.sign_in(NOBODY)
        before = parts(once)
        assert len(before) > 2
        assert sees(once)
        time.sleep(6)
        house.provider.fault(claims={"groups": ["mutuals-visitors!!", *many]})
        later.sign_in(NOBODY)
        after = parts(later)
        assert not sees(later)
        rest = re.sub(rf"{USER}(_\d+)?=[^;]+(; )?", "", later.cookie())
        for name in after:
            mixed = {**after, name: before[name]}
            assert not sees(later, cookie="; ".join([rest, *(f"{one}={told}" for one, told in mixed.items())])), name


def sign_out(person: Person) -> None:
    """Press “Sign out”, and go where the page sends the browser."""
    with person.line() as line:
        line.ask()
        line.ask(press=line.widgets["Sign out"])
        assert line.sent_to is not None
        person.http.get(line.sent_to)


def test_a_copy_of_the_cookie_is_worth_nothing_once_somebody_signed_out(house: House) -> None:
    with house.person() as dee, house.person() as thief:
        dee.sign_in(DEE)
        stolen = dee.cookie()
        assert sees(thief, cookie=stolen)
        sign_out(dee)
        assert not sees(dee)
        assert not sees(thief, cookie=stolen)
        dee.sign_in(DEE)
        assert sees(dee)
        assert not sees(thief, cookie=stolen)


def test_signing_out_empties_the_other_pages_of_that_browser(house: House) -> None:
    with house.person() as dee:
        dee.sign_in(DEE)
        with dee.line() as line:
            assert RIVERSIDE[0] in line.ask()
            sign_out(dee)
            assert RIVERSIDE[0] not in line.ask()


def test_whoever_signed_out_stays_out_when_the_dashboard_starts_again(own_house: House) -> None:
    with own_house.person() as dee, own_house.person() as hal, own_house.person() as thief:
        dee.sign_in(DEE)
        hal.sign_in(HAL)
        stolen = dee.cookie()
        sign_out(dee)
        own_house.dashboard.start_again()
        assert sees(hal), "whoever did not sign out stays signed in"
        assert not sees(thief, cookie=stolen)


@pytest.fixture
def remembering(browser: Any) -> Iterator[Any]:
    """A Chromium that keeps pages for its Back button, as people's do; Playwright's does not, unless it is asked."""
    keeping = browser.browser_type.launch(
        executable_path=CHROMIUM, args=QUIET, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield keeping.new_page()
    keeping.close()


def back(page: Any) -> None:
    """Press Back. Playwright's own waits for a page to load, and one that was kept is not loaded again."""
    page.evaluate("history.back()")
    page.wait_for_timeout(4000)


def test_signed_out_the_back_button_shows_nothing_and_the_provider_has_forgotten_too(
    house: House, remembering: Any
) -> None:
    page = remembering
    house.sign_in(page, HAL)
    page.get_by_text(RIVERSIDE[0]).wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign out of the provider?").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").wait_for()
    assert page.url.startswith(house.dashboard.address)
    for _ in range(4):
        back(page)
        if page.url.startswith(house.dashboard.address):
            assert [word for word in RIVERSIDE if word in page.content()] == []
    page.goto(house.dashboard.address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Nobody is signed in here.").wait_for()


def test_whoever_goes_back_before_signing_out_at_the_provider_sees_nothing(house: House, remembering: Any) -> None:
    page = remembering
    house.sign_in(page, HAL)
    page.get_by_text(RIVERSIDE[0]).wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign out of the provider?").wait_for()
    back(page)
    assert [word for word in RIVERSIDE if word in page.content()] == []
