"""`mutuals retain`: the night's housekeeping, now or as a dry run."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli.options import AsJson, Config, DataDir, err, print_facts
from app.errors import Stopped
from warehouse.casebook.events import open_casebook
from warehouse.operations import nightly
from warehouse.settings import load
from warehouse.storage.connection import open_warehouse, warehouse_path

app = typer.Typer()
_WAIT_SECONDS = 600.0  # a cycle that is under way is waited for


@app.command()
def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing")] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Let go now of what has been kept for long enough, and clear it from the files. The collector does it every night."""
    settings, now = load(config, data_dir), datetime.now(UTC)
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
