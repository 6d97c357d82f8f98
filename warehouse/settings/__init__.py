"""mutuals.toml and the environment, read once and validated: the only reader of os.environ.

Every mistake is a SettingsError whose message names the key, the file and the cure.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from warehouse.errors import SettingsError
from warehouse.settings import validators
from warehouse.settings.parse import read
from warehouse.settings.schema import (
    Bluesky,
    Goal,
    Group,
    Mail,
    Person,
    Role,
    SavedReply,
    Secrets,
    Server,
    Settings,
    SignIn,
    Signpost,
)
from warehouse.settings.secrets import secrets_file, secrets_of
from warehouse.settings.writer import append, drop

__all__ = [
    "Bluesky",
    "Goal",
    "Group",
    "Mail",
    "Person",
    "Role",
    "SavedReply",
    "Secrets",
    "Server",
    "Settings",
    "SettingsError",
    "SignIn",
    "Signpost",
    "add_group",
    "add_role",
    "groups_in",
    "load",
    "remove_group",
    "remove_roles",
]


def load(
    config: Path | None = None, data_dir: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings from a file (which may not exist yet: then there is no group) and the environment.

    An argument wins over MUTUALS_CONFIG and MUTUALS_DATA_DIR, these over ./mutuals.toml and mutuals-data beside it.
    Raises SettingsError.
    """
    env = os.environ if environ is None else environ
    config = config or Path(env.get("MUTUALS_CONFIG") or "mutuals.toml")
    data_dir = data_dir or Path(env.get("MUTUALS_DATA_DIR") or config.parent / "mutuals-data")
    settings = read(_text(config), config.name)
    _can_write(data_dir)
    url = settings.casebook_url
    if secret := env.get("MUTUALS_CASEBOOK_URL"):
        url = _casebook_url(secret)
    return replace(
        settings,
        config=config,
        data_dir=data_dir,
        casebook_url=url,
        secrets=_secrets(settings, secrets_file(data_dir / "secrets.toml"), env),
    )


def groups_in(path: Path) -> tuple[Group, ...]:
    """The groups that stand in the file now; none where there is no file. Raises SettingsError."""
    return read(_text(path), path.name).groups


def add_group(path: Path, group: Group) -> None:
    """Write a group into mutuals.toml, which keeps its comments. Raises SettingsError; the old file then stays."""
    append(path, "groups", _told(group, always=("timezone",)), lambda text: read(text, path.name))


def remove_group(path: Path, group_id: str) -> None:
    """Take a group out of mutuals.toml, which keeps its comments. Raises SettingsError; the old file then stays."""

    def find(text: str) -> list[int]:
        ids = [group.id for group in read(text, path.name).groups]
        if group_id not in ids:
            near = get_close_matches(group_id, ids, 1)
            cure = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(ids) or 'none'}"
            raise SettingsError(f"{path.name}: no group has the id {group_id!r}; {cure}")
        return [ids.index(group_id)]

    drop(path, "groups", find, lambda text: read(text, path.name))


def add_role(path: Path, role: Role) -> None:
    """Let somebody see something, from now on. Raises SettingsError; the old file then stays."""
    append(path, "roles", _told(role), lambda text: read(text, path.name))


def remove_roles(path: Path, gone: Collection[Role]) -> None:
    """Take these roles away, from now on. Raises SettingsError; the old file then stays."""

    def find(text: str) -> list[int]:
        return [place for place, one in enumerate(read(text, path.name).roles) if one in gone]

    drop(path, "roles", find, lambda text: read(text, path.name))


def _told(one: Group | Role, always: Collection[str] = ()) -> dict[str, Any]:
    """What has to be written of it: what is not so by default."""
    given = {field.name: getattr(one, field.name) for field in fields(one)}
    default = {field.name: field.default for field in fields(one) if field.name not in always}
    return {name: value for name, value in given.items() if value != default.get(name, MISSING)}


def _text(config: Path) -> str:
    try:
        return config.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise SettingsError(f"{config}: not plain text; save it as UTF-8") from error
    except OSError as error:
        raise SettingsError(
            f"{config}: cannot be read ({error.strerror}); make it yours to read, or name another with --config"
        ) from error


def _casebook_url(secret: str) -> str:
    try:
        return validators.casebook_url(secret, is_secret=True)
    except validators.Wrong as wrong:
        raise SettingsError(f"MUTUALS_CASEBOOK_URL: {wrong}") from None


def _can_write(data_dir: Path) -> None:
    """The folder, or the one it would be made in, is ours to write."""
    folder = data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise SettingsError(
            f"{data_dir}: the data folder cannot be made, because {folder} is a file; choose another --data-dir"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(
            f"{data_dir}: the data folder cannot be written; make it yours, or choose another with --data-dir"
        )


def _secrets(settings: Settings, file: Mapping[str, Mapping[str, str]], env: Mapping[str, str]) -> Secrets:
    handles = [handle for group in settings.groups for handle in group.bluesky]
    accounts = [address.lstrip("@").lower() for group in settings.groups for address in group.mastodon]
    told = [*file.get("notify", {}), *(name for person in settings.people for name in person.notify)]
    return Secrets(
        mastodon_tokens=secrets_of(accounts, "MUTUALS_MASTODON_TOKEN_", file.get("mastodon", {}), env),
        bluesky_passwords=secrets_of(handles, "MUTUALS_BLUESKY_PASSWORD_", file.get("bluesky", {}), env),
        notify=secrets_of(told, "MUTUALS_NOTIFY_", file.get("notify", {}), env),
        mail_password=env.get("MUTUALS_MAIL_PASSWORD") or file.get("mail", {}).get("password", ""),
        sign_in=env.get("MUTUALS_SIGN_IN_SECRET") or file.get("sign_in", {}).get("secret", ""),
    )
