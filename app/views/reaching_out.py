"""When people reach out: the hours and nights in which they ask, who looks then, and when posts do best."""

import streamlit as st

from app import queries
from app.analytics import rota_coverage, timing
from app.charts import hours
from app.components import definitions, page, period_picker
from app.components.chart_panel import draw_chart
from app.components.layout import draw_section
from app.data import readers
from app.ui.markup import tag
from app.ui.words import format_duration, t
from warehouse.casebook import rota_events
from warehouse.casebook.rota import people_on_duty

here = page.begin_page("reaching_out")
period = period_picker.pick_period(here)
dates = (period.from_date, period.to_date)
cover = here.query(queries.timing.night_cover, *dates)
parts, blocks = cover[cover["level"] == "part"], cover[cover["level"] == "block"]
st.html(tag("p", timing.lead(parts, format_duration(here.group.promise_hours)), cls="lead"))

rota = rota_events.load_rota(readers.casebook_for([here.group.id]), here.group.id)
hourly = here.query(queries.timing.request_hours, *dates)
if len(hourly):  # an empty grid tells nothing that the first sentence does not
    shown_column = st.segmented_control(
        t("hours.what"), ["requests_count", "answers_count"], default="requests_count", required=True, key="hours-of",
        format_func=lambda name: t(f"hours.{name}"), label_visibility="collapsed",
    )  # fmt: skip
    is_asking = shown_column == "requests_count"
    draw_chart(
        "hours",
        lambda rows, colours: hours.request_hours(rows, colours, column=shown_column, covered=people_on_duty(rota)),
        hourly,
        here,
        title=timing.hours_title(blocks) if is_asking else t("hours.title_answers"),
        reading=t("hours.reading" if is_asking else "hours.reading_answers", zone=here.group.timezone),
        table=timing.hours_table(hourly, shown_column),
        model="shown.request_hours",
    )
asked_by_hour = rota_coverage.count_by_hour(hourly)
if gaps := rota_coverage.gap_lines(rota, asked_by_hour):
    st.html(tag("ul", *(tag("li", line) for line in gaps), cls="places"))
st.page_link("views/rota.py", label=t("hours.to_rota"), query_params={"group": here.group.id})

if len(parts):
    draw_section(t("hours.cover"), definitions.sentence_of("shown.night_cover"))
    st.table(timing.parts_table(parts), hide_index=True, border="horizontal")
    with st.expander(t("hours.by_weekday"), key="cover-week"):
        st.html(timing.cover_week(blocks))
    definitions.draw_cannot_show("shown.night_cover")

best = here.query(queries.timing.best_times, *dates)
if best.empty:
    draw_section(timing.best_title(best), timing.best_reading(best))
else:
    draw_chart(
        "best-times",
        hours.best_times,
        best,
        here,
        title=timing.best_title(best),
        reading=timing.best_reading(best),
        table=timing.best_table(best),
        model="shown.best_times",
    )
definitions.draw_definitions("shown.request_hours", "shown.answers", "shown.night_cover", "shown.best_times")
