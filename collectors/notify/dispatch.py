"""One look at who waits, and a message to each person who has to know. Safe to run in two processes, and to break off."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from collectors.notify.messages import Message, compose_message, compose_test
from collectors.notify.policy import GroupStatus, MessageLine, Wait, decide_message
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.casebook.notifications import Notification, begin_sending, finish_sending, load_notifications
from warehouse.casebook.rota import away_on, uncovered_nights
from warehouse.casebook.rota_events import load_rota
from warehouse.settings import Person, Settings, SettingsError
from warehouse.snapshots.reader import NothingPublished, Reader, open_reader

log = logging.getLogger(__name__)

Send = Callable[[str, Message], str]  # address, message → '' or why it did not arrive


def dispatch_due(settings: Settings, now: datetime, send: Send) -> int:
    """Tell everybody who has to be told now; returns how many messages arrived. Does nothing before the first snapshot."""
    if not settings.people:
        return 0
    try:
        reader = open_reader(settings)
    except NothingPublished:
        return 0
    casebook = open_casebook(settings)
    try:
        groups = waiting_requests(reader, casebook, settings, now)
        return sum(
            _tell(settings, casebook, person, channel, groups, now, send)
            for person in settings.people
            for channel in person.notify
        )
    finally:
        casebook.close()
        reader.close()


def waiting_requests(reader: Reader, casebook: Casebook, settings: Settings, now: datetime) -> dict[str, GroupStatus]:
    """Who waits in each group, when nobody looked last night, and who is away today."""
    rows = reader.frame("select * from shown.waits order by waiting_since_at, wait_id", now)
    waits: dict[str, list[Wait]] = {group.id: [] for group in settings.groups}
    row: Any
    for row in rows.itertuples():
        one = Wait(row.wait_id, row.asker_number, row.waiting_since_at.to_pydatetime(), row.late_at.to_pydatetime())
        waits.setdefault(row.group_id, []).append(one)
    found = {}
    for group in settings.groups:
        kept = load_rota(casebook, group.id)
        away = away_on(kept, now.astimezone(ZoneInfo(group.timezone)).date())
        found[group.id] = GroupStatus(waits[group.id], uncovered_nights(kept, group.timezone, now), away)
    return found


def _tell(
    settings: Settings,
    casebook: Casebook,
    person: Person,
    channel: str,
    groups: Mapping[str, GroupStatus],
    now: datetime,
    send: Send,
) -> bool:
    theirs = {group_id: one for group_id, one in groups.items() if not person.groups or group_id in person.groups}

    def lines(past: list[Notification]) -> list[MessageLine]:
        same = [one for one in past if (one.person, one.channel) == (person.name, channel)]
        return decide_message(person, same, theirs, now)

    if not lines(load_notifications(casebook)):
        return False
    with casebook.writing() as con:  # decided again with the pen in hand: another process may have told it meanwhile
        chosen = lines(load_notifications(casebook, con))
        ids = begin_sending(
            con,
            [
                Notification(person.name, channel, one.group_id, now, one.kind, one.waiting_count, one.about)
                for one in chosen
            ],
        )
    if not chosen:
        return False
    failure = _send(settings, channel, compose_message(chosen, settings, person.language), send)
    finish_sending(casebook, ids, failure)
    if failure:
        log.warning("could not tell through %s: %s", channel, failure)
    return not failure


def send_test(settings: Settings, name: str, now: datetime, send: Send) -> list[tuple[str, Message, str]]:
    """Send a test to each channel of a person: (channel, what was sent, '' or why it did not arrive). Raises SettingsError.

    One that arrives ends a row of failures, so that what is still to be told follows at the next look.
    """
    person = _person(settings, name)
    said = compose_test(settings, person.language)
    tried = []
    casebook = open_casebook(settings)
    try:
        for channel in person.notify:
            failure = _send(settings, channel, said, send)
            if not failure:
                with casebook.writing() as con:
                    begin_sending(con, [replace(Notification(person.name, channel, "", now, "test", 0), failure="")])
            tried.append((channel, said, failure))
    finally:
        casebook.close()
    return tried


def _send(settings: Settings, channel: str, said: Message, send: Send) -> str:
    address = settings.secrets.notify.get(channel)
    if not address:
        near = get_close_matches(channel, list(settings.secrets.notify), 1)
        cure = f"did you mean '{near[0]}'?" if near else f'add: {channel} = "…"'
        return f"secrets.toml has no '{channel}' below [notify]; {cure}"
    return send(address, said)


def _person(settings: Settings, name: str) -> Person:
    names = {person.name.casefold(): person for person in settings.people}
    if name.casefold() in names:
        return names[name.casefold()]
    if not names:
        raise SettingsError(f"{settings.config}: there is nobody to tell; add a table [[people]]")
    near = get_close_matches(name.casefold(), list(names), 1)
    cure = (
        f"did you mean '{names[near[0]].name}'?" if near else f"there are: {', '.join(p.name for p in settings.people)}"
    )
    raise SettingsError(f"{settings.config}: no [[people]] is called {name!r}; {cure}")
