"""What a sign-in says of somebody, and what it opens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.auth import identity
from app.auth.identity import LOCAL, Identity, NotLetIn
from warehouse.settings import Group, Person, Role, Settings, SignIn

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
SIGN_IN = SignIn("https://login.example", client_id="mutuals", hours=12)
GROUPS = (Group("riverside", "Riverside"), Group("bakery", "Bakery Lane"))
DEE: dict[str, Any] = {
    "is_logged_in": True,
    "iss": "https://login.example/",
    "aud": "mutuals",
    "iat": int((NOW - timedelta(hours=1)).timestamp()),
    "email": "Dee@Riverside.example",
    "email_verified": True,
    "groups": ["mutuals-volunteers", "choir"],
    "realm_access": {"roles": ["board"]},
}


def settings(*roles: Role, sign_in: SignIn = SIGN_IN, people: tuple[Person, ...] = ()) -> Settings:
    return Settings(groups=GROUPS, roles=roles, sign_in=sign_in, people=people)


def test_an_address_is_known_in_small_letters_and_until_the_sign_in_ends() -> None:
    who = identity.identify(DEE, SIGN_IN, NOW)
    assert who.address == "dee@riverside.example"
    assert who.until == NOW + timedelta(hours=11)


def test_each_sign_in_is_another_though_it_is_the_same_person() -> None:
    first, second = (identity.identify({**DEE, "nonce": nonce}, SIGN_IN, NOW) for nonce in ("a", "b"))
    assert first.address == second.address
    assert first.sign_in != second.sign_in


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_logged_in": False}, "nobody"),
        ({"is_logged_in": None}, "nobody"),
        ({"aud": "another-program"}, "elsewhere"),
        ({"aud": ["another-program"]}, "elsewhere"),
        ({"aud": None}, "elsewhere"),
        ({"iss": "https://evil.example"}, "elsewhere"),
        ({"iss": None}, "elsewhere"),
        ({"iat": None}, "elsewhere"),
        ({"iat": True}, "elsewhere"),
        ({"iat": "yesterday"}, "elsewhere"),
        ({"iat": 1e30}, "elsewhere"),
        ({"iat": int((NOW - timedelta(hours=12)).timestamp())}, "ended"),
        ({"iat": int((NOW + timedelta(minutes=6)).timestamp())}, "ended"),
        ({"email": None}, "no_address"),
        ({"email": "dee"}, "no_address"),
        ({"email_verified": False}, "unchecked"),
        ({"email_verified": "true"}, "unchecked"),
        ({"email_verified": None}, "unchecked"),
    ],
)
def test_a_sign_in_that_does_not_count_opens_nothing(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotLetIn) as refused:
        identity.identify({**DEE, **change}, SIGN_IN, NOW)
    assert refused.value.reason == reason


def test_nothing_at_all_is_nobody() -> None:
    with pytest.raises(NotLetIn, match="nobody"):
        identity.identify({}, SIGN_IN, NOW)


def test_an_unchecked_address_is_only_trusted_where_the_settings_say_so_and_the_provider_says_nothing() -> None:
    trusting = SignIn("https://login.example", client_id="mutuals", trust_email=True)
    silent = {name: value for name, value in DEE.items() if name != "email_verified"}
    assert identity.identify(silent, trusting, NOW).address == "dee@riverside.example"
    with pytest.raises(NotLetIn, match="unchecked"):
        identity.identify({**DEE, "email_verified": False}, trusting, NOW)


def test_an_audience_of_several_counts_where_we_are_one_of_them() -> None:
    assert identity.identify({**DEE, "aud": ["x", "mutuals"]}, SIGN_IN, NOW)


def test_a_proxy_says_the_address_and_nothing_else_is_asked() -> None:
    proxy = SignIn(header="X-Forwarded-Email")
    assert identity.identify({"email": " Dee@Riverside.example "}, proxy, NOW) == Identity("dee@riverside.example")
    for told in ({"email": None}, {"email": ""}, {}, {"email": "dee"}):
        with pytest.raises(NotLetIn, match="nobody"):
            identity.identify(told, proxy, NOW)


@pytest.mark.parametrize(
    ("roles", "held"),
    [
        ((), {}),
        ((Role("organiser", who="dee@riverside.example"),), {"riverside": "organiser", "bakery": "organiser"}),
        ((Role("trustee", who="dee@riverside.example", groups=("bakery",)),), {"bakery": "trustee"}),
        ((Role("organiser", who="hal@riverside.example"),), {}),
        (
            (Role("groupworker", claim="groups=mutuals-volunteers", groups=("riverside",)),),
            {"riverside": "groupworker"},
        ),
        ((Role("trustee", claim="realm_access.roles=board"),), {"riverside": "trustee", "bakery": "trustee"}),
        ((Role("organiser", claim="groups=mutuals"),), {}),  # part of a value is another value
        (
            (
                Role("trustee", who="dee@riverside.example"),
                Role("groupworker", claim="groups=choir", groups=("bakery",)),
            ),
            {"riverside": "trustee", "bakery": "groupworker"},  # the widest of several
        ),
    ],
)
def test_a_role_holds_where_the_settings_say(roles: tuple[Role, ...], held: dict[str, str]) -> None:
    assert identity.roles_by_group(identity.identify(DEE, SIGN_IN, NOW), settings(*roles)) == held


def test_whoever_is_shut_out_sees_nothing_whatever_the_provider_says_of_them() -> None:
    dee = identity.identify(DEE, SIGN_IN, NOW)
    by_claim = Role("organiser", claim="groups=choir")
    out_of_all = settings(by_claim, Role("none", who=dee.address))
    assert identity.roles_by_group(dee, out_of_all) == {}
    assert not identity.is_organiser_of_all(dee, out_of_all)
    assert identity.roles_by_group(dee, settings(by_claim, Role("none", who=dee.address, groups=("bakery",)))) == {
        "riverside": "organiser"
    }


@pytest.mark.parametrize(
    "address", ["dee@river\u017fide.example", "\u212aelvin@riverside.example", "dee@gro\u00df.example"]
)
def test_an_address_that_only_looks_like_another_is_nobody_s(address: str) -> None:
    with pytest.raises(NotLetIn, match="no_address"):
        identity.identify({**DEE, "email": address}, SIGN_IN, NOW)


def test_whoever_has_a_wider_role_may_see_what_a_narrower_one_may() -> None:
    told = settings(
        Role("organiser", who="dee@riverside.example", groups=("riverside",)),
        Role("trustee", who="dee@riverside.example", groups=("bakery",)),
    )
    dee = identity.identify(DEE, SIGN_IN, NOW)
    seen = {
        need: [group.id for group in identity.groups_of(dee, need, told, NOW)]
        for need in ("trustee", "groupworker", "organiser")
    }
    assert seen == {"trustee": ["riverside", "bakery"], "groupworker": ["riverside"], "organiser": ["riverside"]}


def test_a_sign_in_that_ended_opens_nothing_any_more() -> None:
    dee = identity.identify(DEE, SIGN_IN, NOW)
    told = settings(Role("organiser", who="dee@riverside.example"))
    assert identity.groups_of(dee, "trustee", told, NOW + timedelta(hours=10, minutes=59))
    assert not identity.groups_of(dee, "trustee", told, NOW + timedelta(hours=11))


def test_the_one_local_user_may_see_all_where_nobody_signs_in_and_nothing_where_people_do() -> None:
    assert len(identity.groups_of(LOCAL, "organiser", settings(sign_in=SignIn()), NOW)) == 2
    assert not identity.groups_of(LOCAL, "trustee", settings(Role("organiser", who="dee@riverside.example")), NOW)
    assert not identity.is_organiser_of_all(LOCAL, settings())


def test_only_an_organiser_of_every_group_says_who_sees_what() -> None:
    dee = identity.identify(DEE, SIGN_IN, NOW)
    assert identity.is_organiser_of_all(dee, settings(Role("organiser", who="dee@riverside.example")))
    assert not identity.is_organiser_of_all(
        dee, settings(Role("organiser", who=dee.address, groups=("riverside", "bakery")))
    )
    assert not identity.is_organiser_of_all(dee, settings(Role("groupworker", who=dee.address)))


def test_somebody_is_called_as_the_settings_say_else_by_their_address_never_as_the_provider_says() -> None:
    dee = identity.identify({**DEE, "name": "Hal"}, SIGN_IN, NOW)
    assert identity.display_name_of(dee, settings(Role("trustee", who=dee.address, name="Dee"))) == "Dee"
    assert identity.display_name_of(dee, settings(people=(Person("Delia", mail="Dee@riverside.example"),))) == "Delia"
    assert identity.display_name_of(dee, settings()) == "dee@riverside.example"
