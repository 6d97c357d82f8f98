"""The layout of the weekly mail, as plain text and as HTML. Pure."""

from dataclasses import dataclass
from datetime import date

from app.reports.mail.language import MailTexts
from app.ui.markup import Html, join_html, tag
from app.ui.theme import LIGHT
from warehouse.casebook.mail_preferences import MailAddressee
from warehouse.settings import Person

_SHEET = "max-width:560px;margin:0 auto;padding:4px 16px;border-radius:8px;color-scheme:light"


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a group's week: its name, itself, and how it compares with the usual ('' where that is not said)."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What the mail says of one group."""

    group: str
    subject: str
    lead: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    link: str


def lay_out_letter(parts: list[Part], person: Person, monday: date, ways: tuple[str, ...]) -> MailAddressee:
    """The parts as one mail."""
    texts = MailTexts(person.language)
    week = texts.format_week(monday)
    subject = parts[0].subject if len(parts) == 1 else texts.t("subject_groups", week=week)
    return MailAddressee(
        subject, _text(texts, parts, person, week, ways), _html(texts, parts, person, week, ways), ways
    )


def _text(texts: MailTexts, parts: list[Part], person: Person, week: str, ways: tuple[str, ...]) -> str:
    lines = [texts.t("greeting", name=person.name), "", texts.t("about", week=week), ""]
    for part in parts:
        lines += [part.group, "-" * len(part.group), part.lead, *part.notes, ""]
        lines += [f"  {row.label}: {row.value}" + (f" ({row.note})" if row.note else "") for row in part.rows]
        lines += ["", f"{texts.t('open')}: {part.link}", ""]
    lines += [texts.t("numbers_only"), texts.t("cannot_show")]
    for way in ways[:1]:
        lines += ["", texts.t("leave"), way if way.startswith("http") else texts.t("leave_mail")]
    return "\n".join(lines) + "\n"


def _html(texts: MailTexts, parts: list[Part], person: Person, week: str, ways: tuple[str, ...]) -> str:
    head = Html(
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">'
    )
    style = f"margin:0;padding:24px;background:{LIGHT.paper};color:{LIGHT.ink};font:16px/1.5 'Segoe UI',system-ui,sans-serif"
    inside = html_body(texts, parts, person, week, ways)
    page = tag("html", tag("head", head, tag("title", week)), tag("body", inside, style=style), lang=texts.language)
    return f"<!doctype html>\n{page}\n"


def html_body(texts: MailTexts, parts: list[Part], person: Person, week: str, ways: tuple[str, ...]) -> Html:
    """What one reads of the HTML part; styles stand on the elements, for mail programs take out all others."""
    small = f"color:{LIGHT.quiet};font-size:14px"
    leave = join_html()
    for way in ways[:1]:
        link = tag("a", texts.t("leave_link"), href=way, style=f"color:{LIGHT.link}")
        leave = join_html(texts.t("leave"), " ", link if way.startswith("http") else texts.t("leave_mail"))
    return tag(
        "div",
        tag("p", texts.t("greeting", name=person.name)),
        tag("p", texts.t("about", week=week)),
        *(_section(texts, part) for part in parts),
        tag("p", texts.t("numbers_only"), " ", texts.t("cannot_show"), style=small),
        tag("p", leave, style=small),
        style=f"{_SHEET};background:{LIGHT.paper};color:{LIGHT.ink}",
    )


def _section(texts: MailTexts, part: Part) -> Html:
    cell = f"padding:8px 0;border-top:1px solid {LIGHT.line};vertical-align:top"
    rows = (
        tag(
            "tr",
            tag("th", row.label, *([tag("div", row.note, style=f"color:{LIGHT.quiet};font-size:14px")] if row.note else []),
                scope="row", style=f"{cell};text-align:left;font-weight:400"),
            tag("td", row.value, style=f"{cell};text-align:right;font-weight:600;white-space:nowrap;padding-left:16px"),
        )
        for row in part.rows
    )  # fmt: skip
    button = f"display:inline-block;padding:10px 18px;border-radius:8px;background:{LIGHT.main};color:#FFFFFF"
    return tag(
        "section",
        tag("h2", part.group, style=f"font-size:20px;line-height:1.3;margin:24px 0 4px;color:{LIGHT.ink}"),
        tag("p", part.lead, style="font-size:18px;margin:0 0 12px"),
        *(tag("p", note) for note in part.notes),
        tag("table", tag("tbody", *rows), style="width:100%;border-collapse:collapse") if part.rows else "",
        tag("p", tag("a", texts.t("open"), href=part.link, style=button), style="margin:16px 0 24px"),
    )
