"""What a message says: how many wait, for how long, and where to look. Never a quoted text, never a name of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from collectors.telling.decide import Line
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    title: str
    body: str


def message(lines: Sequence[Line], settings: Settings) -> Message:
    """One message for the lines of one or several groups."""
    names = {group.id: group.name for group in settings.groups}
    if len(lines) == 1:
        return Message(names[lines[0].group_id], f"{waiting(lines[0])}.\n{_link(lines, settings)}")
    told = [f"{names[line.group_id]}: {waiting(line)}." for line in lines]
    return Message("Mutuals", "\n".join([*told, _link(lines, settings)]))


def trial(settings: Settings) -> Message:
    """What `mutuals tell --test` sends."""
    sample = Line("", "late", 2, timedelta(hours=5), ())
    body = (
        f"This is a test. When people wait, you read something like this: {waiting(sample)}.\n{settings.dashboard_url}"
    )
    return Message("Mutuals", body)


def waiting(line: Line) -> str:
    """'2 people are waiting, the longest for 5 hours'."""
    if line.waiting_count == 1:
        return f"1 person is waiting, for {_duration(line.longest)}"
    return f"{line.waiting_count} people are waiting, the longest for {_duration(line.longest)}"


def _duration(passed: timedelta) -> str:
    """Rounded down, as people do."""
    hours = int(passed.total_seconds() // 3600)
    if hours < 1:
        return _many(int(passed.total_seconds() // 60), "minute")
    return _many(hours, "hour") if hours < 48 else _many(hours // 24, "day")


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _link(lines: Sequence[Line], settings: Settings) -> str:
    """The queue; where there are several groups, that of the first one."""
    if len(settings.groups) == 1:
        return settings.dashboard_url
    query: Mapping[str, str] = {"group": lines[0].group_id}
    return f"{settings.dashboard_url}/?{urlencode(query)}"
