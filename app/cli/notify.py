"""`mutuals tell` and `mutuals digest`: a test of the notifications; the weekly mail, looked at, sent, stopped."""

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated

import typer
from rich.markup import escape

from app.cli.options import Config, DataDir, err, group_named, log_at, out
from app.errors import Stopped
from app.reports.mail.compose import compose, compose_part, groups_of
from app.reports.mail.layout import lay_out_letter
from collectors.notify.smtp import send_mail
from collectors.notify.weekly_mail import mail_due_at, send_due_mails
from warehouse.casebook.events import open_casebook
from warehouse.casebook.mail_preferences import is_unsubscribed, record_choice, unsubscribe_links
from warehouse.settings import Person, Settings, load_settings
from warehouse.snapshots.reader import open_reader
from warehouse.storage.keys import load_key

app = typer.Typer()


@app.command()
def tell(
    test: Annotated[str, typer.Option("--test", help="Somebody's name, as in \\[\\[people]]", show_default=False)],
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Send a test message to somebody who wants to be told when people wait, and print what was sent."""
    from collectors.notify import dispatch
    from collectors.notify.apprise_channel import send

    settings = load_settings(config, data_dir)
    log_at("error")
    tried = dispatch.send_test(settings, test, datetime.now(UTC), send)
    for channel, message, failure in tried:
        if failure:
            err.print(f"[bold red]{channel}: not sent:[/] {escape(failure)}", highlight=False, soft_wrap=True)
        else:
            out.print(f"[green]{channel}: sent.[/] {escape(message.body)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if any(failure for *_, failure in tried) else 0)


@app.command()
def digest(
    group: Annotated[str | None, typer.Option(help="Of one group only, in the preview")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Somebody's name, as in \\[\\[people]]. Default: all")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Print it (the default)")] = False,
    send: Annotated[bool, typer.Option("--send", help="Send it now to all who have not had this week's")] = False,
    leave: Annotated[str | None, typer.Option("--unsubscribe", help="This person wants no more of it")] = None,
    back: Annotated[str | None, typer.Option("--subscribe", help="This person wants it again")] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Look at the weekly mail, or send it. The collector sends it by itself, on Monday at eight where each person lives."""
    settings = load_settings(config, data_dir)
    log_at("error")
    if sum(map(bool, (preview, send, leave, back))) > 1:
        raise Stopped("--preview, --send, --unsubscribe and --subscribe do different things; say one of them")
    if leave or back:
        _choose(settings, _person(settings, leave or back or ""), wants=bool(back))
    elif send:
        _send(settings, _person(settings, to).name if to else "")
    else:
        _preview(settings, _person(settings, to) if to else None, group)


def _preview(settings: Settings, person: Person | None, group_id: str | None) -> None:
    chosen = group_named(settings, group_id) if group_id or not settings.groups else None
    addressee = person or next((one for one in settings.people if one.mail), Person("…", mail="…"))
    now = datetime.now(UTC)
    monday = mail_due_at(addressee, now).date() - timedelta(days=7)
    reader = open_reader(settings)
    try:
        groups = [chosen] if chosen else groups_of(settings, addressee)
        parts = [compose_part(reader, settings, one, addressee.language, monday, now) for one in groups]
    finally:
        reader.close()
    letter = lay_out_letter(
        parts, addressee, monday, unsubscribe_links(settings, load_key(settings.data_dir), addressee)
    )
    out.print(f"[bold]{escape(letter.subject)}[/]\n\n{escape(letter.text)}", highlight=False, soft_wrap=True)


def _send(settings: Settings, only: str) -> None:
    if not settings.mail.host:
        raise Stopped(
            f"{settings.config}: there is no mail service; add a table [mail]: see “The weekly mail” in README.md"
        )
    if not any(one.mail for one in settings.people):
        raise Stopped(f'{settings.config}: nobody wants the weekly mail; add to a [[people]]: mail = "…"')
    open_reader(settings).close()  # says what to do where nothing was published yet
    tried = send_due_mails(settings, datetime.now(UTC), compose, send_mail, is_by_hand=True, only=only)
    for name, failure in tried:
        if failure:
            err.print(f"[bold red]{escape(name)}: not sent:[/] {escape(failure)}", highlight=False, soft_wrap=True)
        else:
            out.print(f"[green]{escape(name)}: sent.[/]", highlight=False)
    if not tried:
        out.print("Nothing was sent: everybody has had this week's mail, or wants none.")
    raise typer.Exit(1 if any(failure for _, failure in tried) else 0)


def _choose(settings: Settings, person: Person, *, wants: bool) -> None:
    casebook = open_casebook(settings)
    try:
        record_choice(casebook, person, wants=wants, at=datetime.now(UTC))
        gone = is_unsubscribed(casebook)
    finally:
        casebook.close()
    what = "gets no more weekly mails" if person.name.casefold() in gone else "gets the weekly mail"
    out.print(f"{escape(person.name)} {what}.", highlight=False)


def _person(settings: Settings, name: str) -> Person:
    people = {one.name.casefold(): one for one in settings.people if one.mail}
    if name.casefold() in people:
        return people[name.casefold()]
    near = get_close_matches(name.casefold(), people, 1)
    there = ", ".join(one.name for one in people.values()) or "nobody yet"
    cure = (
        f"did you mean {people[near[0]].name!r}?"
        if near
        else f'there are: {there}; add to their [[people]]: mail = "…"'
    )
    raise Stopped(f"{settings.config}: nobody called {name!r} gets the weekly mail; {cure}")
