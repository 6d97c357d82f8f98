"""The weekly mail over a private line: a real mail server with STARTTLS or TLS, and certificates made for the test."""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from collectors.notify.smtp import send_mail
from tests.collectors.notify.test_apprise_channel import free_port
from warehouse.casebook.mail_preferences import MailAddressee
from warehouse.settings import Mail, Secrets, Settings

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LETTER = MailAddressee("Riverside: 4 asked", "Four people asked.", "<p>Four people asked.</p>")
PASSWORD = "hunter2"
PRIVATE = pytest.mark.parametrize("security", ["starttls", "tls"])


class Box:
    """Takes every mail, and remembers what came over a private line and what did not."""

    def __init__(self) -> None:
        self.letters: list[tuple[bool, bytes]] = []
        self.logins: list[tuple[bool, Any]] = []

    async def handle_DATA(self, server: Any, _session: object, envelope: Any) -> str:
        self.letters.append((_is_private(server), envelope.content))
        return "250 OK"

    def login(self, server: Any, _session: object, _envelope: object, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append((_is_private(server), data))
        return AuthResult(success=True)


def _is_private(server: Any) -> bool:
    return server.transport.get_extra_info("ssl_object") is not None


Served = Callable[..., tuple[Box, Mail]]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this computer trusts: it stands where OpenSSL looks for those of the system."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


@pytest.fixture
def serve() -> Iterator[Served]:
    """Starts a mail server with a certificate, on loopback."""
    running: list[Controller] = []

    def start(certificate: trustme.LeafCert | None, security: str) -> tuple[Box, Mail]:
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
        box = Box()
        is_tls = security == "tls"
        server = Controller(
            box,
            hostname="localhost",
            port=free_port(),
            ssl_context=context if is_tls else None,
            tls_context=None if is_tls else context,
            authenticator=box.login,
            auth_require_tls=not is_tls,
        )
        # Its own look whether the server is up does not know our authority: knocking is enough.
        server._trigger_server = lambda: socket.create_connection(("localhost", server.port)).close()  # type: ignore[method-assign]
        server.start()
        running.append(server)
        sender = "mutuals@riverside.example"
        return box, Mail("localhost", server.port, security, "mutuals", sender)

    yield start
    for server in running:
        server.stop()


def sent(mail: Mail) -> str:
    return send_mail(Settings((), mail=mail, secrets=Secrets(mail_password=PASSWORD)), "sam@mail.example", LETTER, NOW)


@PRIVATE
def test_it_arrives_over_a_private_line_at_a_service_with_a_trusted_certificate(
    security: str, authority: trustme.CA, serve: Served
) -> None:
    box, mail = serve(authority.issue_cert("localhost"), security)
    assert sent(mail) == ""
    ((was_private, content),) = box.letters
    assert was_private
    assert b"Four people asked." in content
    ((was_private, login),) = box.logins
    assert was_private
    assert login.password == PASSWORD.encode()


@PRIVATE
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("untrusted", "does not trust the certificate of the mail service, so nothing was sent; if it is your own,"),
        ("run out", "has run out, so nothing was sent; whoever runs it has to renew it"),
        ("too new", "is not valid yet, so nothing was sent; look at this computer's clock"),
        ("another name", "is for another name, so nothing was sent; write that name as host below [mail]"),
    ],
)  # fmt: skip
def test_a_certificate_that_proves_nothing_is_refused_with_the_cure_and_nothing_is_sent(
    fault: str, said: str, security: str, authority: trustme.CA, serve: Served
) -> None:
    today = datetime.now(UTC)
    certificate = {
        "untrusted": lambda: trustme.CA().issue_cert("localhost"),
        "run out": lambda: authority.issue_cert("localhost", not_after=today - timedelta(days=1)),
        "too new": lambda: authority.issue_cert("localhost", not_before=today + timedelta(days=1)),
        "another name": lambda: authority.issue_cert("mail.riverside.example"),
    }[fault]()
    box, mail = serve(certificate, security)
    assert said in sent(mail)
    assert (box.letters, box.logins) == ([], [])


def test_a_service_known_by_its_number_needs_its_name(authority: trustme.CA, serve: Served) -> None:
    box, mail = serve(authority.issue_cert("localhost"), "starttls")
    by_number = Mail("127.0.0.1", mail.port, mail.security, mail.user, mail.sender)
    assert "is for a name, so nothing was sent; write that name as host below [mail]" in sent(by_number)
    assert (box.letters, box.logins) == ([], [])


def test_where_somebody_struck_out_the_offer_of_a_private_line_nothing_is_sent(serve: Served) -> None:
    """Whoever stands between can do that: then neither the password nor the mail may go out in clear."""
    box, mail = serve(None, "starttls")
    assert "does not offer what the settings ask for; if it speaks TLS from the start" in sent(mail)
    assert (box.letters, box.logins) == ([], [])


def test_what_goes_out_in_clear_would_be_seen(serve: Served) -> None:
    """The control of the tests above: a service on this machine may be asked in clear."""
    box, mail = serve(None, "tls")  # takes a login without a private line
    assert sent(replace(mail, security="none")) == ""
    assert [was_private for was_private, _ in box.letters + box.logins] == [False, False]
