"""`mutuals tell`: a test message to somebody who wants to be told when people wait."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from app.cli.options import Config, DataDir, err, log_at, out
from collectors.notify import dispatch
from collectors.notify.apprise_channel import send
from warehouse.settings import load

app = typer.Typer()


@app.command()
def tell(
    test: Annotated[str, typer.Option("--test", help="Somebody's name, as in \\[\\[people]]", show_default=False)],
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Send a test message to somebody who wants to be told when people wait, and print what was sent."""
    settings = load(config, data_dir)
    log_at("error")
    tried = dispatch.send_test(settings, test, datetime.now(UTC), send)
    for channel, message, failure in tried:
        if failure:
            err.print(f"[bold red]{channel}: not sent:[/] {escape(failure)}", highlight=False, soft_wrap=True)
        else:
            out.print(f"[green]{channel}: sent.[/] {escape(message.body)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if any(failure for *_, failure in tried) else 0)
