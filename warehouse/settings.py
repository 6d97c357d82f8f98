"""mutuals.toml and the environment, read once and validated: the only reader of os.environ.

Every mistake is a SettingsError whose message names the key, the file and the cure. The keys of mutuals.toml are the fields
of these classes: [[groups]], [[servers]], [bluesky], [[signposts]], [app].
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from warehouse import settings_meaning as meaning
from warehouse.errors import SettingsError
from warehouse.settings_secrets import secrets_file, secrets_of
from warehouse.settings_shape import only_keys, shaped
from warehouse.settings_writing import append_group, drop_group

__all__ = [
    "Bluesky",
    "Group",
    "Secrets",
    "Server",
    "Settings",
    "SettingsError",
    "Signpost",
    "add_group",
    "load",
    "remove_group",
]

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Group:
    """One self-help, mutual-aid or peer-support group, as [[groups]] describes it."""

    id: str
    name: str
    timezone: str = "Europe/London"
    mastodon: tuple[str, ...] = ()  # @user@host
    bluesky: tuple[str, ...] = ()  # handles or DIDs
    hashtags: tuple[str, ...] = ()  # the group's own, without '#'
    tag_servers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    promise_hours: int = 24
    folded_words: tuple[str, ...] = ()  # posts with these are folded like a content warning
    retention_days: int = 90


@dataclass(frozen=True, slots=True)
class Server:
    """A Mastodon-API server: [[servers]]. `url` defaults to https://<name>."""

    name: str
    url: str = ""
    requests_per_5_minutes: int = 300
    paged_per_15_minutes: int = 300


@dataclass(frozen=True, slots=True)
class Bluesky:
    """The services of the AT Protocol: [bluesky]."""

    appview: str = "https://public.api.bsky.app"
    pds: str = "https://bsky.social"
    jetstream: str = ""  # empty: the drain is off
    web: str = "https://bsky.app"
    requests_per_hour: int = 3600


@dataclass(frozen=True, slots=True)
class Signpost:
    """One place that helps, shown on every queue page: [[signposts]]."""

    name: str
    contact: str
    country: str = ""
    url: str = ""
    checked: str = ""  # the date somebody made sure that it is right


@dataclass(frozen=True, slots=True)
class Secrets:
    """From the environment or a 0600 file; never from the TOML, never stored, never printed."""

    mastodon_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)  # user@server → its read-only token
    bluesky_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)  # handle → app password


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the two processes need to know."""

    groups: tuple[Group, ...] = ()
    servers: tuple[Server, ...] = ()
    bluesky: Bluesky = field(default_factory=Bluesky)
    signposts: tuple[Signpost, ...] = ()
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    config: Path = Path("mutuals.toml")
    data_dir: Path = Path("mutuals-data")
    contact_url: str = ""  # sent in the User-Agent
    poll_seconds: int = 300  # how often feeds are looked at; the servers' budgets hold all the same
    is_sample: bool = False  # the demo says so on every page
    casebook_url: str = field(default="", repr=False)  # empty: SQLite in the data folder; else PostgreSQL

    def server(self, name: str) -> Server:
        """The server of that name as configured, or with its defaults."""
        found = next((server for server in self.servers if server.name == name), None)
        return found or Server(name, f"https://{name}")


@dataclass(frozen=True, slots=True)
class App:
    """What concerns the whole installation: [app]."""

    contact_url: str = ""  # sent in the User-Agent, so that a server's admin can reach the group
    casebook_url: str = ""  # postgresql://…, without a password; empty: SQLite in the data folder
    poll_seconds: int = 300  # how often feeds are looked at; the servers' budgets hold all the same
    is_sample: bool = False  # written by `mutuals demo`


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
    settings = _read(_text(config), config.name)
    _can_write(data_dir)
    url = settings.casebook_url
    if secret := env.get("MUTUALS_CASEBOOK_URL"):
        url = _meant("MUTUALS_CASEBOOK_URL", lambda value: meaning.casebook_url(value, is_secret=True), secret)
    return replace(
        settings,
        config=config,
        data_dir=data_dir,
        casebook_url=url,
        secrets=_secrets(settings, secrets_file(data_dir / "secrets.toml"), env),
    )


def add_group(path: Path, group: Group) -> None:
    """Write a group into mutuals.toml, which keeps its comments. Raises SettingsError; the old file then stays."""
    told = {one.name: getattr(group, one.name) for one in fields(Group)}
    defaults = {one.name: one.default for one in fields(Group) if one.default is not MISSING and one.name != "timezone"}
    append_group(
        path,
        {name: value for name, value in told.items() if value != defaults.get(name)},
        lambda text: _read(text, path.name),
    )


def remove_group(path: Path, group_id: str) -> None:
    """Take a group out of mutuals.toml, which keeps its comments. Raises SettingsError; the old file then stays."""
    drop_group(path, group_id, lambda text: _read(text, path.name))


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


def _read(text: str, file: str) -> Settings:
    """mutuals.toml → settings, without what the environment says. Pure."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not valid TOML: {error}; is a quote or a bracket missing?") from error
    only_keys(f"{file}: %", found, ("groups", "servers", "bluesky", "signposts", "app"))
    app = shaped(App, found.get("app", {}), f"{file}: % in [app]")
    place = f"{file}: in [app] "
    return Settings(
        groups=_each(Group, found, "groups", "id", file, _group),
        servers=_each(Server, found, "servers", "name", file, _server),
        bluesky=_bluesky(
            shaped(Bluesky, found.get("bluesky", {}), f"{file}: % in [bluesky]"), f"{file}: in [bluesky] "
        ),
        signposts=_each(Signpost, found, "signposts", "", file, _signpost),
        contact_url=_meant(f"{place}'contact_url'", meaning.contact, app.contact_url) if app.contact_url else "",
        casebook_url=_meant(
            f"{place}'casebook_url'", lambda value: meaning.casebook_url(value, is_secret=False), app.casebook_url
        )
        if app.casebook_url
        else "",
        poll_seconds=_meant(
            f"{place}'poll_seconds'", lambda value: meaning.between(value, 5, 86_400), app.poll_seconds
        ),
        is_sample=app.is_sample,
    )


def _each(
    kind: type[_Kind], found: Mapping[str, Any], key: str, name: str, file: str, check: Callable[[Any, str], _Kind]
) -> tuple[_Kind, ...]:
    """All tables of one [[key]]. `name` is the field by which they must differ."""
    tables = found.get(key, [])
    if not isinstance(tables, list):
        raise SettingsError(f"{file}: '{key}' must be written as [[{key}]], with double brackets")
    kept: dict[str, _Kind] = {}
    for number, table in enumerate(tables, 1):
        told = table.get(name) if isinstance(table, dict) else None
        called = f"[[{key}]] {told!r}" if isinstance(told, str) and told else f"[[{key}]] number {number}"
        one = check(shaped(kind, table, f"{file}: % in {called}"), f"{file}: in {called} ")
        this = getattr(one, name) if name else str(number)
        if this in kept:
            raise SettingsError(f"{file}: two [[{key}]] have the {name} {this!r}; give one of them another")
        kept[this] = one
    return tuple(kept.values())


def _group(group: Group, place: str) -> Group:
    each = {
        "mastodon": meaning.mastodon_address,
        "bluesky": meaning.bluesky_handle,
        "hashtags": meaning.hashtag,
        "tag_servers": meaning.server_name,
        "topics": meaning.hashtag,
        "team": meaning.team_member,
        "folded_words": meaning.some_text,
    }
    one: dict[str, Callable[[Any], Any]] = {
        "id": meaning.group_id,
        "name": meaning.some_text,
        "timezone": meaning.time_zone,
        "promise_hours": lambda value: meaning.between(value, 1, 336),
        "retention_days": lambda value: meaning.between(value, 1, 730),
    }
    group = _checked(group, place, one, each)
    if not (group.mastodon or group.bluesky):
        raise SettingsError(
            f'{place}there is no account; add mastodon = ["@name@server"] or bluesky = ["name.bsky.social"]'
        )
    if both := {tag.lower() for tag in group.hashtags} & {tag.lower() for tag in group.topics}:
        raise SettingsError(
            f"{place}{sorted(both)[0]!r} stands in 'hashtags' and in 'topics'; hashtags are the group's own and are read, "
            "topics are everybody's and are only counted: keep it in one"
        )
    return group


def _server(server: Server, place: str) -> Server:
    server = replace(server, url=server.url or f"https://{server.name}")
    limits: dict[str, Callable[[Any], Any]] = {
        name: lambda value: meaning.between(value, 1, 100_000_000)
        for name in ("requests_per_5_minutes", "paged_per_15_minutes")
    }
    return _checked(server, place, {"name": meaning.server_name, "url": meaning.url, **limits}, {})


def _bluesky(bluesky: Bluesky, place: str) -> Bluesky:
    checks: dict[str, Callable[[Any], Any]] = dict.fromkeys(("appview", "pds", "web"), meaning.url)
    checks["requests_per_hour"] = lambda value: meaning.between(value, 1, 100_000_000)
    if bluesky.jetstream:
        checks["jetstream"] = meaning.websocket
    return _checked(bluesky, place, checks, {})


def _signpost(signpost: Signpost, place: str) -> Signpost:
    checks: dict[str, Callable[[Any], Any]] = {"name": meaning.some_text, "contact": meaning.some_text}
    return _checked(signpost, place, {**checks, "url": meaning.url} if signpost.url else checks, {})


def _checked(
    table: _Kind, place: str, one: Mapping[str, Callable[[Any], Any]], each: Mapping[str, Callable[[Any], Any]]
) -> _Kind:
    """The table with every value as its check wants it."""
    told: dict[str, Any] = {
        name: _meant(f"{place}{name!r}", check, getattr(table, name)) for name, check in one.items()
    }
    for name, check in each.items():
        values = [_meant(f"{place}{name!r}", check, value) for value in getattr(table, name)]
        told[name] = tuple(dict.fromkeys(values))
    return replace(table, **told)  # type: ignore[type-var]


def _meant(where: str, check: Callable[[Any], Any], value: Any) -> Any:
    try:
        return check(value)
    except meaning.Wrong as wrong:
        raise SettingsError(f"{where}: {wrong}") from None


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
    return Secrets(
        mastodon_tokens=secrets_of(accounts, "MUTUALS_MASTODON_TOKEN_", file.get("mastodon", {}), env),
        bluesky_passwords=secrets_of(handles, "MUTUALS_BLUESKY_PASSWORD_", file.get("bluesky", {}), env),
    )
