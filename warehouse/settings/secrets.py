"""Tokens and app passwords: from the environment, else from a file that nobody else can read. Messages never repeat one."""

import logging
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from warehouse.errors import SettingsError
from warehouse.settings.types import only_keys

log = logging.getLogger(__name__)


def secrets_of(names: Iterable[str], prefix: str, file: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """The secret of each name that has one: the variable `prefix` + NAME (A-Z, 0-9 and _), or its line in the file."""
    variables = {name: prefix + re.sub(r"[^A-Z0-9]", "_", name.upper()) for name in names}
    for variable in env:
        if variable.startswith(prefix) and variables and variable not in variables.values():
            log.warning(
                "%s belongs to nobody in mutuals.toml; expected one of: %s", variable, ", ".join(variables.values())
            )
    found = {name: env.get(variable) or file.get(name, "") for name, variable in variables.items()}
    return {name: secret for name, secret in found.items() if secret}


def secrets_file(path: Path) -> Mapping[str, Mapping[str, str]]:
    """[mastodon] account = token, [bluesky] handle = app password, [notify] name = Apprise address, [mail] password = …, and
    [sign_in] secret = …. Nothing without a file. Raises SettingsError.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{path}: others can read your secrets; mend it with: chmod 600 {path}")
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); make it yours to read") from error
    except ValueError as error:
        at = re.search(r"\(at .*\)", str(error))
        raise SettingsError(f"{path}: not valid TOML {at[0] if at else ''}; is a quote missing?") from None
    only_keys(f"{path}: %", found, ("mastodon", "bluesky", "notify", "mail", "sign_in"))
    for table, named in found.items():
        if not isinstance(named, dict) or not all(isinstance(value, str) for value in named.values()):
            raise SettingsError(f'{path}: [{table}] must hold lines like "name" = "secret", both in quotes')
    return {table: {name.lower(): value for name, value in named.items()} for table, named in found.items()}
