"""Forms for the [[roles]] of mutuals.toml: letting people in and taking them out, at once. And the access log."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice

import pandas as pd
import streamlit as st

from app.auth import access_log, permissions
from app.components.layout import draw_problem
from app.ui.markup import escape_markdown, tag
from app.ui.words import format_moment, has_text, t
from warehouse.errors import SettingsError
from warehouse.settings import Role, Settings, add_role, remove_roles
from warehouse.settings.schema import NOBODY, ROLES

_LOOKS = 100


def draw_roles(settings: Settings) -> None:
    """Everybody who may see something, with a way to take them out."""
    organisers = [role for role in settings.roles if role.role == "organiser" and not role.groups]
    for role in settings.roles:
        what = t("who_may.line", role=t(f"role.{role.role}"), groups=_groups(role, settings))
        with st.container(horizontal=True, vertical_alignment="center", key=f"role-{_key(role)}"):
            st.html(tag("p", tag("strong", _called(role)), f" · {what}", cls="slot"))
            if organisers == [role]:
                st.html(tag("p", t("who_may.last"), cls="small"))
            elif st.button(
                t("who_may.remove"),
                key=f"take-out-{_key(role)}",
                type="tertiary",
                help=escape_markdown(f"{_called(role)}, {what}"),
            ):
                _change(partial(remove_roles, settings.config, [role]), t("who_may.removed", who=_called(role)))


def draw_role_form(settings: Settings) -> None:
    """The form that lets somebody in."""
    names = {group.id: group.name for group in settings.groups}
    with st.form("let-in", clear_on_submit=True, border=False):
        address = st.text_input(
            t("who_may.address"), key="let-in-address", placeholder=t("who_may.address_example"), max_chars=200
        )
        role = st.radio(
            t("who_may.role"), (*ROLES[::-1], NOBODY), index=1, format_func=lambda name: t(f"role_about.{name}")
        )
        groups = st.multiselect(
            t("who_may.groups"),
            list(names),
            format_func=lambda key: names[key],
            placeholder=t("who_may.groups_example"),
        )
        name = st.text_input(t("who_may.name"), key="let-in-name", max_chars=40)
        pressed = st.form_submit_button(t("who_may.add_button"), type="primary")
    if pressed and "@" not in address:
        draw_problem(t("who_may.incomplete"))
    elif pressed:
        one = Role(role, who=address.strip(), groups=tuple(groups), name=" ".join(name.split()))
        _change(partial(add_role, settings.config, one), t("who_may.added", who=_called(one)))


def draw_access_log(settings: Settings, now: datetime) -> None:
    """The newest lines of the access log."""
    names = {group.id: group.name for group in settings.groups}
    zone = settings.groups[0].timezone if settings.groups else "UTC"
    rows = [
        (
            format_moment(look.at, zone, now),
            escape_markdown(look.who),
            t(f"role.{look.role}") if has_text(f"role.{look.role}") else "–",
            escape_markdown(names.get(look.group, look.group)) or t("who_may.every_group"),
            t(f"nav.{look.page}") if has_text(f"nav.{look.page}") else t(f"taken.{look.page}"),
        )
        for look in islice(access_log.read_entries(settings), _LOOKS)
    ]
    if not rows:
        st.html(tag("p", t("who_may.log_none"), cls="sub"))
        return
    heads = [t(f"look.{name}") for name in ("at", "who", "role", "group", "page")]
    st.table(pd.DataFrame(rows, columns=heads), hide_index=True, border="horizontal")


def draw_outcome() -> None:
    """What was just done, or why not."""
    words, is_done = st.session_state.pop("let_in", ("", True))
    if words and is_done:
        st.html(tag("p", words, cls="done", role="status"))
    elif words:
        draw_problem(words)


def _change(change: Callable[[], object], done: str) -> None:
    if not permissions.may_see_page(permissions.require_identity(), "who_may"):
        raise permissions.NotAllowed
    try:
        change()
    except SettingsError as error:
        st.session_state["let_in"] = (str(error), False)
    else:
        st.session_state["let_in"] = (done, True)
    st.rerun()


def _key(role: Role) -> str:
    """What a button is known by: the list may have changed since it was drawn, and nobody else may be taken out."""
    return "-".join((role.role, role.who or role.claim, *role.groups))


def _called(role: Role) -> str:
    if role.claim:
        return t("who_may.claim", claim=role.claim)
    return f"{role.name} ({role.who})" if role.name else role.who


def _groups(role: Role, settings: Settings) -> str:
    names = {group.id: group.name for group in settings.groups}
    return ", ".join(names[group] for group in role.groups) or t("who_may.every_group")
