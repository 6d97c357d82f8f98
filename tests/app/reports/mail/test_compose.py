"""What the weekly mail says: the numbers of the page, in the person's own language."""

import re
import string
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from app import queries
from app.analytics import tiles
from app.analytics.period import period_containing
from app.reports.mail.compose import compose_part
from app.reports.mail.language import MailTexts, load_texts
from tests.support.village import NOW
from warehouse.settings import Settings
from warehouse.settings.validators.people import LANGUAGES
from warehouse.snapshots.reader import Reader, open_reader

MONDAY = date(2026, 11, 9)


@pytest.fixture(scope="module")
def reader(published: Settings) -> Reader:
    return open_reader(published)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_in_the_mail_is_the_one_on_this_weeks_page(
    language: str, reader: Reader, published: Settings
) -> None:
    told = compose_part(reader, published, published.groups[0], language, MONDAY, NOW)
    t = MailTexts(language).t
    weeks = queries.week.latest(reader, NOW, "riverside")
    this = weeks[weeks["week_start_date"].dt.date == MONDAY].iloc[0]
    shown = queries.period.numbers(reader, NOW, "riverside", MONDAY, MONDAY + timedelta(days=7)).iloc[0]
    usual = tiles.index_by_measure(queries.week.usual_ranges(reader, NOW, "riverside", MONDAY))
    by_measure = {one.measure: one for one in tiles.period_tiles(shown, None, usual, period_containing("week", MONDAY))}
    rows = {row.label: row.value for row in told.rows}
    assert rows[t("asked_label")] == by_measure["asks_count"].value == str(this.asks_count)
    kept, due = re.findall(r"\d+", by_measure["answered_in_promise_share"].value)
    assert rows[t("kept_label")] == t("x_of_y", x=kept, y=due)
    assert rows[t("peers_label")] == str(this.by_peer_count)
    assert rows[t("group_label")] == str(this.by_group_count)
    assert rows[t("engagement_label")] == by_measure["engagement_gained"].value
    assert rows[t("followers_label")].startswith(by_measure["followers_gained"].value)
    waiting = queries.queue.totals(reader, NOW, "riverside").iloc[0].open_count
    assert str(waiting) in told.lead


def keys(found: dict[str, Any], above: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every text with the names that are filled in."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield from keys(value, f"{above}{name}.")
        else:
            written = value if isinstance(value, str) else ""
            yield (
                f"{above}{name}",
                sorted({field for _, field, *_ in string.Formatter().parse(written) if field} - {"count"}),
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_places_to_fill(language: str) -> None:
    assert dict(keys(dict(load_texts(language)))) == dict(keys(dict(load_texts("en"))))


def test_numbers_are_written_as_people_write_them() -> None:
    assert [MailTexts(one).format_number(1234567.5) for one in ("en", "de")] == ["1,234,567.5", "1.234.567,5"]
    assert MailTexts("de").format_signed(-1234) == "−1.234"
    assert MailTexts("de").format_week(date(2026, 12, 28)) == "28. Dezember bis 3. Januar"
    assert [MailTexts(one).format_week(MONDAY) for one in ("en", "de")] == ["9 to 15 November", "9. bis 15. November"]


def test_a_week_that_was_not_collected_says_so_and_claims_nothing(reader: Reader, published: Settings) -> None:
    told = compose_part(reader, published, published.groups[0], "en", date(2020, 1, 6), NOW)
    assert told.rows == ()
    assert told.lead == MailTexts("en").t("gap")
