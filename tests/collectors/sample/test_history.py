"""The sample's past, lived through by the real collectors: its servers in a process of their own."""

import itertools
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType

import duckdb
import httpx
import pytest

from collectors.sample.community.community import community
from collectors.sample.history import QUICK, collection_times, last_settled_quarter, replay
from collectors.sample.server_process import ServerProcess, serve_in_process
from collectors.sample.servers import BlueskyOptions, MastodonOptions
from collectors.sample.settings import HOME, OTHER, PLENTY, sample_settings
from warehouse.casebook.events import open_casebook
from warehouse.storage.connection import warehouse_path

START = datetime(2026, 10, 22, tzinfo=UTC)  # the clocks go back within these days
END = START + timedelta(days=4)


@pytest.fixture(scope="module", autouse=True)
def _plain_main() -> Iterator[None]:
    """Streamlit's own tests leave a page behind as the main module, which a new process would run again."""
    before, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="module")
def apart() -> Iterator[ServerProcess]:
    home = {name: MastodonOptions(requests_per_5_minutes=PLENTY, paged_per_15_minutes=PLENTY) for name in (HOME, OTHER)}
    sky = BlueskyOptions(requests_per_5_minutes=PLENTY)
    with serve_in_process(partial(community, 7, START, END), START, mastodon=home, bluesky=sky) as servers:
        yield servers


@pytest.fixture(scope="module")
def lived(apart: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder: Path = tmp_path_factory.mktemp("lived")
    settings = sample_settings(
        folder,
        home_url=apart.urls[HOME],
        other_url=apart.urls[OTHER],
        appview_url=apart.urls["bluesky"],
        pds_url=apart.urls["bluesky"],
    )
    replay(settings, open_casebook(settings), apart.clock, collection_times(START, END, QUICK))
    with duckdb.connect(str(warehouse_path(settings)), read_only=True) as con:
        yield con


def test_the_other_process_goes_by_the_clock_it_is_given(apart: ServerProcess) -> None:
    for at in (START, START + timedelta(days=1)):
        apart.clock.set(at)
        answer = httpx.get(f"{apart.urls[HOME]}/api/v2/instance")
        assert answer.headers["date"] == at.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_the_servers_end_with_the_block() -> None:
    with serve_in_process(partial(community, 7, START, START + timedelta(hours=1)), START) as servers:
        url = servers.urls["bluesky"]
        assert httpx.get(f"{url}/xrpc/_health").status_code < 500
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/xrpc/_health")


def test_the_past_was_seen_as_it_happened(lived: duckdb.DuckDBPyConnection) -> None:
    days = lived.execute("select count(distinct first_seen_at::date) from stored.posts").fetchone()
    assert days == (4,), "what was written on a day was read on that day or the next, not at the end"
    late = "select count(*) from stored.posts where first_seen_at - created_at > interval 25 hours and created_at > ?"
    assert lived.execute(late, [START]).fetchone() == (0,)


def test_counts_have_a_past(lived: duckdb.DuckDBPyConnection) -> None:
    moved = lived.execute(
        "select count(*) from (select post_id from stored.observations group by post_id"
        " having count(distinct likes_count) > 1)"
    ).fetchone()
    assert moved is not None
    assert moved[0] > 5


def test_nothing_failed_on_the_way(lived: duckdb.DuckDBPyConnection) -> None:
    incomplete = "select kind, reason from stored.coverage where not is_complete and kind not in ('topic', 'quotes')"
    assert lived.execute(incomplete).fetchall() == []


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
        (datetime(2026, 10, 3, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)),  # the third quarter may still settle
        (datetime(2027, 1, 9, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)),
        (datetime(2027, 1, 2, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
    ],
)
def test_the_past_begins_with_the_last_quarter_that_has_settled(now: datetime, start: datetime) -> None:
    assert last_settled_quarter(now) == start


def test_the_collectors_look_at_both_ends_and_denser_towards_the_end() -> None:
    times = collection_times(START, END, QUICK)
    assert (times[0], times[-1]) == (START, END)
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert max(pauses) == timedelta(days=1)
    assert set(pauses[-6:]) == {timedelta(hours=4)}
