"""What the commands share: their options, the console they speak through, progress, facts as a table or as JSON."""

import json
import logging
import math
import re
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.analytics.period import Period, period_containing
from app.atomic_file import written_atomically
from app.errors import Stopped
from warehouse.settings import Group, Settings

out = Console()
err = Console(stderr=True)

Config = Annotated[Path | None, typer.Option("--config", help="The settings file. Default: ./mutuals.toml")]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where everything is kept. Default: mutuals-data beside the settings")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON, for programs")]
Host = Annotated[str, typer.Option(help="The address the dashboard listens on")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port the dashboard listens on")]
LogLevel = Annotated[
    str, typer.Option("--log-level", help="error, warning, info or debug. Logs carry ids, never words")
]


def print_facts(facts: dict[str, Any], as_json: bool, title: str) -> None:
    """Facts by their names, as a table or as JSON."""
    if as_json:
        out.print_json(json.dumps(facts, default=str))
        return
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in facts.items():
        table.add_row(name, escape("\n".join(map(str, value)) if isinstance(value, list) else _figure(value)))
    out.print(table)


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def progress() -> Progress:
    """A bar for work that takes its time; where no terminal shows one, a line now and then."""
    return _Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=err)


class _Progress(Progress):
    """Says what a log can hold: a line when a piece of work begins and ends, and every ten seconds between."""

    _EVERY_SECONDS = 10.0

    def update(self, task_id: TaskID, **changes: Any) -> None:
        super().update(task_id, **changes)
        task = self._tasks[task_id]
        if self.console.is_terminal or task.total is None:
            return
        said_at = task.fields.get("said_at", -math.inf)
        if task.get_time() - said_at >= self._EVERY_SECONDS or (task.finished and not task.fields.get("is_said")):
            task.fields |= {"said_at": task.get_time(), "is_said": task.finished}
            self.console.print(f"{task.description}: {task.percentage:.0f}%", highlight=False)


def log_at(level: str) -> None:
    """Log to standard error from that level on. Raises Stopped: there is no such level."""
    chosen = logging.getLevelNamesMapping().get(level.upper())
    if chosen is None:
        raise Stopped(f"--log-level {level}: there is no such level; use error, warning, info or debug")
    logging.basicConfig(level=chosen, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    # These log whole addresses, and addresses contain handles; websockets each event that passes by, with its words;
    # authlib what a sign-in is proved with.
    for noisy in ("httpx", "httpcore", "urllib3", "mastodon", "websockets", "authlib"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a first run takes longer than a beat, and that is well


_FORMS = "2026, 2026-Q3, 2026-11, 2026-W47, 2026-11-22 or 2026-11-01..2026-11-22"


def group_named(settings: Settings, group_id: str | None) -> Group:
    """The group of that id; without one, the only group there is. Raises Stopped."""
    if not settings.groups:
        raise Stopped(f"{settings.config}: there is no group yet; add one with: mutuals groups add")
    ids = [group.id for group in settings.groups]
    if group_id is None:
        if len(ids) > 1:
            raise Stopped(f"which group? Say --group and one of: {', '.join(ids)}")
        return settings.groups[0]
    if group_id not in ids:
        near = get_close_matches(group_id, ids, 1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(ids)}"
        raise Stopped(f"--group {group_id}: {settings.config} has no such group; {cure}")
    return next(group for group in settings.groups if group.id == group_id)


def period_named(name: str) -> Period:
    """A year, quarter, month, week, day, or two days with '..' between them, both included. Raises Stopped."""
    try:
        return _period(name.strip().upper())
    except (ValueError, OverflowError):
        raise Stopped(f"--period {name}: there is no such period; write it like {_FORMS}") from None


def _period(name: str) -> Period:
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", name):
        return period_containing("quarter", date(int(found[1]), 3 * int(found[2]) - 2, 1))
    if found := re.fullmatch(r"(\d{4})-W(\d{1,2})", name):
        return period_containing("week", date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if re.fullmatch(r"\d{4}", name):
        return period_containing("year", date(int(name), 1, 1))
    if found := re.fullmatch(r"(\d{4})-(\d{2})", name):
        return period_containing("month", date(int(found[1]), int(found[2]), 1))
    first, dots, last = name.partition("..")
    from_date = date.fromisoformat(first)
    to_date = (date.fromisoformat(last) if dots else from_date) + timedelta(days=1)
    if to_date <= from_date:
        raise ValueError
    return Period("custom", from_date, to_date)


def write_new(path: Path, content: bytes, *, force: bool) -> None:
    """Write it; its folder is made where it is missing. Raises Stopped: there is one already. Raises OSError."""
    if path.exists() and not force:
        raise Stopped(f"{path}: is there already; replace it with --force, or choose another --out")
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_atomically(path) as part:
        part.write_bytes(content)


def cannot_write(path: Path, error: OSError) -> Stopped:
    """The system's complaint about a place to write to, with the cure."""
    return Stopped(f"{path}: cannot be written ({error.strerror}); choose a place of yours with --out")
