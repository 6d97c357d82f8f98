"""mutuals.toml: what it may say, and the sentence for every mistake."""

from dataclasses import fields
from pathlib import Path

import pytest

from warehouse.settings import (
    Bluesky,
    Group,
    Mail,
    Person,
    SavedReply,
    Server,
    Settings,
    SettingsError,
    Signpost,
    add_group,
    load_settings,
    remove_group,
)

WHOLE = """
# our group
[[groups]]
id = "riverside"
name = "Riverside Carers' Circle"  # the name on the door
timezone = "Europe/London"
mastodon = ["@riverside@Example.social"]
bluesky = ["@Riverside.example.com"]
hashtags = ["#RiversideCarers"]
tag_servers = ["example.social"]
topics = ["carers"]
team = ["@dee@example.social", "amir.example.com"]
promise_hours = 48

[[servers]]
name = "example.social"
url = "http://127.0.0.1:8080/"

[bluesky]
appview = "http://localhost:2584"
jetstream = "wss://jetstream.example.org"

[[signposts]]
name = "Samaritans"
contact = "116 123"
checked = 2026-11-01

[app]
contact_url = "https://riverside.example.org"
"""
GROUP = 'id = "a"\nname = "A"\nmastodon = ["@a@example.social"]\n'


def read(tmp_path: Path, text: str, **environ: str) -> Settings:
    config = tmp_path / "mutuals.toml"
    config.write_text(text, encoding="utf-8")
    return load_settings(config, tmp_path / "data", environ)


def complaint(tmp_path: Path, text: str, **environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text, **environ)
    return str(caught.value)


def test_a_whole_file_is_read_and_its_values_are_tidied(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE)
    group = settings.groups[0]
    assert group.mastodon == ("@riverside@example.social",)
    assert group.bluesky == ("riverside.example.com",)
    assert group.hashtags == ("RiversideCarers",)
    assert group.team == ("@dee@example.social", "amir.example.com")
    assert group.promise_hours == 48
    assert settings.server("example.social").url == "http://127.0.0.1:8080"
    assert settings.server("other.example").url == "https://other.example"
    assert settings.bluesky.jetstream == "wss://jetstream.example.org"
    assert settings.bluesky.pds == "https://bsky.social"
    assert settings.signposts[0].checked == "2026-11-01"
    assert settings.contact_url == "https://riverside.example.org"


def test_without_a_file_there_is_no_group_yet(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "mutuals.toml", None, {})
    assert settings.groups == ()
    assert settings.data_dir == tmp_path / "mutuals-data"


def test_arguments_win_over_the_environment_and_that_over_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, None, {}).config == Path("mutuals.toml")
    environ = {"MUTUALS_CONFIG": str(tmp_path / "b" / "m.toml"), "MUTUALS_DATA_DIR": str(tmp_path / "c")}
    assert load_settings(None, None, environ).config == tmp_path / "b" / "m.toml"
    assert load_settings(None, None, environ).data_dir == tmp_path / "c"
    assert load_settings(tmp_path / "d.toml", tmp_path / "e", environ).data_dir == tmp_path / "e"
    assert (
        load_settings(None, None, {"MUTUALS_CONFIG": str(tmp_path / "b" / "m.toml")}).data_dir
        == tmp_path / "b" / "mutuals-data"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[groups]\n", "mutuals.toml: not valid TOML: .*at line 1, column 9"),
        ("[mastodon]\nintervall = 1\n", "mutuals.toml: unknown key 'mastodon'; known are: groups, servers, bluesky"),
        ("[bluesk]\n", "mutuals.toml: unknown key 'bluesk'; did you mean 'bluesky'?"),
        ("[bluesky]\nappvieew = 'x'\n", "unknown key 'appvieew' in \\[bluesky\\]; did you mean 'appview'?"),
        (
            f"[[groups]]\n{GROUP}hashtag = ['x']\n",
            "unknown key 'hashtag' in \\[\\[groups\\]\\] 'a'; did you mean 'hashtags'?",
        ),
        (f"[[groups]]\n{GROUP}hashtags = 'x'\n", "'hashtags' must be a list of texts in .*'a'; write: hashtags = \\["),
        (f"[[groups]]\n{GROUP}promise_hours = '24'\n", "'promise_hours' must be a whole number"),
        (f"[[groups]]\n{GROUP}promise_hours = true\n", "'promise_hours' must be a whole number"),
        (f"[[groups]]\n{GROUP}promise_hours = 0\n", "'promise_hours': 0 is out of range; write a number from 1 to 336"),
        (f"[[groups]]\n{GROUP}[[groups]]\n{GROUP}", "two \\[\\[groups\\]\\] have the id 'a'; give one of them another"),
        ("[[groups]]\nid = 'a'\n", "'name' is missing in .*'a'; add: name = "),
        ("[[groups]]\nname = 'a'\n", "'id' is missing in \\[\\[groups\\]\\] number 1; add: id = "),
        ("[groups]\nid = 'a'\n", "'groups' must be written as \\[\\[groups\\]\\]"),
        ("groups = ['a']\n", "a table with keys is needed"),
        (
            "[[groups]]\nid = 'My Group'\nname = 'A'\n",
            "'id': 'My Group' must be made of small letters.*write 'my-group'",
        ),
        ("[[groups]]\nid = 'a'\nname = ' '\n", "'name': it is empty"),
        ("[[groups]]\nid = 'a'\nname = 'A'\n", "'a' there is no account; add mastodon = "),
        ("[[groups]]\nid = 'a'\nname = 'A'\nmastodon = ['@dee']\n", "'@dee' lacks its server; write @dee@server"),
        ("[[groups]]\nid = 'a'\nname = 'A'\nmastodon = ['https://x.example/@dee']\n", "write it as @name@server"),
        ("[[groups]]\nid = 'a'\nname = 'A'\nbluesky = ['dee']\n", "for example dee.bsky.social"),
        (
            "[[groups]]\nid = 'a'\nname = 'A'\nbluesky = ['@dee@x.example']\n",
            "is a Mastodon address; move it to 'mastodon'",
        ),
        (f"[[groups]]\n{GROUP}team = ['@dee']\n", "'team': '@dee' lacks its server; write @dee@server"),
        (f"[[groups]]\n{GROUP}hashtags = ['two words']\n", "'two words' is not a hashtag"),
        (
            f"[[groups]]\n{GROUP}hashtags = ['Carers']\ntopics = ['carers']\n",
            "'carers' stands in 'hashtags' and in 'topics'",
        ),
        (f"[[groups]]\n{GROUP}tag_servers = ['https://x.example/']\n", "write the server's name alone: 'x.example'"),
        (f"[[groups]]\n{GROUP}timezone = 'London'\n", "'London' is not a time zone; did you mean 'Europe/London'?"),
        (f"[[groups]]\n{GROUP}timezone = 'Europe/Lodnon'\n", "did you mean 'Europe/London'?"),
        (f"[[groups]]\n{GROUP}timezone = '../../etc/passwd'\n", "is not a time zone"),
        ("[[servers]]\nname = 'x.example'\nurl = 'http://x.example'\n", "'url': .* is not encrypted; write https://"),
        ("[[servers]]\nname = 'x.example'\nurl = 'ftp://x.example'\n", "'url': .* is not an address"),
        ("[[servers]]\nname = 'x.example'\nurl = 'https://[bad'\n", "'url': it is not an address"),
        ("[bluesky]\njetstream = 'https://x.example'\n", "'jetstream': .* write it like wss://"),
        ("[app]\ncontact_url = 'dee'\n", "in \\[app\\] 'contact_url': 'dee' is not an address"),
        ("[app]\ncasebook_url = 'mysql://x'\n", "in \\[app\\] 'casebook_url': it is not a PostgreSQL URL"),
        ("[[servers]]\nname = 'x.example'\ntoken = 'abc'\n", "'token' is a secret and does not belong here"),
    ],
)
def test_every_mistake_is_a_sentence_with_the_place_and_the_cure(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("[[servers]]\nname = 'x.example'\nurl = 'https://dee:hunter2@x.example'\n", "hunter2"),
        ("[app]\ncasebook_url = 'postgresql://dee:hunter2@db/mutuals'\n", "hunter2"),
        ("[[servers]]\nname = 'x.example'\ntoken = 'hunter2'\n", "hunter2"),
    ],
)
def test_a_secret_in_the_wrong_place_is_refused_and_not_repeated(tmp_path: Path, text: str, secret: str) -> None:
    assert secret not in complaint(tmp_path, text)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_plain_http_is_accepted_on_this_machine_only(tmp_path: Path, host: str) -> None:
    text = f"[[servers]]\nname = 'x.example'\nurl = 'http://{host}:8080'\n"
    assert read(tmp_path, text).server("x.example").url == f"http://{host}:8080"


def test_tokens_and_app_passwords_come_from_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        WHOLE,
        MUTUALS_MASTODON_TOKEN_RIVERSIDE_EXAMPLE_SOCIAL="token-1",
        MUTUALS_BLUESKY_PASSWORD_RIVERSIDE_EXAMPLE_COM="pass-2",
    )
    assert settings.secrets.mastodon_tokens == {"riverside@example.social": "token-1"}
    assert settings.secrets.bluesky_passwords == {"riverside.example.com": "pass-2"}
    assert "token-1" not in repr(settings)
    assert "pass-2" not in repr(settings)


def test_a_variable_for_nobody_is_pointed_out_without_its_value(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read(tmp_path, WHOLE, MUTUALS_MASTODON_TOKEN_EXMAPLE_SOCIAL="token-1")
    assert "MUTUALS_MASTODON_TOKEN_EXMAPLE_SOCIAL belongs to nobody" in caplog.text
    assert "token-1" not in caplog.text


def test_secrets_may_stand_in_a_file_that_nobody_else_can_read(tmp_path: Path) -> None:
    secrets = tmp_path / "data" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(
        '[mastodon]\n"riverside@example.social" = "from file"\n[bluesky]\n"riverside.example.com" = "too"\n'
    )
    secrets.chmod(0o600)
    settings = read(tmp_path, WHOLE, MUTUALS_BLUESKY_PASSWORD_RIVERSIDE_EXAMPLE_COM="from environment")
    assert settings.secrets.mastodon_tokens == {"riverside@example.social": "from file"}
    assert settings.secrets.bluesky_passwords == {"riverside.example.com": "from environment"}


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ('[mastodon]\n"example.social" = "hunter2"\n', 0o644, "chmod 600 "),
        ('[mastodon]\n"example.social" = hunter2\n', 0o600, "not valid TOML \\(at line 2"),
        ('[mastodon]\n"example.social" = 5\n', 0o600, "must hold lines like"),
        ('[mastadon]\n"example.social" = "hunter2"\n', 0o600, "unknown key 'mastadon'; did you mean 'mastodon'?"),
    ],
)
def test_a_secrets_file_that_will_not_do_is_refused_with_the_cure(
    tmp_path: Path, text: str, mode: int, words: str
) -> None:
    secrets = tmp_path / "data" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(text)
    secrets.chmod(mode)
    with pytest.raises(SettingsError, match=words) as caught:
        read(tmp_path, WHOLE)
    assert "hunter2" not in str(caught.value)


def test_the_casebook_url_may_have_its_password_in_the_environment(tmp_path: Path) -> None:
    settings = read(tmp_path, "", MUTUALS_CASEBOOK_URL="postgresql://dee:hunter2@db/mutuals")
    assert settings.casebook_url == "postgresql://dee:hunter2@db/mutuals"
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in complaint(tmp_path, "", MUTUALS_CASEBOOK_URL="mysql://dee:hunter2@db/mutuals")


def test_a_file_that_is_not_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "mutuals.toml").write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load_settings(tmp_path / "mutuals.toml", None, {})
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path, None, {})


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "mutuals.toml").write_bytes(b"\xef\xbb\xbf[[groups]]\r\n" + GROUP.replace("\n", "\r\n").encode())
    assert load_settings(tmp_path / "mutuals.toml", None, {}).groups[0].id == "a"


def test_a_data_folder_below_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"cannot be made, because .*file is a file"):
        load_settings(tmp_path / "m.toml", tmp_path / "file" / "data", {})


@pytest.mark.usefixtures("as_nobody")
def test_a_data_folder_that_is_not_ours_to_write_is_a_sentence() -> None:
    with pytest.raises(SettingsError, match="cannot be written; make it yours"):
        load_settings(Path("/nowhere/m.toml"), Path("/usr/share/mutuals"), {})


def test_a_group_is_written_and_the_comments_stay(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(WHOLE, encoding="utf-8")
    config.chmod(0o640)
    group = Group("lane", "The Lane", mastodon=("@lane@example.social",), hashtags=("Lane",), retention_days=30)
    add_group(config, group)
    assert load_settings(config, None, {}).groups[1] == group
    assert "# the name on the door" in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.glob(".*new")) == []


def test_a_group_is_taken_out_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(WHOLE, encoding="utf-8")
    add_group(config, Group("lane", "The Lane", mastodon=("@lane@example.social",)))
    remove_group(config, "lane")
    assert config.read_text().strip() == WHOLE.strip()
    remove_group(config, "riverside")
    assert load_settings(config, None, {}).groups == ()
    assert load_settings(config, None, {}).signposts[0].name == "Samaritans"


def test_the_first_group_makes_the_file(tmp_path: Path) -> None:
    config = tmp_path / "new" / "mutuals.toml"
    add_group(config, Group("a", 'A "quoted" name', mastodon=("@a@example.social",)))
    assert load_settings(config, None, {}).groups[0].name == 'A "quoted" name'


@pytest.mark.parametrize(
    "group",
    [
        Group("a", "Again", mastodon=("@b@example.social",)),
        Group("b", "B"),
        Group("B", "B", mastodon=("@b@c.example",)),
    ],
)
def test_a_group_that_will_not_do_leaves_the_file_alone(tmp_path: Path, group: Group) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(f"[[groups]]\n{GROUP}")
    with pytest.raises(SettingsError):
        add_group(config, group)
    assert config.read_text() == f"[[groups]]\n{GROUP}"


def test_taking_out_a_group_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text(WHOLE)
    with pytest.raises(SettingsError, match="did you mean 'riverside'"):
        remove_group(config, "riversid")


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    config = tmp_path / "mutuals.toml"
    config.write_text("[[groups]\n")
    with pytest.raises(SettingsError, match="not valid TOML"):
        add_group(config, Group("a", "A", mastodon=("@a@b.example",)))
    assert config.read_text() == "[[groups]\n"


def test_every_field_can_be_written_in_the_file(tmp_path: Path) -> None:
    """The keys of mutuals.toml are the fields of the classes, all of them."""
    samples = {"str": '"x.example"', "int": "30", "tuple": '["@a@x.example"]'}
    special = {"url": '"https://x.example"', "timezone": '"UTC"', "jetstream": '"wss://x.example"', "id": '"a"'}
    special |= {
        "bluesky": '["a.x.example"]',
        "hashtags": '["one"]',
        "topics": '["two"]',
        "tag_servers": '["x.example"]',
    }
    special |= {"groups": '["a"]', "notify": '["mail"]', "quiet_hours": '"22:00-07:30"', "digest_at": '"08:00"'}
    special |= {"language": '"de"', "mail": '"a@x.example"', "sender": '"a@x.example"', "reply_to": '"a@x.example"'}
    special |= {"security": '"tls"'}
    special |= dict.fromkeys(("appview", "pds", "web"), '"https://x.example"')
    lines = []
    for head, kind in (
        ("[[groups]]", Group),
        ("[[servers]]", Server),
        ("[bluesky]", Bluesky),
        ("[[signposts]]", Signpost),
        ("[[replies]]", SavedReply),
        ("[[people]]", Person),
        ("[mail]", Mail),
    ):
        lines.append(head)
        lines += [
            f"{one.name} = {special.get(one.name) or samples[str(getattr(one.type, '__name__', one.type)).split('[')[0]]}"
            for one in fields(kind)
        ]
    settings = read(tmp_path, "\n".join(lines))
    assert settings.groups[0].folded_words == ("@a@x.example",)
    assert settings.bluesky.requests_per_hour == 30


SAM = f"[[groups]]\n{GROUP}[[people]]\nname = 'Sam'\n"


def test_somebody_to_be_told_is_read_and_their_address_comes_from_the_secrets(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    secrets = tmp_path / "data" / "secrets.toml"
    secrets.write_text('[notify]\nsam-mail = "mailto://sam:hunter2@x.example"\nspare = "json://x.example"\n')
    secrets.chmod(0o600)
    text = SAM + "notify = ['sam-mail', 'phone']\nquiet_hours = '23:00 - 06:30'\ndigest_at = '08:00'\n"
    settings = read(tmp_path, text, MUTUALS_NOTIFY_PHONE="signal://x.example")
    (sam,) = settings.people
    assert (sam.notify, sam.quiet_hours, sam.groups) == (("sam-mail", "phone"), "23:00-06:30", ())
    assert settings.secrets.notify == {
        "sam-mail": "mailto://sam:hunter2@x.example", "spare": "json://x.example", "phone": "signal://x.example",
    }  # fmt: skip
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "'notify' is empty; add: notify ="),
        ("mail = 'sam'", "'mail': 'sam' is not a mail address; write it like 'sam@mail.example'"),
        ("mail = 'a@x.example'\n[mail]\nport = 25", "in [mail] 'host' is missing"),
        (
            "mail = 'a@x.example'\n[mail]\npassword = 'hunter2'",
            "'password' is a secret and does not belong here",
        ),
        (
            "mail = 'a@x.example'\n[mail]\nhost = 'x.example'\nsender = 'a@x.example'\nsecurity = 'none'",
            "'none' is for a service on this machine only",
        ),
        (
            "mail = 'a@x.example'\n[mail]\nhost = 'x.example'\nsender = 'a@x.example'\nsecurity = 'ssl'",
            "'security': 'ssl' is none of: starttls, tls, none",
        ),
        ("mail = 'a@x.example'\n[mail]\nhost = 'x.example'", "'sender': '' is not a mail address"),
        (
            "notify = ['m']\nquiet_hour = '1'",
            "unknown key 'quiet_hour' in [[people]] 'Sam'; did you mean 'quiet_hours'?",
        ),
        ("notify = ['m']\nquiet_hours = '22-8'", "'quiet_hours': '22-8' is not a stretch of the day"),
        ("notify = ['m']\nquiet_hours = '08:00-08:00'", "is not a stretch of the day"),
        ("notify = ['m']\nquiet_hours = '22:00-24:00'", "is not a stretch of the day"),
        ("notify = ['m']\ndigest_at = '8'", "'digest_at': '8' is not a time of day; write it like '08:00'"),
        ("notify = ['m']\ntimezone = 'Berlin'", "did you mean 'Europe/Berlin'?"),
        ("notify = ['m']\nlanguage = 'xx'", "'language': there are no messages in 'xx'; there are: de, en"),
        ("notify = ['m']\ngroups = ['aa']", "'groups': no group has the id 'aa'; did you mean 'a'?"),
        ("notify = ['Sam Mail']", "small letters, digits and hyphens"),
        ("notify = ['m']\n[[people]]\nname = 'Sam'\nnotify = ['m']", "two [[people]] have the name 'Sam'"),
        ("notify = ['m']\n[app]\ndashboard_url = 'mutuals.lan'", "'dashboard_url': 'mutuals.lan' is not a web address"),
    ],
)
def test_a_mistake_about_somebody_to_be_told_is_named_with_its_cure(tmp_path: Path, lines: str, words: str) -> None:
    assert words in complaint(tmp_path, SAM + lines)


def test_the_mail_services_password_comes_from_the_environment_or_the_secrets(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    secrets = tmp_path / "data" / "secrets.toml"
    secrets.write_text('[mail]\npassword = "hunter2"\n')
    secrets.chmod(0o600)
    settings = read(tmp_path, SAM + "mail = 'a@x.example'")
    assert settings.secrets.mail_password == "hunter2"
    assert "hunter2" not in repr(settings)


def test_an_address_pasted_where_its_name_belongs_is_never_repeated(tmp_path: Path) -> None:
    said = complaint(tmp_path, SAM + "notify = ['mailto://sam:hunter2@x.example']")
    assert "hunter2" not in said
    assert "secrets.toml" in said


GOAL = '[[groups]]\nid = "g"\nname = "G"\nmastodon = ["@g@x.example"]\n[[goals]]\ngroup = "g"\n'


def test_a_goal_is_read_with_its_date(tmp_path: Path) -> None:
    (tmp_path / "mutuals.toml").write_text(GOAL + 'measure = "followers"\ntarget = 500\nuntil = 2026-12-31\n')
    (goal,) = load_settings(tmp_path / "mutuals.toml", tmp_path / "data", {}).goals
    assert (goal.group, goal.measure, goal.target, goal.until) == ("g", "followers", 500, "2026-12-31")


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ('measure = "follower"\ntarget = 5', "did you mean 'followers'"),
        ('measure = "answered_in_time"\ntarget = 101', "write a number from 1 to 100"),
        ('measure = "followers"\ntarget = 5\nuntil = "soon"', "write it like 2026-12-31"),
    ],
)
def test_a_goal_that_means_nothing_is_refused_with_the_cure(rest: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "mutuals.toml").write_text(GOAL + rest)
    with pytest.raises(SettingsError, match=words):
        load_settings(tmp_path / "mutuals.toml", tmp_path / "data", {})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://carers.example/about", "'carers.example'"),
        ("https://dee:hunter2@carers.example", "'carers.example'"),
        ("https://[x", "'mastodon.social'"),
    ],
)
def test_an_address_in_place_of_a_servers_name_is_said_with_the_name_and_without_a_password(
    tmp_path: Path, written: str, said: str
) -> None:
    text = f'[[servers]]\nname = "{written}"\nurl = "https://carers.example"\n'
    told = complaint(tmp_path, text)
    assert f"write the server's name alone: {said}" in told
    assert "hunter2" not in told
