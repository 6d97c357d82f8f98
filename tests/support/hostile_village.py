"""A village in which everything that anybody can write is written to hurt: posts, names, tags, notes, titles, settings.

Each hostile text begins with MARK followed at once by markup, so that a page on which the markup was taken as markup shows a
MARK without it.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tests.support import village
from warehouse.casebook import dates, rota_events
from warehouse.casebook.dates import DateDraft
from warehouse.casebook.events import open_casebook
from warehouse.ingest.store import store
from warehouse.settings import Goal, Group, Person, SavedReply, Server, Settings, Signpost
from warehouse.snapshots.publish import publish
from warehouse.storage import rows
from warehouse.storage.connection import open_warehouse
from warehouse.storage.offline_counts import OfflineCount, import_counts
from warehouse.transform.freeze import freeze
from warehouse.transform.prepare import prepare

MARK = "zebra"
MARKUPS = {
    "bold": "**hurt**",
    "colour": ":red[hurt] :blue-background[hurt]",
    "icon": ":material/delete: :smile: :streamlit:",
    "formula": "$$hurt$$ $hurt$",
    "link": "[hurt](javascript:window.hurt=1) [hurt](data:text/html,hurt) <javascript:hurt> https://evil.example/hurt",
    "image": "![hurt](https://evil.example/hurt.png)",
    "script": "<script>window.hurt=2</script><img src=https://evil.example/x onerror=window.hurt=3><svg onload=window.hurt=4>",
    "attribute": '"\' onmouseover=window.hurt=5 x="',
    "heading": "# hurt\n\n- hurt\n\n> hurt\n\n`hurt`",
    "typst": '#panic("hurt") #image("hurt.png") @hurt <hurt> $hurt$',
    "sheet": '=HYPERLINK("https://evil.example/hurt")',
    "bidi": "\u202e\u2066hurt\u200b\u2069",
    "html": "<b>hurt</b><a href=https://evil.example>hurt</a><style>body{display:none}</style>",
}
ALL = " ".join(f"{MARK}{markup}" for markup in MARKUPS.values())
LONG_NAME = f"{MARK}**hurt**" + "n" * 100_000


def short(markup: str) -> str:
    """For where a title or a name belongs."""
    return f"{MARK}{MARKUPS[markup]}"


def settings(data_dir: Path) -> Settings:
    """What the group typed itself is no more trusted."""
    here = Group(
        "riverside", short("bold"), mastodon=("@riverside@carers.example",), hashtags=(short("colour"),),
        topics=(short("image"),), folded_words=("unfold",),
    )  # fmt: skip
    return replace(
        village.settings(data_dir, here, Group("other", ALL, mastodon=("@other@carers.example",))),
        signposts=(Signpost(short("bold"), short("link"), short("html"), "javascript:window.hurt=6", short("icon")),),
        replies=(SavedReply(short("colour"), ALL),),
        goals=(Goal("riverside", "answered_in_time", 80),),
        people=(Person(short("icon"), ("sam",), mail="sam@mail.example"),),
        servers=(Server("carers.example"),),
    )


def build(data_dir: Path) -> Settings:
    """The data folder, with a snapshot and a casebook."""
    chosen, made = settings(data_dir), village.Village()
    made.collecting()
    made.history()
    for number, markup in enumerate(MARKUPS.values()):
        words = f"{MARK}{markup} can anybody help me please? " + "h" * (20_000 if number == 0 else 0)
        warning = f"{MARK}{markup}" if number % 2 else None
        name = f"hostile{number}"
        made.post(name, f"{MARK}{markup}", 2 + number, words, warning=warning)
        made.post(f"{name}-reply", f"{LONG_NAME[:2000]}{number}", 1 + number, f"{MARK}{markup} it helped me", name)
        made.post(f"{name}-own", "riverside", 30 + number, f"{MARK}{markup}", why="own", link=f"javascript:{MARK}")
    made.post("long name", LONG_NAME, 5, "can anybody help me with the long name please?")
    made.rows.post_tags += list(_tags(made))
    for name in ("a date", "mentions"):
        item = village.keyed(village.KEY, name)
        made.rows.quarantine.append(rows.Quarantine("riverside/x", item, ALL, village.NOW, village.NOW))
    made.rows.capabilities.append(
        rows.Capability("mastodon", short("script"), "mentions", "closed", ALL, ALL, village.NOW)
    )
    made.rows.coverage[-1] = replace(made.rows.coverage[-1], reason=ALL)
    with open_warehouse(chosen) as con:
        con.execute("begin")
        prepare(con, store(con, made.rows), village.NOW)
        freeze(con, village.NOW)
        con.execute("commit")
        tallies = [
            OfflineCount(
                short("html"), "tally", (village.NOW - timedelta(days=day)).date(), item="", asks=9, answered=6
            )
            for day in (3, 8, 70)
        ]
        import_counts(con, village.KEY, "riverside", b"a file", tallies, village.NOW)
        publish(con, chosen, village.NOW)
    _casebook(chosen, [made.posts[f"hostile{number}"].post_id for number in range(len(MARKUPS))])
    return chosen


def _tags(made: village.Village) -> Iterator[rows.PostTag]:
    for name, post in made.posts.items():
        if name.startswith("own-") or name.endswith("-own"):
            for markup in MARKUPS.values():
                yield rows.PostTag(post.post_id, post.created_at, f"{MARK}{markup}"[:60])


def _casebook(chosen: Settings, post_ids: list[UUID]) -> None:
    at = village.NOW - timedelta(minutes=30)
    with closing(open_casebook(chosen)) as book:
        for post_id in post_ids:
            for what, detail in (
                ("note", {"text": ALL}),
                (
                    "hand_over",
                    {"to": short("link"), "text": ALL, "until": (village.NOW + timedelta(hours=3)).isoformat()},
                ),
                ("correct_support", {"support": "practical"}),
            ):
                book.record(group_id="riverside", post_id=post_id, who=short("bold"), what=what, at=at, detail=detail)
        book.record(
            group_id="riverside", post_id=post_ids[1], who=short("colour"), what="answered_elsewhere", at=at,
            detail={"reason": short("html"), "at": at.isoformat()},
        )  # fmt: skip
        for markup in ("bold", "html", "icon"):
            rota_events.add_slot(
                book, "riverside", short(markup), at, person=short(markup)[:40], weekdays=[1, 7], start=8, end=12
            )
            day = village.NOW.date()
            rota_events.add_away(book, "riverside", short(markup), at, person=short(markup)[:40], first=day, last=day)
            dates.add_date(
                book, "riverside", short(markup), at, DateDraft("meeting", short(markup)[:80], day, day, "19:00")
            )
