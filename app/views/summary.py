"""Summary: the trustees' page. Four charts over a whole quarter that is over, and nobody to be recognised in them."""

import streamlit as st

from app import queries, runtime
from app.analytics import summary
from app.charts import part_bars
from app.components import downloads, page, url_state
from app.components.chart_panel import draw_chart
from app.components.definitions import cannot_show
from app.components.layout import draw_empty_state
from app.ui.markup import join_html, tag
from app.ui.words import format_quarter, t

here = page.begin_page("summary")
settings = runtime.current().settings
all_quarters = here.query(queries.summary.quarters)
if all_quarters.empty:
    draw_empty_state("summary.sample_early" if settings.is_sample else "summary.early", mark="…")
    st.stop()

quarters = list(dict.fromkeys(all_quarters["quarter"]))
chosen = quarters[0]
if len(quarters) > 1:
    url_state.read_from_url("quarter", quarters, chosen)
    chosen = st.selectbox(t("summary.quarter_label"), quarters, format_func=format_quarter, key="quarter", width=320)
    url_state.write_to_url("quarter", chosen)
before = all_quarters[all_quarters["quarter"] == summary.quarter_before(chosen)]
rows = all_quarters[all_quarters["quarter"] == chosen]
st.html(
    join_html(
        tag("p", t("summary.lead", group=here.group.name, quarter=format_quarter(chosen)), cls="lead"),
        tag("p", t("summary.private"), cls="sub"),
    )
)
with st.grid(columns=2, min_column_width=320, gap="medium"):
    for name in summary.order_charts(rows["chart"]):
        part = rows[rows["chart"] == name]
        with st.container(border=True, key=f"card-{name}"):
            draw_chart(
                name,
                part_bars.parts,
                summary.bars(name, part),
                here,
                title=summary.title(name),
                reading=summary.reading(name, part),
                table=summary.table(part),
                ground=here.colours.card,
            )
            if beside := summary.compare_with_before(name, part, before[before["chart"] == name]):
                st.html(tag("p", beside, cls="reading"))
    bars = summary.goal_bars([goal for goal in settings.goals if goal.group == here.group.id], rows)
    if not bars.empty:
        with st.container(border=True, key="card-goals"):
            draw_chart(
                "goals",
                part_bars.parts,
                bars,
                here,
                title=t("goal.title"),
                reading=summary.goals_reading(bars),
                table=summary.table(bars),
                ground=here.colours.card,
            )
            st.html(tag("p", t("goal.about"), cls="small"))
if told_of := summary.flagged_sentence(rows):
    st.html(tag("p", told_of))
st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", cannot_show("shown.summary"), cls="small"))
downloads.draw_report_downloads(here, chosen)
