"""Messages to real services on loopback, and what is said when one does not arrive."""

import logging
import socket
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from collectors.notify.apprise_channel import send
from collectors.notify.messages import Message
from tests.support.notification_service import service

MESSAGE = Message("Riverside", "2 people are waiting, the longest for 5 hours.\nhttp://127.0.0.1:8501")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_message_arrives_at_a_web_service() -> None:
    with service() as told:
        assert send(told.address, MESSAGE) == ""
    (got,) = told.got
    assert (got["title"], got["message"]) == (MESSAGE.title, MESSAGE.body)


def test_a_message_arrives_by_mail() -> None:
    letters = []

    class Box:
        async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
            letters.append(message_from_bytes(envelope.content))  # type: ignore[attr-defined]
            return "250 OK"

    server = Controller(Box(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        address = f"mailto://127.0.0.1:{server.port}/?from=mutuals@riverside.example&to=sam@riverside.example"
        assert send(address + "&mode=insecure", MESSAGE) == ""
    finally:
        server.stop()
    (letter,) = letters
    assert letter["Subject"] == "Riverside"
    assert letter["To"] == "sam@riverside.example"
    assert "2 people are waiting, the longest for 5 hours." in letter.get_payload(decode=True).decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "the service refused the name or password"),
        (404, "the service knows no such address"),
        (429, "the service refused"),
        (500, "the service had a fault of its own"),
    ],
)
def test_a_service_that_does_not_take_it_is_quoted_in_our_words(status: int, words: str) -> None:
    with service() as told:
        told.status = status
        assert send(told.address, MESSAGE) == words


def test_a_service_that_is_not_there_could_not_be_reached() -> None:
    assert send(f"json://127.0.0.1:{free_port()}", MESSAGE) == "the service could not be reached"
    mail = f"mailto://127.0.0.1:{free_port()}/?from=a@x.example&to=b@x.example&mode=insecure"
    assert send(mail, MESSAGE) == "the service could not be reached"


def test_a_service_cannot_send_us_to_another_host() -> None:
    with service() as other, service() as told:
        told.status, told.headers = 302, {"Location": f"http://127.0.0.1:{other.port}/"}
        assert "another address" in send(told.address, MESSAGE)
    assert other.got == []


@pytest.mark.parametrize("address", ["", "sam@riverside.example", "nothing://like/that", "https://"])
def test_an_address_that_is_none_says_so(address: str) -> None:
    assert "not one that Apprise understands" in send(address, MESSAGE)


def test_an_address_never_reaches_a_log(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    with service() as told:
        for status in (200, 401):
            told.status = status
            send(told.address, MESSAGE)
    send("mailto://sam:hunter2@127.0.0.1:1/?to=a@x.example", MESSAGE)
    send("nothing://sam:hunter2@x.example", MESSAGE)
    logging.getLogger("apprise").error("after hunter2")
    shown = capfd.readouterr()
    assert "hunter2" not in caplog.text + shown.out + shown.err
    assert "apprise" not in caplog.text
