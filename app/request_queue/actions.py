"""The buttons and menus of one item of the queue: reply there, claim it, snooze it, say how it ended, flag an answer."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from app.auth import display_name
from app.components.page_context import PageContext
from app.data import decisions
from app.request_queue import decision_forms
from app.ui.markup import safe_link, tag
from app.ui.words import is_given, t

MORNING, EVENING = time(8), time(19)
KINDS = ("emotional", "informational", "practical", "unsure")  # of support
# On each list: the buttons, and what stands under “More”.
BUTTONS = {
    "waiting": ("claim",),
    "maybe": ("is_request", "not_a_request"),
    "welcome": ("no_reply_needed", "is_request"),
    "put off": ("wake", "claim"),
    "check back": ("looked_after",),
    "second voice": (),
    "done": ("reopen",),
}
_ENDINGS = ("answered_here", "answered_elsewhere", "no_reply_needed", "closed_without_answer", "not_a_request")
MORE = {
    "waiting": ("hand_over", *_ENDINGS, "note", "kind"),
    "maybe": ("answered_elsewhere", "note"),
    "welcome": ("note",),
    "put off": ("hand_over", *_ENDINGS, "note", "kind"),
    "check back": ("hand_over", "note", "kind"),
    "second voice": ("hand_over", "note", "kind"),
    "done": ("note",),
}


def snooze_times(now: datetime, zone: str) -> dict[str, datetime]:
    """The times until which an item can be snoozed, by name.

    In the evening there is no tonight any more; before the morning, the morning is today's.
    """
    local = now.astimezone(ZoneInfo(zone))
    morning = local.date() + timedelta(days=0 if local.time() < MORNING else 1)
    times = {
        "tonight": datetime.combine(local.date(), EVENING, local.tzinfo),
        "morning": datetime.combine(morning, MORNING, local.tzinfo),
        "three_days": datetime.combine(local.date() + timedelta(days=3), MORNING, local.tzinfo),
    }
    return {name: at for name, at in times.items() if at - local > timedelta(hours=1)}


def draw_actions(here: PageContext, row: pd.Series) -> None:
    """Draw the last line of a card. `row`: of shown.requests."""
    post_id = str(row.post_id)
    _link(row)
    for button in BUTTONS[row.listed_in]:
        action = "release" if button == "claim" and is_given(row.claimed_by) else button
        label = t(f"act.{row.listed_in}_{action}".replace(" ", "_"))
        st.button(label, key=f"{action}-{post_id}", on_click=_press, args=(here, post_id, action))
    if row.listed_in in ("waiting", "maybe"):
        _menu(here, post_id, "later", list(snooze_times(here.now, here.group.timezone)))
    _menu(here, post_id, "more", _more(row))


def _menu(here: PageContext, post_id: str, name: str, actions: list[str]) -> None:
    key = f"{name}-{post_id}"
    st.menu_button(
        t(f"act.{name}"),
        actions,
        format_func=lambda action: t(f"act.{action}"),
        key=key,
        type="tertiary",
        on_click=lambda: _press(here, post_id, st.session_state[key]),
    )


def _more(row: pd.Series) -> list[str]:
    entries = []
    for action in MORE[row.listed_in]:
        entries += [f"kind_{kind}" for kind in KINDS if kind != row.support_asked] if action == "kind" else [action]
    return entries


def _link(row: pd.Series) -> None:
    network = t(f"network.{row.network}")
    address = safe_link(row.link)
    if not address:
        st.html(tag("p", t("waiting.no_link", network=network), cls="small"))
        return
    if row.listed_in == "done" or row.state == "unknown" or row.is_link_only:
        verb = "waiting.look"
    else:
        verb = {"welcome": "act.welcome", "second voice": "act.add_a_word", "check back": "act.ask_them"}.get(
            row.listed_in, "waiting.reply"
        )
    st.link_button(t(verb, network=network), address, type="primary", key=f"link-{row.post_id}")


def _press(here: PageContext, post_id: str, what: str) -> None:
    """Record it, or ask first for what must be known. Runs before the page is drawn anew."""
    detail: dict[str, Any] = {}
    if what in decision_forms.FORMS:
        decision_forms.open_form(here, post_id, what)
        return
    if what.startswith("kind_"):
        what, detail = "correct_support", {"support": what.removeprefix("kind_")}
    elif what in (presets := snooze_times(here.now, here.group.timezone)):
        what, detail = "snooze", {"until": presets[what].isoformat()}
    elif what == "wake":
        what, detail = "snooze", {"until": None}
    elif what == "claim":
        detail = {"until": (here.now + timedelta(hours=here.group.claim_hours)).isoformat()}
    decisions.record_press(here.group_ids(), post_id, what, detail)


def draw_flag_menu(here: PageContext, post: pd.Series, card: str) -> None:
    """Draw the menu that flags an answer as misleading, hostile or needing a signpost, or takes the flag back."""
    is_flagged, key, post_id = is_given(post.flag), f"flag-{card}-{post.post_id}", str(post.post_id)
    st.menu_button(
        t("flag.flagged" if is_flagged else "flag.flag"),
        ["none"] if is_flagged else list(_FLAGS),
        format_func=lambda name: t(f"flag.{name}"),
        key=key,
        type="tertiary",
        on_click=lambda: decisions.record_press(
            here.group_ids(), post_id, "flag", {"flag": _FLAGS.get(st.session_state[key])}
        ),
    )


_FLAGS = {"misleading": "misleading", "hostile": "hostile", "signpost": "needs a signpost"}


def is_mine(row: pd.Series) -> bool:
    """Did the person at this browser take it on?"""
    return is_given(row.claimed_by) and row.claimed_by == display_name.current_name()
