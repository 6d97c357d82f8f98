"""A TOML table → a dataclass: the right keys, the right types, valid values; a sentence for every mistake. Knows no meaning."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar, get_type_hints

from warehouse.errors import SettingsError
from warehouse.settings.validators.values import InvalidValue

_Kind = TypeVar("_Kind")
_SECRET_KEYS = ("token", "access_token", "password", "app_password", "secret")
_TYPE_NAMES = {str: 'text in quotes, like "…"', int: "a whole number", bool: "true or false"}

Validator = Callable[[Any], Any]  # a value → the value as the program wants it, or InvalidValue


@dataclass(frozen=True, slots=True)
class Location:
    """Where a mistake is: the file's name, and a table as it stands in the file, like [[groups]] 'riverside'."""

    file: str
    table: str = ""  # empty: the whole file

    def key_error(self, problem: str, cure: str = "") -> SettingsError:
        """About a key or its type: "mutuals.toml: unknown key 'intervall' in [app]; did you mean 'interval'?"."""
        where = f" in {self.table}" if self.table else ""
        return SettingsError(f"{self.file}: {problem}{where}" + (f"; {cure}" if cure else ""))

    def value_error(self, problem: str) -> SettingsError:
        """About what a key says: "mutuals.toml: in [mail] 'port': 0 is out of range; write …"."""
        return SettingsError(f"{self.file}: in {self.table} {problem}")


def check_keys(location: Location, keys: Iterable[str], known: Iterable[str]) -> None:
    """Raise SettingsError for a key nobody knows, with the nearest known one, and for a secret."""
    known = list(known)
    for key in keys:
        if key in _SECRET_KEYS:
            raise location.key_error(
                f"{key!r} is a secret and does not belong here",
                "put it into secrets.toml in the data folder, or into the environment",
            )
        if key not in known:
            near = get_close_matches(key, known, 1)
            cure = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known)}"
            raise location.key_error(f"unknown key {key!r}", cure)


def parse_table(kind: type[_Kind], table: Any, location: Location) -> _Kind:
    """One table as a `kind`, with known keys and right types. Raises SettingsError."""
    if not isinstance(table, Mapping):
        raise location.key_error("a table with keys is needed, not a value")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    check_keys(location, table, known)
    hints = get_type_hints(kind)
    for name, field in known.items():
        if name not in table and field.default is MISSING and field.default_factory is MISSING:
            raise location.key_error(f"'{name}' is missing", f'add: {name} = "…"')
    return kind(**{name: _check_type(hints[name], value, name, location) for name, value in table.items()})


def parse_tables(
    kind: type[_Kind],
    document: Mapping[str, Any],
    key: str,
    id_field: str,
    file: str,
    validate: Callable[[Any, Location], _Kind],
) -> tuple[_Kind, ...]:
    """All tables of one [[key]], each validated; no two with the same `id_field` ("": they have none). Raises SettingsError."""
    tables = document.get(key, [])
    if not isinstance(tables, list):
        raise SettingsError(f"{file}: '{key}' must be written as [[{key}]], with double brackets")
    parsed: dict[str, _Kind] = {}
    for number, table in enumerate(tables, 1):
        name = table.get(id_field) if isinstance(table, dict) else None
        is_named = (
            isinstance(name, str) and name and "@" not in name.partition("//")[2]
        )  # an address may hold a password
        title = f"[[{key}]] {name!r}" if is_named else f"[[{key}]] number {number}"
        location = Location(file, title)
        entry = validate(parse_table(kind, table, location), location)
        entry_id = getattr(entry, id_field) if id_field else str(number)
        if entry_id in parsed:
            raise SettingsError(f"{file}: two [[{key}]] have the {id_field} {entry_id!r}; give one of them another")
        parsed[entry_id] = entry
    return tuple(parsed.values())


def validate_fields(table: _Kind, location: Location, validators: Mapping[str, Validator]) -> _Kind:
    """The table with these fields as their validators return them; a list is validated text by text, and each text kept once.

    The first mistake, in the order of `validators`, raises SettingsError.
    """
    valid: dict[str, Any] = {}
    for name, validator in validators.items():
        value = getattr(table, name)
        try:
            valid[name] = tuple(dict.fromkeys(map(validator, value))) if isinstance(value, tuple) else validator(value)
        except InvalidValue as error:
            raise location.value_error(f"{name!r}: {error}") from None
    return replace(table, **valid)  # type: ignore[type-var]


def unless_empty(validator: Validator) -> Validator:
    """A validator that lets an empty text be: there it means "none"."""
    return lambda value: validator(value) if value else value


def _check_type(hint: Any, value: Any, name: str, location: Location) -> Any:
    if hint is str and type(value) is date:
        return value.isoformat()  # checked = 2026-11-01, without quotes
    if hint in _TYPE_NAMES:
        if type(value) is not hint:
            raise location.key_error(f"'{name}' must be {_TYPE_NAMES[hint]}")
        return value
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise location.key_error(f"'{name}' must be a list of texts", f'write: {name} = ["…"]')
    return tuple(value)
