"""Set up: paste an address, see whom it finds, and start. The other door leads to the sample community."""

import streamlit as st

from app import runtime
from app.components import page
from app.components.layout import draw_problem
from app.editors import settings_draft, settings_form
from app.lookup import LookupResult
from app.ui.markup import tag
from app.ui.words import t
from warehouse.settings import SettingsError

settings_form.continue_after_save()
page.begin_page_for_all_groups("set_up", t("set_up.title"))
st.html(tag("p", t("set_up.lead"), cls="lead"))
if runtime.current().settings.groups:
    st.html(tag("p", t("set_up.edit", file=str(runtime.current().settings.config)), cls="sub"))

with st.form("addresses"):
    left, right = st.columns(2)
    mastodon = left.text_input(t("set_up.mastodon"), placeholder=t("set_up.mastodon_example"), key="mastodon")
    bluesky = right.text_input(t("set_up.bluesky"), placeholder=t("set_up.bluesky_example"), key="bluesky")
    st.html(tag("p", t("set_up.either"), cls="small"))
    tags = st.text_input(
        t("set_up.hashtags"), placeholder=t("set_up.hashtags_example"), help=t("set_up.hashtags_help"), key="tags"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.form_submit_button(t("set_up.look"), type="primary")
if pressed:
    st.session_state["found"] = settings_form.look_up(mastodon, bluesky)

lookup: LookupResult | None = st.session_state.get("found")
if lookup is None:
    settings_form.draw_sample_door()
    st.stop()
settings_form.draw_problems(lookup)
if not lookup.accounts:
    settings_form.draw_sample_door()
    st.stop()

settings_form.draw_found(lookup)
name = st.text_input(t("set_up.name"), value=lookup.accounts[0].name, placeholder=t("set_up.name_example"), key="name")
timezone = settings_form.choose_timezone()
settings_form.draw_notice(name, settings_draft.parse_hashtags(tags))
if st.button(t("set_up.save"), type="primary", key="save"):
    try:
        settings_form.save_settings(lookup, name, settings_draft.parse_hashtags(tags), timezone)
    except (settings_draft.SetUpError, SettingsError) as error:
        draw_problem(str(error))
