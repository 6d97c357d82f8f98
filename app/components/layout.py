"""The elements that pages are made of: heading, section, empty state, problem."""

import streamlit as st

from app import runtime
from app.components import tour
from app.ui.markup import join_html, tag
from app.ui.words import t


def draw_heading(title: str, *, eyebrow: str = "", is_tour_offered: bool = True) -> None:
    """The page's one h1, with the group's name above it: on a phone the side bar that names it is closed."""
    st.html(tag("header", tag("p", eyebrow, cls="eyebrow"), tag("h1", title), cls="page-head"))
    if runtime.current().settings.is_sample:
        is_early = (runtime.current().settings.data_dir / "history" / "warehouse.duckdb").exists()  # app/cli/demo.py
        more = f" {t('page.sample_early')}" if is_early else ""
        st.html(tag("p", t("page.sample"), more, cls="sample", role="note"))
    if is_tour_offered:
        tour.draw_tour()


def draw_section(title: str, about: str = "") -> None:
    """A heading below the page's own, and a line on what is there."""
    st.html(join_html(tag("h2", title, cls="section"), tag("p", about, cls="sub") if about else ""))


def draw_empty_state(texts: str, *, mark: str = "✓", command: str = "", group: str = "") -> None:
    """Nothing to show: why, and what to do. `texts` names `<texts>_title` and `<texts>`."""
    inside = [
        tag("div", mark, cls="empty-mark", aria_hidden="true"),
        tag("h2", t(f"{texts}_title")),
        tag("p", t(texts, group=group)),
    ]
    if command:
        inside.append(tag("p", tag("code", command)))
    st.html(tag("section", *inside, cls="empty"))


def draw_problem(message: str, cure: str = "") -> None:
    """Something did not work: said in words, and read out at once by a screen reader."""
    st.html(tag("p", tag("strong", message), " ", cure, cls="problem", role="alert"))
