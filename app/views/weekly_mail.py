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
from app.reports.mail.language import MailTexts
from app.ui.markup import tag
from app.ui.words import t
from warehouse.casebook.mail_preferences import is_unsubscribed
from warehouse.settings import Person
from warehouse.settings.validators.people import LANGUAGES

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
part = compose_part(here.reader, settings, here.group, language, monday, here.now)
reader = Person(t("weekly_mail.somebody"), mail="…", language=language)
with st.container(border=True, key="card-mail"):
    st.html(tag("p", tag("strong", part.subject)))
    texts = MailTexts(language)
    st.html(
        tag("div", layout.html_body(texts, [part], reader, texts.format_week(monday), ()), cls="letter", lang=language)
    )

draw_section(t("weekly_mail.who"))
people = [person for person in settings.people if person.mail and (not person.groups or here.group.id in person.groups)]
if people and settings.mail.host:
    opted_out = is_unsubscribed(readers.casebook_for([here.group.id]))
    states = ((person, "gone" if person.name.casefold() in opted_out else "gets") for person in people)
    lines = (tag("li", t(f"weekly_mail.{state}", name=person.name, zone=person.timezone)) for person, state in states)
    st.html(tag("ul", *lines))
else:
    st.html(tag("p", t("weekly_mail.nobody"), cls="sub"))
