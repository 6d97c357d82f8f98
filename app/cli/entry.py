"""The `mutuals` command: the composition root, the one place that knows collectors, warehouse and dashboard.

Exit codes: 0 done; 1 something did not work (the message says what and the cure); 2 it cannot start like this.
"""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from app.cli import supervisor
from app.cli.options import AsJson, Config, DataDir, Host, LogLevel, Port, err, log_at, out, print_facts, progress
from app.errors import Stopped
from warehouse.errors import CasebookError, NotPublished, SettingsError, WarehouseError
from warehouse.settings import Group, add_group, load, remove_group

main = typer.Typer(
    name="mutuals",
    help="Look after your group's online presence: who asked, who was answered, who is still waiting.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
groups_app = typer.Typer(no_args_is_help=True, help="The groups in mutuals.toml.")
main.add_typer(groups_app, name="groups")
# Modules of app/commands with more of them. They bring pandas and the like: two seconds that only they have to wait for.
_MORE = ("export", "report", "import_csv", "privacy", "backup", "digest", "retain", "roles")


@cache
def with_all_commands() -> typer.Typer:
    """`main` with the commands of every module."""
    for name in _MORE:
        main.add_typer(import_module(f"app.cli.{name}").app)
    return main


def entry() -> None:
    """Run the command. Mistakes that a person can mend end in one sentence, not in a traceback."""
    here = {command.name or str(getattr(command.callback, "__name__", "")) for command in main.registered_commands}
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    try:
        (main if asked in here | {"groups"} else with_all_commands())()
    except (SettingsError, WarehouseError, CasebookError, Stopped) as error:
        err.print(f"[bold red]mutuals:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(1 if isinstance(error, NotPublished) else 2)


@main.command()
def up(
    config: Config = None,
    data_dir: DataDir = None,
    host: Host = "127.0.0.1",
    port: Port = 8501,
    log_level: LogLevel = "warning",
) -> None:
    """Run the collector and the dashboard together. Without a group yet, the dashboard opens on the set-up page."""
    settings = load(config, data_dir)
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


@main.command()
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


@main.command()
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

    settings = load(config, data_dir)
    log_at(log_level)
    if not once:
        process.keep_collecting(lambda: load(config, data_dir), compose.compose)
        return
    if not settings.groups:
        raise Stopped(f"{settings.config}: there is no group yet; add one with: mutuals groups add")
    with progress() as bar:
        task = bar.add_task("Collecting", total=None)
        outcome = process.once(
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


@main.command()
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
    from app.runtime import Running
    from app.server import application

    settings = load(config, data_dir)
    log_at(log_level)
    running = Running(
        settings=settings,
        look_up=look_up_with(lambda: load(config, data_dir)),
        explore=explore,
        reload=lambda path: load(path, data_dir),
    )
    application.serve(running, host, port, ready=lambda address: out.print(f"The dashboard is at {address}"))


@main.command()
def check(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Look up every account in the settings and try what each server allows. Stores nothing."""
    from app.cli.account_lookup import check as look_up_all

    settings = load(config, data_dir)
    if not settings.groups:
        raise Stopped(f"{settings.config}: there is no group yet; add one with: mutuals groups add")
    found = list(look_up_all(settings, settings.groups))
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in found], default=str))
    else:
        table = Table(
            "Group", "Account", "What", "State", "Cure or reason", title="What can be seen", title_justify="left"
        )
        for one in found:
            account = one.account.handle if one.account else one.handle
            if one.problem:
                table.add_row(one.group_id, account, "account", "[red]not found[/]", f"{one.problem} {one.cure or ''}")
            for seen in one.capabilities:
                style = {"open": "green", "closed": "red"}.get(seen.state, "yellow")
                told = " ".join(word for word in (seen.reason, seen.cure) if word)
                table.add_row(one.group_id, account, seen.capability, f"[{style}]{seen.state}[/]", told)
        out.print(table)
    raise typer.Exit(1 if any(one.problem for one in found) else 0)


@main.command()
def status(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """When what was collected, what is missing, how large everything is."""
    from warehouse.operations import status as standing

    settings = load(config, data_dir)
    print_facts(standing.facts(settings, datetime.now(UTC)), as_json, "How it is going")


@main.command()
def tell(
    test: Annotated[str, typer.Option("--test", help="Somebody's name, as in \\[\\[people]]", show_default=False)],
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Send a test message to somebody who wants to be told when people wait, and print what was sent."""
    from collectors.notify import dispatch
    from collectors.notify.apprise_channel import send

    settings = load(config, data_dir)
    log_at("error")
    tried = dispatch.try_out(settings, test, datetime.now(UTC), send)
    for channel, message, failure in tried:
        if failure:
            err.print(f"[bold red]{channel}: not sent:[/] {escape(failure)}", highlight=False, soft_wrap=True)
        else:
            out.print(f"[green]{channel}: sent.[/] {escape(message.body)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if any(failure for *_, failure in tried) else 0)


@main.command()
def rebuild(config: Config = None, data_dir: DataDir = None) -> None:
    """Work out every number again from what is stored, and publish."""
    from warehouse.snapshots.publish import publish
    from warehouse.storage.connection import warehouse
    from warehouse.transform import prepare

    settings = load(config, data_dir)
    now = datetime.now(UTC)
    with warehouse(settings, on_wait=err.print) as con, progress() as bar:
        task = bar.add_task("Rebuilding", total=None)
        con.begin()
        prepare.rebuild(
            con,
            now,
            lambda done, of: bar.update(task, completed=done, total=of),
        )
        con.commit()
        publish(con, settings, now, check=lambda *told: prepare.check(*told, is_full=True))
    out.print("Every number was worked out again and published.")


@groups_app.command("list")
def groups_list(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The groups in the settings."""
    settings = load(config, data_dir)
    if as_json:
        out.print_json(json.dumps([asdict(group) for group in settings.groups], default=str))
        return
    if not settings.groups:
        out.print(f"There is no group in {settings.config} yet. Add one with: mutuals groups add")
        return
    table = Table("Id", "Name", "Accounts", "Hashtags", "Time zone", "Promise")
    for group in settings.groups:
        accounts = "\n".join([*group.mastodon, *group.bluesky])
        table.add_row(
            group.id, group.name, accounts, " ".join(f"#{tag}" for tag in group.hashtags), group.timezone,
            f"{group.promise_hours} h",
        )  # fmt: skip
    out.print(table)


@groups_app.command("add")
def groups_add(
    name: Annotated[str, typer.Argument(help="What members call the group")],
    mastodon: Annotated[list[str] | None, typer.Option(help="@name@server; may be given several times")] = None,
    bluesky: Annotated[list[str] | None, typer.Option(help="A handle; may be given several times")] = None,
    hashtag: Annotated[list[str] | None, typer.Option(help="The group's own; may be given several times")] = None,
    timezone: Annotated[str, typer.Option(help="Where the group lives")] = "Europe/London",
    group_id: Annotated[str | None, typer.Option("--id", help="A short id. Default: from the name")] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Add a group to the settings. Comments in the file stay."""
    from app.editors.settings_draft import group_id as id_from

    settings = load(config, data_dir)
    group = Group(
        id=group_id or id_from(name, {one.id for one in settings.groups}),
        name=name,
        timezone=timezone,
        mastodon=tuple(mastodon or ()),
        bluesky=tuple(bluesky or ()),
        hashtags=tuple(tag.lstrip("#") for tag in hashtag or ()),
    )
    add_group(settings.config, group)
    out.print(f"Added {group.id} to {settings.config}. See what can be read with: mutuals check")


@groups_app.command("remove")
def groups_remove(
    group_id: Annotated[str, typer.Argument(help="The group's id: mutuals groups list")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing")] = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Take a group out of the settings. What was collected stays until retention removes it."""
    settings = load(config, data_dir)
    if dry_run and any(group.id == group_id for group in settings.groups):
        out.print(
            f"Would remove {group_id} from {settings.config}. Nothing was done: this was a dry run.", soft_wrap=True
        )
        return
    remove_group(settings.config, group_id)
    out.print(f"Removed {group_id} from {settings.config}.")


@main.command()
def explain(
    text: Annotated[str | None, typer.Argument(help="A post's text")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, as a two-letter code")] = None,
    title: Annotated[str | None, typer.Option(help="Its title, where it has one")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Judge a file: one JSON object a line in, one a line out")
    ] = False,
) -> None:
    """Say whether a text reads like a request, and by which rules. Nothing is stored."""
    from warehouse import requests

    if jsonl:
        _, unfit = requests.explain_stream(sys.stdin.buffer, sys.stdout, sys.stderr)
        if unfit:
            raise typer.Exit(1)
    elif text is None:
        raise Stopped(
            'give a text to explain: mutuals explain "Has anybody …?", or --jsonl with a file on standard input'
        )
    else:
        out.print_json(json.dumps(requests.explain(text, language=language, title=title), ensure_ascii=False))


if __name__ == "__main__":
    entry()
