"""Keyed ids: whom and what a row is about, without saying it. The key stays in the data folder, backed up apart.

A keyed id is the first 128 bits of an HMAC-SHA256 over the network's own id, which often contains a handle.
"""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from warehouse.errors import WarehouseError, explain_unwritable

KEY_FILE = "key"
_KEY_BYTES = 32


def keyed(key: bytes, *parts: str) -> UUID:
    """The id of something, as `key` sees it: always the same; without the key nobody can test a guess."""
    return UUID(bytes=hmac.digest(key, "\x1f".join(parts).encode(), sha256)[:16])


def load_key(data_dir: Path) -> bytes:
    """The data folder's key (32 bytes), made once. Raises WarehouseError when it is damaged, or lost."""
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise explain_unwritable(path, error) from error
    if len(key) != _KEY_BYTES:
        raise WarehouseError(f"{path}: this is not a key of {_KEY_BYTES} bytes; put it back from its backup")
    return key


def _make(path: Path) -> None:
    """Written under another name first: of two processes that start together one wins, and both read its key."""
    if (path.parent / "warehouse.duckdb").exists():
        raise WarehouseError(
            f"{path}: the key is gone, and without it all people and posts would be collected as new: "
            "put it back from its backup, or move the whole data folder away to begin anew"
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = path.with_name(f".{KEY_FILE}.{secrets.token_hex(4)}")
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(made, path)
    except FileExistsError:
        return
    finally:
        made.unlink()
