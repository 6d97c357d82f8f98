"""What leaves as a file or a mail is words too: no markup, no link, no header, no formula of anybody else's making."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pytest

from app.analytics.period import period_containing
from app.reports.exchange import export
from app.reports.mail import compose
from app.reports.paper import files
from collectors.notify.smtp import build_message
from tests.support import hostile_village
from tests.support.village import NOW
from warehouse.settings import Group, Mail, Settings
from warehouse.snapshots.reader import Reader, open_reader

MONDAY = date(2026, 11, 9)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return hostile_village.build(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def reader(settings: Settings) -> Iterator[Reader]:
    opened = open_reader(settings)
    yield opened
    opened.close()


def named(settings: Settings, name: str) -> Settings:
    """The same group under another name, and nobody else."""
    return replace(settings, groups=(replace(settings.groups[0], name=name),))


@pytest.mark.parametrize("markup", hostile_village.MARKUPS)
def test_a_mail_holds_no_markup_link_or_header_of_anybody_s_making(
    markup: str, reader: Reader, settings: Settings
) -> None:
    name = f"{hostile_village.short(markup)}\r\nBcc: everybody@evil.example\r\n\r\n<p>"
    told = named(settings, name)
    letter = compose.compose(reader, told, told.people[0], MONDAY, NOW)
    mail = build_message(Mail(host="h", sender="us@x.example"), "sam@mail.example", letter, NOW)
    raw = mail.as_bytes().decode()
    head = raw.partition("\n\n")[0]
    assert not re.search(r"^bcc:", head, re.IGNORECASE | re.MULTILINE)
    assert mail["To"] == "sam@mail.example"
    made_of = mail.get_body(("html",))
    assert made_of is not None
    html = str(made_of.get_content())
    assert hostile_village.MARK in html, "the control"
    assert not re.findall(r"<(?:script|img|svg|iframe|b>|style>body)", html, re.IGNORECASE)
    assert not re.findall(r'(?:href|src)="[^"]*(?:evil|javascript:|data:)', html, re.IGNORECASE)


@pytest.mark.parametrize("form", ["pdf", "html"])
@pytest.mark.parametrize("is_for_members", [False, True])
def test_a_report_under_any_name_is_made_and_leads_nowhere(form: str, is_for_members: bool, settings: Settings) -> None:
    for markup in ("typst", "link", "image", "script", "formula", "html"):
        told = named(settings, hostile_village.short(markup))
        trustee = open_reader(told, role="trustee")
        wanted = files.ReportRequest(told.groups[0], form=form, is_for_members=is_for_members)
        content = files.render_report(files.load_report(trustee, wanted, NOW, told), wanted, NOW)
        trustee.close()
        if form == "pdf":
            with pikepdf.open(io.BytesIO(content)) as pdf:
                assert not [one for page in pdf.pages for one in page.get("/Annots", []) if "evil" in repr(one)]
                assert "/OpenAction" not in pdf.Root
        else:
            html = content.decode()
            assert hostile_village.MARK in html, "the control"
            assert not re.findall(r"<(?:script|img|iframe|a )[^>]*(?:hurt|evil)|<b>hurt", html, re.IGNORECASE)


def test_no_exported_cell_holds_a_word_of_anybody_or_begins_like_a_formula(reader: Reader) -> None:
    texts = reader.frame("select text from stored.post_texts", NOW).to_csv()
    assert hostile_village.MARK in texts, "the control"
    wanted = export.Export("riverside", NOW, period_containing("quarter", MONDAY))
    with zipfile.ZipFile(io.BytesIO(export.zip_files(reader, wanted))) as bundle:
        cells: list[Any] = []
        for name in bundle.namelist():
            data = bundle.read(name)
            if name.endswith(".csv"):
                cells += [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert len(cells) > 100
    places = {hostile_village.short("html")}  # what the group itself called a place that it imported numbers from
    assert {cell for cell in cells if hostile_village.MARK in cell} == places
    assert not [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?![\d.])", cell)]


def test_a_group_of_that_name_is_what_was_asked_for(settings: Settings) -> None:
    assert isinstance(settings.groups[0], Group)
    assert settings.groups[0].name == hostile_village.short("bold")
