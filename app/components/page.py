"""What every page has around it: group, title, freshness, banners, empty states; a chart with its table."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from app import runtime
from app.auth import permissions
from app.charts import figures, frame
from app.components import date_marks, freshness, tour, url_state
from app.components.signposts import signposts
from app.data import decisions, readers
from app.data.readers import Allowed
from app.ui import theme
from app.ui.markup import join, literal, tag
from app.ui.words import plain, t
from warehouse.casebook.events import CasebookError
from warehouse.errors import WarehouseError
from warehouse.settings import Group
from warehouse.transform.definitions import definitions


@dataclass(frozen=True, slots=True)
class Here:
    """What a page needs to know: for whom, when, and where to read."""

    group: Group
    now: datetime
    reader: Allowed
    role: str
    colours: theme.Palette
    also: tuple[Group, ...] = ()  # other groups that one item is addressed to as well

    def of(self, group_id: str, also: Collection[str] = ()) -> "Here":
        """The same moment, for another of the groups; `also`: and at once for these."""
        groups = self.open_to()
        group = next((one for one in groups if one.id == group_id), self.group)
        return replace(self, group=group, also=tuple(one for one in groups if one.id in also))

    def groups(self) -> tuple[Group, ...]:
        """All groups that what is looked at is addressed to, in the order of the settings."""
        known = runtime.current().settings.groups
        return tuple(sorted((self.group, *self.also), key=known.index)) if self.also else (self.group,)

    def open_to(self) -> tuple[Group, ...]:
        """All groups for which this page is open to whoever looks at it."""
        return permissions.seen_by(self.reader.who, self.reader.need)

    def group_ids(self) -> tuple[str, ...]:
        """Their ids: what somebody decides counts for all of them."""
        return tuple(group.id for group in self.groups())

    def ask(self, query: Callable[..., pd.DataFrame], *values: object) -> pd.DataFrame:
        """A query about this group, remembered for the minute while nothing changed. Not for words: those may be erased."""
        minute = self.now.replace(second=0, microsecond=0)
        version = 0 if self.role == "trustee" else decisions.version()
        about = (query.__module__, query.__name__, self.role, self.reader.name, version, minute, self.group.id)
        return _asked(about, values, query, self.reader)


@st.cache_data(max_entries=100, show_spinner=False)
def _asked(
    about: tuple[object, ...], values: tuple[object, ...], _query: Callable[..., pd.DataFrame], _reader: Allowed
) -> pd.DataFrame:
    *_, minute, group_id = about
    return _query(_reader, minute, group_id, *values)


def begin(name: str) -> Here:
    """Draw the top of a page and say what it is about. Ends the run with an empty state where nothing can be shown."""
    need = permissions.NEEDS[name]
    role = "trustee" if need == "trustee" else "group"
    group = chosen_group()
    now = runtime.current().clock()
    heading(t(f"nav.{name}"), eyebrow=group.name)
    if group not in permissions.seen_by(permissions.known(), need):
        _not_open(group.name)
    try:
        reader = readers.reader(need)
        freshness.line(group.id, group.timezone, reader.name, need)
    except readers.NothingPublished as nothing:
        _signposts(name)
        why = "page.upgraded" if isinstance(nothing, readers.OlderSnapshot) else "page.no_snapshot"
        empty(why, mark="…", command=t("page.no_snapshot_command"))
        freshness.wait_for_first(need)
        st.stop()
    except (WarehouseError, CasebookError) as error:
        _signposts(name)
        problem(t("page.cannot_read"), str(error))
        st.stop()
    return Here(group, now, reader, role, theme.palette(st.context.theme.type))


def begin_for_all_groups(name: str, title: str) -> None:
    """Draw the top of a page that is about no group. Ends the run where it is not open to whoever looks at it."""
    heading(title)
    if not permissions.may_see(permissions.known(), name):
        _not_open(t("page.all_groups"))
    if runtime.current().settings.sign_in:
        freshness.while_open(name)


def _not_open(what: str) -> None:
    empty("page.not_open", mark="–", group=what)
    st.stop()


def _signposts(name: str) -> None:
    """Where to turn for more than a reply stands on the queue's page also when there is no queue to show."""
    if name == "waiting":
        signposts()


def heading(title: str, *, eyebrow: str = "", is_tour_offered: bool = True) -> None:
    """The page's one h1, with the group's name above it: on a phone the side bar that names it is closed."""
    st.html(tag("header", tag("p", eyebrow, cls="eyebrow"), tag("h1", title), cls="page-head"))
    if runtime.current().settings.is_sample:
        is_early = (runtime.current().settings.data_dir / "history" / "warehouse.duckdb").exists()  # app/cli/demo.py
        more = f" {t('page.sample_early')}" if is_early else ""
        st.html(tag("p", t("page.sample"), more, cls="sample", role="note"))
    if is_tour_offered:
        tour.box()


def choose_group() -> None:
    """The switch in the side bar where there are several groups; the choice stands in the address, so links keep it."""
    names = {group.id: plain(group.name, 200) for group in _groups()}
    if len(names) > 1:
        first = next(iter(names))
        url_state.take("group", names, first)
        with st.sidebar:
            chosen = st.selectbox(t("page.group"), list(names), format_func=lambda key: names[key], key="group")
        url_state.put("group", chosen if chosen != first else None)


def _groups() -> tuple[Group, ...]:
    return permissions.seen_by(permissions.known(), "trustee")


def chosen_group() -> Group:
    """The group that is looked at: the chosen one, or the first that is open to whoever looks."""
    groups = _groups()
    chosen = st.session_state.get("group")
    return next((group for group in groups if group.id == chosen), groups[0])


def section(title: str, about: str = "") -> None:
    """A heading below the page's own, and a line on what is there."""
    st.html(join(tag("h2", title, cls="section"), tag("p", about, cls="sub") if about else ""))


def empty(texts: str, *, mark: str = "✓", command: str = "", group: str = "") -> None:
    """Nothing to show: why, and what to do. `texts` names `<texts>_title` and `<texts>`."""
    inside = [
        tag("div", mark, cls="empty-mark", aria_hidden="true"),
        tag("h2", t(f"{texts}_title")),
        tag("p", t(texts, group=group)),
    ]
    if command:
        inside.append(tag("p", tag("code", command)))
    st.html(tag("section", *inside, cls="empty"))


def defined(model: str, measure: str = "") -> str:
    """The sentence that defines a number, from the same file as the calculation; '' where there is none."""
    found = definitions().get(model)
    if found is None:
        return ""
    return literal(found.measures.get(measure, "") or found.sentence)


def cannot_show(model: str) -> str:
    """What a model cannot show, in its own words."""
    found = definitions().get(model)
    return found.cannot_show if found else ""


def chart(
    key: str,
    draw: Callable[[pd.DataFrame, theme.Palette], Any],
    rows: pd.DataFrame,
    here: Here,
    *,
    title: str,
    reading: str,
    table: pd.DataFrame,
    model: str = "",
    since: str = "",
    ground: str = "",
) -> None:
    """A chart with its title, what to read in it, what it cannot show and since when, and its numbers as a table.

    `ground`: the colour it lies on, the page's by default.
    """
    st.html(join(tag("h2", title, cls="chart-title"), tag("p", reading, cls="reading")))
    figure = frame.ready(draw(rows, here.colours), here.colours, ground or here.colours.paper)
    marks = [] if here.role == "trustee" else figures.mark_dates(figure, date_marks.held(here.group.id), here.colours)
    shown = frame.config(figure, here.group.id, title, here.now)
    st.plotly_chart(figure, theme=None, config=shown, key=key, alt=f"{title}. {reading}")
    if marks:
        st.html(date_marks.marks_line(marks, here.now))
    if model:
        st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", cannot_show(model), " ", since, cls="small"))
    with st.expander(t("page.as_table"), key=f"{key}-table"):
        st.table(table, hide_index=True, border="horizontal")


def problem(message: str, cure: str = "") -> None:
    """Something did not work: said in words, and read out at once by a screen reader."""
    st.html(tag("p", tag("strong", message), " ", cure, cls="problem", role="alert"))
