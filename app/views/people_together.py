"""People, together: newcomers, helpers, looking after, who keeps writing, support. Numbers only, never a name."""

import streamlit as st

from app import queries
from app.analytics import community
from app.analytics.period import Period
from app.auth import display_name
from app.charts import part_bars
from app.components import definitions, page, period_picker
from app.components.chart_panel import draw_chart
from app.components.layout import draw_section
from app.components.page_context import PageContext
from app.data import readers
from app.ui.markup import tag
from app.ui.words import t
from warehouse.casebook.decisions import workload_of


def draw_workload(here: PageContext, period: Period) -> None:
    """A heading and a sentence or two."""
    who = display_name.current_name()
    if not who:
        draw_section(t("load.title"), t("load.nobody"))
        return
    zone = here.group.timezone
    events = readers.casebook_for([here.group.id]).events(here.group.id)
    load = workload_of(events, who, here.now, period.starts_at(zone), period.ends_at(zone))
    sentences = [t("load.taken", count=load.taken_count), t("load.ended", count=load.ended_count)]
    retention = t("load.kept", days=here.group.retention_days)
    draw_section(
        t("load.title"), " ".join([*sentences, t("load.now", count=load.now_count), t("load.private"), retention])
    )


here = page.begin_page("people_together")
period = period_picker.pick_period(here)
dates = (period.from_date, period.to_date)
keeps, helps = here.query(queries.community.regulars, *dates), here.query(queries.community.helpers, *dates)
st.html(tag("p", community.lead(keeps, helps), cls="lead"))
st.html(tag("p", t("people.private"), cls="sub"))

SECTIONS = (
    ("newcomers", community.newcomers, here.query(queries.community.newcomers, *dates)),
    ("helpers", community.helpers, helps),
    ("looking_after", community.looking_after, here.query(queries.community.looking_after, *dates)),
    ("regulars", community.regulars, keeps),
)
for name, describe, rows in SECTIONS:
    sentence, parts, note = describe(rows)
    title = t(f"people_title.{name}")
    if parts:
        draw_chart(
            name, part_bars.parts, community.part_bars(parts), here, title=title, reading=f"{sentence} {note}".strip(),
            table=community.part_table(parts), model=f"shown.{name}",
        )  # fmt: skip
    else:
        draw_section(title, f"{sentence} {note}".strip())

support = here.query(queries.community.support_kinds, *dates)
for direction in ("asked", "given"):
    of_direction = support[support["direction"] == direction]
    bars = community.support_bars(of_direction)
    title = t(f"people_title.{direction}")
    if bars.empty:
        draw_section(title, t("people.support_few"))
    else:
        draw_chart(
            direction, part_bars.parts, bars, here, title=title, model="shown.support_kinds",
            reading=t(f"support_of.{direction}"), table=community.support_table(of_direction),
        )  # fmt: skip
definitions.draw_definitions(
    "shown.newcomers", "shown.helpers", "shown.looking_after", "shown.regulars", "shown.support_kinds"
)
draw_workload(here, period)
