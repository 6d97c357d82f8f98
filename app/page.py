"""What every page has around it: group, title, freshness, banners, empty states; a number and a chart with its table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import freshness, opening, running, theme
from app.markup import join, literal, tag
from app.opening import Reader
from app.words import say
from warehouse.definitions import Definition, definitions
from warehouse.settings import Group

QUIET_CHART = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


@dataclass(frozen=True, slots=True)
class Here:
    """What a page needs to know: for whom, when, and where to read."""

    group: Group
    now: datetime
    reader: Reader
    colours: theme.Palette


def begin(name: str, *, role: str = "group") -> Here:
    """Draw the top of a page and say what it is about. Ends the run with an empty state where nothing can be shown."""
    group = _group()
    now = running.current().clock()
    heading(say(f"{name}.title"), eyebrow=group.name)
    try:
        reader = opening.reader(role)
    except opening.NothingYet:
        empty("page.no_snapshot", mark="🌱", command=say("page.no_snapshot_command"))
        freshness.wait_for_first()
        st.stop()
    except opening.CannotRead as error:
        st.error(join_lines(say("page.cannot_read"), literal(str(error))), icon="🌧️")
        st.stop()
    freshness.line(group.id, group.timezone, reader.name)
    return Here(group, now, reader, theme.palette(st.context.theme.type))


def heading(title: str, *, eyebrow: str = "") -> None:
    """The page's one h1, with the group's name above it: on a phone the side bar that names it is closed."""
    st.html(tag("header", tag("p", eyebrow, cls="eyebrow"), tag("h1", title), cls="page-head"))
    if running.current().settings.is_sample:
        st.html(tag("p", say("page.sample"), cls="sample", role="note"))


def _group() -> Group:
    """The group chosen in the side bar; the choice stands in the address, so that a link leads to the same one."""
    groups = running.current().settings.groups
    if len(groups) == 1:
        return groups[0]
    names = {group.id: group.name for group in groups}
    with st.sidebar:
        chosen = st.selectbox(
            say("page.group"), list(names), format_func=lambda key: names[key], key="group", bind="query-params"
        )
    return next(group for group in groups if group.id == chosen)


def empty(texts: str, *, mark: str = "🌿", command: str = "", **values: object) -> None:
    """Nothing to show: why, and what to do. `texts` names `<texts>_title` and `<texts>`."""
    inside = [
        tag("div", mark, cls="empty-mark", aria_hidden="true"),
        tag("h2", say(f"{texts}_title", **values)),
        tag("p", say(texts, **values)),
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


def definition(model: str) -> Definition | None:
    """The definition of a model, or None."""
    return definitions().get(model)


def chart(
    figure: Callable[[], go.Figure], table: pd.DataFrame, *, key: str, title: str, reading: str, model: str
) -> None:
    """A chart with its title, what to read in it, what it cannot show, and the same numbers as a table."""
    found = definition(model)
    st.html(join(tag("h2", title, cls="chart-title"), tag("p", reading, cls="reading")))
    st.plotly_chart(figure(), theme=None, config=QUIET_CHART, key=key, alt=f"{title}. {reading}")
    with st.container(horizontal=True, gap="small", key=f"{key}-below"):
        with st.expander(say("page.as_table")):
            st.table(table, hide_index=True, border="horizontal")
        if found is not None:
            with st.popover(say("page.definition"), type="tertiary"):
                st.text(found.sentence)
                if found.cannot_show:
                    st.html(tag("p", tag("strong", say("page.cannot_show")), cls="small"))
                    st.text(found.cannot_show)


def join_lines(*lines: str) -> str:
    """Markdown paragraphs."""
    return "\n\n".join(lines)
