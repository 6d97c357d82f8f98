"""From what somebody pastes to mutuals.toml."""

import tomllib
from pathlib import Path

import pytest

from app.editors.settings_draft import (
    Answers,
    SetUpError,
    parse_bluesky,
    parse_hashtags,
    parse_mastodon,
    write_settings,
)
from warehouse.settings import SettingsError


@pytest.mark.parametrize(
    "typed",
    [
        "@riverside@carers.example", "riverside@Carers.Example", " @riverside@carers.example ",
        "https://carers.example/@riverside", "https://carers.example/@riverside/", "https://carers.example/users/riverside",
        "https://other.example/@riverside@carers.example",
    ],
)  # fmt: skip
def test_a_mastodon_address_is_understood_however_it_was_copied(typed: str) -> None:
    assert parse_mastodon(typed) == "@riverside@carers.example"


@pytest.mark.parametrize("typed", ["riverside", "@riverside", "@riverside@", "a b@c.example", "<b>@x.example"])
def test_half_a_mastodon_address_is_told_what_is_missing(typed: str) -> None:
    with pytest.raises(SetUpError, match=r"@name@server\.example"):
        parse_mastodon(typed)


@pytest.mark.parametrize(
    "typed", ["@Riverside.bsky.social", "https://bsky.app/profile/riverside.bsky.social", "at://riverside.bsky.social"]
)
def test_a_bluesky_handle_is_understood_however_it_was_copied(typed: str) -> None:
    assert parse_bluesky(typed) == "riverside.bsky.social"


def test_a_did_stays_as_it_is() -> None:
    assert parse_bluesky("did:plc:abcABC234") == "did:plc:abcABC234"


def test_half_a_bluesky_handle_is_told_what_is_missing() -> None:
    with pytest.raises(SetUpError, match=r"name\.bsky\.social"):
        parse_bluesky("riverside")


def test_nothing_typed_is_nothing() -> None:
    assert (parse_mastodon(" "), parse_bluesky(""), parse_hashtags(" , ")) == (None, None, ())


def test_hashtags_come_in_any_dress() -> None:
    assert parse_hashtags("#RiversideCarers, ＃夜 carers carers") == ("RiversideCarers", "夜", "carers")


def test_writing_keeps_a_persons_comments_and_other_groups(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(
        '# ours, do not lose\n[[groups]]\nid = "riverside"  # since 2019\nname = "R"\nmastodon = ["@r@x.example"]\n'
    )
    assert write_settings(config, Answers("Riverside!", bluesky=("r.example",), hashtags=("A",))) == "riverside-2"
    text = config.read_text()
    assert "# ours, do not lose" in text
    assert "# since 2019" in text
    assert [group["id"] for group in tomllib.loads(text)["groups"]] == ["riverside", "riverside-2"]


def test_a_name_in_any_script_gets_an_id(tmp_path: Path) -> None:
    assert (
        write_settings(tmp_path / "new" / "mutuals.toml", Answers("नदी किनारे", mastodon=("@a@b.example",))) == "group"
    )


@pytest.mark.parametrize(
    ("answers", "cure"),
    [
        (Answers(" ", mastodon=("@a@b.example",)), "no name yet"),
        (Answers("A"), "no account yet"),
        (Answers("A", mastodon=("@a@b.example",), timezone="Mars/Base"), "not a time zone"),
        (Answers("A", mastodon=("@a",)), "lacks its server"),
    ],
)
def test_answers_that_cannot_be_used_name_the_cure(tmp_path: Path, answers: Answers, cure: str) -> None:
    with pytest.raises((SetUpError, SettingsError), match=cure):
        write_settings(tmp_path / "mutuals.toml", answers)
    assert not (tmp_path / "mutuals.toml").exists()


def test_a_broken_file_is_left_alone(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text("[[groups")
    with pytest.raises(SettingsError, match="not valid TOML"):
        write_settings(config, Answers("A", mastodon=("@a@b.example",)))
    assert config.read_text() == "[[groups"
