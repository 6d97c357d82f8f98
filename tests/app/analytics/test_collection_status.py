"""What the page about the collection says of a source."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from app.analytics import collection_status
from warehouse.casebook.notifications import WEEKLY, Notification
from warehouse.settings import Person

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bytes_count", "kept_count", "words"),
    [
        (12_400_000, 3, "read 12 MB in the last 7 days to keep 3 posts"),
        (1_260_000, 1, "read 1.3 MB in the last 7 days to keep 1 post."),
        (0, 0, "read 0.0 MB in the last 7 days, and nothing in it was for the group"),
        (None, 40, None),
    ],
)
def test_a_drain_is_shown_with_its_bandwidth(bytes_count: int | None, kept_count: int, words: str | None) -> None:
    source = {
        "network": "bluesky", "server": "bluesky", "kind": "drain", "target": "riverside.example.com",
        "last_ok_at": NOW - timedelta(minutes=4), "is_last_run_complete": True, "is_late": False,
        "incomplete_runs_count": 0, "last_reason": None, "bytes_count": bytes_count, "kept_count": kept_count,
    }  # fmt: skip
    said = str(collection_status.source_rows(pd.DataFrame([source]), NOW))
    assert words in said if words else "MB" not in said


SAM = Person("Sam", ("sam-mail", "phone"))


def test_somebody_who_cannot_be_told_is_named_with_since_when_and_why() -> None:
    past = [
        Notification("Sam", channel, "g", NOW - timedelta(hours=hours), "late", 2, (), failure)
        for channel, hours, failure in (("phone", 3, ""), ("sam-mail", 2, "the service refused"))
    ]
    said = str(collection_status.notification_rows([SAM], past, "Europe/London", NOW))
    assert "Could not tell Sam since today 10:00: the service refused." in said
    assert "mutuals tell --test Sam" in said
    assert "Last told 3 hours ago." in said
    assert collection_status.notification_rows([], past, "Europe/London", NOW) is None


def test_a_weekly_mail_that_does_not_go_out_is_said_with_its_own_cure() -> None:
    person = Person("Ute", mail="ute@mail.example")
    gone = Notification(
        "Ute", WEEKLY, "", NOW - timedelta(hours=2), "weekly", 0, (), "the mail service could not be reached"
    )
    said = str(collection_status.notification_rows([person], [gone], "Europe/London", NOW))
    assert "Could not tell Ute since today 10:00: the mail service could not be reached." in said
    assert "mutuals digest --send" in said
    assert "Ute · the weekly mail" in str(collection_status.notification_rows([person], [], "Europe/London", NOW))
