"""The trustees' report on a quarter: two A4 pages as PDF, or the same as one HTML file. Pure."""

from dataclasses import asdict
from datetime import datetime

from app.reports.paper.bars import draw_svg
from app.reports.paper.quarter import Report
from app.reports.paper.typesetting import largest_fitting_size, typeset
from app.ui.theme import LIGHT
from app.ui.words import t

_TEMPLATE = "trustees.typ"
_SIZES, _LARGE = (11.0, 10.5, 10.0, 9.5, 9.0), 18.0  # points; large print begins at 16


def render_pdf(report: Report, made_at: datetime, *, is_large: bool = False) -> bytes:
    """The report as PDF/UA-1; in large print it needs more than two pages. Raises Stopped."""
    lang, _, region = report.language.partition("-")
    content = {
        "title": t("report.title", group=report.group, period=report.period),
        "group": report.group,
        "period": report.period,
        "lang": lang,
        "region": region,
        "lead": report.lead,
        "notes": report.notes,
        "sample": t("report.sample") if report.is_sample else "",
        "what": t("report.what"),
        "number": t("report.number"),
        "cards": [{**asdict(card), "alt": card.alt, "svg": draw_svg(card)} for card in report.cards],
        "flagged": report.flagged,
        "cannot_title": t("report.cannot_show"),
        "limits": limits(report),
        "made": report.made,
        "page": t("report.page", page="{page}", pages="{pages}"),
        "colours": {name: getattr(LIGHT, name) for name in ("ink", "quiet", "line", "warm_soft")},
    }
    size = _LARGE if is_large else largest_fitting_size(_TEMPLATE, content, _SIZES, pages=2)
    return typeset(_TEMPLATE, content, size=size, made_at=made_at)


def limits(report: Report) -> list[str]:
    """What must be known before believing the numbers."""
    sentences = [report.cannot_show, t("report.activity")]
    return (
        [*sentences, t("report.hatched")]
        if any(bar.is_hidden for card in report.cards for bar in card.bars)
        else sentences
    )
