"""A number on a page is the same in the export, the weekly mail, the PDF and the HTML report: for villages thrown by dice."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pypdf
import pytest
from streamlit.testing.v1 import AppTest

from app import queries, runtime
from app.analytics.period import Period
from app.data import readers
from app.reports.exchange.export import Export, _csv_rows, _months, _table
from app.reports.mail.compose import compose_part
from app.reports.paper import files
from app.reports.paper.files import ReportRequest
from tests.app.conftest import MAIN
from tests.support import village
from tests.support.village import NOW
from warehouse.settings import Goal, Settings
from warehouse.snapshots.reader import Reader, open_reader

WEEKS = (date(2026, 9, 7), date(2026, 10, 19), date(2026, 11, 9))  # the second one has an hour more
WEEK = timedelta(days=7)


@pytest.fixture(scope="module", params=range(3))
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    built = village.build(tmp_path_factory.mktemp("dice"), seed=100 + request.param)
    return replace(built, goals=(Goal("riverside", "answered_in_time", 60), Goal("riverside", "engagement", 9_000)))


@pytest.fixture(scope="module")
def reader(lived: Settings) -> Iterator[Reader]:
    opened = open_reader(lived)
    yield opened
    opened.close()


def shown(lived: Settings, name: str, **address: str) -> AppTest:
    """A page as it is drawn."""
    readers.reset_readers()
    runtime.set_current(runtime.Runtime(lived, clock=lambda: NOW))
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for key, value in address.items():
        app.query_params[key.rstrip("_")] = value
    return app.switch_page(f"views/{name}.py").run()


def exported(reader: Reader, what: str, monday: date) -> list[dict[str, str]]:
    """The rows of one file of a week's export."""
    sheet = io.StringIO(newline="")
    put = _csv_rows(sheet, what)
    export = Export("riverside", NOW, Period("custom", monday, monday + WEEK))
    for month in _months(export.period):
        put(_table(reader, export, what, month))
    return list(csv.DictReader(io.StringIO(sheet.getvalue(), newline="")))


def numbers(text: str) -> list[int]:
    """The whole numbers in a text, with their sign."""
    return [int(found.replace(",", "").replace("−", "-")) for found in re.findall(r"[−-]?\d[\d,]*", text)]


@pytest.mark.parametrize("monday", WEEKS, ids=str)
def test_a_week_is_the_same_on_the_page_in_the_mail_and_in_the_export(
    monday: date, lived: Settings, reader: Reader
) -> None:
    app = shown(lived, "this_week", period="custom", from_=str(monday), to=str(monday + WEEK - timedelta(days=1)))
    assert not app.exception
    page = {one.label: one.value for one in app.metric}
    mail = {row.label: row.value for row in compose_part(reader, lived, lived.groups[0], "en", monday, NOW).rows}
    asked = [row for row in exported(reader, "requests", monday) if row["is_counted"] == "true"]
    days = exported(reader, "days", monday)
    due = [row for row in asked if row["is_due"] == "true"]
    kept = sum(row["is_answered_in_promise"] == "true" for row in due)
    assert numbers(page["Asked"]) == numbers(mail["Asked"]) == [len(asked)]
    assert page["Answered in time"] == mail["Answered in time"] == f"{kept} of {len(due)}"
    peers = sum(row["is_answered_by_peer"] == "true" for row in asked)
    group = sum(row["is_answered_by_group"] == "true" for row in asked)
    assert numbers(page["Answered by a peer"]) == numbers(mail["Answered by other members"]) == [peers]
    assert numbers(page["Answered by the group"]) == numbers(mail["Answered by the group"]) == [group]
    gained = sum(int(row["engagement_gained"]) for row in days)
    assert gained > 0
    assert due
    assert numbers(page["Engagement"]) == numbers(mail["Likes, boosts, quotes and replies gained"]) == [gained]
    last = {row["network"]: int(row["followers_count"]) for row in days if row["followers_count"]}
    assert numbers(page["Followers"])[:1] == numbers(mail["Followers"])[:1] == [sum(last.values())]
    published = sum(int(row["published_engagement"]) for row in days)
    assert numbers(page["On what you posted"]) == [published]
    assert published == sum(int(row["engagement_gained"]) for row in exported(reader, "posts", monday))


def test_a_quarter_is_the_same_on_the_page_in_the_pdf_and_in_the_html(lived: Settings) -> None:
    app = shown(lived, "summary")
    assert not app.exception
    page = [(row.iloc[0], row.iloc[1]) for table in app.table for _, row in table.value.iterrows()]
    assert len(page) > 18
    readings = [one for html in app.get("html") for one in re.findall(r'class="reading">([^<]+)<', html.proto.body)]
    assert len(readings) >= 5
    trustee = open_reader(lived, "trustee")
    wanted = ReportRequest(lived.groups[0])
    told = files.load_report(trustee, wanted, NOW, lived)
    trustee.close()
    pdf = pypdf.PdfReader(io.BytesIO(files.render_report(told, wanted, NOW)))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    words = Words()
    words.feed(files.render_report(told, replace(wanted, form="html"), NOW).decode())
    written = " ".join(" ".join(words.found).split())
    for label, value in page:
        assert f"{label} {value}" in printed, label
        assert f"{label} {value}" in written, label
    for reading in readings:
        assert reading in printed
        assert reading in written


def test_a_quarter_is_what_its_months_are_day_by_day(reader: Reader) -> None:
    """Of the summary only what is not hidden can be looked up; it was written down a week after the quarter's end."""
    rows = queries.summary.quarters(reader, NOW, "riverside")
    compared = 0
    for row in rows[(rows["quarter"] == "2026-Q3") & (rows["chart"] == "community") & ~rows["is_hidden"]].itertuples():
        if row.part.endswith("engagement"):
            first = date.fromisoformat(f"{row.part[:7]}-01")
            after = (first + timedelta(days=32)).replace(day=1)
            days = queries.period.days(reader, NOW, "riverside", first)
            gained = days[days["local_date"].dt.date < after]["engagement_gained"].sum()
            assert row.value == gained
            compared += 1
    assert compared == 3


class Words(HTMLParser):
    """What is read of a page; pictures and their words apart."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside_svg = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 as it is called
        self.inside_svg += tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        self.inside_svg -= tag == "svg"

    def handle_data(self, data: str) -> None:
        if not self.inside_svg:
            self.found.append(data)
