"""Who wants no weekly mail any more: said by a link in the mail or on the command line, kept in the casebook.

The link names nobody: it holds a keyed id of the person and their address, so that only who has the mail has the link.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

import sqlalchemy as sa

from warehouse.casebook.database import MAIL_CHOICES
from warehouse.casebook.events import Casebook
from warehouse.settings import Person, Settings
from warehouse.settings.validators.urls import is_loopback
from warehouse.storage.keys import keyed

PATH = "/unsubscribe"
_ABOUT = "weekly mail"


@dataclass(frozen=True, slots=True)
class MailAddressee:
    """What a weekly mail says, in both its parts, and the ways (https:, mailto:) to have no more of it."""

    subject: str
    text: str
    html: str
    ways_out: tuple[str, ...] = ()


def record_choice(casebook: Casebook, person: Person, *, wants: bool, at: datetime) -> None:
    """Write down that somebody wants the weekly mail, or no more of it."""
    with casebook.writing() as con:
        row = {"person": person.name, "wants": wants, "at": at.astimezone(UTC).isoformat()}
        con.execute(sa.insert(MAIL_CHOICES).values(row))


def is_unsubscribed(casebook: Casebook) -> frozenset[str]:
    """The names, in small letters, of those whose last word was no."""
    with casebook.reading() as con:
        found = con.execute(sa.select(MAIL_CHOICES).order_by(MAIL_CHOICES.c.choice_id)).all()
    last = {row.person.casefold(): row.wants for row in found}
    return frozenset(name for name, wants in last.items() if not wants)


def unsubscribe_token(key: bytes, person: Person) -> str:
    """What stands in somebody's link."""
    return keyed(key, _ABOUT, person.name.casefold(), person.mail.casefold()).hex


def person_of_token(settings: Settings, key: bytes, given: str) -> Person | None:
    """Whose link that is; None: nobody's, or the address has changed since."""
    people = [person for person in settings.people if person.mail]
    return next(
        (one for one in people if hmac.compare_digest(unsubscribe_token(key, one).encode(), given.encode())), None
    )


def unsubscribe_links(settings: Settings, key: bytes, person: Person) -> tuple[str, ...]:
    """A link to the dashboard where others can reach it; a mail to whoever sends it always."""
    to = settings.mail.reply_to or settings.mail.sender
    by_mail = f"mailto:{quote(to, safe='@')}?{urlencode({'subject': 'unsubscribe'})}" if to else ""
    link = f"{settings.dashboard_url}{PATH}?{urlencode({'who': unsubscribe_token(key, person)})}"
    is_here_only = is_loopback(urlsplit(settings.dashboard_url).hostname or "")
    return tuple(way for way in ("" if is_here_only else link, by_mail) if way)
