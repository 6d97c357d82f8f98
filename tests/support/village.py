"""A small village in a real warehouse: twenty weeks of asks and answers, and a queue with everything awkward in it.

All words are made up for these tests.
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from warehouse.ingest.store import Rows, store
from warehouse.requests import judge
from warehouse.settings import Group, Settings, Signpost
from warehouse.storage import rows
from warehouse.storage.connection import open_warehouse
from warehouse.storage.keys import keyed
from warehouse.transform.freeze import freeze
from warehouse.transform.prepare import prepare

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
OPENED = datetime(2026, 6, 25, tzinfo=UTC)
KEY = b"k" * 32
ZONE = "Europe/London"
HANDLES = {"mastodon": "{}@carers.example", "bluesky": "{}.bsky.example"}
HOSTILE = (
    "<script>window.hurt=1</script><img src=x onerror=window.hurt=2> [click](javascript:window.hurt=3) **bold** "
    "![x](https://evil.example/x.png) \u202egnp.exe :material/home: $x^2$ can anybody help me please?"
)

ASKS = "can anybody help me please?"
ODD_WORDS = {
    "ten thousand": "Can anybody help me with this letter? " + "It goes on and on. " * 526,
    "one word": "Can anybody help me? " + "a" * 9_979,
    "right to left": f"هل يمكن لأحد أن يساعدني؟ {ASKS} שלום",
    "turned round": f"\u202e{ASKS}\u202c \u2066hidden\u2069 \u200fend",
    "emoji": "😭😭😭🆘❓👩\u200d👧",
    "zero width": "can\u200b any\u200bbody\ufeff he\u2060lp m\u200be pl\u00adease?",
    "look-alike": "\u0441\u0430n \u0430nyb\u043edy h\u0435lp m\u0435 pl\u0435\u0430s\u0435?",  # Cyrillic among Latin
    "html": "<b onmouseover=window.hurt=6>can anybody help me</b> <!-- please --> &lt;i&gt; <style>*{display:none}</style>?",
    "stacked": "can anybody help me" + "\u0301\u0302\u0303\u0304" * 200 + " please?",
    "lines": "can anybody help me?" + "\n" * 400 + "please",
}


def settings(data_dir: Path, *groups: Group) -> Settings:
    """Settings for the village, with its signposts."""
    return Settings(
        groups=groups or (Group("riverside", "Riverside Carers’ Circle", mastodon=("@riverside@carers.example",)),),
        signposts=(
            Signpost("Samaritans", "116 123", "United Kingdom", "https://www.samaritans.org", "1 November 2026"),
            Signpost("Emergency", "999 or 112", "United Kingdom"),
        ),
        data_dir=data_dir,
        config=data_dir / "mutuals.toml",
        is_sample=True,
    )


class Village:
    """Rows by name. Times are hours before NOW."""

    def __init__(self, group: str = "riverside") -> None:
        self.group = group
        self.rows = Rows(groups=[rows.Group(group, "Riverside", ZONE, 24, OPENED)])
        self.posts: dict[str, rows.Post] = {}
        for network in ("mastodon", "bluesky"):
            for name, role in ((group, "group"), ("dee", "team")):
                self.rows.group_accounts.append(rows.GroupAccount(group, self.account(name, network), network, role))

    def account(self, name: str, network: str = "mastodon") -> UUID:
        account_id = keyed(KEY, "account", network, name)
        handle = HANDLES[network].format(name)
        self.rows.accounts.append(rows.Account(account_id, network, handle, None, False, False, True, OPENED, NOW))
        return account_id

    def post(
        self,
        name: str,
        by: str,
        hours: float,
        text: str,
        under: str | None = None,
        *,
        network: str = "mastodon",
        why: str = "",
        warning: str | None = None,
        language: str = "en",
        is_link_only: bool = False,
        is_new: bool = False,
        link: str | None = "https://carers.example/@somebody/1",
        replies_reported: int | None = None,
        verified_hours: float = 0.1,
    ) -> None:
        """One post with its text, its verdict, its reason to be held and a reading of its thread."""
        at = NOW - timedelta(hours=hours)
        post_id, parent = keyed(KEY, "post", network, name), self.posts.get(under or "")
        author = self.account(by, network)
        verified = NOW - timedelta(hours=min(verified_hours, hours))
        post = rows.Post(
            post_id, network, author, at, at, at, None, None, verified, language, parent is not None,
            parent.post_id if parent else None, parent.root_id if parent else post_id, None, warning is not None,
            False, 0, 0, is_link_only, False, False,
        )  # fmt: skip
        self.posts[name] = post
        self.rows.posts.append(post)
        local = at.astimezone(ZoneInfo(ZONE))
        reason = why or ("own" if by == self.group else "reply" if parent else "mention")
        self.rows.post_scope.append(
            rows.PostScope(self.group, post_id, reason, at, local.date(), local.hour, local.isoweekday())
        )
        said = judge(text, language)
        self.rows.verdicts.append(
            rows.Verdict(
                post_id,
                at,
                "1",
                language,
                said.is_checked,
                said.score,
                said.is_queue,
                said.is_count,
                said.is_thanks,
                tuple(fired.rule_id for fired in said.fired),
                said.support_asked,
                said.support_given,
            )
        )
        if not is_link_only:
            self.rows.post_texts.append(rows.PostText(post_id, at, text, warning))
        server = "carers.example" if network == "mastodon" else "bluesky"
        self.rows.post_addresses.append(rows.PostAddress(post_id, at, network, server, name, None, link))
        if is_new:
            self.rows.first_contacts.append(rows.FirstContact(self.group, author, post_id, at))
        read = NOW - timedelta(minutes=4)
        fetched = 0
        self.rows.thread_reads.append(
            rows.ThreadRead(post_id, post.root_id, at, server, read, True, None, read, replies_reported or 0, fetched)
        )

    def queue(self) -> None:
        """Everybody who waits now, and everything awkward."""
        ask = "Does anybody know how to get the carer’s allowance form changed after a hospital stay? "
        self.post("form", "marit", 34.2, ask + "They sent me in circles.\n\nMum comes home on Thursday.",
                  network="bluesky", is_new=True)  # fmt: skip
        self.post("nights", "ana", 14.3, "Third night without sleep. How do you all manage the nights? Any advice?",
                  warning="sleep, exhaustion", why="hashtag")  # fmt: skip
        self.post("council", "jo", 20, "Can anybody tell me how to appeal a decision of the council?")
        self.post("council-1", self.group, 19, "Ask for the review in writing. The form is called MR1.", "council")
        self.post("council-2", "bo", 18.5, "The advice line at the library was worth gold.", "council")
        self.post("council-3", "jo", 9.1, "But what do I do if they say no again? Does anybody know?", "council")
        self.post("refusing", "nobody", 5, "Can anybody help me with a form please?", is_link_only=True)
        self.post("hostile", 'x"><img src=x onerror=window.hurt=4>', 3.2, HOSTILE, link="javascript:window.hurt=5",
                  replies_reported=3)  # fmt: skip
        self.post("long", "kim", 0.4, "Can anybody help me with this letter? " + "Blah " * 20_000, network="bluesky")
        self.post("hello", "tomasz", 21, "Hello, I am Tomasz. I look after my brother and just found you.", is_new=True)
        self.post("german", "ute", 7, "Wie macht ihr das an Weihnachten?", language="de", why="hashtag")

    def odd_words(self) -> None:
        """What people and hostile servers write, each as a request."""
        for number, (name, words) in enumerate(ODD_WORDS.items()):
            self.post(f"odd-{name}", f"odd{number}", 2 + number / 10, words)

    def history(self, seed: int = 4) -> None:
        """Twenty weeks of asks, most of them answered; posts of the group; followers, with three days missing."""
        dice = random.Random(seed)  # noqa: S311 - a village, not a lottery
        for day in range(0, 146, 3):
            self.post(f"own-{day}", self.group, 24 * day, "We meet on Thursday at seven. Everybody is welcome.")
        for day in range(2, 146):
            for number in range(dice.choice((0, 1, 1, 1, 2))):
                hours, name = 24 * day + dice.uniform(0, 12), f"ask-{day}-{number}"
                self.post(name, f"member{dice.randint(1, 30)}", hours, "Can anybody tell me how to fill in this form?")
                for answer in range(dice.choice((0, 1, 1, 2, 3))):
                    by = dice.choice(("dee", "bo", "kim", "lou"))
                    self.post(
                        f"{name}-{answer}", by, hours - dice.choice((0.3, 2, 9, 30)), "Here is what helped me.", name
                    )
            self.readings(day, dice, seed)
        self.readings(1, dice, seed)
        self.readings(0, dice, seed)

    def readings(self, day: int, dice: random.Random, seed: int) -> None:
        """The counts of the group's latest posts, and the followers of a day."""
        at = NOW - timedelta(days=day)
        for name in [f"own-{older}" for older in range(day, min(day + 9, 146)) if older % 3 == 0]:
            if name in self.posts:
                older = int(name.removeprefix("own-"))
                age = older - day
                self.rows.observations.append(
                    rows.Observation(
                        self.posts[name].post_id,
                        "carers.example",
                        at,
                        0,
                        age // 3,
                        age * (1 + older * seed % 5),
                        0,
                        None,
                        False,
                    )
                )
        if day not in (40, 41, 9):
            for network, start in (("mastodon", 420), ("bluesky", 150)):
                count = start - day + dice.choice((0, 0, 1))
                self.rows.account_snapshots.append(
                    rows.AccountSnapshot(self.group, self.account(self.group, network), network, at, count, 10, 100)
                )

    def collecting(self) -> None:
        """How it is going: one source that works, one that does not, what servers allow, and one broken post."""
        for network, server, kind, minutes, failures, reason in (
            ("mastodon", "carers.example", "own", 4, 0, None),
            ("bluesky", "bluesky", "mentions", 300, 3, "The server said “too many requests”. We ask again at 10:05."),
        ):
            source_id, ok = f"{self.group}/{network}/{server}/{kind}", NOW - timedelta(minutes=minutes)
            self.rows.sources.append(
                rows.Source(source_id, self.group, network, server, kind, "@riverside@carers.example", NOW, ok, failures,
                            True, None, None, None)
            )  # fmt: skip
            self.rows.coverage.append(
                rows.Coverage("run-1", source_id, self.group, network, server, kind, ok, ok, OPENED, ok, 2, 40, 1,
                              failures, reason is None, reason)
            )  # fmt: skip
        for capability, state, reason, cure in (
            ("own posts", "open", None, None),
            ("mentions", "needs token", "Only the account itself may see its mentions.", "Make a read-only token."),
        ):
            self.rows.capabilities.append(
                rows.Capability("mastodon", "carers.example", capability, state, reason, cure, NOW)
            )
        self.rows.quarantine.append(
            rows.Quarantine(
                f"{self.group}/mastodon/carers.example/own", keyed(KEY, "x"), "a date that is none", NOW, NOW
            )
        )
        self.rows.cycles.append(rows.Cycle("run-1", NOW - timedelta(minutes=4), NOW - timedelta(minutes=4), 2, 3, True))


def build(data_dir: Path, *, has_queue: bool = True, has_history: bool = True, seed: int = 4) -> Settings:
    """A data folder with a published snapshot of the village; another `seed`, another history."""
    from warehouse.snapshots.publish import publish

    chosen = settings(data_dir)
    village = Village()
    village.collecting()
    if has_queue:
        village.queue()
    if has_history:
        village.history(seed)
    with open_warehouse(chosen) as con:
        con.execute("begin")
        prepare(con, store(con, village.rows), NOW)
        freeze(con, NOW)
        con.execute("commit")
        publish(con, chosen, NOW)
    return chosen
