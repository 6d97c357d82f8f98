"""`mutuals digest` as a person uses it, with a real mail server at the other end."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from aiosmtpd.controller import Controller
from typer.testing import CliRunner, Result

from app.cli.entry import main
from tests.collectors.notify.test_apprise_channel import free_port
from tests.support.village import KEY
from warehouse.settings import Settings

GROUP = '[[groups]]\nid = "riverside"\nname = "Riverside"\nmastodon = ["@riverside@carers.example"]\n'
PEOPLE = """
[[people]]
name = "Sam"
mail = "sam@mail.example"

[[people]]
name = "Ute"
mail = "ute@mail.example"
language = "de"

"""


@pytest.fixture
def mutuals(waiting_only: Settings, tmp_path: Path) -> Callable[..., Result]:
    copytree(waiting_only.data_dir, tmp_path / "data")
    (tmp_path / "data" / "key").write_bytes(KEY)
    (tmp_path / "mutuals.toml").write_text(GROUP + PEOPLE)
    common = ["--config", str(tmp_path / "mutuals.toml"), "--data-dir", str(tmp_path / "data")]
    return lambda *words: CliRunner().invoke(main, [*words, *common])


def test_the_preview_is_the_mail_in_the_persons_language(mutuals: Callable[..., Result]) -> None:
    assert "Hello Sam," in mutuals("digest").stdout
    assert "Hallo Ute," in mutuals("digest", "--to", "ute", "--preview").stdout
    assert "did you mean 'Sam'?" in str(mutuals("digest", "--to", "San").exception)
    assert "there is no mail service; add a table [mail]" in str(mutuals("digest", "--send").exception)
    assert "say one of them" in str(mutuals("digest", "--send", "--preview").exception)


def test_it_is_sent_once_to_whoever_wants_it(mutuals: Callable[..., Result], tmp_path: Path) -> None:
    taken: list[str] = []

    class Box:
        async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
            taken.extend(envelope.rcpt_tos)  # type: ignore[attr-defined]
            return "250 OK"

    server = Controller(Box(), hostname="127.0.0.1", port=free_port())
    mail = (
        f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nsender = "mutuals@riverside.example"\n'
    )
    (tmp_path / "mutuals.toml").write_text(GROUP + PEOPLE + mail)
    down = mutuals("digest", "--send")
    assert down.exit_code == 1
    assert "Sam: not sent: the mail service could not be reached" in down.stderr
    server.start()
    try:
        assert "Ute gets no more weekly mails." in mutuals("digest", "--unsubscribe", "Ute").stdout
        assert mutuals("digest", "--send").stdout == "Sam: sent.\n"
        assert "Nothing was sent" in mutuals("digest", "--send").stdout
        assert "Ute gets the weekly mail." in mutuals("digest", "--subscribe", "ute").stdout
        assert mutuals("digest", "--send").stdout == "Ute: sent.\n"
    finally:
        server.stop()
    assert taken == ["sam@mail.example", "ute@mail.example"]
