"""What a message says: how many wait, for how long, and where to look. Never a quoted text, never a name of theirs.

The words stand in texts/, one file per language; everybody is told in their own.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from collectors.notify.policy import MessageLine
from warehouse.settings import Settings

TEXTS = Path(__file__).with_name("texts")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    title: str
    body: str


def compose_message(lines: Sequence[MessageLine], settings: Settings, language: str = "en") -> Message:
    """One message for the lines of one or several groups."""
    names = {group.id: group.name for group in settings.groups}
    if len(lines) == 1:
        sentences = [_say(language, "sentence", waiting=format_waiting(lines[0], language))]
        return Message(names[lines[0].group_id], "\n".join([*sentences, _link(lines, settings)]))
    sentences = [
        _say(language, "line", group=names[line.group_id], waiting=format_waiting(line, language)) for line in lines
    ]
    return Message("Mutuals", "\n".join([*sentences, _link(lines, settings)]))


def compose_test(settings: Settings, language: str = "en") -> Message:
    """What `mutuals tell --test` sends."""
    sample = MessageLine("", "late", 2, timedelta(hours=5), ())
    said = _say(language, "trial", waiting=format_waiting(sample, language))
    return Message("Mutuals", f"{said}\n{settings.dashboard_url}")


def format_waiting(line: MessageLine, language: str = "en") -> str:
    """'2 people are waiting, the longest for 5 hours'."""
    return _say(language, "waiting", line.waiting_count, duration=_duration(line.longest, language))


def _duration(passed: timedelta, language: str) -> str:
    """Rounded down, as people do."""
    hours = int(passed.total_seconds() // 3600)
    if hours < 1:
        return _say(language, "minutes", int(passed.total_seconds() // 60))
    return _say(language, "hours", hours) if hours < 48 else _say(language, "days", hours // 24)


@cache
def _texts(language: str) -> Mapping[str, Any]:
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


def _say(language: str, key: str, count: int | None = None, **values: str) -> str:
    """English and German have one plural; a language with more needs a rule here."""
    found = _texts(language)[key]
    chosen: str = found if count is None else found["one" if count == 1 else "other"]
    return chosen.format(count=count, **values)


def _link(lines: Sequence[MessageLine], settings: Settings) -> str:
    """The queue; where there are several groups, that of the first one."""
    if len(settings.groups) == 1:
        return settings.dashboard_url
    query: Mapping[str, str] = {"group": lines[0].group_id}
    return f"{settings.dashboard_url}/?{urlencode(query)}"
