"""What can be set: the keys of mutuals.toml are the fields of these classes, with their defaults.

[[groups]], [[servers]], [bluesky], [[signposts]], [[replies]], [[goals]], [[people]], [mail], [sign_in], [[roles]], [app].
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Group:
    """One self-help, mutual-aid or peer-support group, as [[groups]] describes it."""

    id: str
    name: str
    timezone: str = "Europe/London"
    mastodon: tuple[str, ...] = ()  # @user@host
    bluesky: tuple[str, ...] = ()  # handles or DIDs
    hashtags: tuple[str, ...] = ()  # the group's own, without '#'
    tag_servers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    promise_hours: int = 24
    claim_hours: int = 2  # how long “I'll reply” holds
    folded_words: tuple[str, ...] = ()  # posts with these are folded like a content warning
    retention_days: int = 90


@dataclass(frozen=True, slots=True)
class Server:
    """A Mastodon-API server: [[servers]]. `url` defaults to https://<name>."""

    name: str
    url: str = ""
    requests_per_5_minutes: int = 300
    paged_per_15_minutes: int = 300


@dataclass(frozen=True, slots=True)
class Bluesky:
    """The services of the AT Protocol: [bluesky]."""

    appview: str = "https://public.api.bsky.app"
    pds: str = "https://bsky.social"
    jetstream: str = ""  # empty: the drain is off
    web: str = "https://bsky.app"
    requests_per_hour: int = 3600


@dataclass(frozen=True, slots=True)
class Signpost:
    """One place that helps, shown on every queue page: [[signposts]]."""

    name: str
    contact: str
    country: str = ""
    url: str = ""
    checked: str = ""  # the date somebody made sure that it is right


@dataclass(frozen=True, slots=True)
class SavedReply:
    """Words that the team likes to begin with, to be copied and never sent by us: [[replies]]."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Goal:
    """What a group has set out to reach, shown with its progress to trustees: [[goals]]."""

    group: str  # its id
    measure: str  # one of GOALS
    target: int
    until: str = ""  # a date: by when


GOALS = ("answered_in_time", "followers", "engagement")  # in percent; at the quarter's end; gained in a quarter


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wants to be told when people wait: [[people]]. Times of day are HH:MM in their own time zone."""

    name: str
    notify: tuple[str, ...] = ()  # lines of [notify] in secrets.toml
    groups: tuple[str, ...] = ()  # ids; none: every group
    timezone: str = "Europe/London"
    quiet_hours: str = "22:00-08:00"  # empty: at any hour
    digest_at: str = ""  # once a day at this time; empty: as it happens
    language: str = "en"  # of the messages; the pages are English
    mail: str = ""  # where the weekly mail goes; empty: none


@dataclass(frozen=True, slots=True)
class Mail:
    """The service that takes the weekly mail: [mail]. Its password is a secret."""

    host: str = ""  # empty: no weekly mail
    port: int = 587
    security: str = "starttls"  # starttls, tls or none (for a service on this machine)
    user: str = ""
    sender: str = ""  # the address that the mail comes from
    reply_to: str = ""  # where answers go; the sender's by default


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people sign in to the dashboard: [sign_in]. With an OpenID provider, or at a reverse proxy. Its secret is a secret."""

    provider: str = ""  # its address, to which /.well-known/openid-configuration is added
    client_id: str = ""  # as which the dashboard is known there
    hours: int = 12  # how long a sign-in holds
    trust_email: bool = (
        False  # the provider does not say that it checked an address, and knows only the organisation's own
    )
    header: str = ""  # instead of a provider: where the proxy writes the e-mail address of whom it signed in

    def __bool__(self) -> bool:
        return bool(self.provider or self.header)


ROLES = ("trustee", "groupworker", "organiser")  # each may see what those before it may, and more
NOBODY = "none"  # is let into no group, whatever the provider says


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody who signed in may see: [[roles]]. Named by e-mail address, or by what the provider says of them."""

    role: str  # one of ROLES; NOBODY wins over every other
    who: str = ""  # an e-mail address
    claim: str = ""  # name=value: a claim of the provider, as a value or in a list
    groups: tuple[str, ...] = ()  # ids; none: every group
    name: str = ""  # what the others call this person; the address by default


@dataclass(frozen=True, slots=True)
class Secrets:
    """From the environment or a 0600 file; never from the TOML, never stored, never printed."""

    mastodon_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)  # user@server → its read-only token
    bluesky_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)  # handle → app password
    notify: Mapping[str, str] = field(default_factory=dict, repr=False)  # name → Apprise address
    mail_password: str = field(default="", repr=False)
    sign_in: str = field(default="", repr=False)  # the client's at the provider; or what the proxy sends along


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the two processes need to know."""

    groups: tuple[Group, ...] = ()
    servers: tuple[Server, ...] = ()
    bluesky: Bluesky = field(default_factory=Bluesky)
    signposts: tuple[Signpost, ...] = ()
    replies: tuple[SavedReply, ...] = ()
    goals: tuple[Goal, ...] = ()
    people: tuple[Person, ...] = ()
    mail: Mail = field(default_factory=Mail)
    sign_in: SignIn = field(default_factory=SignIn)
    roles: tuple[Role, ...] = ()
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    config: Path = Path("mutuals.toml")
    data_dir: Path = Path("mutuals-data")
    contact_url: str = ""  # sent in the User-Agent
    poll_seconds: int = 300  # how often feeds are looked at; the servers' budgets hold all the same
    is_sample: bool = False  # the demo says so on every page
    casebook_url: str = field(default="", repr=False)  # empty: SQLite in the data folder; else PostgreSQL
    dashboard_url: str = "http://127.0.0.1:8501"  # stands in notifications

    def server(self, name: str) -> Server:
        """The server of that name as configured, or with its defaults."""
        configured = next((server for server in self.servers if server.name == name), None)
        return configured or Server(name, f"https://{name}")


@dataclass(frozen=True, slots=True)
class App:
    """What concerns the whole installation: [app]."""

    contact_url: str = ""  # sent in the User-Agent, so that a server's admin can reach the group
    casebook_url: str = ""  # postgresql://…, without a password; empty: SQLite in the data folder
    poll_seconds: int = 300  # how often feeds are looked at; the servers' budgets hold all the same
    is_sample: bool = False  # written by `mutuals demo`
    dashboard_url: str = "http://127.0.0.1:8501"  # where people find the dashboard: stands in notifications
