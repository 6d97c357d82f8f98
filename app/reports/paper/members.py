"""The members' sheet: what happened in a quarter, in plain words, on one page to print for the room. Pure.

It is made of what a trustee's reader gives: whatever hangs on a wall is read by everybody. No names, no quotes.
"""

from datetime import datetime
from typing import Any

from app.reports.paper.html import html_document
from app.reports.paper.quarter import GOALS, Report
from app.reports.paper.typesetting import largest_fitting_size, typeset
from app.ui.markup import tag
from app.ui.theme import LIGHT
from app.ui.words import t

_TEMPLATE = "members.typ"
_SIZES, _LARGE = (17.0, 16.0, 15.0, 14.0, 13.0), (20.0, 19.0, 18.0)  # points: it is read standing up


def render_pdf(report: Report, made_at: datetime, *, is_large: bool = False) -> bytes:
    """The sheet as PDF/UA-1, one page. Raises Stopped."""
    lang, _, region = report.language.partition("-")
    colours = {name: getattr(LIGHT, name) for name in ("ink", "quiet", "calm", "warm_soft")}
    content = {**_content(report), "lang": lang, "region": region, "colours": colours}
    size = largest_fitting_size(_TEMPLATE, content, _LARGE if is_large else _SIZES, pages=1)
    return typeset(_TEMPLATE, content, size=size, made_at=made_at)


def render_html(report: Report, *, is_large: bool = False) -> bytes:
    """The sheet as one HTML file."""
    content = _content(report)
    header = tag(
        "header",
        tag("p", content["group"]),
        tag("h1", content["period"]),
        tag("p", content["sample"], cls="sample") if content["sample"] else "",
        tag("p", content["lead"], cls="lead"),
    )
    happened = tag("ul", *(tag("li", line) for line in content["lines"]), cls="told")
    thanks = tag("section", tag("h2", content["thanks_title"]), tag("p", content["thanks"]))
    notes = tag("footer", *(tag("p", note) for note in content["notes"]))
    return html_document(
        report.language, content["title"], tag("main", header, happened, thanks), notes, is_large=is_large
    )


def _content(report: Report) -> dict[str, Any]:
    charts = [card for card in report.cards if card.name != GOALS]
    sentences = [card.reading for card in charts if card.reading and card.reading != t("summary.too_few")]
    return {
        "title": t("report.title", group=report.group, period=report.period),
        "group": report.group,
        "period": report.period,
        "lead": t("members.lead", group=report.group),
        "lines": [*sentences, *(t("members.goal", goal=goal) for goal in report.goals)] or [t("members.quiet")],
        "thanks_title": t("members.thanks_title"),
        "thanks": t("members.thanks"),
        "notes": [*report.notes, report.cannot_show],
        "sample": t("report.sample") if report.is_sample else "",
    }
