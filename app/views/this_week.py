"""This week: the organiser's page. One sentence, one thing to do, the numbers of any period, and its pictures."""

import streamlit as st

from app import queries
from app.analytics import tiles, week
from app.components import offline_counts, page, period_panel, period_picker
from app.components.layout import draw_empty_state, draw_section
from app.data import readers
from app.ui.markup import tag
from app.ui.words import format_duration, t
from warehouse.casebook import rota_events
from warehouse.casebook.rota import rota_hours_before

here = page.begin_page("this_week")
period = period_picker.pick_period(here)
rows = here.query(queries.period.numbers, period.from_date, period.to_date)
if rows.empty:
    draw_empty_state("this_week.nothing", mark="…")
    st.stop()

this = rows.iloc[0]
earlier = period.before()
rows_before = here.query(queries.period.numbers, earlier.from_date, earlier.to_date)
# half a period is nothing to compare with
before = None if rows_before.empty or rows_before.iloc[0].days_count < earlier.days_count else rows_before.iloc[0]
usual = tiles.index_by_measure(here.query(queries.week.usual_ranges, period.from_date)) if period.kind == "week" else {}
rota = rota_events.load_rota(readers.casebook_for([here.group.id]), here.group.id)
rota_hours = tuple(rota_hours_before(rota)) if rota.slots else None
replies = here.query(queries.period.first_replies, period.from_date, period.to_date, rota_hours)
queue = here.query(queries.queue.totals).iloc[0]

st.html(tag("p", week.headline(this, format_duration(here.group.promise_hours)), cls="lead"))
if this.is_complete and this.is_so_far:
    st.html(tag("p", t("this_week.so_far"), cls="sub"))
if this.has_gap:
    st.html(tag("p", tiles.coverage_sentence(this), cls="sub"))
with st.container(border=True, horizontal=True, vertical_alignment="center", key="todo"):
    st.html(tag("p", tag("strong", t("this_week.todo")), week.todo(queue, this), cls="todo"))
    if queue.open_count or queue.candidates_count:
        st.page_link("views/waiting.py", label=t("this_week.todo_open"), query_params={"group": here.group.id})
    st.html(tag("p", f"{t('this_week.todo_rules')}: {t('this_week.todo_rule')}", cls="small"))

numbers = tiles.period_tiles(this, before, usual, period)
period_panel.draw_tiles(numbers[:3] + tiles.reply_tiles(replies) + numbers[3:6], "asks")
draw_section(t("this_week.numbers"))
period_panel.draw_tiles(numbers[6:], "posts")
offline_counts.draw_offline_counts(here, period)
period_panel.draw_charts(here, period, this, before, usual, replies)
