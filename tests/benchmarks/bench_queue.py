"""How long the queue takes with many open items: its queries, and the whole page as Streamlit runs it. Run it by hand.

python -m tests.benchmarks.bench_queue 500 5000
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.testing.v1 import AppTest

from app import queries, runtime
from app.data import readers
from app.request_queue import lists
from tests.support import village
from warehouse.casebook.events import open_casebook
from warehouse.ingest.store import store
from warehouse.snapshots.publish import publish
from warehouse.snapshots.reader import open_reader
from warehouse.storage.connection import open_warehouse
from warehouse.transform.prepare import prepare

MAIN = Path(runtime.__file__).with_name("main.py")


def filled(folder: Path, count: int) -> None:
    """A village with so many open requests of the last 29 days; every tenth was claimed, every twentieth put off."""
    settings, made = village.settings(folder), village.Village()
    made.collecting()
    for number in range(count):
        hours = 1 + number * 29 * 24 / count
        made.post(f"ask-{number}", f"member{number % 300}", hours, "Can anybody tell me how to fill in this form?")
    with open_warehouse(settings) as con:
        con.execute("begin")
        prepare(con, store(con, made.rows), village.NOW)
        con.execute("commit")
        publish(con, settings, village.NOW)
    book = open_casebook(settings)
    for number in range(0, count, 10):
        post_id, at = made.posts[f"ask-{number}"].post_id, village.NOW - timedelta(minutes=5)
        book.record(group_id="riverside", post_id=post_id, who="Ada", what="claim", at=at)
        if number % 20 == 0:
            until = (village.NOW + timedelta(hours=9)).isoformat()
            book.record(group_id="riverside", post_id=post_id, who="Ada", what="snooze", at=at, detail={"until": until})
    book.close()


def timed(what: str, action: Callable[[], object], times: int = 5) -> None:
    took, worked = [], []
    for _ in range(times):
        start, cpu = time.perf_counter(), time.process_time()
        action()
        took.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    sys.stdout.write(f"  {what:<40} {min(took):9.1f} ms ({min(worked):.1f} ms of processor time)\n")
    sys.stdout.flush()


def bench(count: int) -> None:
    sys.stdout.write(f"{count:,} open items\n")
    with TemporaryDirectory() as folder:
        filled(Path(folder), count)
        settings = village.settings(Path(folder))
        reader = open_reader(settings)
        timed("how many on each list", lambda: queries.queue.listings(reader, village.NOW, ["riverside"]))
        timed("the open ones", lambda: queries.queue.requests(reader, village.NOW, ["riverside"], list(lists.OPEN)))
        runtime.set_current(runtime.Runtime(settings, clock=lambda: village.NOW))
        app = AppTest.from_file(str(MAIN), default_timeout=120)
        app.run()
        timed("the page, drawn again", app.run)
        app.text_input(key="find").input("form")
        timed("the page, with a search", app.run)
        readers.reset_readers()


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ["500"]:
        bench(int(wanted))
