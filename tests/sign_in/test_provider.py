"""The provider that all this is tested with is a real one, and its faults are what they are called."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest

from tests.sign_in.provider import SECRET, Provider

errors = pytest.importorskip("joserfc.errors", reason="comes with Authlib, which the sign-in needs")
pytestmark = pytest.mark.signin
BACK = "http://127.0.0.1:9/oauth2callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-in-length"
ASKED = {
    "client_id": "mutuals", "response_type": "code", "redirect_uri": BACK, "scope": "openid email profile",
    "state": "some-state", "nonce": "some-nonce", "prompt": "select_account", "code_challenge_method": "S256",
    "code_challenge": urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode(),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _mended(alone: Provider) -> Iterator[None]:
    yield
    alone.fault()


def authorise(provider: Provider, email: str = "hal@riverside.example", **other: str) -> httpx.URL:
    """Sign in at the provider as a browser would; where it sends the browser at last."""
    with httpx.Client(follow_redirects=False) as browser:
        answer = browser.get(f"{provider.address}/auth", params=ASKED | other)
        while answer.is_redirect and not answer.headers["Location"].startswith(BACK):
            where = answer.next_request
            assert where is not None
            if "/interaction/" in str(where.url):
                assert "Sign in at the provider" in browser.get(where.url).text
                answer = browser.post(where.url, data={"email": email})
            else:
                answer = browser.send(where)
        assert answer.is_redirect, answer.text
        return httpx.URL(answer.headers["Location"])


def exchange(provider: Provider, code: str, *, secret: str = SECRET, verifier: str = VERIFIER) -> httpx.Response:
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}
    return httpx.post(f"{provider.address}/token", data=asked, auth=("mutuals", secret))


def token(provider: Provider, email: str = "hal@riverside.example") -> str:
    """The ID token somebody gets."""
    made: str = exchange(provider, authorise(provider, email).params["code"]).raise_for_status().json()["id_token"]
    return made


def read(provider: Provider, made: str) -> dict[str, Any]:
    """The claims, once the signature is checked against the provider's published keys."""
    from joserfc import jwk, jwt

    keys = jwk.KeySet.import_key_set(httpx.get(f"{provider.address}/jwks").json())
    return dict(jwt.decode(made, keys, algorithms=["RS256"]).claims)


def test_it_says_in_the_token_itself_who_it_is(alone: Provider) -> None:
    claims = read(alone, token(alone))
    wanted = {"email": "hal@riverside.example", "email_verified": True, "name": "Hal", "groups": ["staff"]}
    assert wanted.items() <= claims.items()
    assert {"iss": alone.address, "aud": "mutuals", "nonce": "some-nonce"}.items() <= claims.items()
    assert abs(claims["iat"] - time.time()) < 60


def test_it_knows_nobody_else(alone: Provider) -> None:
    assert authorise(alone, "mallory@elsewhere.example").params["error"] == "access_denied"


@pytest.mark.parametrize("wrong", [{"secret": "guessed"}, {"verifier": "x" * 43}])
def test_it_gives_nothing_to_who_cannot_prove_to_be_the_dashboard(alone: Provider, wrong: dict[str, str]) -> None:
    answer = exchange(alone, authorise(alone).params["code"], **wrong)
    assert answer.is_client_error
    assert "id_token" not in answer.text


def test_it_takes_a_code_once(alone: Provider) -> None:
    code = authorise(alone).params["code"]
    assert exchange(alone, code).is_success
    assert exchange(alone, code).is_client_error


def test_it_sends_nobody_to_another_address(alone: Provider) -> None:
    answer = httpx.get(f"{alone.address}/auth", params=ASKED | {"redirect_uri": "https://evil.example/"})
    assert answer.is_client_error
    assert "redirect_uri" in answer.text


def test_it_wants_the_proof_that_the_code_was_not_stolen(alone: Provider) -> None:
    assert authorise(alone, code_challenge="", code_challenge_method="").params["error"] == "invalid_request"


def test_a_changed_claim_is_signed_with_its_own_key_and_a_claim_can_be_missing(alone: Provider) -> None:
    alone.fault(claims={"aud": "another", "email": None})
    claims = read(alone, token(alone))
    assert claims["aud"] == "another"
    assert "email" not in claims
    assert claims["name"] == "Hal"


@pytest.mark.parametrize("by", ["another key", "nobody", "our public key"])
def test_a_signature_can_be_somebody_elses_or_none(alone: Provider, by: str) -> None:
    alone.fault(signed_by=by)
    made = token(alone)
    with pytest.raises((errors.BadSignatureError, errors.UnsupportedAlgorithmError)):
        read(alone, made)


@pytest.mark.parametrize(("fault", "path"), [("discovery", ".well-known/openid-configuration"), ("keys", "jwks")])
def test_what_others_read_of_it_can_be_broken_or_nonsense(alone: Provider, fault: str, path: str) -> None:
    alone.fault(**{fault: "broken"})
    assert httpx.get(f"{alone.address}/{path}").status_code == 500
    alone.fault(**{fault: "nonsense"})
    assert httpx.get(f"{alone.address}/{path}").text.startswith("<html>")
    alone.fault(**{fault: "slow"})
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{alone.address}/{path}", timeout=0.5)


def test_it_can_give_no_id_token_or_break_at_the_exchange(alone: Provider) -> None:
    alone.fault(token="no id token")
    answer = exchange(alone, authorise(alone).params["code"])
    assert "access_token" in answer.json()
    assert "id_token" not in answer.json()
    alone.fault(token="broken")
    assert exchange(alone, authorise(alone).params["code"]).status_code == 500
