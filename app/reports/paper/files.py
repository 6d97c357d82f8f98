"""The report on a closed quarter as a file: for trustees or the members' sheet, as PDF or HTML."""

from dataclasses import dataclass
from datetime import datetime

from app import queries
from app.queries.reader import QueryReader
from app.reports.paper import html, members, trustees
from app.reports.paper.quarter import Report, build_report, closed_quarters
from warehouse.settings import Group, Settings

FORMATS = ("pdf", "html")


class NotClosed(Exception):
    """The quarter is not closed yet, so nothing is written down. `closed` are those that are, newest first."""

    def __init__(self, closed: list[str]) -> None:
        super().__init__("the quarter is not closed")
        self.closed = closed


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Which quarter of which group, and in what shape. Without a quarter: the newest."""

    group: Group
    quarter: str | None = None
    form: str = "pdf"
    is_large: bool = False
    is_for_members: bool = False


def load_report(reader: QueryReader, wanted: ReportRequest, now: datetime, settings: Settings) -> Report:
    """The content of the report. `reader` is a trustee's. Raises NotClosed."""
    rows = queries.summary.quarters(reader, now, wanted.group.id)
    closed = closed_quarters(rows)
    chosen = wanted.quarter or (closed[0] if closed else "")
    if chosen not in closed:
        raise NotClosed(closed)
    goals = [goal for goal in settings.goals if goal.group == wanted.group.id]
    return build_report(rows, wanted.group.name, chosen, now, goals=goals, is_sample=settings.is_sample)


def render_report(report: Report, wanted: ReportRequest, now: datetime) -> bytes:
    """The bytes of the file. Raises Stopped: this computer has no font for some letters."""
    if wanted.is_for_members:
        if wanted.form == "html":
            return members.render_html(report, is_large=wanted.is_large)
        return members.render_pdf(report, now, is_large=wanted.is_large)
    if wanted.form == "html":
        return html.render_html(report, trustees.limits(report), is_large=wanted.is_large)
    return trustees.render_pdf(report, now, is_large=wanted.is_large)


def file_name(report: Report, wanted: ReportRequest) -> str:
    """'riverside-2026-Q3-report.pdf', 'riverside-2026-Q3-members-large-print.html'."""
    parts = [wanted.group.id, report.quarter, "members" if wanted.is_for_members else "report"]
    return f"{'-'.join([*parts, *(['large-print'] if wanted.is_large else [])])}.{wanted.form}"
