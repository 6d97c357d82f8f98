"""Set up: paste an address, see whom it finds, and start. The other door leads to the sample community."""

import streamlit as st

from app import page, running, set_up_parts, setting_up
from app.lookup import Found
from app.markup import tag
from app.words import say
from warehouse.settings import SettingsError

set_up_parts.go_on()
page.begin_for_all_groups("set_up", say("set_up.title"))
st.html(tag("p", say("set_up.lead"), cls="lead"))
if running.current().settings.groups:
    st.html(tag("p", say("set_up.edit", file=str(running.current().settings.config)), cls="sub"))

with st.form("addresses"):
    left, right = st.columns(2)
    mastodon = left.text_input(say("set_up.mastodon"), placeholder=say("set_up.mastodon_example"), key="mastodon")
    bluesky = right.text_input(say("set_up.bluesky"), placeholder=say("set_up.bluesky_example"), key="bluesky")
    st.html(tag("p", say("set_up.either"), cls="small"))
    tags = st.text_input(
        say("set_up.hashtags"), placeholder=say("set_up.hashtags_example"), help=say("set_up.hashtags_help"), key="tags"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.form_submit_button(say("set_up.look"), type="primary")
if pressed:
    st.session_state["found"] = set_up_parts.look_up(mastodon, bluesky)

found: Found | None = st.session_state.get("found")
if found is None:
    set_up_parts.explore()
    st.stop()
set_up_parts.problems(found)
if not found.accounts:
    set_up_parts.explore()
    st.stop()

set_up_parts.show(found)
name = st.text_input(
    say("set_up.name"), value=found.accounts[0].name, placeholder=say("set_up.name_example"), key="name"
)
timezone = set_up_parts.timezone()
set_up_parts.notice(name, setting_up.tidy_hashtags(tags))
if st.button(say("set_up.save"), type="primary", key="save"):
    try:
        set_up_parts.save(found, name, setting_up.tidy_hashtags(tags), timezone)
    except (setting_up.SetUpError, SettingsError) as error:
        page.problem(str(error))
