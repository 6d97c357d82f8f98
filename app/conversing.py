"""The group's own posts that started conversations, as a list: its words as plain text, how many wrote, a link."""

import pandas as pd
import streamlit as st

from app.counting import each
from app.markup import safe_link, tag
from app.page import Here
from app.words import day, given, number, plain, say

_SIGNS = 160


def conversations(rows: pd.DataFrame, here: Here) -> None:
    """Rows of shown.conversations. The words are the group's own, and are shown as text and nothing else."""
    if rows.empty:
        st.html(tag("p", say("works.no_conversation"), cls="sub"))
    for row in each(rows):
        with st.container(border=True, key=f"conversation-{row.post_id}"):
            at = day(pd.Timestamp(row.local_date).to_pydatetime(), here.now)
            told = say("works.conversation", people=number(row.people_count), count=row.replies_count)
            st.html(tag("p", tag("strong", told), f" · {at} · {say(f'post_kind.{row.kind}')}", cls="told"))
            if given(row.text):
                st.text(plain(str(row.text).replace("\n", " "), _SIGNS))
            if address := safe_link(row.link):
                label = say("waiting.look", network=say(f"network.{row.network}"))
                st.link_button(label, address, key=f"look-{row.post_id}", type="tertiary")
