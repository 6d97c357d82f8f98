"""What the steps of one cycle hand on: what a collector process lives on, what was fetched, what a cycle did."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from duckdb import DuckDBPyConnection

from collectors.fetch_types import Batch, FetchFailed, SeenAccount, Work
from collectors.pipeline.connections import Connections
from warehouse.casebook.events import Casebook
from warehouse.settings import Settings


@dataclass(slots=True)
class Collector:
    """What one collector process lives on. Times, connections and pauses are arguments; only the edge asks the clock."""

    settings: Settings
    key: bytes
    networks: Connections
    casebook: Casebook
    open_warehouse: Callable[[], AbstractContextManager[DuckDBPyConnection]]
    now: Callable[[], datetime]
    pause: Callable[[float], None]
    is_stopping: Callable[[], bool] = lambda: False
    is_publishing: bool = True
    published_at: datetime | None = None
    dids: dict[str, str] = field(default_factory=dict)  # Bluesky handle → DID of our own and team accounts
    resolved: list[SeenAccount] = field(default_factory=list)  # looked up, not yet stored
    settled: tuple[int, tuple[tuple[str, str], ...]] | None = None  # what of decisions and accounts is stored
    is_started: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """One piece of work and what became of it."""

    work: Work
    started_at: datetime
    finished_at: datetime
    batch: Batch | None
    failure: FetchFailed | None


@dataclass(slots=True)
class Outcome:
    """What a cycle did."""

    run_id: str
    works_count: int = 0
    posts_count: int = 0
    failures: list[str] = field(default_factory=list)
    is_changed: bool = False
    snapshot: str | None = None
