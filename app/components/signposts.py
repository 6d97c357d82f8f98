"""Where to point somebody who needs more than a reply, and words to begin with: on every page with posts, at the same place."""

import streamlit as st

from app import runtime
from app.ui.markup import Html, join_html, safe_link, tag
from app.ui.words import t
from warehouse.settings import Signpost


def draw_signposts() -> None:
    """The group's own list, folded, and the line that is never folded."""
    listed = runtime.current().settings.signposts
    with st.container(key="signposts", gap="xsmall"):
        st.html(tag("p", t("signposts.not_watched"), cls="signposts"))
        with st.expander(t("signposts.title"), key="signposts-list"):
            places = [_place(signpost) for signpost in listed]
            st.html(tag("ul", *places, cls="places") if places else tag("p", t("signposts.none"), cls="sub"))


def draw_saved_replies() -> None:
    """Words to begin with, to be copied; nothing is sent from here."""
    listed = runtime.current().settings.replies
    with st.expander(t("replies.title"), key="saved-replies"):
        st.html(tag("p", t("replies.about" if listed else "replies.none"), cls="sub"))
        for reply in listed:
            st.html(tag("p", tag("strong", reply.name)))
            st.code(reply.text, language=None, wrap_lines=True)


def _place(signpost: Signpost) -> Html:
    address = safe_link(signpost.url)
    name = (
        tag("a", signpost.name, href=address, target="_blank", rel="noreferrer")
        if address
        else tag("strong", signpost.name)
    )
    checked = t("signposts.checked", date=signpost.checked) if signpost.checked else ""
    more = " · ".join(part for part in (signpost.country, checked) if part)
    return tag(
        "li", join_html(name, ": ", signpost.contact), *((tag("span", f" · {more}", cls="small"),) if more else ())
    )
