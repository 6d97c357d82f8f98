"""What works: kinds of posts, described pictures, posts that started conversations, hashtags, topics."""

import pandas as pd
import streamlit as st

from app import queries
from app.analytics import content
from app.charts import part_bars, posts
from app.components import definitions, page, period_picker
from app.components.chart_panel import draw_chart
from app.components.layout import draw_section
from app.components.page_context import PageContext
from app.ui.markup import safe_link, tag
from app.ui.small_numbers import records
from app.ui.words import format_day, format_number, is_given, sanitise, t

_SIGNS = 160


def draw_conversations(rows: pd.DataFrame, here: PageContext) -> None:
    """Rows of shown.conversations. The words are the group's own, and are shown as text and nothing else."""
    if rows.empty:
        st.html(tag("p", t("works.no_conversation"), cls="sub"))
    for row in records(rows):
        with st.container(border=True, key=f"conversation-{row.post_id}"):
            at = format_day(pd.Timestamp(row.local_date).to_pydatetime(), here.now)
            size = t("works.conversation", people=format_number(row.people_count), count=row.replies_count)
            st.html(tag("p", tag("strong", size), f" · {at} · {t(f'post_kind.{row.kind}')}", cls="told"))
            if is_given(row.text):
                st.text(sanitise(str(row.text).replace("\n", " "), _SIGNS))
            if address := safe_link(row.link):
                label = t("waiting.look", network=t(f"network.{row.network}"))
                st.link_button(label, address, key=f"look-{row.post_id}", type="tertiary")


here = page.begin_page("what_works")
period = period_picker.pick_period(here)
dates = (period.from_date, period.to_date)
kinds = content.label_kinds(here.query(queries.content.post_kinds, *dates))
st.html(tag("p", content.lead(kinds), cls="lead"))
if len(kinds):
    draw_chart(
        "kinds", posts.ranges, kinds, here, model="shown.post_kinds",
        title=content.kinds_title(kinds), reading=t("works.kinds_reading"), table=content.kinds_table(kinds),
    )  # fmt: skip
    alt = here.query(queries.content.alt_texts, *dates)
    sentence, bar = content.picture_descriptions(alt)
    if bar.empty:
        draw_section(t("works.pictures"), sentence)
    else:
        draw_chart(
            "alt", part_bars.parts, bar, here, title=t("works.pictures"), reading=sentence, model="shown.alt_texts",
            table=bar[["label", "value_text"]].set_axis([t("summary.part"), t("summary.value")], axis=1),
        )  # fmt: skip
    draw_section(t("works.conversations"), definitions.sentence_of("shown.conversations"))
    draw_conversations(queries.content.conversations(here.reader, here.now, here.group.id, *dates), here)
    definitions.draw_cannot_show("shown.conversations")

tags = here.query(queries.content.hashtags, *dates)
draw_section(content.hashtags_title(tags), t("works.tags_about") if len(tags) else "")
if len(tags):
    spelling = {tag_name.lower(): tag_name for tag_name in (*here.group.hashtags, *here.group.topics)}
    st.table(content.hashtags_table(tags, spelling), hide_index=True, border="horizontal")
    for line in content.searched_server_lines(tags, spelling):
        st.html(tag("p", line, cls="small"))
    definitions.draw_cannot_show("shown.hashtags")

for name, days in here.query(queries.content.topics, *dates).groupby("tag"):
    rows = content.topic_rows(days)
    draw_chart(
        f"topic-{name}", posts.topics, rows, here, title=content.topic_title(str(name), rows),
        reading=content.topic_reading(days), table=content.topic_table(rows), model="shown.topics",
    )  # fmt: skip
definitions.draw_definitions(
    "shown.post_kinds", "shown.alt_texts", "shown.conversations", "shown.hashtags", "shown.topics"
)
