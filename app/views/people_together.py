"""People, together: newcomers, helpers, looking after, who keeps writing, support. Numbers only, never a name."""

import streamlit as st

from app import charts, choosing, meaning, own_load, page, queries, telling_people
from app.markup import tag
from app.words import say

here = page.begin("people_together")
period = choosing.choose(here)
dates = (period.from_date, period.to_date)
keeps, helps = here.ask(queries.regulars, *dates), here.ask(queries.helpers, *dates)
st.html(tag("p", telling_people.lead(keeps, helps), cls="lead"))
st.html(tag("p", say("people.private"), cls="sub"))

SECTIONS = (
    ("newcomers", telling_people.newcomers, here.ask(queries.newcomers, *dates)),
    ("helpers", telling_people.helpers, helps),
    ("looking_after", telling_people.looking_after, here.ask(queries.looking_after, *dates)),
    ("regulars", telling_people.keeps, keeps),
)
for name, tell, rows in SECTIONS:
    sentence, parts, note = tell(rows)
    title = say(f"people_title.{name}")
    if parts:
        page.chart(
            name, charts.parts, telling_people.part_bars(parts), here, title=title, reading=f"{sentence} {note}".strip(),
            table=telling_people.part_table(parts), model=f"shown.{name}",
        )  # fmt: skip
    else:
        page.section(title, f"{sentence} {note}".strip())

support = here.ask(queries.support_kinds, *dates)
for direction in ("asked", "given"):
    told = support[support["direction"] == direction]
    bars = telling_people.support_bars(told)
    title = say(f"people_title.{direction}")
    if bars.empty:
        page.section(title, say("people.support_few"))
    else:
        page.chart(
            direction, charts.parts, bars, here, title=title, model="shown.support_kinds",
            reading=say(f"support_of.{direction}"), table=telling_people.support_table(told),
        )  # fmt: skip
meaning.means("shown.newcomers", "shown.helpers", "shown.looking_after", "shown.regulars", "shown.support_kinds")
own_load.section(here, period)
