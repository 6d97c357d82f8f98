"""Which group is looked at: the switch in the side bar, and the choice it leaves."""

import streamlit as st

from app.auth import permissions
from app.components import url_state
from app.ui.words import sanitise, t
from warehouse.settings import Group

ALL_GROUPS = "all_groups"  # the session's key of the switch above the queue that shows every group's at once


def draw_group_switch() -> None:
    """The switch in the side bar where there are several groups; the choice stands in the address, so links keep it."""
    names = {group.id: sanitise(group.name, 200) for group in _groups()}
    if len(names) > 1:
        first = next(iter(names))
        url_state.read_from_url("group", names, first)
        with st.sidebar:
            chosen = st.selectbox(t("page.group"), list(names), format_func=lambda key: names[key], key="group")
        url_state.write_to_url("group", chosen if chosen != first else None)


def _groups() -> tuple[Group, ...]:
    return permissions.groups_open_to(permissions.require_identity(), "trustee")


def chosen_group() -> Group:
    """The group that is looked at: the chosen one, or the first that is open to whoever looks."""
    groups = _groups()
    chosen = st.session_state.get("group")
    return next((group for group in groups if group.id == chosen), groups[0])


def is_on_all_groups() -> bool:
    """Does the queue show the requests of all groups at once?"""
    return bool(st.session_state.get(ALL_GROUPS))
