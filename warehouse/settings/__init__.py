"""mutuals.toml and the environment, read once and validated: the only reader of os.environ.

`schema` has the classes, `parse` what each table must say, `validators` what a value must mean, `writer` changes the file.
Every mistake is a SettingsError whose message names the key, the file and the cure. Of ours it imports warehouse.errors only.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from warehouse.errors import SettingsError
from warehouse.settings.parse import parse_settings
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
from warehouse.settings.secrets import load_secrets
from warehouse.settings.validators.urls import parse_casebook_url
from warehouse.settings.validators.values import InvalidValue
from warehouse.settings.writer import add_group, add_role, remove_group, remove_roles

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
    "load_groups",
    "load_settings",
    "remove_group",
    "remove_roles",
]


def load_settings(
    config: Path | None = None, data_dir: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings from a file (which may not exist yet: then there is no group) and the environment.

    An argument wins over MUTUALS_CONFIG and MUTUALS_DATA_DIR, these over ./mutuals.toml and mutuals-data beside it.
    Raises SettingsError.
    """
    env = os.environ if environ is None else environ
    config = config or Path(env.get("MUTUALS_CONFIG") or "mutuals.toml")
    data_dir = data_dir or Path(env.get("MUTUALS_DATA_DIR") or config.parent / "mutuals-data")
    settings = parse_settings(_read_text(config), config.name)
    _check_writable(data_dir)
    url = settings.casebook_url
    if secret := env.get("MUTUALS_CASEBOOK_URL"):
        url = _casebook_url_from_environ(secret)
    return replace(
        settings,
        config=config,
        data_dir=data_dir,
        casebook_url=url,
        secrets=load_secrets(settings, data_dir / "secrets.toml", env),
    )


def load_groups(path: Path) -> tuple[Group, ...]:
    """The groups that stand in the file now; none where there is no file. Raises SettingsError."""
    return parse_settings(_read_text(path), path.name).groups


def _read_text(config: Path) -> str:
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


def _casebook_url_from_environ(secret: str) -> str:
    try:
        return parse_casebook_url(secret, is_secret=True)
    except InvalidValue as error:
        raise SettingsError(f"MUTUALS_CASEBOOK_URL: {error}") from None


def _check_writable(data_dir: Path) -> None:
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
