"""The numbers of a period as tiles, tables and sentences: counts first, each with its n. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from app.analytics.period import Period
from app.analytics.week import Tile, compare_with_usual, format_or_unknown
from app.ui.markup import escape_markdown
from app.ui.words import format_day, format_duration, format_number, format_signed, sanitise, t

ANYBODY, GROUP, PEERS, ROTA = "anybody", "group", "peers", "anybody in rota hours"
BUCKETS = ("within_1h", "within_4h", "within_24h", "within_3d", "within_7d", "over_7d", "no_reply")
KINDS = ("likes", "boosts", "quotes", "replies")
_WORDS_OF_A_POST = 90  # signs


def index_by_measure(ranges: pd.DataFrame) -> dict[str, Any]:
    """Rows of shown.usual_ranges by their measure: the name of a column of shown.periods."""
    return {str(row.measure): row for row in ranges.itertuples()}


def period_tiles(this: pd.Series, before: pd.Series | None, usual: Mapping[str, Any], period: Period) -> list[Tile]:
    """The first line of numbers. A week is compared with our usual; any other period with the one before."""
    in_time = format_part_of(this.answered_in_promise_count, this.due_count, "this_week.too_few")
    unknown = t("this_week.unknown_left_out", count=this.unknown_count) if this.unknown_count else ""
    checked = format_part_of(this.checked_back_count, this.checked_back_due_count, "this_week.none_old_enough")
    tiles = (
        ("asks_count", "asks", format_number(this.asks_count), ""),
        ("answered_in_promise_share", "answered", in_time, unknown),
        ("waiting_count", "waiting", format_number(this.waiting_count), t("this_week.of_these")),
        ("by_group_count", "by_group", format_number(this.by_group_count), ""),
        ("by_peer_count", "by_peer", format_number(this.by_peer_count), ""),
        ("checked_back_share", "checked_back", checked, ""),
        ("engagement_gained", "engagement", format_or_unknown(this.engagement_gained, format_signed), ""),
        ("published_engagement", "published", format_or_unknown(this.published_engagement, format_number),
         t("this_week.of_posts", count=int(this.posts_count))),
        ("engagement_rate", "rate", format_or_unknown(this.engagement_rate, _rate, "this_week.rate_too_few"), ""),
        ("followers_gained", "followers", format_or_unknown(this.followers_end, format_number), _growth(this)),
    )  # fmt: skip
    return [
        _tile(measure, label, value, note, usual.get(measure), before, period) for measure, label, value, note in tiles
    ]


def _tile(
    measure: str, label: str, value: str, note: str, usual: Any, before: pd.Series | None, period: Period
) -> Tile:
    name = t(f"this_week.{label}")
    if not any(sign.isdigit() for sign in value):  # words: too long to stand as a number
        return Tile(measure, name, t("this_week.no_number"), value, "off")
    if note:
        return Tile(measure, name, value, note, "off")
    if period.kind == "week" and usual is not None:
        compared, colour = compare_with_usual(usual)
        return Tile(measure, name, value, compared, colour)
    return Tile(measure, name, value, _before(measure, before, period), "off")


def _before(measure: str, before: pd.Series | None, period: Period) -> str:
    if before is None or pd.isna(before[measure]):
        return ""
    value = format_measure(measure, before)
    return t(f"this_week.before_{period.kind}", value=value)


def format_measure(measure: str, row: pd.Series) -> str:
    """One number of a period in words, with its n where it is a share."""
    if measure == "answered_in_promise_share":
        return format_part_of(row.answered_in_promise_count, row.due_count, "this_week.too_few")
    if measure == "checked_back_share":
        return format_part_of(row.checked_back_count, row.checked_back_due_count, "this_week.none_old_enough")
    if measure.endswith("_hours"):
        return format_or_unknown(row[measure], format_duration, "this_week.not_reached")
    if measure in ("engagement_rate", "growth_percent"):
        return format_or_unknown(row[measure], _rate)
    return format_or_unknown(row[measure], format_signed if measure.endswith("_gained") else format_number)


def format_part_of(part: float, whole: float, otherwise: str) -> str:
    """'3 of 5', and words where there is no whole."""
    return t("this_week.x_of_y", x=format_number(part), y=format_number(whole)) if whole else t(otherwise)


def reply_tiles(replies: pd.DataFrame) -> list[Tile]:
    """How long people waited, with the n beside each: half of them, nine in ten, and half of them in rota hours."""
    rows = {row.replied_by: row for row in replies.itertuples()}
    anybody, rota = rows.get(ANYBODY), rows.get(ROTA)
    tiles = [("median_hours", "half", _reached(anybody, "median_hours"), _of(anybody))]
    tiles.append(("p90_hours", "nine", _reached(anybody, "p90_hours"), _of(anybody)))
    if rota is not None:
        tiles.append(("median_hours", "half_rota", _reached(rota, "median_hours"), t("this_week.rota_now")))
    return [_wait(measure, t(f"this_week.{label}"), value, note) for measure, label, value, note in tiles]


def _wait(measure: str, name: str, value: str, note: str) -> Tile:
    if any(sign.isdigit() for sign in value):
        return Tile(measure, name, value, note, "off")
    return Tile(measure, name, t("this_week.no_number"), "; ".join(filter(None, (value, note))), "off")


def _reached(row: Any, measure: str) -> str:
    if row is None or not row.followed_count:
        return t("this_week.nobody_followed")
    return format_or_unknown(getattr(row, measure), format_duration, "this_week.not_reached")


def _of(row: Any) -> str:
    if row is None or not row.followed_count:
        return ""
    return t("this_week.replied_of", x=format_number(row.replied_count), y=format_number(row.followed_count))


def replies_reading(replies: pd.DataFrame) -> str:
    """The median wait for a reply by the group and by a peer, in two sentences."""
    rows = {row.replied_by: row for row in replies.itertuples()}
    sentences = (
        t(f"chart.replies_by_{who}", half=_reached(rows.get(who), "median_hours"), of=_of(rows.get(who)))
        for who in (GROUP, PEERS)
    )
    return " ".join((t("chart.replies_reading"), *sentences))


def replies_table(replies: pd.DataFrame) -> pd.DataFrame:
    """The buckets, one column for each who replied, with the two times below them."""
    rows = {row.replied_by: row for row in replies.itertuples()}
    columns = [who for who in (ANYBODY, GROUP, PEERS, ROTA) if who in rows]
    table = {t("chart.waited"): [*(t(f"bucket.{name}") for name in BUCKETS), *_times()]}
    for who in columns:
        counts = [format_number(getattr(rows[who], f"{name}_count")) for name in BUCKETS]
        times = [_reached(rows[who], "median_hours"), _reached(rows[who], "p90_hours"), _of(rows[who])]
        table[t(f"replied_by.{who}")] = counts + times
    return pd.DataFrame(table)


def _times() -> list[str]:
    return [t("this_week.half"), t("this_week.nine"), t("this_week.followed")]


def kinds_table(networks: pd.DataFrame) -> pd.DataFrame:
    """What was gained: a row for each kind, a column for each network, and both together."""
    columns = {t("chart.kind"): [*(t(f"gained.{kind}") for kind in KINDS), t("this_week.engagement")]}
    names = [f"{kind}_gained" for kind in KINDS] + ["engagement_gained"]
    for _, row in networks.iterrows():
        columns[t(f"network.{row['network']}")] = [format_signed(row[name]) for name in names]
    if len(networks) > 1:
        columns[t("chart.together")] = [format_signed(networks[name].sum()) for name in names]
    return pd.DataFrame(columns)


def reach_line(reach: pd.DataFrame) -> str:
    """The post in the middle and the widest one, each as a range; never a sum."""
    if reach.empty:
        return t("reach.no_post")
    this = reach.iloc[0]
    if not this.known_count:
        return t("reach.not_known", count=int(this.posts_count))
    least = t("reach.at_least") if this.is_at_least else ""
    return t(
        "reach.range",
        count=int(this.posts_count),
        known=format_number(this.known_count),
        middle=format_number(round(this.median_confirmed_count)),
        middle_up_to=format_number(round(this.median_possible_count)),
        widest=format_number(this.widest_confirmed_count),
        widest_up_to=f"{least}{format_number(this.widest_possible_count)}",
    )


def top_posts_table(posts: pd.DataFrame) -> pd.DataFrame:
    """The posts that gained most, as words and numbers."""
    rows: list[Any] = list(posts.itertuples())
    return pd.DataFrame(
        {
            t("chart.post"): [_first_words(row.text) for row in rows],
            t("chart.day"): [format_day(pd.Timestamp(row.local_date).to_pydatetime()) for row in rows],
            t("chart.network"): [t(f"network.{row.network}") for row in rows],
            t("top.replies"): [format_number(row.replies_gained) for row in rows],
            t("top.engagement"): [format_number(row.engagement_gained) for row in rows],
            t("top.rate"): [format_or_unknown(row.engagement_rate, _rate) for row in rows],
            t("reach.column"): [_reach_of(row) for row in rows],
        }
    )


def _first_words(text: Any) -> str:
    return (
        escape_markdown(sanitise(" ".join(text.split()), _WORDS_OF_A_POST))
        if isinstance(text, str)
        else t("post.no_text")
    )


def _reach_of(row: Any) -> str:
    if pd.isna(row.possible_reach_count):
        return t("this_week.not_known")
    up_to = format_number(row.possible_reach_count)
    return t(
        "reach.least" if row.is_at_least else "reach.most", low=format_number(row.confirmed_reach_count), high=up_to
    )


_LISTED = (
    "asks_count", "answered_in_promise_share", "unknown_count", "waiting_count", "by_group_count", "by_peer_count",
    "median_hours", "p90_hours", "checked_back_share", "posts_count", "likes_gained", "boosts_gained", "quotes_gained",
    "replies_gained", "engagement_gained", "published_engagement", "engagement_rate", "followers_end", "followers_gained",
    "growth_percent",
)  # fmt: skip


def all_numbers(this: pd.Series, before: pd.Series | None, usual: Mapping[str, Any]) -> pd.DataFrame:
    """Every number of the period, the one before, and the usual where there is one."""
    return pd.DataFrame(
        {
            t("measure.what"): [t(f"measure.{name}") for name in _LISTED],
            t("measure.this"): [format_measure(name, this) for name in _LISTED],
            t("measure.before"): [format_measure(name, before) if before is not None else "–" for name in _LISTED],
            t("measure.usual"): [compare_with_usual(usual[name])[0] if name in usual else "–" for name in _LISTED],
        }
    )


def coverage_sentence(this: pd.Series) -> str:
    """On how many of its days everything was read."""
    return t("this_week.read_days", x=format_number(this.read_days_count), y=format_number(this.days_count))


def _rate(value: float) -> str:
    return t("this_week.percent", value=f"{value:.1f}".replace("-", "−"))


def _growth(this: pd.Series) -> str:
    if pd.isna(this.followers_gained):
        return ""
    gain = format_signed(this.followers_gained)
    if pd.isna(this.growth_percent):
        return t("this_week.grown", gain=gain)
    return t("this_week.grown_by", gain=gain, percent=_rate(this.growth_percent))
