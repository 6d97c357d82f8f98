"""TOML tables → dataclasses: the right keys, the right types, and a sentence for every mistake. Knows no meaning."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar, get_type_hints

from warehouse.errors import SettingsError

_Kind = TypeVar("_Kind")
_SECRET = ("token", "access_token", "password", "app_password", "secret")
_WORDS = {str: 'text in quotes, like "…"', int: "a whole number", bool: "true or false"}


def only_keys(where: str, found: Iterable[str], known: Iterable[str]) -> None:
    """Raise SettingsError for a key nobody knows, with the nearest one that somebody does."""
    known = list(known)
    for key in found:
        if key in _SECRET:
            raise SettingsError(
                _at(where, f"{key!r} is a secret and does not belong here")
                + "; put it into secrets.toml in the data folder, or into the environment"
            )
        if key not in known:
            near = get_close_matches(key, known, 1)
            cure = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known)}"
            raise SettingsError(f"{_at(where, f'unknown key {key!r}')}; {cure}")


def shaped(kind: type[_Kind], found: Any, where: str) -> _Kind:
    """One table as a `kind`. `where` is the place in words, with a % for what is wrong."""
    if not isinstance(found, Mapping):
        raise SettingsError(_at(where, "a table with keys is needed, not a value"))
    told = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    only_keys(where, found, told)
    hints = get_type_hints(kind)
    for name, field in told.items():
        if name not in found and field.default is MISSING and field.default_factory is MISSING:
            raise SettingsError(_at(where, f"'{name}' is missing") + f'; add: {name} = "…"')
    return kind(**{name: _value(hints[name], value, name, where) for name, value in found.items()})


def _value(hint: Any, value: Any, name: str, where: str) -> Any:
    if hint is str and type(value) is date:
        return value.isoformat()  # checked = 2026-11-01, without quotes
    if hint in _WORDS:
        if type(value) is not hint:
            raise SettingsError(_at(where, f"'{name}' must be {_WORDS[hint]}"))
        return value
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SettingsError(_at(where, f"'{name}' must be a list of texts") + f'; write: {name} = ["…"]')
    return tuple(value)


def _at(where: str, what: str) -> str:
    return where.replace("%", what, 1)
