"""Page config and navigation: the pages that are open to whoever is here. Nothing else."""

import streamlit as st

from app import runtime
from app.auth import access_log, display_name, permissions, sign_in_page
from app.auth.identity import NotLetIn
from app.components import group_switch
from app.ui import theme
from app.ui.words import t

VIEWS = {
    "nav.daily": (
        "waiting",
        "across_groups",
    ),
    "nav.weekly": ("this_week", "reaching_out", "what_works", "people_together", "rota", "dates", "weekly_mail"),
    "nav.quarterly": ("summary",),
    "nav.about": (
        "how_it_is_going",
        "left_out",
        "what_the_numbers_mean",
        "first_visit",
        "exports",
        "who_may",
        "set_up",
    ),
}


def draw() -> None:
    """The page that is asked for, among those that are open."""
    who = permissions.current_identity()
    if not runtime.current().settings.groups and permissions.may_see_page(who, "set_up"):
        st.navigation([st.Page("views/set_up.py", title=t("nav.set_up"))]).run()
        return
    names = {
        t(section): [name for name in listed if permissions.may_see_page(who, name)]
        for section, listed in VIEWS.items()
    }
    pages = {name: st.Page(f"views/{name}.py", title=t(f"nav.{name}")) for listed in names.values() for name in listed}
    if not pages:
        raise NotLetIn("no_role", who.address)
    chosen = st.navigation(
        {section: [pages[name] for name in listed] for section, listed in names.items() if listed}, expanded=True
    )
    group_switch.draw_group_switch()
    display_name.draw_in_side_bar()
    name = next(name for name, page in pages.items() if page == chosen)
    is_of_all_groups = name == "waiting" and group_switch.is_on_all_groups()
    access_log.log_page_view(who, name, "" if is_of_all_groups else group_switch.chosen_group().id)
    chosen.run()


st.set_page_config(page_title=t("app.name"), page_icon="🤝", layout="wide")
st.html(theme.style_sheet())
try:
    draw()
except NotLetIn as refused:
    sign_in_page.draw_sign_in_page(refused)
