"""The state of collection as lists and tables: sources, capabilities of servers, notifications, daily duties. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from app.ui.markup import Html, escape_markdown, tag
from app.ui.words import as_sentence, format_ago, format_moment, format_number, has_text, t
from warehouse.casebook.notifications import WEEKLY, Notification, load_troubles
from warehouse.settings import Person


def count_gaps(sources: pd.DataFrame) -> int:
    """How many sources were not read lately, or not whole."""
    return int((sources["is_late"] | ~sources["is_last_run_complete"].fillna(True).astype(bool)).sum())


def source_rows(sources: pd.DataFrame, now: datetime) -> Html | None:
    """Rows of shown.sources → one line each: what it is, when it was last read, and what went wrong. None: no rows."""
    lines = [_source(row, now) for row in sources.itertuples()]
    return tag("ul", *lines, cls="rows") if lines else None


def _source(row: Any, now: datetime) -> Html:
    read = t("going.never") if pd.isna(row.last_ok_at) else t("going.last_good", ago=format_ago(row.last_ok_at, now))
    is_whole = pd.isna(row.is_last_run_complete) or bool(row.is_last_run_complete)
    is_good = is_whole and not row.is_late
    facts = [read]
    if row.incomplete_runs_count:
        facts.append(t("going.gaps", count=row.incomplete_runs_count))
    if pd.notna(row.bytes_count):
        size = f"{row.bytes_count / 1e6:,.1f}" if row.bytes_count < 1e7 else f"{row.bytes_count / 1e6:,.0f}"
        facts.append(t("going.drained", size=size, count=int(row.kept_count)))
    what = t("going.source", kind=_kind(row.kind), network=t(f"network.{row.network}"), target=_target(row))
    more = [" · ".join(facts) + ".", *(_as_sentences(row.last_reason) if not is_good else ())]
    return status_line("✓" if is_good else "!", what, " ".join(more), is_good=is_good)


@dataclass(frozen=True, slots=True)
class CapabilityStatus:
    """What a server lets us see of one thing: from the warehouse, or just asked on the set-up page."""

    capability: str
    server: str
    state: str
    reason: str | None = None
    cure: str | None = None


def capability_rows(capabilities: pd.DataFrame) -> Html | None:
    """shown.capabilities as lines. None: no server was asked yet."""
    facts = capabilities[["capability", "server", "state", "reason", "cure"]]
    statuses = [
        CapabilityStatus(*(value if isinstance(value, str) else "" for value in row)) for row in facts.to_numpy()
    ]
    return capability_lines(statuses) if statuses else None


def capability_lines(statuses: Iterable[CapabilityStatus]) -> Html:
    """For each server one line with all that can be seen, then one for each thing that cannot, with its cure."""
    by_server: dict[str, list[CapabilityStatus]] = {}
    for status in statuses:
        by_server.setdefault(status.server, []).append(status)
    return tag("ul", *(line for of_server in by_server.values() for line in _server(of_server)), cls="rows")


def _server(statuses: list[CapabilityStatus]) -> Iterator[Html]:
    server = t("network.bluesky") if statuses[0].server == "bluesky" else statuses[0].server
    is_open = [status for status in statuses if status.state == "open" and not status.reason]
    if is_open:
        things = ", ".join(_thing(status.capability) for status in is_open)
        yield status_line(t("capability_mark.open"), t("capability.all", server=server), things, is_good=True)
    for status in statuses:
        if status not in is_open:
            thing = _thing(status.capability)
            yield status_line(
                t(f"capability_mark.{status.state}"),
                f"{server} · {thing[:1].upper()}{thing[1:]}: {t(f'capability.{status.state}')}",
                " ".join([*_as_sentences(status.reason), *_as_sentences(status.cure)]),
                is_good=status.state == "open",
            )


def _thing(capability: str) -> str:
    """What a capability is called on screen."""
    return t(f"capability_name.{capability}") if has_text(f"capability_name.{capability}") else capability


def notification_rows(people: Iterable[Person], past: list[Notification], zone: str, now: datetime) -> Html | None:
    """One line per person and channel: when they were last told that people wait, or since when they cannot be. None: nobody."""
    trouble_of = {(trouble.person, trouble.channel): trouble for trouble in load_troubles(past, now)}
    last_sent = {
        (notification.person, notification.channel): notification.at
        for notification in past
        if not notification.failure and notification.kind != "test"
    }
    lines = []
    for person in people:
        for channel in [*person.notify, *([WEEKLY] if person.mail else [])]:
            key = (person.name, channel)
            if trouble := trouble_of.get(key):
                what = t(
                    "going.told_trouble",
                    name=person.name,
                    when=format_moment(trouble.since, zone, now),
                    reason=trouble.reason,
                )
                cure = "going.mail_cure" if channel == WEEKLY else "going.told_cure"
                more = t(cure, channel=channel, name=person.name)
            else:
                called = t("going.weekly_mail") if channel == WEEKLY else channel
                what = t("going.told_person", name=person.name, channel=called)
                is_sent = key in last_sent
                more = t("going.told_last", ago=format_ago(last_sent[key], now)) if is_sent else t("going.told_never")
            lines.append(status_line("!" if trouble else "✓", what, more, is_good=not trouble))
    return tag("ul", *lines, cls="rows") if lines else None


def format_table(rows: pd.DataFrame, zone: str, now: datetime) -> pd.DataFrame:
    """Any frame with its columns named on screen, times in the group's zone, and Markdown escaped. Other columns are left out."""
    return pd.DataFrame(
        {
            t(f"column.{name}"): [_cell(_kind(value) if name == "kind" else value, zone, now) for value in rows[name]]
            for name in rows.columns
            if has_text(f"column.{name}")
        }
    )


def duty_rows(duties: pd.DataFrame, now: datetime) -> str:
    """When each daily duty was last done; late ones are marked. "" where none was done yet."""
    lines = [
        status_line(
            "!" if row["is_late"] else "✓",
            t(f"duty.{row['duty']}"),
            t("going.duty_done", ago=format_ago(row["done_at"].to_pydatetime(), now)),
            is_good=not row["is_late"],
        )
        for row in duties.to_dict("records")
    ]
    return tag("ul", *lines, cls="rows") if lines else ""


def _cell(value: Any, zone: str, now: datetime) -> str:
    if value is None or pd.isna(value):
        return "–"
    if isinstance(value, datetime):
        return format_moment(value, zone, now)
    if isinstance(value, bool):
        return t("column_value.yes" if value else "column_value.no")
    return format_number(value) if isinstance(value, int | float) else escape_markdown(str(value))


def _kind(kind: str) -> str:
    return t(f"kind.{kind}") if has_text(f"kind.{kind}") else kind


def status_line(mark: str, what: str, more: str, *, is_good: bool | None) -> Html:
    """One entry of a list: a mark, what it is about, and what more there is to say. `is_good`: None is neither."""
    style = "mark" if is_good is None else "mark good" if is_good else "mark bad"
    sign = tag("span", mark, cls=style, aria_hidden="true")
    return tag("li", sign, tag("span", what, cls="what"), *((tag("span", more, cls="more"),) if more else ()))


def _target(row: Any) -> str:
    """What is read: an account as the group wrote it; a tag with its sign and, where several servers are asked, where."""
    if row.kind not in ("hashtag", "topic"):
        return str(row.target or row.server)
    place = t("going.on_server", server=row.server) if row.network == "mastodon" else ""
    return f"#{row.target}{place}"


def _as_sentences(text: Any) -> list[str]:
    """A reason or a cure as a sentence."""
    return [as_sentence(text)] if isinstance(text, str) and text.strip() else []
