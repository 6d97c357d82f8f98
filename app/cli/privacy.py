"""What a person can ask of the group (to be left out, to see what is held, to be erased), and what goes by itself in time."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from duckdb import DuckDBPyConnection

from app.cli.options import AsJson, Config, DataDir, cannot_write, err, out, print_facts
from app.errors import Stopped
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.errors import SettingsError
from warehouse.operations import nightly
from warehouse.privacy import erase as erasing
from warehouse.privacy.opt_out import leave_out, let_back_in
from warehouse.privacy.subject import Subject, find_subject
from warehouse.privacy.subject_export import export_subject
from warehouse.settings import Settings, load_settings
from warehouse.storage.connection import open_warehouse, warehouse_path
from warehouse.storage.keys import load_key

app = typer.Typer()

Whom = Annotated[str, typer.Argument(help="@name@server, a Bluesky handle or DID, or the address of their profile")]
What = Annotated[str, typer.Argument(help="@name@server, a Bluesky handle or DID, or the address (URI) of one post")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing")]
_WAIT_SECONDS = 600.0  # a cycle or a night's work that is under way is waited for


@app.command("opt-out")
def opt_out(
    handle: Whom,
    undo: Annotated[bool, typer.Option("--undo", help="They changed their mind: copy what they write again")] = False,
    dry_run: DryRun = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Leave a person out, from now on and backwards: their posts become cards with a link, without words or name."""
    settings, now = load_settings(config, data_dir), datetime.now(UTC)
    with _open(settings) as (con, casebook):
        who = _person(settings, con, handle)
        facts: dict[str, Any] = {"posts held": len(erasing.posts_of(con, who))}
        if dry_run:
            facts["done"] = "nothing: this was a dry run"
        elif undo:
            let_back_in(con, casebook, who, now)
            facts["done"] = "let back in: their posts are copied again as they are read again"
        else:
            leave_out(settings, con, casebook, who, now)
            facts["done"] = "left out: what is held of them are cards without words or name"
    print_facts(facts, as_json, "Opting out")


@app.command()
def erase(
    what: What,
    dry_run: DryRun = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person or a post everywhere: words, names, addresses, notes. A keyed hash stays, so that they stay away."""
    settings, now = load_settings(config, data_dir), datetime.now(UTC)
    with _open(settings) as (con, casebook):
        who = _person(settings, con, what)
        before = erasing.held_about(con, casebook, who)
        named = erasing.find_remains(settings, con, casebook, who)
        if dry_run:
            facts: dict[str, Any] = {**before, "done": "nothing: this was a dry run"}
            print_facts(facts, as_json, "What would be removed")
            return
        erasing.erase(settings, con, casebook, who, now)
        erasing.republish(settings, con, now)
    backups = erasing.erase_from_backups(settings, who, now)
    with _open(settings) as (con, casebook):
        left = erasing.find_remains(settings, con, casebook, who)
    facts = {
        "asked and done at": now.isoformat(timespec="seconds"),
        **before,
        "backups cleaned": backups,
        "columns that held a name before": len(named.rows),
        "columns that hold one now": len(left.rows),
        "files that held one before": len(named.files),
        "files that hold one now": [str(path) for path in left.files] or 0,
        "what stays": "one keyed hash, so that this person is counted and never collected again",
    }
    print_facts(facts, as_json, "Certificate of erasure")
    if left:
        err.print("Some places still hold a name: delete the files named above, and run this again.")
        raise typer.Exit(1)


@app.command("subject-export")
def subject_export(
    handle: What,
    to: Annotated[Path | None, typer.Option("--out", help="The file to write. Default: standard output")] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Write down all that is held about a person, to give to that person. Make sure that it is they who ask."""
    settings, now = load_settings(config, data_dir), datetime.now(UTC)
    with _open(settings) as (con, casebook):
        told = export_subject(con, casebook, _person(settings, con, handle, is_ours_too=True), now)
    text = json.dumps(told, ensure_ascii=False, indent=2, default=str)
    if to is None:
        out.print_json(text)
        return
    try:
        with open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise cannot_write(to, error) from error
    out.print(f"Written to {to}, readable by you alone. Delete it when it has been handed over.", soft_wrap=True)


@contextmanager
def _open(settings: Settings) -> Iterator[tuple[DuckDBPyConnection, Casebook]]:
    if not warehouse_path(settings).exists():
        raise Stopped(f"{settings.data_dir}: nothing has been collected here; is this the right --data-dir?")
    casebook = open_casebook(settings)
    try:
        with open_warehouse(settings, wait_seconds=_WAIT_SECONDS, on_wait=err.print) as con:
            yield con, casebook
    finally:
        casebook.close()


def _person(settings: Settings, con: DuckDBPyConnection, told: str, *, is_ours_too: bool = False) -> Subject:
    try:
        found = find_subject(con, load_key(settings.data_dir), told)
    except SettingsError as error:
        raise Stopped(str(error)) from error
    if not is_ours_too and erasing.is_ours(con, found):
        raise Stopped(f"{told}: this is the group's own account. To stop collecting it: mutuals groups remove")
    return found


@app.command()
def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing")] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Let go now of what has been kept for long enough, and clear it from the files. The collector does it every night."""
    settings, now = load_settings(config, data_dir), datetime.now(UTC)
    if not warehouse_path(settings).exists():
        raise Stopped(f"{settings.data_dir}: nothing has been collected here; is this the right --data-dir?")
    casebook = open_casebook(settings)
    try:
        with open_warehouse(settings, wait_seconds=_WAIT_SECONDS, on_wait=err.print) as con:
            facts: dict[str, object] = {**nightly.preview_retention(con, settings, casebook, now)}
            if dry_run:
                facts["done"] = "nothing: this was a dry run"
            else:
                nightly.run_nightly(con, settings, casebook, now)
    finally:
        casebook.close()
    print_facts(facts, as_json, "What would go" if dry_run else "What went")
