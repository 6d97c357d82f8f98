"""Changing mutuals.toml without losing a person's comments: read, change, check, swap."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock, Timeout
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from warehouse.errors import SettingsError

_PATIENCE_SECONDS = 10


def append(path: Path, key: str, values: Mapping[str, Any], check: Callable[[str], object]) -> None:
    """Add a table to [[key]]. `check` gets the new text first and raises SettingsError when it would not do."""
    with _one_at_a_time(path):
        document = _read(path)
        tables = document.setdefault(key, tomlkit.aot())
        table = tomlkit.table() if isinstance(tables, AoT) else tomlkit.inline_table()
        for name, value in values.items():
            table.add(name, list(value) if isinstance(value, tuple) else value)
        tables.append(table)
        _write(path, tomlkit.dumps(document), check)


def drop(path: Path, key: str, find: Callable[[str], Collection[int]], check: Callable[[str], object]) -> None:
    """Take tables out of [[key]]. `find` gets the text as it is and says at which places they stand, or raises."""
    with _one_at_a_time(path):
        document = _read(path)
        tables = document.get(key, [])
        for place in sorted(find(tomlkit.dumps(document)), reverse=True):
            del tables[place]
        if not tables:
            document.pop(key, None)
        _write(path, tomlkit.dumps(document), check)


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Two people who change the file at once must not undo what the other did."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE_SECONDS):
            yield
    except Timeout as error:
        raise SettingsError(f"{path}: somebody else is changing it; try again in a moment") from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"{path}: cannot be written ({error.strerror}); make the folder yours to write, or choose another place with --config"
    )


def _read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: not valid TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); make it yours to read") from error


def _write(path: Path, text: str, check: Callable[[str], object]) -> None:
    """In one step, and with the rights the file had: a full disk never costs the file that was there."""
    check(text)
    path = path.resolve()
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(fresh, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise _unwritable(path, error) from error
