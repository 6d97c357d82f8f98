"""HTML for the few places where Streamlit has no element of its own. Whatever is put in is escaped, always.

The result goes through st.html, which cleans it a second time in the browser; no script of ours needs to run there.
"""

import re
from html import escape
from unicodedata import category
from urllib.parse import urlsplit

from app.ui import words


class Html(str):
    """A string that is already safe to show: made only here."""

    __slots__ = ()


def tag(name: str, *inside: str, cls: str = "", **attributes: str) -> Html:
    """One element. Plain strings inside are escaped, Html is taken as it is; attribute values are escaped."""
    given_attributes = {"class": cls, **{key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}}
    attributes_html = "".join(
        f' {key}="{escape(value, quote=True)}"' for key, value in given_attributes.items() if value
    )
    return Html(f"<{name}{attributes_html}>{_joined(inside)}</{name}>")


def user_text(text: str, limit: int = 200) -> Html:
    """Somebody's text: harmless signs only, escaped, and kept from turning its surroundings round."""
    return tag("bdi", words.sanitise(text, limit))


def join_html(*parts: str) -> Html:
    """Several pieces one after the other."""
    return Html(_joined(parts))


def _joined(parts: tuple[str, ...]) -> str:
    return "".join(part if isinstance(part, Html) else escape(words.strip_invisible(part)) for part in parts)


def escape_markdown(text: str) -> str:
    """Text for a Streamlit label or table, where Markdown cannot be turned off: every sign with a meaning is quoted.

    Addresses are made into links, and :streamlit: into a picture, after that, whatever is quoted: an invisible joiner keeps
    them from being seen as such.
    """
    unlinked = _LINKED.sub(lambda match: f"{match[0]}\u2060", words.sanitise(text, 200))
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!~$|<>:&^=@/\"'" else sign for sign in unlinked)


_LINKED = re.compile(r"https?:|www(?=\.)|@|:(?=streamlit:)", re.IGNORECASE)


def safe_link(address: object) -> str | None:
    """A web address to offer, or None: a server could send `javascript:` where a link belongs, or an address in disguise."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    is_web = parts.scheme in ("https", "http") and parts.hostname
    # user@host looks like another host than it leads to; so does text that turns its direction, or hides a part
    is_plain = parts.username is None and parts.password is None and "\\" not in address
    is_seen = address.isprintable() and " " not in address and not any(category(sign) == "Cf" for sign in address)
    return address if is_web and is_plain and is_seen else None
