"""[sign_in] and [[roles]] in mutuals.toml: what they may say, and what is said of a slip."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse.errors import SettingsError
from warehouse.settings import Role, add_role, load_settings, remove_roles
from warehouse.settings.parse import parse_settings

GROUP = '[[groups]]\nid = "riverside"\nname = "Riverside"\nmastodon = ["@riverside@carers.example"]\n'
SIGN_IN = '[sign_in]\nprovider = "https://login.example"\nclient_id = "mutuals"\n'


def test_a_provider_may_be_given_with_or_without_what_all_providers_add() -> None:
    for told in (
        "https://login.example",
        "https://login.example/",
        "https://login.example/.well-known/openid-configuration",
    ):
        assert (
            parse_settings(f'[sign_in]\nprovider = "{told}"\nclient_id = "m"\n', "m").sign_in.provider
            == "https://login.example"
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[sign_in]\nclient_id = "m"\n', "'provider' is missing"),
        ('[sign_in]\nprovider = "https://login.example"\n', "'client_id' is missing"),
        ('[sign_in]\nprovider = "http://login.example"\nclient_id = "m"\n', "is not encrypted"),
        ('[sign_in]\nprovider = "login"\nclient_id = "m"\n', "is not an address"),
        (SIGN_IN + 'header = "X-Email"\n', "keep that one"),
        (SIGN_IN + "hours = 0\n", "out of range"),
        ('[sign_in]\nheader = "Host"\n', "says something else"),
        ('[sign_in]\nheader = "X Mail"\n', "not a header's name"),
        (SIGN_IN + 'secret = "s"\n', "is a secret and does not belong here"),
        (SIGN_IN + '[app]\ndashboard_url = "http://192.168.1.4:8501"\n', "put it behind https"),
        ('[[roles]]\nrole = "boss"\nwho = "a@b.example"\n', "'boss' is no role"),
        ('[[roles]]\nrole = "organizer"\nwho = "a@b.example"\n', "did you mean 'organiser'"),
        ('[[roles]]\nrole = "trustee"\n', "say who"),
        ('[[roles]]\nrole = "trustee"\nwho = "a@b.example"\nclaim = "a=b"\n', "say who"),
        ('[[roles]]\nrole = "trustee"\nwho = "dee"\n', "not a mail address"),
        ('[[roles]]\nrole = "trustee"\nclaim = "board"\n', "not a claim"),
        ('[[roles]]\nrole = "trustee"\nclaim = "email=a@b.example"\n', "an address as 'who'"),
        (
            GROUP + '[[roles]]\nrole = "trustee"\nwho = "a@b.example"\ngroups = ["riversid"]\n',
            "did you mean 'riverside'",
        ),
        ('[[roles]]\nwho = "a@b.example"\n', "'role' is missing"),
        ('[[roles]]\nrole = "trustee"\nwho = "a@b.example"\ngroups = []\n', "is an empty list"),
        ('[[roles]]\nrole = "trustee"\nwho = "a@gro\u00df.example"\n', "look like others"),
        ('[[roles]]\nrole = "trustee"\nclaim = "user.preferred_username=dee"\n', "people write their own"),
        ("[app]\npoll_seconds = " + "9" * 5000 + "\n", "not valid TOML"),
    ],
)
def test_a_slip_is_named_with_its_cure(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace("'", "['\"]")):
        parse_settings(text, "mutuals.toml")


def test_the_secret_of_the_sign_in_comes_from_the_environment_or_the_secrets_file(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(GROUP + SIGN_IN)
    assert load_settings(config, tmp_path, {"MUTUALS_SIGN_IN_SECRET": "s"}).secrets.sign_in == "s"
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('[sign_in]\nsecret = "t"\n')
    secrets.chmod(0o600)
    told = load_settings(config, tmp_path, {})
    assert told.secrets.sign_in == "t"
    assert "'t'" not in repr(told)


def test_letting_somebody_in_and_taking_them_out_keeps_a_person_s_comments(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    before = "# ours\n" + GROUP + SIGN_IN + '\n[[roles]]  # the chair\nrole = "organiser"\nwho = "hal@b.example"\n'
    config.write_text(before)
    dee = Role("groupworker", who="dee@b.example", groups=("riverside",), name="Dee")
    add_role(config, dee)
    add_role(config, Role("trustee", claim="groups=board"))
    assert parse_settings(config.read_text(), "m").roles[1:] == (dee, Role("trustee", claim="groups=board"))
    remove_roles(config, [dee])
    assert [one.who or one.claim for one in parse_settings(config.read_text(), "m").roles] == [
        "hal@b.example",
        "groups=board",
    ]
    remove_roles(config, [Role("trustee", claim="groups=board")])
    assert config.read_text().startswith("# ours\n")
    assert "# the chair" in config.read_text()


def test_a_role_that_would_not_do_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(GROUP)
    with pytest.raises(SettingsError, match="no group has the id"):
        add_role(config, Role("trustee", who="a@b.example", groups=("bakery",)))
    assert config.read_text() == GROUP


def test_two_people_who_change_the_file_at_once_do_not_undo_each_other(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(GROUP + "".join(f'[[roles]]\nrole = "trustee"\nwho = "old{n}@b.example"\n' for n in range(12)))
    old = parse_settings(config.read_text(), "m").roles
    with ThreadPoolExecutor(8) as pool:
        out = [pool.submit(remove_roles, config, [one]) for one in old]
        into = [pool.submit(add_role, config, Role("trustee", who=f"new{n}@b.example")) for n in range(12)]
        for one in (*out, *into):
            one.result()
    assert sorted(one.who for one in parse_settings(config.read_text(), "m").roles) == sorted(
        f"new{n}@b.example" for n in range(12)
    )


def test_whoever_is_let_in_a_second_time_is_not_written_down_twice(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(GROUP)
    add_role(config, Role("trustee", who="dee@b.example", name="Dee"))
    before = config.read_text()
    with pytest.raises(SettingsError, match=r"dee@b\.example is trustee of the same groups already"):
        add_role(config, Role("trustee", who="Dee@b.example"))
    assert config.read_text() == before
    add_role(config, Role("trustee", who="dee@b.example", groups=("riverside",)))
    add_role(config, Role("groupworker", who="dee@b.example"))
    assert len(parse_settings(config.read_text(), "m").roles) == 3
