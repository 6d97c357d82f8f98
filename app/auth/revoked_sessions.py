"""Sign-ins that were given back: a copy of the cookie opens nothing any more, also after the dashboard was started again.

One file in the data folder, a line for each, until it would have ended by itself: its time, and a hash that names nobody.
"""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from app.atomic_file import written_atomically
from app.auth.identity import Identity
from warehouse.settings import Settings

_lock = Lock()


def revoke(settings: Settings, who: Identity, now: datetime) -> None:
    """From now on this sign-in opens nothing. Raises OSError."""
    if who.until is None:
        return
    path = _path(settings)
    with _lock:
        held = {key: until for key, until in _held(path).items() if until > now} | {who.sign_in: who.until}
        with written_atomically(path) as part:
            part.write_text("".join(f"{until.astimezone(UTC).isoformat()} {key}\n" for key, until in held.items()))


def is_revoked(settings: Settings, who: Identity) -> bool:
    """Was this sign-in given back?"""
    return bool(who.sign_in) and who.sign_in in _held(_path(settings))


def _path(settings: Settings) -> Path:
    return settings.data_dir / "signed-out"


def _held(path: Path) -> dict[str, datetime]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return {}
    return _read(path, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int, _number: int) -> dict[str, datetime]:
    lines = (line.split() for line in path.read_text().splitlines())
    return {key: datetime.fromisoformat(until) for until, key in lines}
