"""Tokens and app passwords: from the environment, else from a file that nobody else can read. Messages never repeat one."""

import logging
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from warehouse.errors import SettingsError
from warehouse.settings.schema import Secrets, Settings
from warehouse.settings.tables import Location, check_keys

log = logging.getLogger(__name__)


def load_secrets(settings: Settings, path: Path, environ: Mapping[str, str]) -> Secrets:
    """The secrets of everybody in `settings`; a variable wins over a line of the file. Raises SettingsError."""
    file = _load_file(path)
    accounts = [address.lstrip("@").lower() for group in settings.groups for address in group.mastodon]
    handles = [handle for group in settings.groups for handle in group.bluesky]
    channels = [*file.get("notify", {}), *(name for person in settings.people for name in person.notify)]
    return Secrets(
        mastodon_tokens=_collect(accounts, "MUTUALS_MASTODON_TOKEN_", file.get("mastodon", {}), environ),
        bluesky_passwords=_collect(handles, "MUTUALS_BLUESKY_PASSWORD_", file.get("bluesky", {}), environ),
        notify=_collect(channels, "MUTUALS_NOTIFY_", file.get("notify", {}), environ),
        mail_password=environ.get("MUTUALS_MAIL_PASSWORD") or file.get("mail", {}).get("password", ""),
        sign_in=environ.get("MUTUALS_SIGN_IN_SECRET") or file.get("sign_in", {}).get("secret", ""),
    )


def _collect(names: Iterable[str], prefix: str, file: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The secret of each name that has one: the variable `prefix` + NAME (A-Z, 0-9 and _), or its line in the file."""
    variables = {name: prefix + re.sub(r"[^A-Z0-9]", "_", name.upper()) for name in names}
    for variable in environ:
        if variable.startswith(prefix) and variables and variable not in variables.values():
            log.warning(
                "%s belongs to nobody in mutuals.toml; expected one of: %s", variable, ", ".join(variables.values())
            )
    secrets = {name: environ.get(variable) or file.get(name, "") for name, variable in variables.items()}
    return {name: secret for name, secret in secrets.items() if secret}


def _load_file(path: Path) -> Mapping[str, Mapping[str, str]]:
    """[mastodon] account = token, [bluesky] handle = app password, [notify] name = Apprise address, [mail] password = …, and
    [sign_in] secret = …. Nothing without a file. Raises SettingsError.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{path}: others can read your secrets; mend it with: chmod 600 {path}")
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); make it yours to read") from error
    except ValueError as error:
        at = re.search(r"\(at .*\)", str(error))
        raise SettingsError(f"{path}: not valid TOML {at[0] if at else ''}; is a quote missing?") from None
    check_keys(Location(str(path)), tables, ("mastodon", "bluesky", "notify", "mail", "sign_in"))
    for table, lines in tables.items():
        if not isinstance(lines, dict) or not all(isinstance(value, str) for value in lines.values()):
            raise SettingsError(f'{path}: [{table}] must hold lines like "name" = "secret", both in quotes')
    return {table: {name.lower(): value for name, value in lines.items()} for table, lines in tables.items()}
