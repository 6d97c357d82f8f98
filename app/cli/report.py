"""`mutuals report`: a closed quarter for the trustees, or as a sheet for the members."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.analytics.period import local_date, period_containing
from app.cli.options import Config, DataDir, cannot_write, group_named, out, period_named, write_new
from app.errors import Stopped
from app.reports.paper.files import FORMATS, NotClosed, ReportRequest, file_name, load_report, render_report
from warehouse.settings import Group, load_settings
from warehouse.snapshots.reader import open_reader

app = typer.Typer()


@app.command()
def report(
    group: Annotated[
        str | None, typer.Option(help="The group's id: mutuals groups list. Default: the only one")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="A quarter, as 2026-Q3. Default: the newest that is closed")
    ] = None,
    members: Annotated[bool, typer.Option("--members", help="One page for the room, in plain words")] = False,
    large: Annotated[
        bool, typer.Option("--large-print", help="Letters of 16 points and more; takes more pages")
    ] = False,
    form: Annotated[str, typer.Option("--format", help="pdf or html")] = "pdf",
    place: Annotated[Path, typer.Option("--out", help="A folder, or the name of the file to write")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there")] = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Write the trustees' report on a closed quarter: two accessible pages, no names, no number that could point at somebody."""
    settings = load_settings(config, data_dir)
    chosen = group_named(settings, group)
    if form not in FORMATS:
        raise Stopped(f"--format {form}: there is no such format; write pdf or html")
    wanted = ReportRequest(chosen, _quarter(period), form, large, members)
    now = datetime.now(UTC)
    reader = open_reader(settings, role="trustee")
    try:
        report_data = load_report(reader, wanted, now, settings)
    except NotClosed as error:
        raise Stopped(_why_not(wanted, error.closed, now)) from error
    finally:
        reader.close()
    path = place / file_name(report_data, wanted) if place.is_dir() or not place.suffix else place
    try:
        write_new(path, render_report(report_data, wanted, now), force=force)
    except OSError as error:
        raise cannot_write(path, error) from error
    out.print(f"Written: {path}", soft_wrap=True)


def _quarter(period: str | None) -> str | None:
    if period is None:
        return None
    named = period_named(period)
    if named.kind != "quarter":
        raise Stopped(
            f"--period {period}: a report is about a whole quarter, so nothing can be had by subtracting; write it like 2026-Q3"
        )
    return f"{named.from_date.year}-Q{(named.from_date.month + 2) // 3}"


def _why_not(wanted: ReportRequest, closed: list[str], now: datetime) -> str:
    """Why there is no report on a quarter, and which ones there are."""
    here: Group = wanted.group
    there = f"there are: {', '.join(closed)}" if closed else "there is none yet"
    if wanted.quarter is None:
        return (
            f"{here.id}: no quarter is closed yet. One is written down seven days after its end, if it was collected; "
            "see This week in the dashboard meanwhile"
        )
    this = period_containing("quarter", local_date(now, here.timezone))
    if period_named(wanted.quarter).from_date >= this.from_date:
        return (
            f"{wanted.quarter} is not over. Trustees read closed quarters only, written down seven days after their end, so that"
            f" nobody can be found by comparing two reports; {there}"
        )
    return f"{wanted.quarter} is not written down: it was not collected, or ended less than seven days ago; {there}"
