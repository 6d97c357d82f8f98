"""Forms for the rota: hours, times away, taking either off."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import streamlit as st

from app import runtime
from app.analytics import rota_coverage
from app.auth import display_name
from app.data.readers import casebook_for
from app.ui.markup import escape_markdown, tag
from app.ui.words import t
from warehouse.casebook import rota_events
from warehouse.casebook.events import Casebook, CasebookError
from warehouse.casebook.rota import Rota, names_in_rota

Change = Callable[[Casebook, str, datetime], object]  # casebook, who, when


def apply_change(group_id: str, change: Change, done: str) -> None:
    """Make a change under this browser's name, asking for the name first where there is none; then draw anew."""

    def record() -> None:
        try:
            change(casebook_for([group_id]), display_name.current_name(), runtime.current().clock())
        except (ValueError, CasebookError) as error:
            st.session_state["rota_done"] = str(error)
        else:
            st.session_state["rota_done"] = done

    if not display_name.current_name():
        display_name.ask_for_name(record)
        return
    record()
    st.rerun()


def draw_outcome() -> None:
    """What was just done."""
    if done := st.session_state.pop("rota_done", None):
        st.html(tag("p", done, cls="done", role="status"))


def known_names(group_id: str, rota: Rota) -> list[str]:
    """Whom somebody may mean: themselves, who is on the group's rota, who is notified."""
    people = runtime.current().settings.people
    settings_names = [person.name for person in people if not person.groups or group_id in person.groups]
    return list(
        dict.fromkeys(name for name in (display_name.current_name(), *names_in_rota(rota), *settings_names) if name)
    )


def draw_hours_form(group_id: str, names: Sequence[str]) -> None:
    """The form for new hours."""
    with st.form("add-hours", clear_on_submit=True, border=False):
        person = _person(names, "slot-person")
        days = st.pills(
            t("rota.days"),
            list(range(1, 8)),
            format_func=rota_coverage.weekday_name,
            selection_mode="multi",
            key="slot-days",
        )
        left, right = st.columns(2)
        start = left.selectbox(
            t("rota.from"), list(range(24)), index=18, format_func=rota_coverage.format_hour, key="slot-start"
        )
        end = right.selectbox(
            t("rota.until"), list(range(1, 25)), index=21, format_func=rota_coverage.format_hour, key="slot-end"
        )
        st.html(tag("p", t("rota.over_midnight"), cls="small"))
        pressed = st.form_submit_button(t("rota.add"), type="primary")
    if not pressed:
        return
    if not person or not days or start % 24 == end % 24:
        st.html(tag("p", t("rota.incomplete"), cls="problem", role="alert"))
        return
    apply_change(
        group_id,
        lambda book, who, at: rota_events.add_slot(
            book, group_id, who, at, person=person, weekdays=days, start=start, end=end
        ),
        t("rota.added", person=person),
    )


def draw_away_form(group_id: str, names: Sequence[str], today: date) -> None:
    """The form for a time away."""
    with st.form("add-away", clear_on_submit=True, border=False):
        person = _person(names, "away-person")
        left, right = st.columns(2)
        first = left.date_input(t("rota.first_day"), value=today, key="away-first", format="DD/MM/YYYY")
        last = right.date_input(t("rota.last_day"), value=today, key="away-last", format="DD/MM/YYYY")
        pressed = st.form_submit_button(t("rota.add_away"), type="primary")
    if not pressed:
        return
    if not person or not isinstance(first, date) or not isinstance(last, date) or last < first:
        st.html(tag("p", t("rota.incomplete_away"), cls="problem", role="alert"))
        return
    apply_change(
        group_id,
        lambda book, who, at: rota_events.add_away(book, group_id, who, at, person=person, first=first, last=last),
        t("rota.added_away", person=person),
    )


def draw_rota_lines(group_id: str, rota: Rota, now: datetime) -> None:
    """Everything on the rota, with a way to take it off."""
    listed = [(one.event_id, one.person, rota_coverage.slot_line(one)) for one in rota.slots]
    today = now.date()
    listed += [
        (one.event_id, one.person, t("rota.is_away_line", dates=rota_coverage.away_line(one, now)))
        for one in rota.aways
        if one.last >= today
    ]
    for event_id, person, words in sorted(listed, key=lambda one: (one[1].casefold(), one[0])):
        with st.container(horizontal=True, vertical_alignment="center", key=f"slot-{event_id}"):
            st.html(tag("p", tag("strong", person), f" · {words}", cls="slot"))
            label = t("rota.remove")
            if st.button(
                label, key=f"remove-{event_id}", type="tertiary", help=escape_markdown(f"{label}: {person}, {words}")
            ):
                apply_change(
                    group_id,
                    lambda book, who, at, gone=event_id: rota_events.remove_entry(book, group_id, who, at, gone),  # type: ignore[misc]
                    t("rota.taken_off", person=person),
                )


def _person(names: Sequence[str], key: str) -> str:
    chosen = st.selectbox(
        t("rota.person"), names, index=None, accept_new_options=True, placeholder=t("rota.person_example"), key=key
    )
    return str(chosen or "").strip()[:40]
