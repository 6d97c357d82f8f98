"""A report → one HTML file that needs nothing else: no script, no font, no picture from anywhere."""

from pathlib import Path

from app.reports.paper.bars import draw_svg
from app.reports.paper.quarter import Card, Report
from app.ui.markup import Html, join_html, tag
from app.ui.words import t

_STYLE = Path(__file__).with_name("html.css")
# Whoever opens the file calls nobody: even a browser that would like to may load nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def html_document(language: str, title: str, *body: str, is_large: bool = False) -> bytes:
    """A whole HTML file around what is in it."""
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        Html('<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'),
        tag("title", title),
        tag("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )
    inside = tag("body", *body, cls="large" if is_large else "")
    return f"<!doctype html>\n{tag('html', head, inside, lang=language)}\n".encode()


def render_html(report: Report, limits: list[str], *, is_large: bool = False) -> bytes:
    """The trustees' report as one file."""
    title = t("report.title", group=report.group, period=report.period)
    header = tag(
        "header",
        tag("p", report.group),
        tag("h1", report.period),
        tag("p", t("report.sample"), cls="sample") if report.is_sample else "",
        tag("p", report.lead, cls="lead"),
        *(tag("p", note) for note in report.notes),
    )
    last = tag(
        "section",
        tag("h2", t("report.cannot_show")),
        tag("ul", *(tag("li", limit) for limit in limits)),
        cls="limits",
    )
    inside = tag(
        "main",
        header,
        *map(_section, report.cards),
        tag("p", report.flagged) if report.flagged else join_html(),
        last,
    )
    return html_document(report.language, title, inside, tag("footer", tag("p", report.made)), is_large=is_large)


def _section(card: Card) -> Html:
    head = tag("thead", tag("tr", _heading(t("report.what")), _heading(t("report.number"))))
    rows = (tag("tr", tag("td", bar.label), tag("td", bar.value)) for bar in card.bars)
    table = tag("table", head, tag("tbody", *rows))
    return tag(
        "section",
        tag("h2", card.title),
        tag("p", card.reading, cls="reading"),
        tag("p", card.beside) if card.beside else join_html(),
        tag("div", draw_svg(card), table, cls="both"),
        tag("p", card.meaning, cls="small") if card.meaning else join_html(),
    )


def _heading(text: str) -> Html:
    return tag("th", text, scope="col")
