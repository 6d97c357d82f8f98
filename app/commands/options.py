"""What the commands share: their options, the console they speak through, progress, facts as a table or as JSON."""

import json
import logging
import math
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.stopping import Stopped

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
