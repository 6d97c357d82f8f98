"""The form of *Set up*: looking accounts up, showing what was found, writing mutuals.toml."""

from zoneinfo import available_timezones

import streamlit as st

from app import runtime
from app.analytics.collection_status import CapabilityStatus, capability_lines
from app.components.layout import draw_problem
from app.data import readers
from app.editors import settings_draft
from app.editors.settings_draft import Answers
from app.errors import Stopped
from app.lookup import FoundAccount, LookupProblem, LookupResult
from app.ui.markup import Html, escape_markdown, join_html, tag, user_text
from app.ui.words import as_sentence, sanitise, t
from warehouse.settings import Group

KEPT_DAYS = Group(id="", name="").retention_days  # what a new group starts with


def look_up(mastodon: str, bluesky: str) -> LookupResult | None:
    """Ask the networks about what was typed; slips in it are problems like any other. None: nothing to ask."""
    asked: list[str | None] = []
    problems: list[LookupProblem] = []
    for field, tidy, typed in (
        ("mastodon", settings_draft.parse_mastodon, mastodon),
        ("bluesky", settings_draft.parse_bluesky, bluesky),
    ):
        try:
            asked.append(tidy(typed))
        except settings_draft.SetUpError as error:
            asked.append(None)
            message, _, cure = str(error).partition(". ")
            problems.append(LookupProblem("mastodon" if field == "mastodon" else "bluesky", f"{message}.", cure))
    ask = runtime.current().look_up
    if not any(asked):
        if not problems:
            draw_problem(t("set_up.nothing_typed"))
        return LookupResult(problems=tuple(problems)) if problems else None
    if ask is None:
        draw_problem(t("set_up.no_look_up"))
        return None
    with st.spinner(t("set_up.looking")):
        found = ask(asked[0], asked[1])
    return LookupResult(found.accounts, found.capabilities, found.rules, (*problems, *found.problems))


def draw_problems(lookup: LookupResult) -> None:
    """Each address that did not work, with what to do."""
    for problem in lookup.problems:
        draw_problem(
            f"{t(f'network.{problem.field}')}: {as_sentence(problem.message)}",
            as_sentence(problem.cure) if problem.cure else "",
        )


def draw_found(lookup: LookupResult) -> None:
    """Whom the networks know under these addresses, what can be seen there, and the rules of the house."""
    st.html(tag("h2", t("set_up.found"), cls="section"))
    with st.grid(columns=2, min_column_width=260):
        for account in lookup.accounts:
            with st.container(border=True, key=f"card-{account.network}"):
                st.html(_account(account))
    capabilities = [
        CapabilityStatus(capability.capability, capability.server, capability.state, capability.reason, capability.cure)
        for capability in lookup.capabilities
    ]
    if capabilities:
        st.html(join_html(tag("h2", t("set_up.can_see"), cls="section"), capability_lines(capabilities)))
    if lookup.rules:
        with st.expander(t("set_up.rules"), key="rules"):
            st.html(tag("p", t("set_up.rules_lead"), cls="sub"))
            st.html(tag("ul", *(tag("li", user_text(rule, 600)) for _, rule in lookup.rules), cls="rules"))


def _account(account: FoundAccount) -> Html:
    facts = [t(f"network.{account.network}")]
    if account.followers_count is None:
        facts.append(t("set_up.hidden_followers"))
    else:
        facts.append(t("set_up.followers", count=account.followers_count))
    if account.posts_count is not None:
        facts.append(t("set_up.posts", count=account.posts_count))
    return join_html(
        tag("h3", user_text(account.name or account.handle, 100), cls="card-name"),
        tag("p", user_text(f"@{account.handle}", 200), cls="card-meta") if account.name else "",
        tag("p", " · ".join(facts), cls="card-meta"),
        tag("p", user_text(account.about, 400)) if account.about else "",
        tag("p", t("set_up.bot"), cls="problem") if account.is_bot else "",
    )


def choose_timezone() -> str:
    """The group's time zone, guessed from the browser."""
    zones = sorted(available_timezones())
    here = st.context.timezone
    guess = here if here in zones else "Europe/London"
    return str(st.selectbox(t("set_up.timezone"), zones, index=zones.index(guess), key="timezone"))


def draw_notice(name: str, hashtags: tuple[str, ...]) -> None:
    """The text to pin on the profile, ready to copy."""
    tags = t("set_up.notice_hashtags", tags=" ".join(f"#{tag_}" for tag_ in hashtags)) if hashtags else ""
    text = t(
        "set_up.notice_text" if tags else "set_up.notice_text_short",
        name=sanitise(name, 100).strip() or t("set_up.notice_nobody"),
        hashtags=tags,
        days=KEPT_DAYS,
    )
    st.html(join_html(tag("h2", t("set_up.notice"), cls="section"), tag("p", t("set_up.notice_lead"), cls="sub")))
    st.code(text, language=None, wrap_lines=True)


def draw_sample_door() -> None:
    """The other door: the sample community."""
    st.html(tag("p", t("set_up.explore_lead"), cls="sub"))
    start = runtime.current().explore
    if st.button(t("set_up.explore"), key="explore"):
        if start is None:
            st.html(join_html(tag("p", t("set_up.explore_command")), tag("p", tag("code", "mutuals demo"))))
        else:
            try:
                with st.spinner(t("set_up.looking")):
                    address = start()
            except Stopped as error:
                draw_problem(str(error))
                return
            st.link_button(t("set_up.explore_there", address=address), address, type="primary")


def save_settings(lookup: LookupResult, name: str, hashtags: tuple[str, ...], zone: str) -> None:
    """Write mutuals.toml, read it again, and go to the queue. Raises SetUpError or SettingsError."""
    process = runtime.current()
    answers = Answers(
        name=name,
        mastodon=tuple(f"@{account.handle}" for account in lookup.accounts if account.network == "mastodon"),
        bluesky=tuple(account.handle for account in lookup.accounts if account.network == "bluesky"),
        hashtags=hashtags,
        timezone=zone,
    )
    chosen = settings_draft.write_settings(process.settings.config, answers)
    process.reload_settings()
    readers.reset_readers()
    del st.session_state["found"]
    st.session_state["saved"] = (chosen, sanitise(name, 100))
    st.rerun()  # the queue's page is only known once there is a group


def continue_after_save() -> None:
    """After saving: to the queue of the new group, with a word that it worked."""
    if "saved" not in st.session_state or not runtime.current().settings.groups:
        return
    chosen, name = st.session_state.pop("saved")
    st.toast(escape_markdown(t("set_up.saved", name=name)))
    st.switch_page("views/waiting.py", query_params={"group": chosen})
