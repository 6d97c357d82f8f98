"""The folder of snapshots and the small file that says which is current. Replaced atomically; a snapshot never changes."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.errors import WarehouseError
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class Pointer:
    """The current snapshot."""

    name: str
    published_at: datetime


def snapshot_folder(settings: Settings) -> Path:
    """Where snapshots lie."""
    return settings.data_dir / "snapshots"


def snapshot_path(settings: Settings, name: str) -> Path:
    """The file of one snapshot."""
    return snapshot_folder(settings) / f"{name}.duckdb"


def current_snapshot(settings: Settings) -> Pointer | None:
    """Which snapshot is current; None when nothing has been published. Raises WarehouseError when the file makes no sense."""
    path = snapshot_folder(settings) / "current"
    try:
        pointer_json = json.loads(path.read_text(encoding="utf-8"))
        return Pointer(pointer_json["name"], datetime.fromisoformat(pointer_json["published_at"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{path}: cannot be read ({type(error).__name__}); remove it: the next cycle writes it anew"
        ) from error


def set_current_snapshot(settings: Settings, pointer: Pointer) -> None:
    """Make a snapshot the current one, in one step: a reader sees the old one or the new one."""
    folder = snapshot_folder(settings)
    fresh = folder / "current.new"
    pointer_json = {"name": pointer.name, "published_at": pointer.published_at.isoformat()}
    with open(fresh, "w", encoding="utf-8") as file:
        json.dump(pointer_json, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / "current")
    sync_to_disk(folder)


def sync_to_disk(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
