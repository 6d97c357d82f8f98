"""What the page about the collection says of a source."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from app import reporting

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
    said = str(reporting.source_rows(pd.DataFrame([source]), NOW))
    assert words in said if words else "MB" not in said
