"""`mutuals check`: looks up every account of the settings, and tries what each server allows."""

import json
from dataclasses import asdict

import typer
from rich.table import Table

from app.cli.account_lookup import check as look_up_all
from app.cli.options import AsJson, Config, DataDir, out
from app.errors import Stopped
from warehouse.settings import load

app = typer.Typer()


@app.command()
def check(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Look up every account in the settings and try what each server allows. Stores nothing."""
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
