"""What the settings of somebody who wants to be told must mean: names of channels, times of day. As settings_meaning does."""

import re
from difflib import get_close_matches

from warehouse.settings_meaning import Wrong


def channel(value: str) -> str:
    """The name of a way to tell somebody. The address itself is a secret, and easily pasted here by mistake."""
    if not re.fullmatch(r"[a-z0-9-]+", value):
        raise Wrong(
            "a name is made of small letters, digits and hyphens, like 'sam-mail'; the address itself is a secret: it"
            " belongs in secrets.toml, below [notify]"
        )
    return value


SECURITY = ("starttls", "tls", "none")
LANGUAGES = ("de", "en")  # that messages can be written in: collectors/telling/texts


def language(value: str) -> str:
    """A language that there are words in."""
    if value not in LANGUAGES:
        raise Wrong(f"there are no messages in {value!r}; there are: {', '.join(LANGUAGES)}")
    return value


def mail_address(value: str) -> str:
    """Where a mail goes or comes from."""
    if not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.?[^@\s<>,;:\"]", value):
        raise Wrong(f"{value!r} is not a mail address; write it like 'sam@mail.example'")
    return value


def security(value: str) -> str:
    """How the line to the mail service is kept private."""
    if value not in SECURITY:
        raise Wrong(f"{value!r} is none of: {', '.join(SECURITY)}")
    return value


def one_of(value: str, known: list[str], what: str) -> str:
    """Something that stands elsewhere in the file."""
    if value not in known:
        near = get_close_matches(value, known, 1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
        raise Wrong(f"no {what} has the id {value!r}; {cure}")
    return value


def time_of_day(value: str) -> str:
    """HH:MM."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise Wrong(f"{value!r} is not a time of day; write it like '08:00'")
    return value


def stretch_of_day(value: str) -> str:
    """From HH:MM to HH:MM, over midnight or not."""
    start, dash, end = (part.strip() for part in value.partition("-"))
    try:
        time_of_day(start), time_of_day(end)
    except Wrong:
        dash = ""
    if not dash or start == end:
        raise Wrong(f"{value!r} is not a stretch of the day; write it like '22:00-08:00'")
    return f"{start}-{end}"
