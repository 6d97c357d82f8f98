"""Signing in to the PDS: app passwords and sessions, with the limits on trying."""

import json

from starlette.requests import Request
from starlette.responses import Response

from collectors.sample.bluesky_server.options import Network
from collectors.sample.bluesky_server.records import Json
from collectors.sample.bluesky_server.requests import Ask, Refused, answer, tell
from collectors.sample.bluesky_server.sessions import Sessions
from collectors.sample.limits import Window
from collectors.sample.world import SampleAccount


class Login:
    """The door of the PDS. `url` is where it is reached; sessions point clients to it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.url = ""
        self.sessions = Sessions()
        options = network.options
        self.passwords = dict(options.passwords)
        self._windows = (Window(options.logins_per_5_minutes, 300), Window(options.logins_per_day, 86_400))

    def app_password(self, name: str) -> str:
        """The app password of an account (handle or DID); made when first asked for."""
        account = self.network.view.actor(name)
        if account is None:
            raise ValueError(f"nobody called {name}")
        known = self._password(account)
        return known or self.passwords.setdefault(account.key, f"abcd-{len(self.passwords):04d}-efgh-ijkl")

    def _password(self, account: SampleAccount) -> str | None:
        return self.passwords.get(account.key) or self.passwords.get(account.handle)

    async def create_session(self, request: Request) -> Response:
        """Sign in: 30 tries in 5 minutes, 300 a day, for each account and address."""
        try:
            body = json.loads(await request.body())
            name, password = str(body["identifier"]), str(body["password"])
        except (ValueError, KeyError, TypeError):
            return answer({"error": "InvalidRequest", "message": "Input must have identifier and password"}, 400)
        address = request.client.host if request.client else ""
        taken = [window.take(f"{address} {name}", request.scope["now"]) for window in self._windows]
        left = min(taken, key=lambda one: (not one.is_over, one.remaining))
        account = self.network.view.actor(name)
        if left.is_over:
            response = answer({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429)
        elif account is None or self._password(account) != password:
            response = answer({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
        else:
            response = answer(self._session(account))
        tell(response, left)
        return response

    async def refresh_session(self, request: Request) -> Response:
        """A new pair for a refresh token, which works once."""
        text = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not text:
            return answer({"error": "AuthMissing", "message": "Authentication Required"}, 401)
        if text in self.sessions.expired:
            return answer({"error": "ExpiredToken", "message": "Token has been revoked"}, 400)
        did = self.sessions.spend(text)
        if did is None:
            return answer({"error": "InvalidToken", "message": "Token could not be verified"}, 400)
        return answer(self._session(self.network.view.index.accounts[did]))

    def _session(self, account: SampleAccount) -> Json:
        access, refresh = self.sessions.make(account.key)
        return {**self._about(account), "accessJwt": access, "refreshJwt": refresh}

    def _about(self, account: SampleAccount) -> Json:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        document = {
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": account.key,
            "alsoKnownAs": [f"at://{account.handle}"],
            "verificationMethod": [],
            "service": [service],
        }
        return {"did": account.key, "handle": account.handle, "didDoc": document, "active": True}

    def get_session(self, _: Network, ask: Ask) -> Response:
        """Who is signed in."""
        if ask.viewer is None:
            raise Refused(401, "AuthMissing", "Authentication Required")
        return answer(self._about(ask.viewer))

    def describe_server(self, _network: Network, _ask: Ask) -> Response:
        """com.atproto.server.describeServer."""
        links = {"privacyPolicy": f"{self.url}/privacy", "termsOfService": f"{self.url}/terms"}
        body = {"did": "did:web:pds.example", "availableUserDomains": [".example"], "inviteCodeRequired": True}
        return answer({**body, "links": links, "contact": {}})
