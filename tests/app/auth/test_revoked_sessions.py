"""A sign-in that was given back opens nothing any more."""

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from app.auth import identity, permissions, revoked_sessions
from app.auth.identity import NotLetIn
from app.runtime import Runtime
from tests.app.auth.test_identity import DEE, NOW, SIGN_IN, settings
from warehouse.settings import Role, Settings


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    return replace(settings(Role("organiser", who="dee@riverside.example")), data_dir=tmp_path)


def test_it_ends_here_and_for_whoever_has_a_copy_and_no_other_sign_in_does(house: Settings) -> None:
    this, other = ({**DEE, "nonce": nonce} for nonce in ("drawn by lot", "drawn again"))
    now = Runtime(house, clock=lambda: NOW)
    who = permissions.identity_from(this, now)
    revoked_sessions.revoke(house, who, NOW)
    assert revoked_sessions.is_revoked(house, who)
    with pytest.raises(NotLetIn, match="nobody"):
        permissions.identity_from(this, now)
    assert permissions.identity_from(other, now).address == who.address


def test_it_is_remembered_until_it_would_have_ended_by_itself(house: Settings) -> None:
    early = identity.identify({**DEE, "nonce": "early"}, SIGN_IN, NOW)
    revoked_sessions.revoke(house, early, NOW)
    later = NOW + timedelta(hours=11)
    late = replace(identity.identify({**DEE, "nonce": "late"}, SIGN_IN, NOW), until=later + timedelta(hours=12))
    revoked_sessions.revoke(house, late, later)
    assert (house.data_dir / "signed-out").read_text().split() == [
        (later + timedelta(hours=12)).astimezone(UTC).isoformat(), late.sign_in,
    ]  # fmt: skip


def test_the_file_names_nobody_and_is_its_owner_s_alone(house: Settings) -> None:
    revoked_sessions.revoke(house, identity.identify({**DEE, "nonce": "n", "sub": "dee-42"}, SIGN_IN, NOW), NOW)
    file = house.data_dir / "signed-out"
    assert file.stat().st_mode & 0o077 == 0
    assert "dee" not in file.read_text().lower()


def test_whom_a_proxy_signed_in_cannot_be_signed_out_here(house: Settings) -> None:
    proxy = replace(SIGN_IN, provider="", header="X-Forwarded-Email")
    who = identity.identify({"email": "dee@riverside.example"}, proxy, NOW)
    revoked_sessions.revoke(house, who, NOW)
    assert not revoked_sessions.is_revoked(house, who)
    assert not (house.data_dir / "signed-out").exists()


def test_it_is_not_forgotten_when_two_sign_out_within_one_tick_of_the_clock(house: Settings) -> None:
    people = [identity.identify({**DEE, "nonce": str(number)}, SIGN_IN, NOW) for number in range(20)]
    for who in people:
        revoked_sessions.revoke(house, who, NOW)
        assert revoked_sessions.is_revoked(house, who)
    assert all(revoked_sessions.is_revoked(house, who) for who in people)
