"""How long `mutuals export` takes for everything of one group, and how much memory. Run it by hand.

    python tests/benchmarks/bench_export.py 100000 1000000

The posts are those of bench_models.py, all in one group. Memory is the highest of a process of its own, which does nothing else.
"""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.reports.exchange.export import Export, known_period, write_files
from tests.benchmarks.bench_models import fill
from warehouse.settings import Settings
from warehouse.snapshots.pointer import Pointer, set_current_snapshot, snapshot_folder, snapshot_path
from warehouse.snapshots.reader import open_reader
from warehouse.transform.prepare import rebuild

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def made(folder: Path, posts: int) -> None:
    """A snapshot with so many posts of one group."""
    settings = Settings((), data_dir=folder)
    snapshot_folder(settings).mkdir(parents=True)
    with duckdb.connect(str(snapshot_path(settings, "bench"))) as con:
        fill(con, posts, groups=1)
        rebuild(con, NOW)
        con.execute("checkpoint")
    set_current_snapshot(settings, Pointer("bench", NOW))


def export(folder: Path, kind: str) -> None:
    """Write everything; say how long that took, and the most memory."""
    settings = Settings((), data_dir=folder)
    reader = open_reader(settings)
    period = known_period(reader, NOW, "g0")
    assert period is not None
    before = _most()
    start, cpu = time.perf_counter(), time.process_time()
    rows = write_files(reader, Export("g0", NOW, period), kind, folder)
    took, worked = time.perf_counter() - start, time.process_time() - cpu
    most = _most()
    size = sum(path.stat().st_size for path in rows) // 1_000_000
    sys.stdout.write(
        f"  {kind:<8} {took:7.1f} s ({worked:.1f} s of processor time), {sum(rows.values()):,} rows, {size} MB,"
        f" memory {before} → {most} MB\n"
    )
    reader.close()


def _most() -> int:
    """The most memory of this process so far, in MB. (getrusage would tell of the process that started it, too.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        export(Path(sys.argv[2]), sys.argv[3])
    else:
        for count in sys.argv[1:] or ["100000"]:
            with TemporaryDirectory() as data:
                sys.stdout.write(f"{int(count):,} posts\n")
                sys.stdout.flush()
                made(Path(data), int(count))
                for form in ("csv", "parquet"):
                    subprocess.run([sys.executable, __file__, "--one", data, form], check=True)
