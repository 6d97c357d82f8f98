"""What the commands share: their options, the console they speak through, progress, facts as a table or as JSON."""

import json
import logging
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
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
    """A bar for work that takes its time."""
    return Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=err)


def log_at(level: str) -> None:
    """Log to standard error from that level on. Raises Stopped: there is no such level."""
    chosen = logging.getLevelNamesMapping().get(level.upper())
    if chosen is None:
        raise Stopped(f"--log-level {level}: there is no such level; use error, warning, info or debug")
    logging.basicConfig(level=chosen, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    # These log whole addresses, and addresses contain handles.
    for noisy in ("httpx", "httpcore", "urllib3", "mastodon"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a first run takes longer than a beat, and that is well
