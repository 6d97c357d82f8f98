"""The way to the provider and back: it leads nowhere else, it is gone once, and only by the browser that set out."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sign_in.dashboard import RIVERSIDE
from tests.sign_in.http_session import Person
from tests.sign_in.setup import DEE, HAL, House

pytestmark = pytest.mark.signin

EVIL = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "https:/evil.example/%2f..",
)
PARAMETERS = ("next", "url", "redirect", "redirect_uri", "return_to", "provider", "rd", "state", "error_uri")


def is_home(house: House, where: str) -> bool:
    """Does this address lead to the dashboard or its provider?"""
    at = f"{house.dashboard.address}/x"
    with house.person() as person:
        leads = person.http.get(at).url.join(where)
    return f"{leads.scheme}://{leads.netloc.decode()}" in (house.dashboard.address, house.provider.address)


def is_in(person: Person) -> bool:
    with person.line() as line:
        return RIVERSIDE[0] in line.ask()


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout", "/oauth2callback"])
def test_no_parameter_sends_a_browser_to_another_place(house: House, path: str) -> None:
    with house.person() as person:
        for evil in EVIL:
            answer = person.http.get(path, params=dict.fromkeys(PARAMETERS, evil))
            assert is_home(house, answer.headers.get("Location", "/")), (path, evil, answer.headers)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/..", "/%2f%2fevil.example", "/\\evil.example", "/.//evil.example"]
)
def test_no_path_sends_a_browser_to_another_place(house: House, path: str) -> None:
    with house.person() as person:
        answer = person.http.get(f"{house.dashboard.address}{path}")
        assert is_home(house, answer.headers.get("Location", "/")), answer.headers


def test_no_header_changes_where_the_provider_sends_people_back_to(house: House) -> None:
    with house.person() as person:
        person.http.headers.update({
            "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example",
            "X-Original-URL": "https://evil.example/", "X-Forwarded-Prefix": "/evil",
        })  # fmt: skip
        asked = parse_qs(urlsplit(person.knock().headers["Location"]).query)
    assert asked["redirect_uri"] == [f"{house.dashboard.address}/oauth2callback"]


def test_the_provider_is_asked_with_all_that_makes_the_answer_one_s_own(house: House) -> None:
    with house.person() as person:
        asked = parse_qs(urlsplit(person.knock().headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))


def test_an_answer_of_the_provider_counts_once(house: House) -> None:
    with house.person() as dee:
        back = dee.authorise(DEE, dee.knock().headers["Location"]).headers["Location"]
        dee.http.get(back)
        assert is_in(dee)
        dee.http.cookies.delete("_streamlit_user")
        dee.http.get(back)
        assert not is_in(dee)


def test_an_answer_counts_only_for_the_browser_that_set_out(house: House) -> None:
    """Else somebody could sign others in as themselves, or use an address that they saw in a log."""
    with house.person() as dee, house.person() as thief:
        back = dee.authorise(DEE, dee.knock().headers["Location"]).headers["Location"]
        thief.http.get(back)
        assert not is_in(thief)
        thief.knock()
        thief.http.get(back)
        assert not is_in(thief)


def test_a_code_from_another_sign_in_is_not_taken(house: House) -> None:
    with house.person() as dee, house.person() as hal:
        deal = parse_qs(urlsplit(dee.authorise(DEE, dee.knock().headers["Location"]).headers["Location"]).query)
        own = parse_qs(urlsplit(hal.authorise(HAL, hal.knock().headers["Location"]).headers["Location"]).query)
        mixed = {name: value[0] for name, value in own.items()} | {"code": deal["code"][0]}
        hal.http.get("/oauth2callback", params=mixed)
        assert not is_in(hal)


def test_an_answer_that_says_it_comes_from_another_provider_is_not_taken(house: House) -> None:
    with house.person() as dee:
        back = parse_qs(urlsplit(dee.authorise(DEE, dee.knock().headers["Location"]).headers["Location"]).query)
        mixed = {name: value[0] for name, value in back.items()} | {"iss": "https://evil.example"}
        dee.http.get("/oauth2callback", params=mixed)
        assert not is_in(dee)


def test_somebody_whom_the_provider_refuses_is_told_in_our_own_words(house: House) -> None:
    hostile = "<script>window.hurt=1</script>\r\nINFO all is well hal@riverside.example"
    with house.person() as person:
        back = person.authorise("mallory@elsewhere.example", person.knock().headers["Location"]).headers["Location"]
        assert "error=access_denied" in back
        for where in (
            back,
            str(
                person.http.build_request(
                    "GET", "/oauth2callback", params={"error": hostile, "error_description": hostile, "state": "x"}
                ).url
            ),
        ):
            answer = person.http.get(where)
            assert answer.is_redirect
            with person.line() as line:
                shown = line.ask(query=answer.headers["Location"].partition("?")[2])
            assert "did not work" in shown
            assert "hurt" not in shown + answer.text + answer.headers["Location"]
    assert "\nINFO all is well" not in house.dashboard.said()
    assert house.leaked() == []


def test_a_line_in_the_address_cannot_pretend_that_somebody_failed_or_is_someone(house: House) -> None:
    with house.person() as person, person.line() as line:
        shown = line.ask(query="sign_in=%3Cscript%3E&email=dee@riverside.example&is_logged_in=true")
        assert "<script>" not in shown.partition("page-head")[2]
        assert RIVERSIDE[0] not in shown
