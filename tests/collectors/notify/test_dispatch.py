"""From a published snapshot to a message that arrived: once, whatever breaks and whoever else is running."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from collectors.notify.apprise_channel import send
from collectors.notify.dispatch import dispatch_due, send_test
from collectors.notify.messages import Message
from tests.support import village
from tests.support.notification_service import Service, service
from warehouse.casebook.events import open_casebook
from warehouse.casebook.notifications import load_notifications, load_troubles
from warehouse.casebook.rota_events import add_away, add_slot
from warehouse.settings import Person, Secrets, Settings, SettingsError

HOUR = timedelta(hours=1)
SAM = Person("Sam", ("sam-web",), quiet_hours="")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return village.build(tmp_path_factory.mktemp("telling"), has_history=False)


@pytest.fixture
def told() -> Iterator[Service]:
    with service() as started:
        yield started


@pytest.fixture
def settings(published: Settings, tmp_path: Path, told: Service) -> Settings:
    copytree(published.data_dir, tmp_path / "data")
    secrets = Secrets(notify={"sam-web": told.address})
    return replace(published, data_dir=tmp_path / "data", people=(SAM,), secrets=secrets)


def test_a_message_has_numbers_and_a_link_and_nothing_else(settings: Settings, told: Service) -> None:
    assert dispatch_due(settings, village.NOW, send) == 1
    (got,) = told.got
    assert got["title"] == "Riverside Carers’ Circle"
    assert got["message"] == "6 people are waiting, the longest for 34 hours.\nhttp://127.0.0.1:8501"


def test_the_next_looks_and_a_restart_tell_nothing_again(settings: Settings, told: Service) -> None:
    for minutes in (0, 1, 2, 30):
        dispatch_due(settings, village.NOW + timedelta(minutes=minutes), send)
    assert len(told.got) == 1


def test_two_processes_tell_it_once(settings: Settings, told: Service) -> None:
    script = f"""
from dataclasses import replace
from pathlib import Path
from collectors.notify.dispatch import dispatch_due
from collectors.notify.apprise_channel import send
from tests.support import village
from warehouse.casebook.rota_events import add_away, add_slot
from warehouse.settings import Person, Secrets
settings = replace(village.settings(Path({str(settings.data_dir)!r})), people=(Person("Sam", ("sam-web",), quiet_hours=""),),
                   secrets=Secrets(notify={{"sam-web": {told.address!r}}}))
input()
dispatch_due(settings, village.NOW, send)
"""
    root = Path(__file__).parents[3]
    both = [
        subprocess.Popen([sys.executable, "-c", script], cwd=root, stdin=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in both:
        one.communicate(timeout=60)
        assert one.returncode == 0
    assert len(told.got) == 1


def test_a_service_that_is_down_is_tried_again_said_and_told_when_it_is_back(settings: Settings, told: Service) -> None:
    told.status = 503
    for minutes in (0, 1, 19, 20, 45, 60, 119):
        dispatch_due(settings, village.NOW + timedelta(minutes=minutes), send)
    assert len(told.got) == 3
    casebook = open_casebook(settings)
    (trouble,) = load_troubles(load_notifications(casebook), village.NOW + 2 * HOUR)
    casebook.close()
    assert (trouble.person, trouble.since, trouble.reason) == ("Sam", village.NOW, "the service had a fault of its own")
    told.status = 200
    send_test(settings, "sam", village.NOW + 2 * HOUR, send)
    assert dispatch_due(settings, village.NOW + 2 * HOUR, send) == 1
    casebook = open_casebook(settings)
    assert load_troubles(load_notifications(casebook), village.NOW + 2 * HOUR) == []
    casebook.close()


def test_a_process_that_dies_while_sending_leaves_a_failed_try_and_not_a_second_message(settings: Settings) -> None:
    def die(_address: str, _message: Message) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dispatch_due(settings, village.NOW, die)
    sent: list[Message] = []
    arrives = lambda _, message: sent.append(message) or ""  # noqa: E731
    dispatch_due(settings, village.NOW + timedelta(minutes=1), arrives)
    assert sent == []
    dispatch_due(settings, village.NOW + timedelta(minutes=20), arrives)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("name", "network", "messages"),
    [
        ("council", "mastodon", ["5 people are waiting, the longest for 34 hours.\nhttp://127.0.0.1:8501"]),
        ("form", "bluesky", []),  # the only one that is late
    ],
)
def test_what_somebody_took_on_is_not_told(
    settings: Settings, told: Service, name: str, network: str, messages: list[str]
) -> None:
    casebook = open_casebook(settings)
    post = village.keyed(village.KEY, "post", network, name)
    casebook.record(group_id="riverside", post_id=post, who="Dee", what="claim", at=village.NOW)
    casebook.close()
    dispatch_due(settings, village.NOW, send)
    assert [got["message"] for got in told.got] == messages


@pytest.mark.parametrize(("slots", "messages_count"), [(((8, 20),), 1), (((8, 20), (20, 8)), 0)])
def test_a_night_in_which_nobody_looked_is_told_before_the_promise_runs_out(
    settings: Settings, told: Service, slots: tuple[tuple[int, int], ...], messages_count: int
) -> None:
    casebook = open_casebook(settings)
    form = village.keyed(village.KEY, "post", "bluesky", "form")  # the one that is late
    casebook.record(group_id="riverside", post_id=form, who="Dee", what="claim", at=village.NOW)
    week_ago = village.NOW - timedelta(days=7)
    for start, end in slots:
        add_slot(casebook, "riverside", "Dee", week_ago, person="Dee", weekdays=range(1, 8), start=start, end=end)
    casebook.close()
    dispatch_due(settings, village.NOW, send)
    assert len(told.got) == messages_count


def test_somebody_who_is_away_is_not_told(settings: Settings, told: Service) -> None:
    casebook = open_casebook(settings)
    add_away(casebook, "riverside", "Sam", village.NOW, person="sam", first=date(2026, 11, 20), last=date(2026, 11, 22))
    casebook.close()
    dispatch_due(settings, village.NOW, send)
    assert told.got == []


def test_without_people_or_a_snapshot_nothing_is_opened(settings: Settings, tmp_path: Path) -> None:
    assert dispatch_due(replace(settings, people=()), village.NOW, send) == 0
    assert dispatch_due(replace(settings, data_dir=tmp_path / "none"), village.NOW, send) == 0


def test_no_address_is_kept_in_any_file(settings: Settings, told: Service) -> None:
    told.status = 500
    dispatch_due(settings, village.NOW, send)
    told.status = 200
    send_test(settings, "Sam", village.NOW, send)
    files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    assert files
    assert not [
        path for path in files if b"hunter2" in path.read_bytes() or str(told.port).encode() in path.read_bytes()
    ]


@pytest.mark.parametrize(("name", "words"), [("Sma", "did you mean 'Sam'?"), ("Xerxes", "there are: Sam")])
def test_somebody_unknown_cannot_be_tried(settings: Settings, name: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        send_test(settings, name, village.NOW, send)
    assert words in str(caught.value)


def test_a_channel_without_an_address_names_the_nearest(settings: Settings) -> None:
    odd = replace(settings, people=(replace(SAM, notify=("sam-wbe",)),))
    ((_, _, failure),) = send_test(odd, "Sam", village.NOW, send)
    assert failure == "secrets.toml has no 'sam-wbe' below [notify]; did you mean 'sam-web'?"
