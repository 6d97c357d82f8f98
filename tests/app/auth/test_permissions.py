"""Pages as somebody with a role sees them: what is open, what is not, and what happens when a role is taken away."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import runtime
from app.auth import access_log, permissions
from app.auth.identity import Identity
from app.data import readers
from tests.app.auth.test_identity import DEE
from tests.support import village
from warehouse.settings import Group, Role, Settings, SignIn, load_settings

ELSEWHERE = Group("bakery", "Bakery Lane", mastodon=("@bakery@carers.example",))
SIGN_IN = SignIn("https://login.example", client_id="mutuals")
ADDRESS = "dee@riverside.example"
PAGES = sorted(permissions.ROLE_NEEDED)


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """No reader that another test opened for somebody else."""
    readers.reset_readers()
    yield
    readers.reset_readers()


def claims(**change: Any) -> dict[str, Any]:
    return {**DEE, "iat": int((village.NOW - timedelta(hours=1)).timestamp()), **change}


def with_roles(settings: Settings, *roles: Role) -> Settings:
    return replace(settings, groups=(*settings.groups, ELSEWHERE), sign_in=SIGN_IN, roles=roles)


def texts(app: AppTest) -> str:
    return " ".join(str(one.proto) for one in app.get("html")) + " ".join(str(one.value) for one in app.error)


Page = Callable[..., AppTest]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["organiser", "groupworker", "trustee"])
def test_a_page_is_open_to_whom_it_is_meant_for_and_nobody_else(role: str, name: str, published: Settings) -> None:
    settings = with_roles(published, Role(role, who=ADDRESS))
    who = Identity(ADDRESS)
    runtime.set_current(runtime.Runtime(settings, clock=lambda: village.NOW))
    ranks = ("trustee", "groupworker", "organiser")
    assert permissions.may_see_page(who, name) == (ranks.index(role) >= ranks.index(permissions.ROLE_NEEDED[name]))


def test_a_trustee_s_side_bar_leads_to_three_pages(published: Settings, page: Page) -> None:
    app = page(with_roles(published, Role("trustee", who=ADDRESS)), "summary", claims=claims)
    with pytest.raises(
        ValueError, match=r"Known pages: \S+summary.py', \S+what_the_numbers_mean.py', \S+first_visit.py'\]"
    ):
        app.switch_page("views/waiting.py")


@pytest.mark.parametrize("name", [name for name in PAGES if permissions.ROLE_NEEDED[name] != "trustee"])
def test_no_other_page_shows_a_trustee_anything_even_if_it_is_run(name: str, published: Settings) -> None:
    settings = replace(with_roles(published, Role("trustee", who=ADDRESS)), is_sample=False)  # no link to the tour
    runtime.set_current(runtime.Runtime(settings, clock=lambda: village.NOW, claims=claims))
    app = AppTest.from_file(str(Path(runtime.__file__).parent / "views" / f"{name}.py"), default_timeout=30).run()
    assert not app.exception
    assert "This page is not open to you" in texts(app)
    assert village.ASKS not in texts(app)
    assert "@carers.example" not in texts(app)


def test_a_trustee_s_reader_has_no_row_that_names_or_quotes_anybody(published: Settings, page: Page) -> None:
    page(with_roles(published, Role("trustee", who=ADDRESS)), "summary", claims=claims)
    told = readers.reader_for("trustee")
    for table in ("stored.post_texts", "stored.accounts", "stored.posts", "shown.requests", "casebook.decisions"):
        with pytest.raises(Exception, match="does not exist"):
            told.frame(f"select * from {table}", village.NOW)
    with pytest.raises(permissions.NotAllowed):
        readers.reader_for("groupworker")
    with pytest.raises(permissions.NotAllowed):
        readers.casebook_for(())


def test_a_groupworker_of_one_group_does_not_see_another(published: Settings, page: Page) -> None:
    settings = with_roles(published, Role("groupworker", who=ADDRESS, groups=("bakery",)))
    app = page(settings, claims=claims)
    app.query_params["group"] = "riverside"
    app.run()
    assert not app.exception
    assert "Bakery Lane" in texts(app)
    assert "Riverside" not in texts(app)
    assert "Riverside" not in str([box.options for box in app.sidebar.selectbox])
    with pytest.raises(permissions.NotAllowed):
        readers.casebook_for(["riverside"])


def test_a_role_in_one_group_opens_no_page_of_another(published: Settings, page: Page) -> None:
    settings = with_roles(
        published,
        Role("trustee", who=ADDRESS, groups=("riverside",)),
        Role("groupworker", who=ADDRESS, groups=("bakery",)),
    )
    app = page(settings, claims=claims)
    app.query_params["group"] = "riverside"
    app.run()
    assert "This page is not open to you" in texts(app)
    assert village.ASKS not in texts(app)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Sign in to see"),
        (claims(email_verified=False), "did not say that"),
        (claims(email=None), "did not tell us your e-mail address"),
        (claims(aud="other"), "another program"),
        (claims(iat=1), "has ended"),
        (claims(email="stranger@riverside.example"), "nobody has let you in yet"),
    ],
)
def test_whoever_is_not_let_in_sees_the_door_and_why(
    told: dict[str, Any], said: str, published: Settings, page: Page
) -> None:
    app = page(with_roles(published, Role("organiser", who=ADDRESS)), claims=lambda: told)
    assert not app.exception
    assert said in texts(app)
    assert village.ASKS not in texts(app)
    assert not app.sidebar.selectbox
    runtime.current().claims = lambda: told  # type: ignore[method-assign]
    with pytest.raises(permissions.NotAllowed):
        readers.reader_for("trustee")


def test_a_reader_in_somebody_s_hands_stops_when_their_role_goes(published: Settings) -> None:
    settings = with_roles(published, Role("groupworker", who=ADDRESS))
    now = runtime.Runtime(settings, clock=lambda: village.NOW, claims=claims)
    runtime.set_current(now)
    reader, book = readers.reader_for(), readers.casebook_for(["riverside"])
    assert len(reader.frame("select * from shown.requests", village.NOW))
    now.settings = replace(settings, roles=(Role("trustee", who=ADDRESS),))
    with pytest.raises(permissions.NotAllowed):
        reader.frame("select * from shown.requests", village.NOW)
    with pytest.raises(permissions.NotAllowed):
        readers.casebook_for(["riverside"])
    assert book is not None


def test_an_open_page_of_a_group_that_was_lost_is_emptied_though_another_group_remains(
    published: Settings, page: Page
) -> None:
    both = with_roles(published, Role("groupworker", who=ADDRESS))
    app = page(both, claims=claims)
    assert "Does anybody know?" in " ".join(one.value for one in app.text)
    runtime.current().settings = replace(both, roles=(Role("groupworker", who=ADDRESS, groups=("bakery",)),))
    app.run()  # what the look-out of an open page does
    assert "Does anybody know?" not in " ".join(one.value for one in app.text)
    with pytest.raises(permissions.NotAllowed):
        permissions.require_groups(Identity(ADDRESS), "groupworker", frozenset({"riverside"}))


def test_nothing_is_taken_back_in_a_group_that_was_lost(mine: Settings, page: Page) -> None:
    both = with_roles(mine, Role("groupworker", who=ADDRESS, name="Dee"))
    app = page(both, claims=claims)
    next(one for one in app.button if str(one.key).startswith("claim-")).click().run()
    before = readers.casebook_for_mail().version()
    runtime.current().settings = replace(both, roles=(Role("groupworker", who=ADDRESS, groups=("bakery",)),))
    next(one for one in app.button if one.key == "undo").click().run()
    assert readers.casebook_for_mail().version() == before


def test_a_sign_in_that_somebody_ended_counts_in_no_other_tab(published: Settings) -> None:
    told = claims(nonce="drawn by lot")
    runtime.set_current(
        runtime.Runtime(
            with_roles(published, Role("trustee", who=ADDRESS)), clock=lambda: village.NOW, claims=lambda: told
        )
    )
    reader = readers.reader_for("trustee")
    permissions.sign_out(permissions.current_identity())
    with pytest.raises(permissions.NotAllowed):
        readers.reader_for("trustee")
    with pytest.raises(permissions.NotAllowed):
        reader.frame("select 1 as n", village.NOW)
    told["nonce"] = "drawn again"  # signed in again
    assert readers.reader_for("trustee")


def test_a_reader_stops_when_the_sign_in_ends(published: Settings) -> None:
    clock = [village.NOW]
    runtime.set_current(
        runtime.Runtime(with_roles(published, Role("groupworker", who=ADDRESS)), clock=lambda: clock[0], claims=claims)
    )
    reader = readers.reader_for()
    clock[0] += timedelta(hours=12)
    with pytest.raises(permissions.NotAllowed):
        reader.frame("select 1 as n", village.NOW)


def test_a_press_on_a_button_that_was_still_there_is_not_recorded(mine: Settings, page: Page) -> None:
    settings = with_roles(mine, Role("groupworker", who=ADDRESS, name="Dee"))
    app = page(settings, claims=claims)
    button = next(one for one in app.button if str(one.key).startswith("claim-"))
    before = readers.casebook_for(()).version()
    runtime.current().settings = replace(settings, roles=(Role("organiser", who="hal@riverside.example"),))
    button.click().run()
    assert "nobody has let you in yet" in texts(app)
    assert readers.casebook_for_mail().version() == before


def test_what_somebody_signed_in_decides_stands_under_their_name(mine: Settings, page: Page) -> None:
    app = page(with_roles(mine, Role("groupworker", who=ADDRESS, name="Dee")), claims=claims)
    next(one for one in app.button if str(one.key).startswith("claim-")).click().run()
    assert readers.casebook_for_mail().names("riverside") == ["Dee"]
    assert "Dee" in texts(app)


SETTINGS = """
[[groups]]
id = "riverside"
name = "Riverside Carers"
mastodon = ["@riverside@carers.example"]

[sign_in]
provider = "https://login.example"
client_id = "mutuals"

[[roles]]
role = "organiser"
who = "hal@riverside.example"
"""
ROLE = f'\n[[roles]]\nrole = "groupworker"\nwho = "{ADDRESS}"\n'


@pytest.fixture
def on_disk(published: Settings, tmp_path: Path) -> Settings:
    """The village with its settings in a file."""
    copytree(published.data_dir, tmp_path / "data")
    (tmp_path / "mutuals.toml").write_text(SETTINGS + ROLE)
    return load_settings(tmp_path / "mutuals.toml", tmp_path / "data", {"MUTUALS_SIGN_IN_SECRET": "s"})


def started(settings: Settings) -> runtime.Runtime:
    now = runtime.Runtime(
        settings,
        clock=lambda: village.NOW,
        claims=claims,
        reload=lambda path: load_settings(path, settings.data_dir, {}),
    )
    runtime.set_current(now)
    return now


def test_a_role_that_leaves_the_file_is_gone_at_once(on_disk: Settings) -> None:
    started(on_disk)
    reader = readers.reader_for()
    on_disk.config.write_text(SETTINGS)
    with pytest.raises(permissions.NotAllowed):
        reader.frame("select 1 as n", village.NOW)


def test_a_settings_file_that_cannot_be_read_changes_nothing_and_is_said(on_disk: Settings) -> None:
    now = started(on_disk)
    readers.reader_for()
    on_disk.config.write_text(SETTINGS + ROLE + "[oops")
    readers.reader_for()
    assert "not valid TOML" in now.settings_error
    on_disk.config.write_text(SETTINGS + ROLE)
    readers.reader_for()
    assert not now.settings_error


def test_a_removal_counts_as_soon_as_what_stood_in_its_way_is_mended(
    on_disk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "_RETRY_SECONDS", 0.0)
    now = started(on_disk)
    reader = readers.reader_for()
    secrets = on_disk.data_dir / "secrets.toml"
    secrets.write_text('[sign_in]\nsecret = "s"\n')
    secrets.chmod(0o644)
    on_disk.config.write_text(SETTINGS)
    assert len(reader.frame("select 1 as n", village.NOW))
    assert "others can read your secrets" in now.settings_error
    secrets.chmod(0o600)
    with pytest.raises(permissions.NotAllowed):
        reader.frame("select 1 as n", village.NOW)
    assert not now.settings_error


def test_take_out_takes_out_whom_it_stands_beside_though_the_list_has_changed(on_disk: Settings, page: Page) -> None:
    names = ("ann", "bob", "carol")
    roles = {name: f'\n[[roles]]\nrole = "trustee"\nwho = "{name}@riverside.example"\n' for name in names}
    on_disk.config.write_text(SETTINGS.replace("hal@", "dee@") + "".join(roles.values()))

    def reload(path: Path) -> Settings:
        return load_settings(path, on_disk.data_dir, {"MUTUALS_SIGN_IN_SECRET": "s"})

    app = page(reload(on_disk.config), "who_may", claims=claims, reload=reload)
    beside_bob = next(one for one in app.button if str(one.key).startswith("take-out-") and "bob" in str(one.key))
    on_disk.config.write_text(on_disk.config.read_text().replace(roles["ann"], ""))
    beside_bob.click().run()
    assert [one.who.partition("@")[0] for one in reload(on_disk.config).roles] == ["dee", "carol"]


def test_letting_somebody_in_twice_is_said_and_leaves_the_page_whole(on_disk: Settings, page: Page) -> None:
    on_disk.config.write_text(SETTINGS.replace("hal@", "dee@"))

    def reload(path: Path) -> Settings:
        return load_settings(path, on_disk.data_dir, {"MUTUALS_SIGN_IN_SECRET": "s"})

    app = page(reload(on_disk.config), "who_may", claims=claims, reload=reload)
    for _ in range(2):
        app.text_input(key="let-in-address").set_value("sam@riverside.example")
        next(one for one in app.button if one.label == "Let them in").click().run()
        assert not app.exception
    assert "already; once is enough" in texts(app)
    assert [one.who.partition("@")[0] for one in reload(on_disk.config).roles] == ["dee", "sam"]


def test_a_slip_in_the_file_does_not_open_the_dashboard_to_everybody(on_disk: Settings) -> None:
    started(on_disk)
    readers.reader_for()
    on_disk.config.write_text("[[groups]]" + SETTINGS.partition("[[groups]]")[2].partition("[sign_in]")[0])
    with pytest.raises(permissions.NotAllowed):
        readers.reader_for("trustee")
    assert runtime.current().settings.sign_in
    assert runtime.current().settings.secrets.sign_in == "s"


def test_the_access_log_says_who_looked_at_what_kind_of_page_and_nothing_of_it(mine: Settings, page: Page) -> None:
    app = page(with_roles(mine, Role("groupworker", who=ADDRESS)), claims=claims)
    app.run()
    app.switch_page("views/this_week.py").run()
    held = list(access_log.read_entries(mine))
    assert [(one.who, one.role, one.page) for one in held] == [
        (ADDRESS, "groupworker", "this_week"),
        (ADDRESS, "groupworker", "waiting"),
    ]
    (file,) = (mine.data_dir / "access-log").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    written = file.read_text()
    assert village.ASKS not in written
    assert "carers.example" not in written


def test_the_access_log_names_the_group_also_where_there_is_only_one_to_choose(mine: Settings, page: Page) -> None:
    page(with_roles(mine, Role("groupworker", who=ADDRESS, groups=("riverside",))), claims=claims)
    assert [one.group for one in access_log.read_entries(mine)] == ["riverside"]


def test_a_groupworker_is_told_nothing_of_the_installation_or_of_other_groups(published: Settings, page: Page) -> None:
    settings = with_roles(published, Role("groupworker", who=ADDRESS, groups=("riverside",)))
    app = page(settings, "how_it_is_going", claims=claims)
    assert not app.exception
    assert "What the servers" not in texts(app)
    whole = page(with_roles(published, Role("organiser", who=ADDRESS)), "how_it_is_going", claims=claims)
    assert len(texts(whole)) > len(texts(app))


def test_the_access_log_is_kept_for_ninety_days(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    for days in (91, 90, 1, 0):
        access_log.append_entry(
            settings, access_log.Access(village.NOW - timedelta(days=days), ADDRESS, "trustee", "g", "summary")
        )
    assert [(village.NOW - one.at).days for one in access_log.read_entries(settings)] == [0, 1, 90]


def test_a_cut_line_of_the_access_log_is_left_out(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    access_log.append_entry(settings, access_log.Access(village.NOW, ADDRESS, "trustee", "g", "summary"))
    file = next((tmp_path / "access-log").iterdir())
    file.write_text(file.read_text() + '{"at": "2026-')
    assert len(list(access_log.read_entries(settings))) == 1


def test_nothing_is_logged_where_nobody_signs_in(mine: Settings, page: Page) -> None:
    page(mine)
    assert not (mine.data_dir / "access-log").exists()
