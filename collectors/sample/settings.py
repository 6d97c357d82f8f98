"""The settings of the sample community: what its mutuals.toml would say."""

from pathlib import Path

from warehouse.settings import Bluesky, Goal, Group, Secrets, Server, Settings, Signpost

HOME, OTHER = "carers.example", "other.example"
PLENTY = 10_000_000  # the sample servers advertise limits that let months be lived through in a minute

GROUPS = (
    Group(
        id="riverside",
        name="Riverside Carers' Circle",
        mastodon=(f"@riverside@{HOME}",),
        bluesky=("riverside.carers.example",),
        hashtags=("RiversideCarers",),
        tag_servers=(HOME, OTHER),
        topics=("carers",),
        team=(f"@dee@{HOME}", f"@amir@{HOME}", "joyce.carers.example"),
    ),
    Group(
        id="bakerylane",
        name="Bakery Lane Stroke Club",
        mastodon=(f"@bakerylane@{HOME}",),
        hashtags=("BakeryLaneStroke",),
        tag_servers=(HOME, OTHER),
        topics=("stroke",),
        team=(f"@joan@{HOME}", f"@winston@{OTHER}"),
    ),
)

# One reached, one not yet, one of which too few is known to say.
GOALS = (
    Goal("riverside", "answered_in_time", 85),
    Goal("riverside", "followers", 1000),
    Goal("bakerylane", "answered_in_time", 75),
    Goal("bakerylane", "followers", 120),
)

# Public lines, as known when this was written. A group checks its own list and gives it a date of its own.
SIGNPOSTS = tuple(
    Signpost(f"{name} (example: check before use)", contact, country, url, "2026-11-01")
    for name, contact, country, url in (
        ("Emergency services", "999", "UK", ""),
        ("NHS 111, mental health option", "111", "UK", "https://111.nhs.uk"),
        ("Samaritans, day and night", "116 123", "UK and Ireland", "https://www.samaritans.org"),
        ("Carers UK helpline", "0808 808 7777", "UK", "https://www.carersuk.org"),
        ("Mencap helpline", "0808 808 1111", "UK", "https://www.mencap.org.uk"),
        ("Dementia UK nurses", "0800 888 6678", "UK", "https://www.dementiauk.org"),
        ("Stroke Association helpline", "0303 3033 100", "UK", "https://www.stroke.org.uk"),
    )
)


def sample_settings(
    data_dir: Path,
    *,
    home_url: str,
    other_url: str,
    appview_url: str,
    pds_url: str,
    jetstream_url: str = "",
    web_url: str = "https://bluesky.example",
    secrets: Secrets | None = None,
) -> Settings:
    """Settings that point at the sample servers. Without secrets the collectors see what anybody sees."""
    return Settings(
        groups=GROUPS,
        servers=tuple(Server(name, url, PLENTY, PLENTY) for name, url in ((HOME, home_url), (OTHER, other_url))),
        bluesky=Bluesky(appview_url, pds_url, jetstream_url, web_url, requests_per_hour=PLENTY),
        signposts=SIGNPOSTS,
        goals=GOALS,
        secrets=secrets or Secrets(),
        data_dir=data_dir,
        contact_url="https://mutuals.example",
        is_sample=True,
    )
