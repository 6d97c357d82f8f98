"""The trustees' report: the numbers of their page, in a file that everybody can read."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pikepdf
import pytest

from app import queries
from app.analytics import summary
from app.errors import Stopped
from app.reports.paper import members, quarter, trustees
from app.reports.paper.html import render_html
from app.reports.paper.quarter import Report
from tests.support.village import NOW
from warehouse.settings import Goal, Settings
from warehouse.snapshots.reader import Reader, open_reader


@pytest.fixture(scope="module")
def rows(published: Settings) -> pd.DataFrame:
    reader = open_reader(published, role="trustee")
    return queries.summary.quarters(reader, NOW, "riverside")


@pytest.fixture(scope="module")
def report(rows: pd.DataFrame) -> Report:
    return quarter.build_report(rows, "Riverside Carers’ Circle", "2026-Q3", NOW)


@pytest.fixture(scope="module")
def organiser(published: Settings) -> Reader:
    return open_reader(published)


FORMS = {
    "report": lambda report: trustees.render_pdf(report, NOW),
    "report in large print": lambda report: trustees.render_pdf(report, NOW, is_large=True),
    "sheet": lambda report: members.render_pdf(report, NOW),
    "sheet in large print": lambda report: members.render_pdf(report, NOW, is_large=True),
}


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def elements(node: Any) -> Iterator[Any]:
    """Every structure element of the tree, in the order of reading."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def marks(node: Any) -> Iterator[int]:
    """The ids of marked content that one element holds itself."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield kid
        elif isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/MCR":
            yield int(kid["/MCID"])


@pytest.mark.parametrize("form", FORMS)
def test_a_pdf_says_that_it_is_accessible_in_which_language_and_what_it_is(form: str, report: Report) -> None:
    """What PDF/UA-1 asks of the file as a whole (ISO 14289-1: 5, 7.1, 7.2)."""
    pdf = opened(FORMS[form](report))
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert about["dc:title"] == "Riverside Carers’ Circle: July to September 2026"
    assert all(page.Tabs == "/S" for page in pdf.pages if "/Annots" in page)
    assert not any("/JavaScript" in str(key) for key in pdf.Root.get("/Names", pikepdf.Dictionary()))


@pytest.mark.parametrize("form", FORMS)
def test_all_content_of_a_pdf_is_tagged_or_decoration(form: str, report: Report) -> None:
    """Every mark on a page is in the tree once, and nothing is drawn outside of a mark (7.1)."""
    pdf = opened(FORMS[form](report))
    told = [mark for one in elements(pdf.Root.StructTreeRoot) for mark in marks(one)]
    assert len(told) > 5
    for page in pdf.pages:
        depth, drawn = 0, set()
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]:
                    drawn.add(int(operands[1]["/MCID"]))
            elif name == "EMC":
                depth -= 1
            elif name in ("Tj", "TJ", "f", "f*", "S", "B", "Do", "sh"):
                assert depth > 0, f"{name} outside of marked content"
        assert depth == 0
        assert drawn
        assert drawn <= set(told)


def test_the_reports_headings_pictures_and_tables_are_what_they_are(report: Report) -> None:
    pdf = opened(trustees.render_pdf(report, NOW))
    tree = list(elements(pdf.Root.StructTreeRoot))
    kinds = [str(one["/S"]) for one in tree]
    assert [kind for kind in kinds if re.fullmatch(r"/H\d", kind)] == ["/H1"] + ["/H2"] * (len(report.cards) + 1)
    pictures = [one for one in tree if one["/S"] == "/Figure"]
    assert [str(one["/Alt"]) for one in pictures] == [card.alt for card in report.cards]
    assert kinds.count("/Table") == len(report.cards)
    headings = [one for one in tree if one["/S"] == "/TH"]
    assert len(headings) == 2 * len(report.cards)
    assert all(
        "/Column" in str(one["/A"][0] if isinstance(one["/A"], pikepdf.Array) else one["/A"]) for one in headings
    )


def test_the_report_has_two_a4_pages_and_the_sheet_one(report: Report) -> None:
    for form, pages in (("report", 2), ("sheet", 1)):
        pdf = opened(FORMS[form](report))
        assert len(pdf.pages) == pages, form
        assert [round(float(side)) for side in pdf.pages[0].MediaBox] == [0, 0, 595, 842]


def test_more_to_say_is_set_smaller_before_it_takes_a_third_page(report: Report) -> None:
    """At most five charts: the longest one again."""
    longest = max(report.cards, key=lambda card: len(card.bars))
    more = replace(report, cards=(*report.cards, replace(longest, name="again")), notes=report.notes * 3)
    assert len(opened(trustees.render_pdf(more, NOW)).pages) == 2
    assert len(opened(members.render_pdf(replace(report, cards=report.cards * 3), NOW)).pages) == 1


def test_every_number_in_the_report_is_the_one_on_the_trustees_page(report: Report, rows: pd.DataFrame) -> None:
    page = rows[rows["quarter"] == "2026-Q3"]
    told = [(card.name, bar.label, bar.value) for card in report.cards for bar in card.bars]
    shown = [
        (name, label, value)
        for name in summary.order_charts(page["chart"])
        for label, value in summary.table(page[page["chart"] == name]).itertuples(index=False)
    ]
    assert told == shown
    pdf = opened(trustees.render_pdf(report, NOW))
    alts = [str(one["/Alt"]) for one in elements(pdf.Root.StructTreeRoot) if "/Alt" in one]
    html = render_html(report, trustees.limits(report)).decode()
    for _, label, value in told:
        assert any(f"{label}: {value}" in alt for alt in alts)
        assert f"<td>{label}</td><td>{value}</td>" in html


def test_a_hidden_number_stays_hidden_in_every_form(report: Report) -> None:
    hidden = [bar for card in report.cards for bar in card.bars if bar.is_hidden]
    assert hidden
    assert {bar.value for bar in hidden} <= {"fewer than 5", "all but fewer than 5", "not shown", "not known"}
    assert len({bar.length for bar in hidden}) == 1  # a stub, whatever the number


def test_goals_comparison_and_flags_are_those_of_the_page(rows: pd.DataFrame) -> None:
    goals = [Goal("riverside", "followers", 400), Goal("riverside", "answered_in_time", 90)]
    told = quarter.build_report(rows, "Riverside", "2026-Q3", NOW, goals=goals)
    page, before = rows[rows["quarter"] == "2026-Q3"], rows[rows["quarter"] == "2026-Q2"]
    assert list(told.goals) == summary.goal_sentences(goals, page)
    assert told.flagged == summary.flagged_sentence(page)
    *charts, drawn = told.cards
    assert drawn.reading == summary.goals_reading(summary.goal_bars(goals, page))
    assert [f"{bar.label}: {bar.value}." for bar in drawn.bars] == list(told.goals)
    for card in charts:
        assert card.beside == summary.compare_with_before(
            card.name, page[page["chart"] == card.name], before[before["chart"] == card.name]
        )
    assert len(told.goals) == 2
    assert any(card.beside for card in told.cards)
    html = render_html(told, trustees.limits(told)).decode()
    for said in (drawn.alt, drawn.reading, told.flagged, *(card.beside for card in told.cards)):
        assert escape(said) in html
    pdf = opened(trustees.render_pdf(told, NOW))
    assert len(pdf.pages) == 2
    headings = [one for one in elements(pdf.Root.StructTreeRoot) if one["/S"] == "/H2"]
    assert len(headings) == len(told.cards) + 1
    sheet = members.render_html(told).decode()
    assert [sheet.count(escape(one)) for one in (*told.goals, drawn.reading)] == [1, 1, 0]


def test_a_part_of_a_quarter_is_called_that(rows: pd.DataFrame) -> None:
    told = quarter.build_report(rows, "Riverside", "2026-Q2", NOW)
    assert told.notes[0] == "Collecting began on 25 June, so this quarter is not whole."
    assert len(opened(trustees.render_pdf(told, NOW)).pages) == 2


class Looks(HTMLParser):
    """What a browser would go and get, and whether every element ends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("form", ["report", "sheet"])
def test_the_html_file_stands_alone(form: str, report: Report) -> None:
    content = (
        render_html(report, trustees.limits(report)) if form == "report" else members.render_html(report)
    ).decode()
    looks = Looks()
    looks.feed(content)
    tags = [tag for tag, _ in looks.found]
    assert not {"script", "link", "img", "iframe", "object"} & set(tags)
    assert not [told for _, told in looks.found if "src" in told or "href" in told]
    assert "url(" not in re.sub(r"url\(#hatch-\w+\)", "", content)
    assert tags.count("h1") == tags.count("main") == 1
    assert dict(looks.found)["html"] == {"lang": "en-GB"}
    pictures = [told for tag, told in looks.found if tag == "svg"]
    assert [told["aria-label"] for told in pictures] == (
        [card.alt for card in report.cards] if form == "report" else []
    )


def test_a_hostile_name_is_words_and_nothing_else(report: Report) -> None:
    name = '#eval("1") *x* </style><script>alert(1)</script>'
    odd = replace(report, group=name)
    html = render_html(odd, trustees.limits(odd)).decode()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert name in str(opened(trustees.render_pdf(odd, NOW)).docinfo.get("/Author", ""))


def test_letters_without_a_font_are_a_sentence_with_a_cure(report: Report) -> None:
    with pytest.raises(Stopped, match=r"install one, on Debian: apt install fonts-noto-core"):
        trustees.render_pdf(replace(report, group="\U00012000\U00012001"), NOW)


def test_no_report_holds_a_word_or_a_name_of_anybody(report: Report, organiser: Reader) -> None:
    needles = {
        *organiser.frame("select distinct handle from stored.accounts where handle is not null", NOW)["handle"],
        *(text[:30] for text in organiser.frame("select text from stored.post_texts", NOW)["text"]),
    }
    told = [render_html(report, trustees.limits(report)).decode(), members.render_html(report).decode()]
    for form in FORMS:
        pdf = opened(FORMS[form](report))
        told.append(" ".join(str(one.get("/Alt", "")) for one in elements(pdf.Root.StructTreeRoot)))
    assert "21 of 33" in " ".join(told)  # the control
    assert not [needle for needle in needles if any(needle in one for one in told)]
