"""Forms for the group's meetings and dates: add, import from a calendar file, remove. Each change can be taken back."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import streamlit as st

from app import runtime
from app.auth import display_name
from app.components import date_marks
from app.data.readers import casebook_for
from app.ui.markup import escape_markdown, tag
from app.ui.words import t
from warehouse.casebook import dates
from warehouse.casebook.dates import KINDS, LONGEST, DateDraft, DateEntry
from warehouse.casebook.events import Casebook, CasebookError
from warehouse.casebook.ics import parse_ics
from warehouse.settings import Group

Change = Callable[[Casebook, str, datetime], int]  # casebook, who, when → the change's number
_BACK, _AHEAD = timedelta(days=366), timedelta(days=366)


def apply_change(group_id: str, change: Change, done: str, *, is_undo: bool = False) -> None:
    """Make a change under this browser's name, asking for the name first where there is none; then draw anew."""

    def record() -> None:
        try:
            event_id = change(casebook_for([group_id]), display_name.current_name(), runtime.current().clock())
        except (ValueError, CasebookError) as error:
            st.session_state["dates_done"] = (str(error), None)
        else:
            st.session_state["dates_done"] = (done, None if is_undo else event_id)

    if not display_name.current_name():
        display_name.ask_for_name(record)
        return
    record()
    st.rerun()


def draw_outcome(group_id: str) -> None:
    """What was just done, and a way to take it back."""
    words, event_id = st.session_state.get("dates_done", ("", None))
    if not words:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="done-dates"):
        st.html(tag("p", words, cls="done", role="status"))
        if event_id is not None and st.button(t("waiting.undo"), key="undo-dates", type="tertiary"):
            apply_change(
                group_id,
                lambda book, who, at: dates.undo_change(book, group_id, who, at, event_id),
                t("done.undone"),
                is_undo=True,
            )


def draw_date_form(group_id: str, today: date) -> None:
    """The form for one date."""
    with st.form("add-date", clear_on_submit=True, border=False):
        title = st.text_input(t("dates.title"), max_chars=LONGEST, key="date-title")
        kind = st.selectbox(t("dates.kind"), KINDS, format_func=lambda name: t(f"date_kind.{name}"), key="date-kind")
        left, right = st.columns(2)
        first = left.date_input(t("dates.first"), value=today, key="date-first", format="DD/MM/YYYY")
        last = right.date_input(t("dates.last"), value=None, key="date-last", format="DD/MM/YYYY")
        pressed = st.form_submit_button(t("dates.add"), type="primary")
    if not pressed:
        return
    ends = last if isinstance(last, date) else first
    if not str(title or "").strip() or not isinstance(first, date) or not isinstance(ends, date) or ends < first:
        st.html(tag("p", t("dates.incomplete"), cls="problem", role="alert"))
        return
    draft = DateDraft(kind, str(title), first, ends)
    apply_change(
        group_id,
        lambda book, who, at: dates.add_date(book, group_id, who, at, draft),
        t("dates.added", title=draft.title),
    )


def draw_calendar_import(group: Group, known: Sequence[DateEntry], now: datetime, today: date) -> None:
    """A calendar file: what it holds and what is wrong with it is shown first; nothing is kept until somebody says so."""
    upload = st.file_uploader(t("dates.file"), type=["ics"], key="date-file")
    if upload is None:
        return
    calendar = parse_ics(upload.getvalue(), group.timezone, today - _BACK, today + _AHEAD)
    fresh = [draft for draft in calendar.drafts if not date_marks.is_known(draft, known)]
    st.html(tag("p", t("dates.file_holds", count=len(fresh)), cls="sub", role="status"))
    if calendar.problems:
        st.html(tag("p", t("dates.file_wrong", count=len(calendar.problems)), cls="sub"))
        st.table(date_marks.problem_table(calendar.problems), hide_index=True, border="horizontal")
    if calendar.drafts:
        with st.expander(t("dates.file_dates"), expanded=True, key="file-dates"):
            st.table(date_marks.draft_table(calendar.drafts, known, now), hide_index=True, border="horizontal")
    if fresh and st.button(t("dates.import", count=len(fresh)), key="import-dates", type="primary"):
        apply_change(
            group.id,
            lambda book, who, at: dates.add_dates(book, group.id, who, at, fresh),
            t("dates.imported", count=len(fresh)),
        )


def draw_dates(group_id: str, dates_listed: Sequence[DateEntry], now: datetime) -> None:
    """Some dates, each with a way to take it off."""
    for dated in dates_listed:
        with st.container(horizontal=True, vertical_alignment="center", key=f"date-{dated.event_id}-{dated.place}"):
            kind, at = t(f"date_kind.{dated.draft.kind}"), date_marks.format_when(dated.draft, now)
            st.html(tag("p", tag("strong", at), f" · {dated.draft.title} · {kind}", cls="slot"))
            label = t("rota.remove")
            key = f"off-{dated.event_id}-{dated.place}"
            if st.button(label, key=key, type="tertiary", help=escape_markdown(f"{label}: {dated.draft.title}, {at}")):
                apply_change(
                    group_id,
                    lambda book, who, moment, removed=dated: dates.remove_date(book, group_id, who, moment, removed),  # type: ignore[misc]
                    t("rota.taken_off", person=dated.draft.title),
                )
