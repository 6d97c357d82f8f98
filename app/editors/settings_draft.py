"""A draft of a new group's settings: addresses parsed, checked, and written to mutuals.toml. No network and no screen in here.

The command line hands in `look_up`, which asks the networks: the pages never import a collector.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from app.ui.words import t
from warehouse.settings import Group, add_group, load_groups


@dataclass(frozen=True, slots=True)
class Answers:
    """What goes into mutuals.toml."""

    name: str
    mastodon: tuple[str, ...] = ()
    bluesky: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    timezone: str = "Europe/London"


class SetUpError(Exception):
    """What was typed cannot be used. The message names the thing and the cure."""


def parse_mastodon(typed: str) -> str | None:
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
        raise SetUpError(t("set_up.not_mastodon", text=text))
    return f"@{handle[1]}@{handle[2].lower()}"


def parse_bluesky(typed: str) -> str | None:
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
        raise SetUpError(t("set_up.not_bluesky", text=text))
    return text.lower()


def parse_hashtags(typed: str) -> tuple[str, ...]:
    """'#RiversideCarers, carers night' → ('RiversideCarers', 'carers', 'night'), each once."""
    tags = (tag.strip("#＃").strip() for tag in re.split(r"[\s,;]+", typed))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def new_group_id(name: str, taken: set[str]) -> str:
    """A short id from the group's name, different from those there are: 'Riverside Carers' → 'riverside-carers'."""
    wanted = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "group"
    candidates = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


def write_settings(config: Path, answers: Answers) -> str:
    """Add the group to mutuals.toml, keeping what stands there and its comments. Returns the group's id.

    Raises SetUpError where the answers cannot be used, SettingsError where the file cannot. The old file stays whole.
    """
    _check(answers)
    chosen = new_group_id(answers.name, {group.id for group in load_groups(config)})
    add_group(
        config,
        Group(
            id=chosen,
            name=answers.name.strip(),
            timezone=answers.timezone,
            mastodon=answers.mastodon,
            bluesky=answers.bluesky,
            hashtags=answers.hashtags,
        ),
    )
    return chosen


def _check(answers: Answers) -> None:
    """What somebody may have left out, in the words of the page; the rest is said as for the file."""
    if not answers.name.strip():
        raise SetUpError(t("set_up.no_name"))
    if not (answers.mastodon or answers.bluesky):
        raise SetUpError(t("set_up.no_account"))
