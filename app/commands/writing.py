"""A file that a command writes: readable by its owner alone, never in place of another one unasked, never half."""

import os
from pathlib import Path

from app.stopping import Stopped


def write_new(path: Path, content: bytes, *, force: bool) -> None:
    """Write it; its folder is made where it is missing. Raises Stopped: there is one already. Raises OSError."""
    if path.exists() and not force:
        raise Stopped(f"{path}: is there already; replace it with --force, or choose another --out")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> Stopped:
    """The system's complaint about a place to write to, with the cure."""
    return Stopped(f"{path}: cannot be written ({error.strerror}); choose a place of yours with --out")
