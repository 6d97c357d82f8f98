"""Downloads on the pages: made when somebody presses, not when the page is drawn."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app import runtime
from app.auth import access_log, permissions
from app.auth.identity import LOCAL
from app.components.layout import draw_section
from app.components.page_context import PageContext
from app.rate_limit import exceeds_limit
from app.reports.paper.files import ReportRequest, file_name, load_report, render_report
from app.ui.words import t

_MIME = {"pdf": "application/pdf", "html": "text/html"}


def draw_report_downloads(here: PageContext, quarter: str) -> None:
    """The trustees' report on a closed quarter, in three shapes, and the members' sheet. `here` is a trustee's."""
    offers = {
        "report": ReportRequest(here.group, quarter),
        "large": ReportRequest(here.group, quarter, is_large=True),
        "web": ReportRequest(here.group, quarter, "html"),
        "sheet": ReportRequest(here.group, quarter, is_for_members=True),
    }
    report = load_report(here.reader, offers["report"], here.now, runtime.current().settings)
    draw_section(t("take.reports"), t("take.reports_about"))
    with st.container(horizontal=True, key="take"):
        for name, wanted in offers.items():
            st.download_button(
                t(f"take.{name}"),
                logged_download(here, "report", partial(render_report, report, wanted, here.now)),
                file_name(report, wanted), _MIME[wanted.form],
                key=f"take-{name}", on_click="ignore",
            )  # fmt: skip


def logged_download(here: PageContext, what: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """`make`, for a button that hands over a file: asks again whether they may, and writes down what was taken."""
    who, group = here.reader.who, here.group.id

    def hand_over() -> bytes:
        permissions.require_groups(who, here.reader.need, frozenset({group}))
        if who != LOCAL and exceeds_limit("make a file", who.address):
            raise permissions.NotAllowed
        access_log.log_access(who, what, group)
        return make()

    return hand_over
