"""`mutuals backup` and `mutuals restore`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsJson, Config, DataDir, err, out, print_facts
from app.errors import Stopped
from warehouse.operations import backup as backing_up
from warehouse.settings import load_settings
from warehouse.storage.connection import warehouse_path
from warehouse.storage.keys import KEY_FILE

app = typer.Typer()


@app.command()
def backup(
    to: Annotated[
        Path | None, typer.Option("--out", help="A new folder. Default: backups/<time> in the data folder")
    ] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Copy warehouse, casebook and settings into a folder, while everything runs. The key is not in it: keep that apart."""
    settings = load_settings(config, data_dir)
    if not warehouse_path(settings).exists():
        raise Stopped(f"{settings.data_dir}: nothing has been collected here; is this the right --data-dir?")
    folder = backing_up.back_up(settings, to, datetime.now(UTC), err.print)
    out.print(f"Backed up to {folder}", soft_wrap=True)
    err.print(
        f"Not in it: {settings.data_dir / KEY_FILE}, without which it is of no use, and secrets.toml. Keep those apart. "
        "It holds people's words: keep it no longer than you keep them.",
        soft_wrap=True,
    )


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A folder made by `mutuals backup`")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether what is there may be replaced")] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup back. Whoever opted out or was erased since it was made is left out or erased again. Stop Mutuals first."""
    settings = load_settings(config, data_dir)
    if warehouse_path(settings).exists() and not (dry_run or yes):
        typer.confirm(f"Replace what is in {settings.data_dir} with {source}?", abort=True)
    facts = backing_up.restore(settings, source, datetime.now(UTC), err.print, is_dry_run=dry_run)
    print_facts(facts, as_json, "Restored" if not dry_run else "What would be restored")
