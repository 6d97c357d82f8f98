"""What works: kinds of posts, described pictures, posts that started conversations, hashtags, topics."""

import streamlit as st

from app import charts, charts_posts, choosing, meaning, page, queries, telling_posts
from app.conversing import conversations
from app.markup import tag
from app.words import say

here = page.begin("what_works")
period = choosing.choose(here)
dates = (period.from_date, period.to_date)
kinds = telling_posts.kinds_rows(here.ask(queries.post_kinds, *dates))
st.html(tag("p", telling_posts.lead(kinds), cls="lead"))
if len(kinds):
    page.chart(
        "kinds", charts_posts.ranges, kinds, here, model="shown.post_kinds",
        title=telling_posts.kinds_title(kinds), reading=say("works.kinds_reading"), table=telling_posts.kinds_table(kinds),
    )  # fmt: skip
    alt = here.ask(queries.alt_texts, *dates)
    sentence, bar = telling_posts.described(alt)
    if bar.empty:
        page.section(say("works.pictures"), sentence)
    else:
        page.chart(
            "alt", charts.parts, bar, here, title=say("works.pictures"), reading=sentence, model="shown.alt_texts",
            table=bar[["label", "value_text"]].set_axis([say("summary.part"), say("summary.value")], axis=1),
        )  # fmt: skip
    page.section(say("works.conversations"), meaning.sentence("shown.conversations"))
    conversations(queries.conversations(here.reader, here.now, here.group.id, *dates), here)
    meaning.cannot("shown.conversations")

tags = here.ask(queries.hashtags, *dates)
page.section(telling_posts.hashtags_title(tags), say("works.tags_about") if len(tags) else "")
if len(tags):
    written = {one.lower(): one for one in (*here.group.hashtags, *here.group.topics)}
    st.table(telling_posts.hashtags_table(tags, written), hide_index=True, border="horizontal")
    for line in telling_posts.asked_lines(tags, written):
        st.html(tag("p", line, cls="small"))
    meaning.cannot("shown.hashtags")

for name, days in here.ask(queries.topics, *dates).groupby("tag"):
    rows = telling_posts.topic_rows(days)
    page.chart(
        f"topic-{name}", charts_posts.topics, rows, here, title=telling_posts.topic_title(str(name), rows),
        reading=telling_posts.topic_reading(days), table=telling_posts.topic_table(rows), model="shown.topics",
    )  # fmt: skip
meaning.means("shown.post_kinds", "shown.alt_texts", "shown.conversations", "shown.hashtags", "shown.topics")
