"""`mutuals import-csv`: numbers from places that have no API."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.analytics.period import local_date
from app.cli.options import Config, DataDir, err, group_named, out
from app.errors import Stopped
from app.reports.exchange.import_csv import TEMPLATE, CannotImport, parse_lines
from warehouse.settings import Group, Settings, load_settings
from warehouse.snapshots.publish import publish
from warehouse.storage import offline_counts
from warehouse.storage.connection import open_warehouse
from warehouse.storage.keys import load_key
from warehouse.storage.offline_counts import OfflineCount

app = typer.Typer()
_SHOWN = 20  # mistakes on the screen


@app.command("import-csv")
def import_csv(
    file: Annotated[Path | None, typer.Argument(help="A file in the form of --template")] = None,
    group: Annotated[
        str | None, typer.Option(help="The group's id: mutuals groups list. Default: the only one")
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="Store it. Without this nothing is changed")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look at it (the default for a file); with --undo: say what would go")
    ] = False,
    template: Annotated[bool, typer.Option("--template", help="Print a file to begin with")] = False,
    listed: Annotated[bool, typer.Option("--list", help="What was imported")] = False,
    undo: Annotated[str | None, typer.Option(help="Take the import of this id back")] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Bring numbers from a meeting, a phone line or another network. Looks at the file only, unless you say --save."""
    if template:
        typer.echo(TEMPLATE, nl=False)
        return
    settings = load_settings(config, data_dir)
    chosen = group_named(settings, group)
    if save and dry_run:
        raise Stopped("--save and --dry-run say the opposite; leave one of them out")
    if listed:
        _list(settings, chosen)
    elif undo:
        _undo(settings, chosen, undo, is_dry_run=dry_run)
    elif file is None:
        raise Stopped("which file? Make one with: mutuals import-csv --template > counts.csv")
    else:
        content = _content(file)
        now = datetime.now(UTC)
        try:
            found = parse_lines(content, local_date(now, chosen.timezone))
        except CannotImport as error:
            _say_what_is_wrong(file, error.wrong)
            raise typer.Exit(1) from error
        _look(found)
        if save:
            _save(settings, chosen, content, found, now)
        else:
            out.print("Nothing was changed. To store it, say the same with --save.")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stopped(f"{file}: cannot be read ({error.strerror}); is the name right?") from error


def _say_what_is_wrong(file: Path, wrong: list[str]) -> None:
    for one in wrong[:_SHOWN]:
        err.print(f"{file.name}, {one}", markup=False, highlight=False, soft_wrap=True)
    more = f" ({len(wrong) - _SHOWN} more lines are wrong)" if len(wrong) > _SHOWN else ""
    err.print(f"[bold red]mutuals:[/] nothing was imported{more}", highlight=False)


def _look(found: list[OfflineCount]) -> None:
    table = Table("Place", "Days", "Posts", "Tallies", "Asked", title="What is in the file", title_justify="left")
    for place in dict.fromkeys(one.place for one in found):
        those = [one for one in found if one.place == place]
        days = f"{min(one.on for one in those)} to {max(one.on for one in those)}"
        posts = sum(one.what == "post" for one in those)
        table.add_row(place, days, str(posts), str(len(those) - posts), str(sum(one.asks or 0 for one in those)))
    out.print(table)


def _save(settings: Settings, group: Group, content: bytes, found: list[OfflineCount], now: datetime) -> None:
    key = load_key(settings.data_dir)
    with open_warehouse(settings, on_wait=err.print) as con:
        import_id, is_new = offline_counts.import_counts(con, key, group.id, content, found, now)
        if is_new:
            publish(con, settings, now)
    if is_new:
        out.print(f"Imported as {import_id}. Take it back with: mutuals import-csv --undo {import_id}", soft_wrap=True)
    else:
        out.print(f"This file was imported before, as {import_id}. Nothing was changed.", soft_wrap=True)


def _undo(settings: Settings, group: Group, import_id: str, *, is_dry_run: bool) -> None:
    with open_warehouse(settings, on_wait=err.print) as con:
        held = {one: count for one, _, count in offline_counts.list_imports(con, group.id)}
        if import_id not in held:
            raise Stopped(f"{group.id} has no import {import_id}; see: mutuals import-csv --list")
        if is_dry_run:
            out.print(
                f"Would take back {import_id}: {held[import_id]} lines. Nothing was done: this was a dry run.",
                soft_wrap=True,
            )
            return
        gone = offline_counts.undo_import(con, group.id, import_id)
        publish(con, settings, datetime.now(UTC))
    out.print(f"Took back {import_id}: {gone} lines.")


def _list(settings: Settings, group: Group) -> None:
    with open_warehouse(settings, on_wait=err.print) as con:
        found = offline_counts.list_imports(con, group.id)
    if not found:
        out.print(f"Nothing was imported for {group.id} yet.")
        return
    table = Table("Import", "When (UTC)", "Lines")
    for import_id, at, count in found:
        table.add_row(import_id, f"{at:%Y-%m-%d %H:%M}", str(count))
    out.print(table)
