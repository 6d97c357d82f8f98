"""The text of mutuals.toml → Settings: what each of its tables must say. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from warehouse.errors import SettingsError
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
from warehouse.settings.tables import (
    Location,
    Validator,
    check_keys,
    parse_table,
    parse_tables,
    unless_empty,
    validate_fields,
)
from warehouse.settings.validators import accounts, people, urls
from warehouse.settings.validators.values import (
    check_choice,
    check_range,
    check_text,
    parse_date,
    parse_time_of_day,
    parse_time_range,
    parse_time_zone,
)

_Kind = TypeVar("_Kind")
_TABLES = (
    "groups", "servers", "bluesky", "signposts", "replies", "goals", "people", "mail", "sign_in", "roles", "app",
)  # fmt: skip
_requests = partial(check_range, low=1, high=100_000_000)

# What each field must mean, in the order in which mistakes are told.
_GROUP: dict[str, Validator] = {
    "id": accounts.parse_group_id,
    "name": check_text,
    "timezone": parse_time_zone,
    "promise_hours": partial(check_range, low=1, high=336),
    "claim_hours": partial(check_range, low=1, high=72),
    "retention_days": partial(check_range, low=1, high=730),
    "mastodon": accounts.parse_mastodon_address,
    "bluesky": accounts.parse_bluesky_handle,
    "hashtags": accounts.parse_hashtag,
    "tag_servers": accounts.parse_server_name,
    "topics": accounts.parse_hashtag,
    "team": accounts.parse_team_member,
    "folded_words": check_text,
}
_SERVER: dict[str, Validator] = {
    "name": accounts.parse_server_name,
    "url": urls.parse_url,
    "requests_per_5_minutes": _requests,
    "paged_per_15_minutes": _requests,
}
_BLUESKY: dict[str, Validator] = {
    "appview": urls.parse_url,
    "pds": urls.parse_url,
    "web": urls.parse_url,
    "requests_per_hour": _requests,
    "jetstream": unless_empty(urls.parse_websocket_url),
}
_SIGNPOST: dict[str, Validator] = {"name": check_text, "contact": check_text, "url": unless_empty(urls.parse_url)}
_SAVED_REPLY: dict[str, Validator] = {"name": check_text, "text": check_text}
_PERSON: dict[str, Validator] = {
    "name": check_text,
    "timezone": parse_time_zone,
    "language": people.parse_language,
    "quiet_hours": unless_empty(parse_time_range),
    "digest_at": unless_empty(parse_time_of_day),
    "mail": unless_empty(people.parse_mail_address),
    "notify": people.parse_channel_name,
}
_MAIL: dict[str, Validator] = {
    "host": accounts.parse_server_name,
    "port": partial(check_range, low=1, high=65_535),
    "security": people.parse_mail_security,
    "sender": people.parse_mail_address,
    "reply_to": unless_empty(people.parse_mail_address),
}
_APP: dict[str, Validator] = {
    "contact_url": unless_empty(urls.parse_contact_url),
    "casebook_url": unless_empty(partial(urls.parse_casebook_url, is_secret=False)),
    "poll_seconds": partial(check_range, low=5, high=86_400),
    "dashboard_url": urls.parse_dashboard_url,
}


def parse_settings(text: str, file: str) -> Settings:
    """mutuals.toml → settings, without what the environment says. `file` is its name, for messages. Raises SettingsError."""
    try:
        document = tomllib.loads(text)
    except ValueError as error:  # also a number of thousands of digits
        raise SettingsError(f"{file}: not valid TOML: {error}; is a quote or a bracket missing?") from error
    check_keys(Location(file), document, _TABLES)
    app, app_location = _parse_single(App, document, "app", file)
    groups = parse_tables(Group, document, "groups", "id", file, _validate_group)
    ids = [group.id for group in groups]
    settings = Settings(
        groups=groups,
        servers=parse_tables(Server, document, "servers", "name", file, _validate_server),
        bluesky=validate_fields(*_parse_single(Bluesky, document, "bluesky", file), _BLUESKY),
        signposts=parse_tables(
            Signpost, document, "signposts", "", file, partial(validate_fields, validators=_SIGNPOST)
        ),
        replies=parse_tables(
            SavedReply, document, "replies", "name", file, partial(validate_fields, validators=_SAVED_REPLY)
        ),
        goals=parse_tables(Goal, document, "goals", "", file, partial(_validate_goal, group_ids=ids)),
        people=parse_tables(Person, document, "people", "name", file, partial(_validate_person, group_ids=ids)),
        mail=_validate_mail(*_parse_single(Mail, document, "mail", file)),
        sign_in=_validate_sign_in(*_parse_single(SignIn, document, "sign_in", file), app.dashboard_url),
        roles=_parse_roles(document, file, ids),
    )
    app = validate_fields(app, app_location, _APP)
    return replace(
        settings,
        contact_url=app.contact_url,
        casebook_url=app.casebook_url,
        poll_seconds=app.poll_seconds,
        is_sample=app.is_sample,
        dashboard_url=app.dashboard_url,
    )


def _parse_single(kind: type[_Kind], document: Mapping[str, Any], key: str, file: str) -> tuple[_Kind, Location]:
    """The table [key], or its defaults; and where it stands."""
    location = Location(file, f"[{key}]")
    return parse_table(kind, document.get(key, {}), location), location


def _validate_group(group: Group, location: Location) -> Group:
    group = validate_fields(group, location, _GROUP)
    if not (group.mastodon or group.bluesky):
        raise location.value_error(
            'there is no account; add mastodon = ["@name@server"] or bluesky = ["name.bsky.social"]'
        )
    if both := {tag.lower() for tag in group.hashtags} & {tag.lower() for tag in group.topics}:
        raise location.value_error(
            f"{sorted(both)[0]!r} stands in 'hashtags' and in 'topics'; hashtags are the group's own and are read, "
            "topics are everybody's and are only counted: keep it in one"
        )
    return group


def _validate_server(server: Server, location: Location) -> Server:
    return validate_fields(replace(server, url=server.url or f"https://{server.name}"), location, _SERVER)


def _validate_goal(goal: Goal, location: Location, group_ids: list[str]) -> Goal:
    most = 100 if goal.measure == "answered_in_time" else 100_000_000
    validators: dict[str, Validator] = {
        "group": partial(check_choice, known=group_ids, kind="group"),
        "measure": partial(check_choice, known=GOALS, kind="measure"),
        "target": partial(check_range, low=1, high=most),
        "until": unless_empty(parse_date),
    }
    return validate_fields(goal, location, validators)


def _validate_person(person: Person, location: Location, group_ids: list[str]) -> Person:
    person = validate_fields(
        person, location, {**_PERSON, "groups": partial(check_choice, known=group_ids, kind="group")}
    )
    if not person.notify and not person.mail:
        raise location.value_error(
            "'notify' is empty; add: notify = [\"mail\"], and the address to [notify] in secrets.toml; or, for the "
            'weekly mail only: mail = "…"'
        )
    return person


def _validate_mail(mail: Mail, location: Location) -> Mail:
    if not mail.host:
        if mail != Mail():
            raise location.value_error("'host' is missing; add: host = \"mail.example.org\"")
        return mail
    mail = validate_fields(mail, location, _MAIL)
    if mail.security == "none" and not urls.is_loopback(mail.host):
        raise location.value_error(
            "'security': 'none' is for a service on this machine only; write 'starttls' or 'tls'"
        )
    return mail


def _validate_sign_in(sign_in: SignIn, location: Location, dashboard_url: str) -> SignIn:
    if not sign_in:
        if sign_in != SignIn():
            raise location.value_error("'provider' is missing; add: provider = \"https://login.example.org\"")
        return sign_in
    if sign_in.provider and sign_in.header:
        raise location.value_error("there are 'provider' and 'header'; people sign in with one of them: keep that one")
    validators: dict[str, Validator] = {"hours": partial(check_range, low=1, high=720)}
    if sign_in.header:
        validators["header"] = people.parse_header_name
    else:
        validators |= {"provider": urls.parse_provider_url, "client_id": check_text}
        if not sign_in.client_id:
            raise location.value_error(
                "'client_id' is missing; the provider gives one out when you register the dashboard there"
            )
    if not urls.is_private_line(dashboard_url):
        raise location.value_error(
            f"the dashboard is at {dashboard_url}, where anybody on the way could read along; "
            'put it behind https, and write that address: dashboard_url = "https://…" in [app]'
        )
    return validate_fields(sign_in, location, validators)


def _parse_roles(document: Mapping[str, Any], file: str, group_ids: list[str]) -> tuple[Role, ...]:
    for number, table in enumerate(document.get("roles", ()), 1):
        if isinstance(table, dict) and table.get("groups") == []:
            raise SettingsError(
                f"{file}: in [[roles]] number {number} 'groups' is an empty list; name the groups, or take the line out: "
                "that means every group. To shut somebody out, take out the whole [[roles]]"
            )
    roles = parse_tables(Role, document, "roles", "", file, partial(_validate_role, group_ids=group_ids))
    seen = set[tuple[object, ...]]()
    for role in roles:
        grant = (role.role, role.who, role.claim, frozenset(role.groups))
        if grant in seen:
            raise SettingsError(
                f"{file}: {role.who or role.claim} is {role.role} of the same groups already; once is enough"
            )
        seen.add(grant)
    return roles


def _validate_role(role: Role, location: Location, group_ids: list[str]) -> Role:
    if bool(role.who) == bool(role.claim):
        raise location.value_error(
            'say who: who = "dee@example.org", or what the provider says of them: claim = "groups=volunteers"'
        )
    validators: dict[str, Validator] = {
        "role": people.parse_role,
        "who": unless_empty(people.parse_sign_in_address),
        "claim": unless_empty(people.parse_claim),
        "groups": partial(check_choice, known=group_ids, kind="group"),
    }
    return validate_fields(role, location, validators)
