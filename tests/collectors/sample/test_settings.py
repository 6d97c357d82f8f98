"""The sample's settings name people who are there, and public lines that a group must check."""

from datetime import UTC, datetime
from pathlib import Path

from collectors.sample.community.community import community
from collectors.sample.settings import GROUPS, SIGNPOSTS, sample_settings


def test_every_account_in_the_settings_is_in_the_community() -> None:
    world = community(1, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    handles = {account.handle for account in world.accounts}
    for group in GROUPS:
        named = {name.lstrip("@") for name in (*group.mastodon, *group.bluesky, *group.team)}
        assert named <= handles
        assert any(tag in post.tags for post in world.posts for tag in group.hashtags)


def test_signposts_say_that_they_are_examples_and_when_they_were_checked() -> None:
    assert any("Samaritans" in place.name and place.contact == "116 123" for place in SIGNPOSTS)
    assert all("example" in place.name and place.checked == "2026-11-01" and place.country for place in SIGNPOSTS)


def test_the_settings_point_at_the_sample_servers_only(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1"
    settings = sample_settings(tmp_path, home_url=url, other_url=url, appview_url=url, pds_url=url)
    assert settings.is_sample
    assert {settings.server(name).url for name in ("carers.example", "other.example")} == {url}
    assert settings.bluesky.appview == settings.bluesky.pds == url
    assert settings.bluesky.jetstream == ""
