"""This week: the organiser's page. One sentence, five numbers, one thing to do, three pictures."""

from datetime import timedelta

import streamlit as st

from app import page, queries, telling, weekly
from app.markup import tag
from app.words import duration, say, week

here = page.begin("this_week")
weeks = here.ask(queries.weeks)
if weeks.empty:
    page.empty("this_week.nothing")
    st.stop()

back = st.segmented_control(
    say("this_week.week_label"), [0, 1] if len(weeks) > 1 else [0], default=0, required=True, key="back",
    format_func=lambda choice: say("this_week.previous" if choice else "this_week.this"),
    bind="query-params", label_visibility="collapsed",
)  # fmt: skip
this = weeks.iloc[-1 - back]
facts = here.ask(queries.headlines).iloc[back]
promise = duration(here.group.promise_hours)
st.html(tag("p", week(this.week_start_date), f" · {say('this_week.so_far')}" if this.is_so_far else "", cls="sub"))
st.html(tag("p", telling.headline(this, promise), cls="lead"))
if this.has_gap:
    st.html(tag("p", say("this_week.gap"), cls="sub"))
with st.container(border=True, horizontal=True, vertical_alignment="center", key="todo"):
    st.html(tag("p", tag("strong", say("this_week.todo")), telling.todo(facts), cls="todo"))
    if facts.open_count:
        st.page_link("views/waiting.py", label=say("this_week.todo_open"), query_params={"group": here.group.id})

ranges = here.ask(queries.usual_ranges, this.week_start_date)
with st.grid(columns=5, min_column_width=148, gap="small", key="tiles"):
    for tile in telling.tiles(this, ranges):
        st.metric(
            tile.label,
            tile.value,
            tile.note or None,
            delta_arrow="off",
            delta_color=tile.colour,
            border=True,
            height="stretch",
            help=page.defined("shown.weeks", tile.measure),
        )

weekly.pictures(here, weeks, until=this.week_start_date + timedelta(days=6))
