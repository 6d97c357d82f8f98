"""`mutuals status` and `mutuals rebuild`: how the data folder is doing, and every number worked out anew."""

from datetime import UTC, datetime

import typer

from app.cli.options import AsJson, Config, DataDir, err, out, print_facts, progress
from warehouse.operations.status import collect_status
from warehouse.settings import load_settings
from warehouse.snapshots.publish import publish
from warehouse.storage.connection import open_warehouse
from warehouse.transform import prepare

app = typer.Typer()


@app.command()
def status(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """When what was collected, what is missing, how large everything is."""
    settings = load_settings(config, data_dir)
    print_facts(collect_status(settings, datetime.now(UTC)), as_json, "How it is going")


@app.command()
def rebuild(config: Config = None, data_dir: DataDir = None) -> None:
    """Work out every number again from what is stored, and publish."""
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
