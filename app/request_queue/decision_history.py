"""The decisions on one item: who did what, when, with the notes; what was taken back is struck through."""

from datetime import datetime

import streamlit as st

from app.components.page_context import PageContext
from app.data.readers import casebook_for
from app.ui import words
from app.ui.markup import Html, join_html, tag, user_text
from app.ui.words import is_given, t
from warehouse.casebook.decisions import Event, undone_event_ids


def draw_history(here: PageContext, post_id: str) -> None:
    """Folded under the card, the last note in the open; nothing where nobody did anything."""
    events = [event for group_id in here.group_ids() for event in casebook_for([group_id]).history(group_id, post_id)]
    if note := last_note(events):
        note_text = user_text(note.detail["text"], 500)
        st.html(
            tag("p", tag("strong", t("history.note"), " ", user_text(note.who, 40)), ": ", note_text, cls="team-note")
        )
    lines = history_lines(events, here.group.timezone, here.now)
    if lines:
        with st.expander(t("history.title", count=len(lines)), key=f"history-{post_id}"):
            st.html(tag("ul", *lines, cls="places"))


def history_lines(events: list[Event], zone: str, now: datetime) -> list[Html]:
    """One line for each thing done, oldest first. An undo is shown on the line that it took back.

    What was decided for several groups at once stands there once.
    """
    undone = undone_event_ids(events)
    group_of_event: dict[tuple[object, ...], str] = {}
    lines = []
    for event in sorted(events, key=lambda event: event.event_id):
        first = group_of_event.setdefault((event.at, event.who, event.what, repr(event.detail)), event.group_id)
        if event.what != "undo" and event.group_id == first:
            lines.append(_line(event, zone, now, event.event_id in undone))
    return lines


def last_note(events: list[Event]) -> Event | None:
    """The newest note or hand-over with words that still stands."""
    undone = undone_event_ids(events)
    latest = sorted(events, key=lambda event: -event.event_id)
    return next((event for event in latest if event.detail.get("text") and event.event_id not in undone), None)


def _line(event: Event, zone: str, now: datetime, is_gone: bool) -> Html:
    deed = join_html(tag("strong", user_text(event.who, 40)), " ", _did(event))
    text = event.detail.get("text")
    return tag(
        "li",
        tag("s", deed) if is_gone else deed,
        *((" ", t("history.undone")) if is_gone else ()),
        tag("span", f" · {words.format_moment(event.at, zone, now)}", cls="small"),
        *((tag("p", user_text(text, 500), cls="note"),) if text else ()),
    )


def _did(event: Event) -> Html:
    detail = event.detail
    if event.what == "hand_over":
        return join_html(t("did.hand_over"), " ", user_text(str(detail.get("to", "")), 40))
    if event.what == "correct_support" and detail.get("support"):
        return join_html(t("did.correct_support"), ": ", t(f"support.{detail['support']}"))
    if event.what == "flag":
        flag = "signpost" if detail.get("flag") == "needs a signpost" else detail.get("flag") or "none"
        return join_html(t("did.flag"), ": ", t(f"flag.{flag}"))
    if event.what == "answered_elsewhere" and is_given(detail.get("reason")):
        return join_html(t("did.answered_elsewhere"), f" ({describe_way(detail['reason'])})")
    if event.what == "snooze" and not detail.get("until"):
        return join_html(t("did.wake"))
    return join_html(t(f"did.{event.what}"))


def describe_way(reason: str) -> str:
    """How it was answered elsewhere, in words; an unknown one as it stands."""
    return t(f"way.{reason}") if words.has_text(f"way.{reason}") else reason
