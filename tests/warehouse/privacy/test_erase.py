"""Erasing a person: nothing of them is left anywhere, and the control shows that the same search found it before."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from duckdb import DuckDBPyConnection

from tests.support.rows import HOUR, NOW, all_of, group, kept, named, whole
from warehouse.casebook import notifications, rota_events
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.casebook.refusals import load_refusals
from warehouse.errors import NotPublished, SettingsError
from warehouse.ingest.store import Rows
from warehouse.privacy import erase
from warehouse.privacy.byte_search import find_in_casebook, find_in_files, find_in_rows
from warehouse.privacy.opt_out import leave_out, let_back_in
from warehouse.privacy.subject import Subject, find_subject
from warehouse.privacy.subject_export import export_subject
from warehouse.settings import Settings
from warehouse.snapshots.publish import publish
from warehouse.snapshots.reader import open_reader
from warehouse.storage import rows
from warehouse.storage.connection import open_warehouse, warehouse_path
from warehouse.storage.keys import keyed, load_key
from warehouse.transform.prepare import rebuild

HANDLE = "zebra-ann@x.example"
NEEDLE = "zebra-words"
NEEDLES = (HANDLE, NEEDLE)


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[DuckDBPyConnection, Casebook]]:
    with open_warehouse(settings) as con, closing(open_casebook(settings)) as casebook:
        yield con, casebook


def fill(settings: Settings) -> Subject:
    """Ann asked twice, Bob answered and named her, Dee took a note of it; a log and a backup lie about."""
    with opened(settings) as (con, casebook):
        ann = keyed(load_key(settings.data_dir), "account", "mastodon", HANDLE)
        batch = whole("ask", "ann", NOW - HOUR, text=f"{NEEDLE} is there anybody")
        batch.extend(whole("again", "ann", NOW, text=f"{NEEDLE} again"))
        batch.extend(
            whole(
                "answer",
                "bob",
                NOW,
                text="@zebra-ann yes, @zebra-ann@x.example",
                root_id=named("ask"),
                parent_id=named("ask"),
            )
        )
        batch.extend(whole("other", "cy", NOW, text="something else, @zebra-ann is not meant"))
        batch.posts = [replace(one, author_id=ann) if one.author_id == named("ann") else one for one in batch.posts]
        batch.accounts = [
            replace(one, account_id=ann, handle=HANDLE, address=f"https://x.example/users/{HANDLE}")
            if one.account_id == named("ann")
            else one
            for one in batch.accounts
        ]
        batch.groups = [group()]
        batch.group_accounts = [rows.GroupAccount("g", named("own"), "mastodon", "group")]
        kept(con, batch)
        con.begin()
        rebuild(con, NOW)
        con.commit()
        publish(con, settings, NOW)
        casebook.record(
            group_id="g", post_id=named("ask"), who="Dee", what="note", at=NOW, detail={"text": f"{NEEDLE} she said"}
        )
        casebook.record(
            group_id="g", post_id=named("other"), who="Dee", what="note", at=NOW, detail={"text": f"see {HANDLE}"}
        )
        rota_events.add_slot(casebook, "g", "Dee", NOW, person=f"Dee ({HANDLE})", weekdays=[1], start=9, end=17)
        with casebook.writing() as writing:
            notifications.begin_sending(
                writing,
                [notifications.Notification("Dee", "mail", "g", NOW, "late", 1, (f"{named('ask')}/late", "another"))],
            )
        (settings.data_dir / "collector.log").write_text(f"fine\nfailed for {HANDLE}\nfine again\n", encoding="utf-8")
    backup = settings.data_dir / "backups" / "2026-11-01"
    backup.mkdir(parents=True)
    shutil.copy(warehouse_path(settings), backup)
    shutil.copy(settings.data_dir / "casebook.sqlite", backup)
    return Subject(ann, "account", (HANDLE,))


def everywhere(settings: Settings) -> dict[str, int]:
    """Where the needles stand: rows of text columns in warehouse, snapshot, casebook, backup; files; bytes of flat copies."""
    found: dict[str, int] = {}
    folders = [settings, replace(settings, data_dir=settings.data_dir / "backups" / "2026-11-01")]
    for place in folders:
        with opened(place) as (con, casebook):
            found |= {f"{place.data_dir.name} {name}": n for name, n in find_in_rows(con, NEEDLES).items()}
            found |= {f"{place.data_dir.name} {name}": n for name, n in find_in_casebook(casebook, NEEDLES).items()}
            flat = settings.data_dir.parent / f"flat-{place.data_dir.name}"
            con.execute(f"copy (select 1) to '{place.data_dir.resolve()}/flat.csv'")
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables() where schema_name <> 'main'"
            ).fetchall()
            for schema, table in tables:
                path = place.data_dir.resolve() / "flat.csv"
                con.execute(f"copy {schema}.\"{table}\" to '{path}'")
                text = path.read_text(encoding="utf-8").lower()
                if any(needle in text for needle in NEEDLES):
                    found[f"{flat.name} {schema}.{table}"] = sum(text.count(needle) for needle in NEEDLES)
                path.unlink()
    found |= {str(path.relative_to(settings.data_dir)): 1 for path in find_in_files(settings.data_dir, NEEDLES)}
    reader = open_reader(settings)
    for schema, table in (
        ("stored", "post_texts"),
        ("stored", "accounts"),
        ("shown", "thread_posts"),
        ("shown", "requests"),
    ):
        text = reader.frame(f"select * from {schema}.{table}", NOW).to_csv().lower()
        if any(needle in text for needle in NEEDLES):
            found[f"snapshot {schema}.{table}"] = 1
    reader.close()
    return found


def do_erase(settings: Settings, who: Subject) -> None:
    with opened(settings) as (con, casebook):
        erase.erase(settings, con, casebook, who, NOW)
        erase.republish(settings, con, NOW)
    erase.erase_from_backups(settings, who, NOW)


def test_nothing_of_an_erased_person_is_left_anywhere(settings: Settings) -> None:
    who = fill(settings)
    before = everywhere(settings)
    for place in (
        "data stored.post_texts.text", "data stored.accounts.handle", "data casebook.events.detail",
        "data casebook.rota_events.detail", "2026-11-01 stored.post_texts.text", "2026-11-01 casebook.events.detail",
        "collector.log", "snapshot stored.post_texts", "flat-data stored.post_texts",
    ):  # fmt: skip
        assert place in before, "the control: the same search finds it before"
    assert any("casebook.sqlite" in place for place in before)
    do_erase(settings, who)
    assert everywhere(settings) == {}
    assert (settings.data_dir / "collector.log").read_text(encoding="utf-8") == "fine\nfine again\n"
    with opened(settings) as (con, casebook):
        assert len(all_of(con, "post_id", "posts")) == 4, "they are still counted"
        assert who.keyed_id in {author for (author,) in all_of(con, "author_id", "posts")}
        assert not erase.find_remains(settings, con, casebook, who)
        assert notifications.load_notifications(casebook)[0].about == ("another",)


def test_other_people_s_words_stay_without_the_name(settings: Settings) -> None:
    who = fill(settings)
    do_erase(settings, who)
    with opened(settings) as (con, _):
        texts = {text for (text,) in all_of(con, "text", "post_texts")}
    assert texts == {"@… yes, @…", "something else, @zebra-ann is not meant"}, (
        "another Ann in another conversation stays"
    )


def test_a_name_without_its_at_sign_goes_too_and_of_an_address_no_half_is_left(settings: Settings) -> None:
    who = fill(settings)
    with opened(settings) as (con, _):
        kept(con, whole("says", "bob", NOW, text=f"ask {HANDLE.upper()}, or {HANDLE} or zebra@other.example"))
    do_erase(settings, who)
    with opened(settings) as (con, _):
        assert "ask …, or … or @…" in {text for (text,) in all_of(con, "text", "post_texts")}


def test_an_erased_person_does_not_come_back_by_collecting(settings: Settings) -> None:
    who = fill(settings)
    do_erase(settings, who)
    with opened(settings) as (con, _):
        batch = whole("new", "ann", NOW + HOUR, text=f"{NEEDLE} once more")
        batch.posts = [replace(one, author_id=who.keyed_id) for one in batch.posts]
        batch.accounts = [replace(one, account_id=who.keyed_id, handle=HANDLE) for one in batch.accounts]
        old = rows.Due(
            named("ask"), "g", "mastodon", "x.example", HANDLE, "refresh", NOW - HOUR, NOW, None, 0, None, 0, None
        )
        batch.due = [old]
        kept(con, batch)
        assert find_in_rows(con, NEEDLES) == {}


def test_erasing_twice_is_the_same_as_once(settings: Settings) -> None:
    who = fill(settings)
    do_erase(settings, who)
    do_erase(settings, who)
    assert everywhere(settings) == {}


def test_one_post_alone_can_be_erased(settings: Settings) -> None:
    fill(settings)
    with opened(settings) as (con, _):
        which = find_subject(con, load_key(settings.data_dir), "uri/again")
    assert (which.kind, which.keyed_id) == ("post", named("again"))
    do_erase(settings, which)
    with opened(settings) as (con, _):
        assert f"{NEEDLE} again" not in {text for (text,) in all_of(con, "text", "post_texts")}
        assert f"{NEEDLE} is there anybody" in {text for (text,) in all_of(con, "text", "post_texts")}
        kept(con, whole("again", "ann", NOW, text=f"{NEEDLE} again"))
        assert f"{NEEDLE} again" not in {text for (text,) in all_of(con, "text", "post_texts")}


def test_a_snapshot_that_must_not_be_published_is_removed_rather_than_left(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = fill(settings)

    def refused(*_: object, **__: object) -> None:
        raise NotPublished("nothing was published")

    monkeypatch.setattr(erase, "publish", refused)
    with opened(settings) as (con, casebook):
        erase.erase(settings, con, casebook, who, NOW)
        with pytest.raises(NotPublished):
            erase.republish(settings, con, NOW)
    assert not list((settings.data_dir / "snapshots").glob("*"))


def test_opting_out_works_backwards_and_can_be_taken_back(settings: Settings) -> None:
    who = fill(settings)
    with opened(settings) as (con, casebook):
        leave_out(settings, con, casebook, who, NOW)
    with opened(settings) as (con, casebook):
        assert find_in_rows(con, (NEEDLE,)) == {}
        assert HANDLE not in {handle for (handle,) in all_of(con, "handle", "accounts")}
        cards = con.execute(
            "select is_link_only from stored.posts where author_id = $id", {"id": who.keyed_id}
        ).fetchall()
        assert cards == [(True,), (True,)]
        let_back_in(con, casebook, who, NOW + HOUR)
        assert not all_of(con, "account_id", "opt_outs")
        assert [one.what for one in load_refusals(casebook)] == ["opt out", "take back"]
        batch = whole("ask", "ann", NOW - HOUR, text=f"{NEEDLE} is there anybody", verified_at=NOW + HOUR)
        batch.posts = [replace(one, author_id=who.keyed_id) for one in batch.posts]
        kept(con, batch)
        assert f"{NEEDLE} is there anybody" in {text for (text,) in all_of(con, "text", "post_texts")}


def test_a_person_is_shown_all_that_is_held_and_nobody_else_s_words(settings: Settings) -> None:
    who = fill(settings)
    with opened(settings) as (con, casebook):
        told = json.dumps(export_subject(con, casebook, who, NOW), default=str)
    assert told.count(NEEDLE) == 3
    assert HANDLE in told
    assert "@zebra-ann yes" not in told
    assert '"other people\'s posts that name them": 1' in told


@pytest.mark.parametrize(
    "told",
    ["@Zebra-Ann@x.example", "zebra-ann@X.example", "https://x.example/@zebra-ann", "https://x.example/users/zebra-ann",
     "https://home.example/@zebra-ann@x.example", "acct:zebra-ann@x.example"],
)  # fmt: skip
def test_a_person_is_found_however_they_call_themselves(told: str, con: DuckDBPyConnection) -> None:
    assert find_subject(con, b"k" * 32, told).keyed_id == keyed(b"k" * 32, "account", "mastodon", HANDLE)


@pytest.mark.parametrize(
    "told",
    [
        "ann",
        "",
        "x@y",
        "https://x.example/@ann/1",
        "https://bsky.app/profile/a.example/post/1",
        "nobody.bsky.social",
        "'; drop table stored.posts --",
    ],
)
def test_what_names_nobody_is_a_sentence_with_a_cure(told: str, con: DuckDBPyConnection) -> None:
    with pytest.raises(SettingsError, match="Give"):
        find_subject(con, b"k" * 32, told)


def test_a_bluesky_person_is_found_by_did_and_by_a_handle_that_is_held(con: DuckDBPyConnection) -> None:
    did = "did:plc:zebra"
    this = keyed(b"k" * 32, "account", "bluesky", did)
    kept(con, Rows(accounts=[rows.Account(this, "bluesky", "zebra.example.com", did, False, False, True, NOW, NOW)]))
    assert find_subject(con, b"k" * 32, did).keyed_id == this
    assert find_subject(con, b"k" * 32, "@Zebra.example.com").keyed_id == this
    assert find_subject(con, b"k" * 32, f"https://bsky.app/profile/{did}").keyed_id == this
    assert find_subject(con, b"k" * 32, "https://bsky.app/profile/Zebra.example.com").keyed_id == this
