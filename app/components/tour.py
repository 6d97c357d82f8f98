"""The tour: five minutes through the pages, for one of the three readers. Where one is stands in the address."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from app import runtime
from app.auth import permissions
from app.ui.markup import join_html, tag
from app.ui.words import catalogue, t

READERS = ("groupworker", "organiser", "trustee")


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of a tour."""

    reader: str
    number: int  # from 1
    of: int
    page: str  # a name below views/
    title: str
    text: str

    @property
    def address(self) -> dict[str, str]:
        """What names this step in the address."""
        return {"tour": f"{self.reader}-{self.number}"}


def steps_of(reader: str) -> list[Step]:
    """The stops of a reader's tour, in order."""
    step_texts: list[dict[str, Any]] = catalogue()["tour"][reader]["steps"]
    return [
        Step(reader, n, len(step_texts), step_text["page"], step_text["title"], step_text["text"])
        for n, step_text in enumerate(step_texts, 1)
    ]


def readers_with_a_tour() -> list[str]:
    """The readers whose tour leads through nothing but pages that are open to whoever is here."""
    who = permissions.require_identity()
    return [reader for reader in READERS if all(permissions.may_see_page(who, step.page) for step in steps_of(reader))]


def step_at(address: str) -> Step | None:
    """The step that an address names; none where it names none."""
    reader, _, number = address.partition("-")
    if reader not in READERS or not number.isascii() or not number.isdigit():
        return None
    return next((step for step in steps_of(reader) if step.number == int(number)), None)


def draw_tour() -> None:
    """On a page that is looked at as part of a tour: what to look at here, and the way on. On the sample: the offer of one."""
    step = step_at(st.query_params.get("tour", ""))
    if step is not None and step.reader in readers_with_a_tour():
        _stop(step)
    elif (now := runtime.current().settings).is_sample and now.groups:  # without a group there is only the set-up page
        with st.container(key="tour-offer"):
            st.page_link("views/first_visit.py", label=t("tour.offer"))


def _stop(step: Step) -> None:
    with st.container(border=True, key="tour"):
        where = t("tour.where", reader=t(f"tour.{step.reader}.name"), number=step.number, of=step.of)
        st.html(
            join_html(
                tag("p", where, cls="small"), tag("h2", step.title, cls="chart-title"), tag("p", step.text, cls="todo")
            )
        )
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            if step.number < step.of:
                onward = steps_of(step.reader)[step.number]
                st.page_link(f"views/{onward.page}.py", label=t("tour.next"), query_params=onward.address)
            else:
                st.page_link("views/first_visit.py", label=t("tour.end"))
            if step.number < step.of and st.button(t("tour.stop"), type="tertiary", key="tour-stop"):
                del st.query_params["tour"]
                st.rerun()
