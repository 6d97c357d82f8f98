"""What the group counted by hand stands beside the week's numbers."""

from collections.abc import Callable
from datetime import date

import pandas as pd
from streamlit.testing.v1 import AppTest

from app.components import offline_counts
from tests.support.village import KEY, NOW
from warehouse.settings import Settings
from warehouse.snapshots.publish import publish
from warehouse.storage.connection import open_warehouse
from warehouse.storage.offline_counts import OfflineCount, import_counts


def test_a_meetings_tally_stands_on_this_weeks_page(mine: Settings, page: Callable[..., AppTest]) -> None:
    with open_warehouse(mine) as con:
        tally = OfflineCount("Thursday **meeting**", "tally", date(2026, 11, 19), "", asks=4, answered=3)
        import_counts(con, KEY, "riverside", b"1", [tally], NOW)
        publish(con, mine, NOW)
    shown = page(mine, "this_week")
    assert not shown.exception
    (found,) = [table.value for table in shown.table if "Place" in table.value.columns]
    assert found["Place"].tolist() == ["Thursday \\*\\*meeting\\*\\*"]
    assert (found["Asked"].tolist(), found["Answered"].tolist(), found["Members"].tolist()) == (["4"], ["3"], ["–"])


def test_what_was_not_counted_is_not_called_nought() -> None:
    counted = {
        "posts_count": [0],
        "engagement_count": [0],
        "followers_count": [pd.NA],
        "asks_count": [4],
        "answered_count": [pd.NA],
    }
    told = offline_counts.offline_table(pd.DataFrame({"place": ["Hall"], **counted}))
    assert told.iloc[0].tolist() == ["Hall", "4", "–", "0", "0", "–"]
