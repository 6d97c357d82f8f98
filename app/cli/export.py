"""`mutuals export`: the numbers as files, to work with elsewhere."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsJson, Config, DataDir, cannot_write, err, group_named, period_named, print_facts, progress
from app.errors import Stopped
from app.reports.exchange.export import FORMATS, Export, known_period, write_files
from warehouse.settings import load_settings
from warehouse.snapshots.reader import open_reader

app = typer.Typer()


@app.command()
def export(
    group: Annotated[
        str | None, typer.Option(help="The group's id: mutuals groups list. Default: the only one")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="2026, 2026-Q3, 2026-11, 2026-W47 or 2026-11-01..2026-11-22. Default: everything")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="csv, for spreadsheets, or parquet")] = "csv",
    folder: Annotated[Path, typer.Option("--out", help="The folder to write into")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there")] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Write one row per request, per post of the group, per day, and counts with their change. Keyed ids; no words, no names."""
    settings = load_settings(config, data_dir)
    chosen = group_named(settings, group)
    if form not in FORMATS:
        raise Stopped(f"--format {form}: there is no such format; write csv or parquet")
    chosen_period = period_named(period) if period else None
    now = datetime.now(UTC)
    reader = open_reader(settings)
    try:
        days = chosen_period or known_period(reader, now, chosen.id)
        if days is None:
            raise Stopped(f"nothing has been collected for {chosen.id} yet; start with: mutuals up")
        wanted = Export(chosen.id, now, days)
        _may_write(folder, wanted.files(form)[:-1], force)  # what the columns mean is always the same
        with progress() as bar:
            task = bar.add_task("Exporting", total=None)
            written = write_files(
                reader, wanted, form, folder, lambda done, of: bar.update(task, completed=done, total=of)
            )
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        reader.close()
    print_facts({str(path): rows for path, rows in written.items()}, as_json, "Rows written")
    if not as_json:
        err.print("Who holds these files holds the group's activity: send them to nobody who need not have them.")


def _may_write(folder: Path, names: list[str], force: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not force and (there := [name for name in names if (folder / name).exists()]):
        raise Stopped(f"{folder / there[0]}: is there already; replace it with --force, or choose another --out")
