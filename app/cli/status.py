"""`mutuals check`, `status` and `rebuild`: what each server allows, how the data folder is, every number worked out anew."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import typer
from rich.table import Table

from app.cli.options import AsJson, Config, DataDir, err, out, print_facts, progress
from app.errors import Stopped
from warehouse.settings import load_settings

app = typer.Typer()


@app.command()
def status(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """When what was collected, what is missing, how large everything is."""
    from warehouse.operations.status import collect_status

    settings = load_settings(config, data_dir)
    print_facts(collect_status(settings, datetime.now(UTC)), as_json, "How it is going")


@app.command()
def rebuild(config: Config = None, data_dir: DataDir = None) -> None:
    """Work out every number again from what is stored, and publish."""
    from warehouse.snapshots.publish import publish
    from warehouse.storage.connection import open_warehouse
    from warehouse.transform import prepare

    settings = load_settings(config, data_dir)
    now = datetime.now(UTC)
    with open_warehouse(settings, on_wait=err.print) as con, progress() as bar:
        task = bar.add_task("Rebuilding", total=None)
        con.begin()
        prepare.rebuild(
            con,
            now,
            lambda done, of: bar.update(task, completed=done, total=of),
        )
        con.commit()
        publish(con, settings, now, check=lambda *told: prepare.run_checks(*told, is_full=True))
    out.print("Every number was worked out again and published.")


@app.command()
def check(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Look up every account in the settings and try what each server allows. Stores nothing."""
    from app.cli.account_lookup import check_accounts

    settings = load_settings(config, data_dir)
    if not settings.groups:
        raise Stopped(f"{settings.config}: there is no group yet; add one with: mutuals groups add")
    found = list(check_accounts(settings, settings.groups))
    if as_json:
        out.print_json(json.dumps([asdict(checked_account) for checked_account in found], default=str))
    else:
        table = Table(
            "Group", "Account", "What", "State", "Cure or reason", title="What can be seen", title_justify="left"
        )
        for checked_account in found:
            account = checked_account.account.handle if checked_account.account else checked_account.handle
            if checked_account.problem:
                table.add_row(
                    checked_account.group_id,
                    account,
                    "account",
                    "[red]not found[/]",
                    f"{checked_account.problem} {checked_account.cure or ''}",
                )
            for seen in checked_account.capabilities:
                style = {"open": "green", "closed": "red"}.get(seen.state, "yellow")
                reason_and_cure = " ".join(word for word in (seen.reason, seen.cure) if word)
                table.add_row(
                    checked_account.group_id, account, seen.capability, f"[{style}]{seen.state}[/]", reason_and_cure
                )
        out.print(table)
    raise typer.Exit(1 if any(checked_account.problem for checked_account in found) else 0)
