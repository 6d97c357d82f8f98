"""The text of mutuals.toml → Settings: right keys, right types, right meaning, nothing twice. Pure."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from warehouse.errors import SettingsError
from warehouse.settings import validators
from warehouse.settings.schema import (
    GOALS,
    App,
    Bluesky,
    Goal,
    Group,
    Mail,
    Person,
    Role,
    SavedReply,
    Server,
    Settings,
    SignIn,
    Signpost,
)
from warehouse.settings.types import only_keys, shaped
from warehouse.settings.validators import channel, language, mail_address, one_of, security, stretch_of_day, time_of_day

_Kind = TypeVar("_Kind")
_TABLES = (
    "groups", "servers", "bluesky", "signposts", "replies", "goals", "people", "mail", "sign_in", "roles", "app",
)  # fmt: skip


def read(text: str, file: str) -> Settings:
    """mutuals.toml → settings, without what the environment says. `file` is its name, for messages. Raises SettingsError."""
    try:
        found = tomllib.loads(text)
    except ValueError as error:  # also a number of thousands of digits
        raise SettingsError(f"{file}: not valid TOML: {error}; is a quote or a bracket missing?") from error
    only_keys(f"{file}: %", found, _TABLES)
    app = shaped(App, found.get("app", {}), f"{file}: % in [app]")
    place = f"{file}: in [app] "
    groups = _each(Group, found, "groups", "id", file, _group)
    ids = [group.id for group in groups]
    return Settings(
        groups=groups,
        servers=_each(Server, found, "servers", "name", file, _server),
        bluesky=_bluesky(
            shaped(Bluesky, found.get("bluesky", {}), f"{file}: % in [bluesky]"), f"{file}: in [bluesky] "
        ),
        signposts=_each(Signpost, found, "signposts", "", file, _signpost),
        replies=_each(SavedReply, found, "replies", "name", file, _saved_reply),
        goals=_each(Goal, found, "goals", "", file, lambda goal, place: _goal(goal, place, ids)),
        people=_each(Person, found, "people", "name", file, lambda person, place: _person(person, place, ids)),
        mail=_mail(shaped(Mail, found.get("mail", {}), f"{file}: % in [mail]"), f"{file}: in [mail] "),
        sign_in=_sign_in(
            shaped(SignIn, found.get("sign_in", {}), f"{file}: % in [sign_in]"),
            f"{file}: in [sign_in] ",
            app.dashboard_url,
        ),
        roles=_roles(found, file, ids),
        contact_url=_meant(f"{place}'contact_url'", validators.contact, app.contact_url) if app.contact_url else "",
        casebook_url=_meant(
            f"{place}'casebook_url'", lambda value: validators.casebook_url(value, is_secret=False), app.casebook_url
        )
        if app.casebook_url
        else "",
        poll_seconds=_meant(
            f"{place}'poll_seconds'", lambda value: validators.between(value, 5, 86_400), app.poll_seconds
        ),
        is_sample=app.is_sample,
        dashboard_url=_meant(f"{place}'dashboard_url'", validators.web_address, app.dashboard_url),
    )


def _each(
    kind: type[_Kind], found: Mapping[str, Any], key: str, name: str, file: str, check: Callable[[Any, str], _Kind]
) -> tuple[_Kind, ...]:
    """All tables of one [[key]]. `name` is the field by which they must differ."""
    tables = found.get(key, [])
    if not isinstance(tables, list):
        raise SettingsError(f"{file}: '{key}' must be written as [[{key}]], with double brackets")
    kept: dict[str, _Kind] = {}
    for number, table in enumerate(tables, 1):
        told = table.get(name) if isinstance(table, dict) else None
        called = f"[[{key}]] {told!r}" if isinstance(told, str) and told else f"[[{key}]] number {number}"
        one = check(shaped(kind, table, f"{file}: % in {called}"), f"{file}: in {called} ")
        this = getattr(one, name) if name else str(number)
        if this in kept:
            raise SettingsError(f"{file}: two [[{key}]] have the {name} {this!r}; give one of them another")
        kept[this] = one
    return tuple(kept.values())


def _group(group: Group, place: str) -> Group:
    each = {
        "mastodon": validators.mastodon_address,
        "bluesky": validators.bluesky_handle,
        "hashtags": validators.hashtag,
        "tag_servers": validators.server_name,
        "topics": validators.hashtag,
        "team": validators.team_member,
        "folded_words": validators.some_text,
    }
    one: dict[str, Callable[[Any], Any]] = {
        "id": validators.group_id,
        "name": validators.some_text,
        "timezone": validators.time_zone,
        "promise_hours": lambda value: validators.between(value, 1, 336),
        "claim_hours": lambda value: validators.between(value, 1, 72),
        "retention_days": lambda value: validators.between(value, 1, 730),
    }
    group = _checked(group, place, one, each)
    if not (group.mastodon or group.bluesky):
        raise SettingsError(
            f'{place}there is no account; add mastodon = ["@name@server"] or bluesky = ["name.bsky.social"]'
        )
    if both := {tag.lower() for tag in group.hashtags} & {tag.lower() for tag in group.topics}:
        raise SettingsError(
            f"{place}{sorted(both)[0]!r} stands in 'hashtags' and in 'topics'; hashtags are the group's own and are read, "
            "topics are everybody's and are only counted: keep it in one"
        )
    return group


def _server(server: Server, place: str) -> Server:
    server = replace(server, url=server.url or f"https://{server.name}")
    limits: dict[str, Callable[[Any], Any]] = {
        name: lambda value: validators.between(value, 1, 100_000_000)
        for name in ("requests_per_5_minutes", "paged_per_15_minutes")
    }
    return _checked(server, place, {"name": validators.server_name, "url": validators.url, **limits}, {})


def _bluesky(bluesky: Bluesky, place: str) -> Bluesky:
    checks: dict[str, Callable[[Any], Any]] = dict.fromkeys(("appview", "pds", "web"), validators.url)
    checks["requests_per_hour"] = lambda value: validators.between(value, 1, 100_000_000)
    if bluesky.jetstream:
        checks["jetstream"] = validators.websocket
    return _checked(bluesky, place, checks, {})


def _signpost(signpost: Signpost, place: str) -> Signpost:
    checks: dict[str, Callable[[Any], Any]] = {"name": validators.some_text, "contact": validators.some_text}
    return _checked(signpost, place, {**checks, "url": validators.url} if signpost.url else checks, {})


def _saved_reply(reply: SavedReply, place: str) -> SavedReply:
    return _checked(reply, place, {"name": validators.some_text, "text": validators.some_text}, {})


def _goal(goal: Goal, place: str, group_ids: list[str]) -> Goal:
    one: dict[str, Callable[[Any], Any]] = {
        "group": lambda value: one_of(value, group_ids, "group"),
        "measure": lambda value: one_of(value, list(GOALS), "measure"),
        "target": lambda value: validators.between(
            value, 1, 100 if goal.measure == "answered_in_time" else 100_000_000
        ),
    }
    return _checked(goal, place, {**one, "until": validators.calendar_date} if goal.until else one, {})


def _person(person: Person, place: str, group_ids: list[str]) -> Person:
    one: dict[str, Callable[[Any], Any]] = {
        "name": validators.some_text,
        "timezone": validators.time_zone,
        "language": language,
    }
    if person.quiet_hours:
        one["quiet_hours"] = stretch_of_day
    if person.digest_at:
        one["digest_at"] = time_of_day
    if person.mail:
        one["mail"] = mail_address
    each = {
        "notify": channel,
        "groups": lambda value: one_of(value, group_ids, "group"),
    }
    person = _checked(person, place, one, each)
    if not person.notify and not person.mail:
        raise SettingsError(
            f"{place}'notify' is empty; add: notify = [\"mail\"], and the address to [notify] in secrets.toml; or, for the "
            'weekly mail only: mail = "…"'
        )
    return person


def _mail(mail: Mail, place: str) -> Mail:
    if not mail.host:
        if mail != Mail():
            raise SettingsError(f"{place}'host' is missing; add: host = \"mail.example.org\"")
        return mail
    checks: dict[str, Callable[[Any], Any]] = {
        "host": validators.server_name,
        "port": lambda value: validators.between(value, 1, 65_535),
        "security": security,
        "sender": mail_address,
    }
    mail = _checked(mail, place, {**checks, "reply_to": mail_address} if mail.reply_to else checks, {})
    if mail.security == "none" and not validators.is_loopback(mail.host):
        raise SettingsError(
            f"{place}'security': 'none' is for a service on this machine only; write 'starttls' or 'tls'"
        )
    return mail


def _sign_in(sign_in: SignIn, place: str, dashboard_url: str) -> SignIn:
    if not sign_in:
        if sign_in != SignIn():
            raise SettingsError(f"{place}'provider' is missing; add: provider = \"https://login.example.org\"")
        return sign_in
    if sign_in.provider and sign_in.header:
        raise SettingsError(f"{place}there are 'provider' and 'header'; people sign in with one of them: keep that one")
    checks: dict[str, Callable[[Any], Any]] = {"hours": lambda value: validators.between(value, 1, 720)}
    if sign_in.header:
        checks["header"] = validators.header
    else:
        checks |= {"provider": validators.provider, "client_id": validators.some_text}
        if not sign_in.client_id:
            raise SettingsError(
                f"{place}'client_id' is missing; the provider gives one out when you register the dashboard there"
            )
    if not validators.is_private_line(dashboard_url):
        raise SettingsError(
            f"{place}the dashboard is at {dashboard_url}, where anybody on the way could read along; "
            'put it behind https, and write that address: dashboard_url = "https://…" in [app]'
        )
    return _checked(sign_in, place, checks, {})


def _roles(found: Mapping[str, Any], file: str, group_ids: list[str]) -> tuple[Role, ...]:
    for number, table in enumerate(found.get("roles", ()), 1):
        if isinstance(table, dict) and table.get("groups") == []:
            raise SettingsError(
                f"{file}: in [[roles]] number {number} 'groups' is an empty list; name the groups, or take the line out: "
                "that means every group. To shut somebody out, take out the whole [[roles]]"
            )
    roles = _each(Role, found, "roles", "", file, lambda role, place: _role(role, place, group_ids))
    seen = set[tuple[object, ...]]()
    for one in roles:
        same = (one.role, one.who, one.claim, frozenset(one.groups))
        if same in seen:
            raise SettingsError(
                f"{file}: {one.who or one.claim} is {one.role} of the same groups already; once is enough"
            )
        seen.add(same)
    return roles


def _role(role: Role, place: str, group_ids: list[str]) -> Role:
    if bool(role.who) == bool(role.claim):
        raise SettingsError(
            f'{place}say who: who = "dee@example.org", or what the provider says of them: claim = "groups=volunteers"'
        )
    one: dict[str, Callable[[Any], Any]] = {"role": validators.role}
    if role.who:
        one["who"] = validators.who
    else:
        one["claim"] = validators.claim
    return _checked(role, place, one, {"groups": lambda value: one_of(value, group_ids, "group")})


def _checked(
    table: _Kind, place: str, one: Mapping[str, Callable[[Any], Any]], each: Mapping[str, Callable[[Any], Any]]
) -> _Kind:
    """The table with every value as its check wants it."""
    told: dict[str, Any] = {
        name: _meant(f"{place}{name!r}", check, getattr(table, name)) for name, check in one.items()
    }
    for name, check in each.items():
        values = [_meant(f"{place}{name!r}", check, value) for value in getattr(table, name)]
        told[name] = tuple(dict.fromkeys(values))
    return replace(table, **told)  # type: ignore[type-var]


def _meant(where: str, check: Callable[[Any], Any], value: Any) -> Any:
    try:
        return check(value)
    except validators.Wrong as wrong:
        raise SettingsError(f"{where}: {wrong}") from None
