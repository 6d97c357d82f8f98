"""The top of every page: heading, freshness, and in place of a page why it cannot be shown."""

from typing import NoReturn

import streamlit as st

from app import runtime
from app.auth import permissions
from app.auth.permissions import NotAllowed
from app.components import freshness, group_switch
from app.components.layout import draw_empty_state, draw_heading, draw_problem
from app.components.page_context import PageContext
from app.components.signposts import draw_signposts
from app.data import readers
from app.ui import theme
from app.ui.words import t
from warehouse.casebook.events import CasebookError
from warehouse.errors import WarehouseError


def begin_page(name: str) -> PageContext:
    """Draw the top of a page and say what it is about. Ends the run with an empty state where nothing can be shown."""
    need = permissions.ROLE_NEEDED[name]
    role = "trustee" if need == "trustee" else "group"
    group = group_switch.chosen_group()
    now = runtime.current().clock()
    draw_heading(t(f"nav.{name}"), eyebrow=group.name)
    try:
        reader = readers.reader_for(need, group.id)
        freshness.draw_freshness(group.id, group.timezone, reader.name, need)
    except NotAllowed:
        _end_as_not_open(group.name)
    except readers.NothingPublished as nothing:
        _draw_signposts(name)
        why = "page.upgraded" if isinstance(nothing, readers.OlderSnapshot) else "page.no_snapshot"
        draw_empty_state(why, mark="…", command=t("page.no_snapshot_command"))
        freshness.redraw_once_published(need)
        st.stop()
    except (WarehouseError, CasebookError) as error:
        _draw_signposts(name)
        draw_problem(t("page.cannot_read"), str(error))
        st.stop()
    return PageContext(group, now, reader, role, theme.palette(st.context.theme.type))


def begin_page_for_all_groups(name: str, title: str) -> None:
    """Draw the top of a page that is about no group. Ends the run where it is not open to whoever looks at it."""
    draw_heading(title)
    if not permissions.may_see_page(permissions.require_identity(), name):
        _end_as_not_open(t("page.all_groups"))
    if runtime.current().settings.sign_in:
        freshness.redraw_once_closed(name)


def _end_as_not_open(what: str) -> NoReturn:
    draw_empty_state("page.not_open", mark="–", group=what)
    st.stop()


def _draw_signposts(name: str) -> None:
    """Where to turn for more than a reply stands on the queue's page also when there is no queue to show."""
    if name == "waiting":
        draw_signposts()
