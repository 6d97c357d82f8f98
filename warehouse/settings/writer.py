"""Changes to mutuals.toml that keep a person's comments: read, change, check, swap, one at a time."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock, Timeout
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from warehouse.errors import SettingsError
from warehouse.settings.parse import parse_settings
from warehouse.settings.schema import Group, Role

_LOCK_TIMEOUT_SECONDS = 10


def add_group(path: Path, group: Group) -> None:
    """Write a group into mutuals.toml, which keeps its comments. Raises SettingsError; the old file then stays."""
    _append_table(
        path, "groups", _fields_to_write(group, always=("timezone",)), lambda text: parse_settings(text, path.name)
    )


def remove_group(path: Path, group_id: str) -> None:
    """Take a group out of mutuals.toml, which keeps its comments. Raises SettingsError; the old file then stays."""

    def find(text: str) -> list[int]:
        ids = [group.id for group in parse_settings(text, path.name).groups]
        if group_id not in ids:
            near = get_close_matches(group_id, ids, 1)
            cure = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(ids) or 'none'}"
            raise SettingsError(f"{path.name}: no group has the id {group_id!r}; {cure}")
        return [ids.index(group_id)]

    _remove_tables(path, "groups", find, lambda text: parse_settings(text, path.name))


def add_role(path: Path, role: Role) -> None:
    """Let somebody see something, from now on. Raises SettingsError; the old file then stays."""
    _append_table(path, "roles", _fields_to_write(role), lambda text: parse_settings(text, path.name))


def remove_roles(path: Path, roles: Collection[Role]) -> None:
    """Take these roles away, from now on. Raises SettingsError; the old file then stays."""

    def find(text: str) -> list[int]:
        return [number for number, role in enumerate(parse_settings(text, path.name).roles) if role in roles]

    _remove_tables(path, "roles", find, lambda text: parse_settings(text, path.name))


def _fields_to_write(entry: Group | Role, always: Collection[str] = ()) -> dict[str, Any]:
    """Its fields that differ from their defaults, and those that are written always."""
    return {
        field.name: getattr(entry, field.name)
        for field in fields(entry)
        if field.name in always or getattr(entry, field.name) != field.default
    }


def _append_table(path: Path, key: str, values: Mapping[str, Any], check: Callable[[str], object]) -> None:
    """Add a table to [[key]]. `check` gets the new text first and raises SettingsError when it would not do."""
    with _locked(path):
        document = _read(path)
        tables = document.setdefault(key, tomlkit.aot())
        table = tomlkit.table() if isinstance(tables, AoT) else tomlkit.inline_table()
        for name, value in values.items():
            table.add(name, list(value) if isinstance(value, tuple) else value)
        tables.append(table)
        _write(path, tomlkit.dumps(document), check)


def _remove_tables(
    path: Path, key: str, find: Callable[[str], Collection[int]], check: Callable[[str], object]
) -> None:
    """Take tables out of [[key]]. `find` gets the text as it is and says at which places they stand, or raises."""
    with _locked(path):
        document = _read(path)
        tables = document.get(key, [])
        for place in sorted(find(tomlkit.dumps(document)), reverse=True):
            del tables[place]
        if not tables:
            document.pop(key, None)
        _write(path, tomlkit.dumps(document), check)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two people who change the file at once must not undo what the other did."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_LOCK_TIMEOUT_SECONDS):
            yield
    except Timeout as error:
        raise SettingsError(f"{path}: somebody else is changing it; try again in a moment") from error
    except OSError as error:
        raise _write_error(path, error) from error


def _write_error(path: Path, error: OSError) -> SettingsError:
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
        raise _write_error(path, error) from error
