"""A file that a command writes: never in place of another one unasked."""

from pathlib import Path

from app.reports.private_files import replacing
from app.stopping import Stopped


def write_new(path: Path, content: bytes, *, force: bool) -> None:
    """Write it; its folder is made where it is missing. Raises Stopped: there is one already. Raises OSError."""
    if path.exists() and not force:
        raise Stopped(f"{path}: is there already; replace it with --force, or choose another --out")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_bytes(content)


def cannot_write(path: Path, error: OSError) -> Stopped:
    """The system's complaint about a place to write to, with the cure."""
    return Stopped(f"{path}: cannot be written ({error.strerror}); choose a place of yours with --out")
