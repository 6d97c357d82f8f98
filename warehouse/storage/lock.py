"""One at a time: a lock on the data folder, with a note of who holds it, so that whoever waits can say for whom.

The operating system lets go of a lock when its holder dies, however that happens.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import WarehouseError, explain_unwritable


@contextmanager
def acquire(
    data_dir: Path, what: str, doing: str, wait_seconds: float, on_wait: Callable[[str], None]
) -> Iterator[None]:
    """Hold <what>.lock in the data folder, which is made where there is none. `doing`: what it is held for, in words.

    `on_wait` is told, once, whom we wait for. Raises WarehouseError after `wait_seconds`.
    """
    holder = data_dir / f"{what}.holder"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(data_dir / f"{what}.lock", mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait(f"Waiting: {_who(holder)} is {doing}.")
            lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise WarehouseError(
            f"{data_dir}: {_who(holder)} has been {doing} for more than {wait_seconds:.0f} s; "
            "wait for it or stop it, then try again"
        ) from error
    except OSError as error:
        raise explain_unwritable(data_dir, error) from error
    with suppress(OSError):  # the note is a courtesy: on a full disk we go on without it
        holder.write_text(f"{os.getpid()} {_command()}\n", encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _command() -> str:
    """What this process is, without arguments that could name a person."""
    words = [Path(sys.argv[0]).name, *(word for word in sys.argv[1:2] if word.isalpha())]
    return " ".join(words)


def _who(holder: Path) -> str:
    """Whom the note names, if that process is still there: a note outlives a holder that was killed."""
    try:
        pid, _, command = holder.read_text(encoding="utf-8").strip().partition(" ")
        os.kill(int(pid), 0)
    except PermissionError:
        pass
    except (OSError, ValueError):
        return "another process"
    return f"process {pid} ({command})"
