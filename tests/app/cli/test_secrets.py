"""Tokens and passwords are used, and stand nowhere else: not in a database, a log, an error, an export or a back-up."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command_process import Running, complaint, running
from tests.support.tiny_world import GROUP, HOME
from warehouse.casebook.events import open_casebook
from warehouse.privacy.byte_search import find_in_casebook, find_in_files, find_in_rows
from warehouse.settings import load_settings
from warehouse.snapshots.pointer import current_snapshot, snapshot_path
from warehouse.storage.connection import open_warehouse

pytestmark = pytest.mark.long

MAIL, NOTIFY = "zebra-mail-secret", "zebra-notify-secret"
COMMANDS = (
    ("collect", "--once", "--log-level", "debug"),
    ("check", "--json"),
    ("status", "--json"),
    ("groups", "list", "--json"),
    ("digest",),
    ("tell", "--test", "Sam"),
    ("export", "--out", "exported"),
    ("subject-export", f"@ann@{HOME}"),
    ("backup", "--out", "backed-up"),
    ("rebuild",),
    ("retain", "--dry-run"),
)


def with_secrets(world: Running) -> tuple[str, ...]:
    """Settings that need every kind of secret, and the secrets in their file. Returns them."""
    servers = world.servers
    token = servers.mastodon[HOME].app.user_token(GROUP)
    password = servers.bluesky.app.app_password("group.sky.example")
    folder = world.folder
    with (folder / "mutuals.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[people]]\nname = "Sam"\nnotify = ["sam"]\nmail = "sam@mail.example"\n')
        file.write('\n[mail]\nhost = "127.0.0.1"\nport = 9\nuser = "sam"\nsender = "sam@mail.example"\n')
    (folder / "mutuals-data").mkdir(mode=0o700, exist_ok=True)
    path = folder / "mutuals-data" / "secrets.toml"
    path.write_text(
        f'[mastodon]\n"{GROUP}" = "{token}"\n[bluesky]\n"group.sky.example" = "{password}"\n'
        f'[notify]\nsam = "json://sam:{NOTIFY}@127.0.0.1:9/"\n[mail]\npassword = "{MAIL}"\n',
        encoding="utf-8",
    )
    path.chmod(0o600)
    return token, password, MAIL, NOTIFY


def test_what_is_secret_is_used_and_stands_nowhere_else(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        secrets = with_secrets(world)
        said = []
        for words in COMMANDS:
            done = world.mutuals(*words, hours=8)
            said.append(done.stdout + done.stderr)
            assert "Traceback" not in done.stderr, done.stderr
            if words[0] == "check":
                states = {one["handle"]: one["capabilities"] for one in json.loads(done.stdout)}
                mentions = {
                    seen["state"] for told in states.values() for seen in told if seen["capability"] == "mentions"
                }
                assert mentions == {"open"}, "the control: token and app password are really used"
        found = find_in_files(tmp_path, secrets)
        assert found == [tmp_path / "mutuals-data" / "secrets.toml"], "the control is that the search finds this one"
        for one in secrets:
            assert not [told for told in said if one in told]
        settings = load_settings(tmp_path / "mutuals.toml", tmp_path / "mutuals-data", {})
        with open_warehouse(settings) as con, closing(open_casebook(settings)) as casebook:
            assert find_in_rows(con, secrets) == find_in_casebook(casebook, secrets) == {}
            con.execute("create or replace temp table control as select $s as words", {"s": MAIL})
            assert con.execute("select count(*) from control where contains(words, $s)", {"s": MAIL}).fetchall() == [
                (1,)
            ]
        for path in (tmp_path / "backed-up").iterdir():
            assert path.name not in ("key", "secrets.toml")
        with closing(sqlite3.connect(tmp_path / "backed-up" / "casebook.sqlite")) as kept:
            assert not [line for line in kept.iterdump() if any(one in line for one in secrets)]
        pointer = current_snapshot(settings)
        assert pointer is not None
        flat = snapshot_path(settings, pointer.name).read_bytes()
        assert not [one for one in secrets if one.encode() in flat]
        held = [path for path in (tmp_path / "mutuals-data").rglob("*") if path.is_file()]
        assert [path for path in held if path.stat().st_mode & 0o077] == [], "nobody else can read any of it"


def test_a_file_of_secrets_that_others_can_read_is_refused_with_the_cure_and_without_a_secret(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        secrets = with_secrets(world)
        path = tmp_path / "mutuals-data" / "secrets.toml"
        path.chmod(0o640)
        for words in (("collect", "--once"), ("check",), ("up",)):
            told = complaint(world.mutuals(*words, hours=8))
            assert "chmod 600" in told
            assert not [one for one in secrets if one in told]
