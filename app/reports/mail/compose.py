"""Composes the weekly mail: how last week went, in numbers. No quoted text and no name of anybody who wrote.

The numbers come from the queries of *This week*: what stands in the mail stands on the page.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from app import queries
from app.queries.reader import QueryReader
from app.reports.mail.language import MailTexts
from app.reports.mail.layout import Part, Row, lay_out_letter
from warehouse.casebook.mail_preferences import MailAddressee, unsubscribe_links
from warehouse.settings import Group, Person, Settings
from warehouse.storage.keys import load_key


def compose(reader: QueryReader, settings: Settings, person: Person, monday: date, now: datetime) -> MailAddressee:
    """The mail to a person on the week that began on `monday`. Raises WarehouseError without the data folder's key."""
    parts = [
        compose_part(reader, settings, group, person.language, monday, now) for group in groups_of(settings, person)
    ]
    return lay_out_letter(parts, person, monday, unsubscribe_links(settings, load_key(settings.data_dir), person))


def groups_of(settings: Settings, person: Person) -> list[Group]:
    """The groups that somebody looks after."""
    return [group for group in settings.groups if not person.groups or group.id in person.groups]


def compose_part(
    reader: QueryReader, settings: Settings, group: Group, language: str, monday: date, now: datetime
) -> Part:
    """What the mail says of one group's week; little where that week was not collected."""
    texts = MailTexts(language)
    weeks = queries.week.latest(reader, now, group.id)
    of_week = weeks[weeks["week_start_date"].dt.date == monday]
    queue = queries.queue.totals(reader, now, group.id)
    link = (
        f"{settings.dashboard_url}/?{urlencode({'group': group.id})}"
        if len(settings.groups) > 1
        else settings.dashboard_url
    )
    places = queries.period.offline_counts(reader, now, group.id, monday, monday + timedelta(days=7))
    elsewhere = tuple(_elsewhere(texts, places))
    if of_week.empty or queue.empty:
        return Part(group.name, f"{group.name}: {texts.t('not_known')}", texts.t("gap"), elsewhere, (), link)
    this: Any = of_week.iloc[0]
    usual = queries.week.usual_ranges(reader, now, group.id, monday)
    return Part(
        group.name,
        _subject(texts, group.name, this),
        _lead(texts, this, queue.iloc[0], group.promise_hours),
        (*_rows(texts, this, {str(row.measure): row for row in usual.itertuples()}), *elsewhere),
        (texts.t("gap"),) if this.has_gap else (),
        link,
    )


def _subject(texts: MailTexts, group: str, this: Any) -> str:
    asked = texts.t("asked_short", int(this.asks_count))
    if not this.due_count:
        return texts.t("subject", group=group, asked=asked)
    kept, due = texts.format_number(this.answered_in_promise_count), texts.format_number(this.due_count)
    return texts.t("subject_kept", group=group, asked=asked, kept=kept, due=due)


def _lead(texts: MailTexts, this: Any, queue: Any, promise_hours: int) -> str:
    sentences = [texts.t("asked", int(this.asks_count))]
    if this.due_count:
        kept, promise = texts.format_number(this.answered_in_promise_count), texts.format_duration(promise_hours)
        sentences.append(texts.t("kept", int(this.due_count), kept=kept, duration=promise))
    elif this.asks_count:
        sentences.append(texts.t("early"))
    longest = "" if pd.isna(queue.oldest_waiting_hours) else texts.format_duration(queue.oldest_waiting_hours)
    return " ".join([*sentences, texts.t("waiting", int(queue.open_count), duration=longest)])


def _rows(texts: MailTexts, this: Any, usual: dict[str, Any]) -> list[Row]:
    number, t = texts.format_number, texts.t
    kept = t("none_due")
    if this.due_count:
        kept = t("x_of_y", x=number(this.answered_in_promise_count), y=number(this.due_count))
    engagement = t("not_known") if pd.isna(this.engagement_gained) else texts.format_signed(this.engagement_gained)
    followers = t("not_known") if pd.isna(this.followers_end) else number(this.followers_end)
    if pd.notna(this.followers_end) and pd.notna(this.followers_gained):
        followers = t("gained", value=followers, gain=texts.format_signed(this.followers_gained))
    lines = [
        ("asks_count", "asked", number(this.asks_count)),
        ("answered_in_promise_share", "kept", kept),
        ("by_peer_count", "peers", number(this.by_peer_count)),
        ("by_group_count", "group", number(this.by_group_count)),
        *([("", "unknown", number(this.unknown_count))] if this.unknown_count else []),
        ("engagement_gained", "engagement", engagement),
        ("followers_gained", "followers", followers),
    ]
    return [Row(t(f"{name}_label"), value, _compared(texts, usual.get(measure))) for measure, name, value in lines]


def _elsewhere(texts: MailTexts, places: pd.DataFrame) -> Iterator[Row]:
    """What was asked in places that the group counts by hand: apart, for nobody knows how long people waited there."""
    place: Any
    for place in places[places["asks_count"].notna()].itertuples():
        asked = texts.format_number(place.asks_count)
        if pd.notna(place.answered_count):
            asked = texts.t("elsewhere", asked=asked, answered=texts.format_number(place.answered_count))
        yield Row(texts.t("imported_label", place=str(place.place)), asked)


def _compared(texts: MailTexts, usual: Any) -> str:
    if usual is None or pd.isna(usual.lowest) or pd.isna(usual.highest) or pd.isna(usual.value):
        return ""
    format_value = (
        texts.format_signed if usual.measure == "followers_gained" else texts.format_number
    )  # what is said of followers is the gain
    lowest, highest = (format_value(round(value)) for value in (usual.lowest, usual.highest))
    if usual.measure.endswith("_share"):
        lowest, highest = (texts.t("percent", value=value) for value in (lowest, highest))
    key = "usual" if not usual.is_unusual else "above" if usual.value > usual.highest else "below"
    return texts.t(key, lowest=lowest, highest=highest)
