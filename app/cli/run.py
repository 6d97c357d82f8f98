"""`mutuals up`, `collect` and `dashboard`, the two processes together and apart; `mutuals demo`, both over the sample.

What a command needs is imported when it runs: the help of all commands must not wait for the networks' libraries.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import supervisor
from app.cli.options import AsJson, Config, DataDir, Host, LogLevel, Port, err, log_at, out, print_facts, progress
from app.errors import Stopped
from warehouse.settings import load_settings

app = typer.Typer()


@app.command()
def up(
    config: Config = None,
    data_dir: DataDir = None,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    log_level: LogLevel = "warning",
) -> None:
    """Run the collector and the dashboard together. Without a group yet, the dashboard opens on the set-up page."""
    settings = load_settings(config, data_dir)
    log_at(log_level)
    common = ["--config", str(settings.config), "--data-dir", str(settings.data_dir), "--log-level", log_level]
    us = [sys.executable, "-m", "app.cli.entry"]
    raise typer.Exit(
        supervisor.keep_running(
            {
                "collector": [*us, "collect", *common],
                "dashboard": [*us, "dashboard", *common, "--host", host, "--port", str(port)],
            }
        )
    )


@app.command()
def demo(
    data_dir: Annotated[Path, typer.Option("--data-dir", help="A folder for the sample")] = Path("mutuals-demo"),
    host: Host = "127.0.0.1",
    port: Port = 8501,
    once: Annotated[
        bool, typer.Option("--once", help="Collect until all is there, print what was stored, end")
    ] = False,
    as_json: AsJson = False,
    log_level: LogLevel = "error",
) -> None:
    """Try Mutuals on a sample community: no account, no network, nothing to set up."""
    from app.cli.demo import run

    log_at(log_level)
    facts = run(data_dir, host, port, once=once)
    if once:
        print_facts(facts, as_json, "What was stored")


@app.command()
def collect(
    config: Config = None,
    data_dir: DataDir = None,
    once: Annotated[bool, typer.Option("--once", help="Run one cycle and end")] = False,
    as_json: AsJson = False,
    log_level: LogLevel = "info",
) -> None:
    """Collect posts, replies and counts: every minute what is due, until stopped. With --once: one cycle."""
    from app.reports.mail import compose
    from collectors.pipeline import process

    settings = load_settings(config, data_dir)
    log_at(log_level)
    if not once:
        process.collect_forever(lambda: load_settings(config, data_dir), compose.compose)
        return
    if not settings.groups:
        raise Stopped(f"{settings.config}: there is no group yet; add one with: mutuals groups add")
    with progress() as bar:
        task = bar.add_task("Collecting", total=None)
        outcome = process.collect_once(
            settings,
            report=lambda what, done, of: bar.update(task, description=what.capitalize(), completed=done, total=of),
            on_wait=err.print,
        )
    facts = {
        "run": outcome.run_id,
        "pieces of work": outcome.works_count,
        "posts read": outcome.posts_count,
        "snapshot": outcome.snapshot,
        "failures": outcome.failures,
    }
    print_facts(facts, as_json, "Collected")
    raise typer.Exit(1 if outcome.failures else 0)


@app.command()
def dashboard(
    config: Config = None,
    data_dir: DataDir = None,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    log_level: LogLevel = "warning",
) -> None:
    """Show the dashboard. It reads snapshots only, so it never stands in the collector's way."""
    from app.cli.account_lookup import look_up_with
    from app.cli.demo import explore
    from app.runtime import Runtime
    from app.server import application

    settings = load_settings(config, data_dir)
    log_at(log_level)
    running = Runtime(
        settings=settings,
        look_up=look_up_with(lambda: load_settings(config, data_dir)),
        explore=explore,
        reload=lambda path: load_settings(path, data_dir),
    )
    application.serve(running, host, port, ready=lambda address: out.print(f"The dashboard is at {address}"))
