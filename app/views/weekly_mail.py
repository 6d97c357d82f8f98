"""Weekly mail: what goes out on Monday, as it will look, and who gets it."""

from datetime import timedelta

import streamlit as st

from app import runtime
from app.analytics import period
from app.components import page
from app.components.layout import draw_section
from app.data import readers
from app.reports.mail import layout
from app.reports.mail.compose import compose_part
from app.reports.mail.language import MailLanguage
from app.ui.markup import tag
from app.ui.words import t
from warehouse.casebook.mail_preferences import wants_none
from warehouse.settings import Person
from warehouse.settings.validators import LANGUAGES

here = page.begin_page("weekly_mail")
settings = runtime.current().settings
st.html(tag("p", t("weekly_mail.lead"), cls="lead"))

language = st.segmented_control(
    t("weekly_mail.language"), sorted(LANGUAGES, reverse=True), default="en", required=True, key="language",
    format_func=lambda code: t(f"language.{code}"), bind="query-params",
)  # fmt: skip
monday = period.period_containing("week", period.local_date(here.now, here.group.timezone)).from_date - timedelta(
    days=7
)
told = compose_part(here.reader, settings, here.group, language, monday, here.now)
reader = Person(t("weekly_mail.somebody"), mail="…", language=language)
with st.container(border=True, key="card-mail"):
    st.html(tag("p", tag("strong", told.subject)))
    tongue = MailLanguage(language)
    st.html(tag("div", layout.html_body(tongue, [told], reader, tongue.week(monday), ()), cls="letter", lang=language))

draw_section(t("weekly_mail.who"))
people = [one for one in settings.people if one.mail and (not one.groups or here.group.id in one.groups)]
if people and settings.mail.host:
    gone = wants_none(readers.casebook_for([here.group.id]))
    states = ((one, "gone" if one.name.casefold() in gone else "gets") for one in people)
    lines = (tag("li", t(f"weekly_mail.{state}", name=one.name, zone=one.timezone)) for one, state in states)
    st.html(tag("ul", *lines))
else:
    st.html(tag("p", t("weekly_mail.nobody"), cls="sub"))
