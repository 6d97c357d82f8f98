"""What the set-up page asks, what it is told, and how it writes mutuals.toml. No network and no screen in here.

The command line hands in `look_up`, which asks the networks: the pages never import a collector.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit
from tomlkit.exceptions import TOMLKitError


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account that a network knows under the address somebody typed."""

    network: Literal["mastodon", "bluesky"]
    server: str  # carers.example; bluesky
    handle: str  # user@host or a Bluesky handle, without a leading @
    name: str = ""  # the display name
    about: str = ""  # the profile text, plain
    followers_count: int | None = None  # None: hidden
    posts_count: int | None = None
    url: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class FoundCapability:
    """One thing that can or cannot be seen there. state: open, closed, needs token, unknown."""

    network: Literal["mastodon", "bluesky"]
    server: str
    capability: str
    state: Literal["open", "closed", "needs token", "unknown"]
    reason: str | None = None
    cure: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something typed that did not work, in words for a person, with what to do about it."""

    field: Literal["mastodon", "bluesky"]
    message: str
    cure: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that `look_up` found. Never an exception for a wrong handle or a server that is down: those are problems."""

    accounts: tuple[FoundAccount, ...] = ()
    capabilities: tuple[FoundCapability, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()  # (server, one of its rules)
    problems: tuple[Problem, ...] = ()


LookUp = Callable[[str | None, str | None], Found]  # (Mastodon address, Bluesky handle), as typed and tidied


@dataclass(frozen=True, slots=True)
class Answers:
    """What goes into mutuals.toml."""

    name: str
    mastodon: tuple[str, ...] = ()
    bluesky: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    timezone: str = "Europe/London"


class SetUpError(Exception):
    """mutuals.toml cannot be written. The message names the thing and the cure."""


def tidy_mastodon(typed: str) -> str | None:
    """'@riverside@carers.example', 'https://carers.example/@riverside' → '@riverside@carers.example'; None: empty.

    Raises SetUpError for something without a server.
    """
    text = typed.strip().removesuffix("/")
    if not text:
        return None
    page = re.fullmatch(r"https?://([^/\s]+)/(?:@|users/)([\w.-]+)(?:@([\w.-]+))?", text)
    if page:
        server, user, home = page.groups()
        return f"@{user}@{(home or server).lower()}"
    handle = re.fullmatch(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+(?::\d+)?|localhost(?::\d+)?)", text)
    if not handle:
        raise SetUpError(
            f"“{text}” is not a whole Mastodon address. It has two parts, the name and the server: "
            "@name@server.example. Copy it from your group’s profile page."
        )
    return f"@{handle[1]}@{handle[2].lower()}"


def tidy_bluesky(typed: str) -> str | None:
    """'@group.bsky.social', 'https://bsky.app/profile/…', 'did:plc:…' → the bare handle or DID; None: empty.

    Raises SetUpError for something that is neither.
    """
    text = typed.strip().removesuffix("/").removeprefix("at://")
    text = re.sub(r"^https?://[^/\s]+/profile/", "", text).removeprefix("@")
    if not text:
        return None
    if re.fullmatch(r"did:[a-z]+:[\w.:%-]+", text):
        return text
    if not re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", text):
        raise SetUpError(
            f"“{text}” is not a whole Bluesky handle. It looks like a web address: name.bsky.social. "
            "Copy it from your group’s profile page."
        )
    return text.lower()


def tidy_hashtags(typed: str) -> tuple[str, ...]:
    """'#RiversideCarers, carers night' → ('RiversideCarers', 'carers', 'night'), each once."""
    tags = (tag.strip("#＃").strip() for tag in re.split(r"[\s,;]+", typed))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def group_id(name: str, taken: set[str]) -> str:
    """A short id from the group's name, different from those there are: 'Riverside Carers' → 'riverside-carers'."""
    wanted = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "group"
    candidates = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


def write(config: Path, answers: Answers) -> str:
    """Add the group to mutuals.toml, keeping what stands there and its comments. Returns the group's id.

    Raises SetUpError where the file cannot be read or written, or the answers cannot be used. The old file stays whole.
    """
    _check(answers)
    try:
        document = tomlkit.parse(config.read_text(encoding="utf-8")) if config.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SetUpError(f"{config} cannot be read: {error}. Mend it or move it away, then save again.") from error
    groups = document.setdefault("groups", tomlkit.aot())
    chosen = group_id(answers.name, {str(group.get("id")) for group in groups})
    table = tomlkit.table()
    table.add("id", chosen)
    table.add("name", answers.name.strip())
    table.add("timezone", answers.timezone)
    for key in ("mastodon", "bluesky", "hashtags"):
        if getattr(answers, key):
            table.add(key, list(getattr(answers, key)))
    groups.append(table)
    _replace(config, tomlkit.dumps(document))
    return chosen


def _check(answers: Answers) -> None:
    if not answers.name.strip():
        raise SetUpError("The group has no name yet. Type what your members call it.")
    if not (answers.mastodon or answers.bluesky):
        raise SetUpError("There is no account yet. Type a Mastodon address or a Bluesky handle.")
    try:
        ZoneInfo(answers.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SetUpError(f"“{answers.timezone}” is not a time zone. Choose one from the list.") from error


def _replace(config: Path, text: str) -> None:
    """Write beside it and swap, so that a full disk never costs the file that was there."""
    fresh = config.with_name(f"{config.name}.new")
    try:
        config.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(config)
    except OSError as error:
        raise SetUpError(
            f"{config} cannot be written: {error.strerror or error}. "
            "Make the folder writable or choose another place with --config."
        ) from error
