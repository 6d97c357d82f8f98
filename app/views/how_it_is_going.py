"""How it is going: what is collected, what is missing, and what to do about it."""

import streamlit as st

from app import queries, runtime
from app.analytics import collection_status, rule_precision
from app.auth import permissions
from app.components import page
from app.components.definitions import cannot_show
from app.components.layout import draw_section
from app.data import readers
from app.ui.markup import tag
from app.ui.words import t
from warehouse.casebook.notifications import load_notifications
from warehouse.transform.definitions import definitions

here = page.begin_page("how_it_is_going")
sources = here.query(queries.collection.sources)
quarantine = here.query(queries.collection.quarantine)
is_theirs = permissions.may_see_all_groups(here.reader.who)  # what concerns the installation, and so other groups too

st.html(tag("p", t("going.lead_attention" if collection_status.count_gaps(sources) else "going.lead_good"), cls="lead"))

draw_section(t("going.sources"))
st.html(collection_status.source_rows(sources, here.now) or tag("p", t("going.no_sources"), cls="sub"))

if is_theirs:
    draw_section(t("going.capabilities"))
    capabilities = collection_status.capability_rows(queries.collection.capabilities(here.reader, here.now))
    st.html(capabilities or tag("p", t("going.capabilities_none"), cls="sub"))

draw_section(t("going.told"))
people = [person for person in runtime.current().settings.people if not person.groups or here.group.id in person.groups]
notifications = load_notifications(readers.casebook_for([here.group.id])) if people else []
st.html(
    collection_status.notification_rows(people, notifications, here.group.timezone, here.now)
    or tag("p", t("going.told_nobody"), cls="sub")
)

draw_section(t("rules.title"), t("rules.about"))
judged = here.query(queries.collection.rule_precision)
rule_lines = rule_precision.lines(judged)
st.html(rule_lines or tag("p", t("rules.none"), cls="sub"))
if rule_lines:
    with st.expander(t("rules.show"), key="rules"):
        st.table(rule_precision.table(judged), hide_index=True, border="horizontal")
    cannot = cannot_show("shown.rule_precision")
    st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", cannot, cls="small"))

draw_section(t("going.quarantine"))
if quarantine.empty:
    st.html(tag("p", t("going.quarantine_none"), cls="sub"))
else:
    st.html(tag("p", t("going.quarantine_some"), cls="sub"))
    st.table(
        collection_status.format_table(quarantine, here.group.timezone, here.now), hide_index=True, border="horizontal"
    )

if not is_theirs:
    st.stop()
draw_section(t("going.duties"), definitions()["shown.duties"].sentence)
st.html(
    collection_status.duty_rows(queries.collection.duties(here.reader, here.now), here.now)
    or tag("p", t("going.duties_none"), cls="sub")
)

draw_section(t("going.runs"))
runs = queries.collection.runs(here.reader, here.now)
if runs.empty:
    st.html(tag("p", t("going.runs_none"), cls="sub"))
else:
    with st.expander(t("going.runs_show"), key="runs"):
        st.table(
            collection_status.format_table(runs, here.group.timezone, here.now), hide_index=True, border="horizontal"
        )
