"""`mutuals groups`: the groups of mutuals.toml, listed, added and removed."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from app.cli.options import AsJson, Config, DataDir, out
from app.editors.settings_draft import new_group_id as id_from
from warehouse.settings import Group, add_group, load_settings, remove_group

app = typer.Typer()
groups = typer.Typer(no_args_is_help=True, help="The groups in mutuals.toml.")
app.add_typer(groups, name="groups")


@groups.command("list")
def groups_list(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The groups in the settings."""
    settings = load_settings(config, data_dir)
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


@groups.command("add")
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
    settings = load_settings(config, data_dir)
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


@groups.command("remove")
def groups_remove(
    group_id: Annotated[str, typer.Argument(help="The group's id: mutuals groups list")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing")] = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Take a group out of the settings. What was collected stays until retention removes it."""
    settings = load_settings(config, data_dir)
    if dry_run and any(group.id == group_id for group in settings.groups):
        out.print(
            f"Would remove {group_id} from {settings.config}. Nothing was done: this was a dry run.", soft_wrap=True
        )
        return
    remove_group(settings.config, group_id)
    out.print(f"Removed {group_id} from {settings.config}.")
