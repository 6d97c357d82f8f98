"""The door: where somebody signs in, what is said to whoever is not let in, and the way out."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from app import runtime
from app.auth import permissions
from app.auth.identity import NotLetIn
from app.auth.oidc_callback import ASKED, CALLBACK
from app.errors import Stopped
from app.ui.markup import join_html, tag
from app.ui.words import t
from warehouse.settings import Settings
from warehouse.settings.validators.urls import provider_metadata_url
from warehouse.storage.keys import keyed, load_key

_LEAST_SECRET = 20  # letters of what a proxy sends along


def draw_sign_in_page(refused: NotLetIn) -> None:
    """Instead of any page: sign in, or why this sign-in does not open it."""

    def draw() -> None:
        _door(refused)

    title = t("sign_in.title")
    # Whatever page the address names is the door: Streamlit would say that there is no such page.
    pages = [st.Page(draw, title=title, url_path=name) for name in permissions.ROLE_NEEDED]
    st.navigation([st.Page(draw, title=title, url_path="door", default=True), *pages], position="hidden").run()


def _door(refused: NotLetIn) -> None:
    settings = runtime.current().settings
    reason = "failed" if refused.reason == "nobody" and st.query_params.get(ASKED) == "failed" else refused.reason
    is_stranger = refused.reason in ("nobody", "ended")
    with st.container(key="door"):
        lines = [tag("h1", t("sign_in.title")), tag("p", t(f"sign_in.{reason}", address=refused.address))]
        if cure := t(f"sign_in_cure.{reason}"):
            lines.append(tag("p", cure, cls="sub"))
        st.html(tag("header", *lines, cls="page-head"))
        if settings.sign_in.header:
            return
        if is_stranger and not _is_at_home(settings.dashboard_url):
            st.html(tag("p", t("sign_in.not_here")))
            st.link_button(settings.dashboard_url, settings.dashboard_url, type="primary")
        elif is_stranger:
            st.button(t("sign_in.button"), key="sign-in", type="primary", on_click=st.login)
        else:
            st.button(t("sign_in.out"), key="sign-out", on_click=_out)
        st.html(tag("p", t("sign_in.private"), cls="small"))


def _is_at_home(dashboard_url: str) -> bool:
    """Is this the address that people come back to? Elsewhere a sign-in would not be seen."""
    here, home = urlsplit(st.context.url or dashboard_url), urlsplit(dashboard_url)
    return (here.scheme, here.netloc) == (home.scheme, home.netloc)


def draw_sign_out() -> None:
    """Who is signed in, and the way out, at the foot of the side bar."""
    with st.sidebar, st.container(key="naming", gap="xxsmall"):
        st.html(tag("p", join_html(t("sign_in.as"), " ", tag("strong", permissions.signed_in_name())), cls="small"))
        if not runtime.current().settings.sign_in.header:
            st.button(t("sign_in.out"), key="sign-out", type="tertiary", on_click=_out)


def _out() -> None:
    with suppress(NotLetIn):
        permissions.sign_out(permissions.current_identity())
    st.logout()


def check_settings(settings: Settings) -> None:
    """Raise Stopped where nobody could sign in, or nobody who did would see anything."""
    if not settings.sign_in:
        return
    if not settings.secrets.sign_in:
        whose = (
            "proxy sends along as X-Mutuals-Proxy" if settings.sign_in.header else "provider gave out with client_id"
        )
        raise Stopped(
            f"{settings.config}: [sign_in] lacks its secret; put what the {whose} into MUTUALS_SIGN_IN_SECRET, or into "
            f'{settings.data_dir / "secrets.toml"} as secret = "…" below [sign_in]'
        )
    if settings.sign_in.header and len(settings.secrets.sign_in) < _LEAST_SECRET:
        raise Stopped(
            f"MUTUALS_SIGN_IN_SECRET: what the proxy sends along as X-Mutuals-Proxy is short enough to be guessed; take at least "
            f"{_LEAST_SECRET} letters, for example from: openssl rand -hex 32"
        )
    if not any(one.role == "organiser" and not one.groups for one in settings.roles):
        raise Stopped(
            f"{settings.config}: people sign in, but nobody is organiser of all groups, so nobody could let anybody in; "
            "begin with yourself: mutuals roles add you@example.org --role organiser"
        )


def streamlit_secrets(settings: Settings) -> dict[str, Any]:
    """What Streamlit must know to sign people in, in its words; nothing where a proxy does it, or nobody signs in.

    Handed over in memory: no file holds it. The cookies are signed with a key made from the data folder's, so that people
    stay signed in when the dashboard is started again.
    """
    if not settings.sign_in.provider:
        return {}
    return {
        "auth": {
            "redirect_uri": settings.dashboard_url + CALLBACK,
            "cookie_secret": keyed(load_key(settings.data_dir), "sign-in cookies").hex,
            "client_id": settings.sign_in.client_id,
            "client_secret": settings.secrets.sign_in,
            "server_metadata_url": provider_metadata_url(settings.sign_in.provider),
        }
    }
