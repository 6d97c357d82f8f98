"""The command as a person uses it: in a process of its own, in an empty folder."""

import json
import socket
import subprocess
import sys
from pathlib import Path

from tests.support.notification_service import service

WITHOUT_SERVER = '[[groups]]\nid = "x"\nname = "X"\nmastodon = ["@x"]\n'


def mutuals(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command there."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli.entry", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_groups_can_be_added_listed_and_removed(tmp_path: Path) -> None:
    assert mutuals(tmp_path, "groups", "add", "River Side", "--mastodon", "@r@x.example").returncode == 0
    listed = json.loads(mutuals(tmp_path, "groups", "list", "--json").stdout)
    assert [group["id"] for group in listed] == ["river-side"]
    looked = mutuals(tmp_path, "groups", "remove", "river-side", "--dry-run")
    assert "Nothing was done" in looked.stdout
    assert "river-side" in mutuals(tmp_path, "groups", "list", "--json").stdout
    assert mutuals(tmp_path, "groups", "remove", "nobody", "--dry-run").returncode == 2
    assert mutuals(tmp_path, "groups", "remove", "river-side").returncode == 0
    assert "no group" in mutuals(tmp_path, "groups", "list").stdout


def test_collecting_from_a_server_that_is_down_says_so_and_leaves_a_warehouse(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "mutuals.toml").write_text(
        WITHOUT_SERVER.replace("@x", "@x@x.example")
        + f'[[servers]]\nname = "x.example"\nurl = "http://127.0.0.1:{port}"\n'
    )
    done = mutuals(tmp_path, "collect", "--once", "--json", "--log-level", "error")
    assert done.returncode == 1
    assert json.loads(done.stdout)["failures"]
    status = json.loads(mutuals(tmp_path, "status", "--json").stdout)
    assert status["cycles"] == 1
    assert status["gaps"]


def test_a_folder_that_is_no_sample_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "letter.txt").write_text("dear all")
    done = mutuals(tmp_path, "demo", "--once", "--data-dir", "precious")
    assert done.returncode == 2
    assert (tmp_path / "precious" / "letter.txt").exists()


def test_explain_prints_a_verdict_with_its_rules(tmp_path: Path) -> None:
    told = json.loads(mutuals(tmp_path, "explain", "Has anybody got advice about respite care?").stdout)
    assert told["is_request"]
    assert told["rules"]


def test_explain_answers_the_fit_lines_names_the_others_and_says_by_its_exit_that_there_were_some(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-m", "app.cli.entry", "explain", "--jsonl"]
    fit = b'{"id": 1, "text": "h\\ud83dlp me please"}\n'
    some = subprocess.run(command, input=fit + b"\xff\n{}\n" + fit, cwd=tmp_path, capture_output=True, timeout=120)
    assert [json.loads(line)["id"] for line in some.stdout.splitlines()] == [1, 1]
    assert [line.split(b":")[0] for line in some.stderr.splitlines()] == [b"line 2", b"line 3"]
    assert some.returncode == 1
    assert subprocess.run(command, input=fit, cwd=tmp_path, capture_output=True, timeout=120).returncode == 0


def test_a_persons_channel_can_be_tried_and_a_mistake_says_its_cure(tmp_path: Path) -> None:
    (tmp_path / "mutuals.toml").write_text(
        WITHOUT_SERVER.replace("@x", "@x@x.example") + '[[people]]\nname = "Sam"\nnotify = ["web", "mail"]\n'
    )
    assert "did you mean 'Sam'?" in mutuals(tmp_path, "tell", "--test", "Smm").stderr
    with service() as told:
        (tmp_path / "mutuals-data").mkdir(exist_ok=True)
        secrets = tmp_path / "mutuals-data" / "secrets.toml"
        secrets.write_text(f'[notify]\nweb = "{told.address}"\nmial = "json://127.0.0.1:1"\n')
        secrets.chmod(0o600)
        done = mutuals(tmp_path, "tell", "--test", "sam")
    assert done.returncode == 1
    assert "web: sent. This is a test." in done.stdout
    assert "mail: not sent: secrets.toml has no 'mail' below [notify]; did you mean 'mial'?" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert [got["title"] for got in told.got] == ["Mutuals"]
