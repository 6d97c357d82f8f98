"""The sentences and tables of *What works*: kinds of posts, pictures, hashtags, topics. Pure: no screen and no clock."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from app.analytics.rota_coverage import join_names
from app.ui.markup import escape_markdown
from app.ui.small_numbers import format_likely_range, is_known, records
from app.ui.words import format_day, format_number, format_signed, t


def lead(kinds: pd.DataFrame) -> str:
    """How many posts there were and how many started a conversation."""
    total, started = int(kinds["posts_count"].sum()), int(kinds["started_count"].sum())
    if not total:
        return t("works.lead_none")
    return f"{t('works.lead', count=total)} {t('works.lead_started', count=started)}"


def label_kinds(kinds: pd.DataFrame) -> pd.DataFrame:
    """The rows with what each kind is called."""
    return kinds.assign(label=[t(f"post_kind.{kind}") for kind in kinds["kind"]])


def kinds_title(kinds: pd.DataFrame) -> str:
    """Which kind gained most per post, where two kinds can be told and one is ahead."""
    enough = kinds[kinds["median_engagement"].notna()]
    if len(enough) < 2:
        return t("works.kinds_few")
    best = enough[enough["median_engagement"] == enough["median_engagement"].max()]
    if len(best) > 1:
        return t("works.kinds_even")
    best_kind = best.iloc[0]
    kind = t(f"post_kind.{best_kind.kind}")
    return t("works.kinds_title", kind=kind, median=format_number(round(best_kind.median_engagement, 1)))


def kinds_table(kinds: pd.DataFrame) -> pd.DataFrame:
    """Each kind: n, the median, the middle half, all of it, and how many started a conversation."""
    rows = records(kinds)
    return pd.DataFrame(
        {
            t("works.kind"): [t(f"post_kind.{row.kind}") for row in rows],
            t("works.posts"): [format_number(row.posts_count) for row in rows],
            t("works.median"): [_median(row.median_engagement) for row in rows],
            t("works.middle"): [_middle(row) for row in rows],
            t("works.gained"): [format_signed(row.engagement_gained) for row in rows],
            t("works.started"): [format_number(row.started_count) for row in rows],
        }
    )


def picture_descriptions(alt: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """A sentence on described pictures, and the rows of two bars for it; none where there is no picture."""
    row = alt.iloc[0] if len(alt) else None
    if row is None or not row.pictures_count:
        return t("works.no_pictures"), alt.iloc[0:0]
    sentence = t("works.described", x=format_number(row.described_count), count=row.pictures_count)
    missing = t("works.undescribed", count=row.undescribed_posts_count)
    whole = row.posts_with_pictures_count - row.undescribed_posts_count
    parts = (
        ("works.described_label", row.described_count, row.pictures_count),
        ("works.described_posts", whole, row.posts_with_pictures_count),
    )
    bars = bar_rows(
        [(t(name), x, n, t("people.x_of_n", x=format_number(x), n=format_number(n)), False) for name, x, n in parts]
    )
    return f"{sentence} {missing}", bars


def bar_rows(rows: Sequence[tuple[str, float, float, str, bool]]) -> pd.DataFrame:
    """Label, part, whole, words, and whether the length must be hidden → the rows that charts.part_bars draws."""
    return pd.DataFrame(
        [
            {"label": label, "value": part / whole if whole else 0.0, "value_text": text, "is_hidden": hidden,
             "scale": "one", "track": 1.0}
            for label, part, whole, text, hidden in rows
        ]
    )  # fmt: skip


def hashtags_title(tags: pd.DataFrame) -> str:
    """How many hashtags, or none."""
    return t("works.tags_title", count=len(tags))


def hashtags_table(tags: pd.DataFrame, spelling: Mapping[str, str]) -> pd.DataFrame:
    """Each hashtag: use, what its posts gained, the group's part of what was seen, how sure.

    `spelling`: tags as the group writes them, by their small letters.
    """
    rows = records(tags)
    return pd.DataFrame(
        {
            t("works.tag"): [escape_markdown(f"#{spelling.get(row.tag, row.tag)}") for row in rows],
            t("works.posts"): [format_number(row.posts_count) for row in rows],
            t("works.gained"): [format_signed(row.engagement_gained) for row in rows],
            t("works.median"): [_median(row.median_engagement) for row in rows],
            t("works.part"): [_part(row) for row in rows],
        }
    )


def searched_server_lines(tags: pd.DataFrame, spelling: Mapping[str, str]) -> list[str]:
    """Which servers were asked for which tag."""
    return [
        t(
            "works.servers",
            tag=spelling.get(row.tag, row.tag),
            servers=join_names([_server(server) for server in row.servers]),
        )
        for row in records(tags)
        if len(row.servers)
    ]


def _part(row: Any) -> str:
    own, seen = row.own_seen_count, row.seen_count
    if not is_known(seen):
        return t("people.not_known")
    if not is_known(row.seen_share):
        return t("works.too_few")
    return f"{t('people.x_of_n', x=format_number(own), n=format_number(seen))} ({format_likely_range(min(own, seen), seen)})"


def _server(name: str) -> str:
    return t("network.bluesky") if name == "bluesky" else name


def topic_rows(days: pd.DataFrame) -> pd.DataFrame:
    """One tag's days → bars by day, or by week where there are more than 100 days. Weeks begin on Monday."""
    by_day = days[["local_date", "posts_count"]].rename(columns={"local_date": "starts_date"})
    if len(by_day) <= 100:
        return by_day
    monday = by_day["starts_date"] - pd.to_timedelta(by_day["starts_date"].dt.day_of_week, unit="D")
    return (
        by_day.assign(starts_date=monday).groupby("starts_date", as_index=False).agg(posts_count=("posts_count", "sum"))
    )


def topic_title(tag: str, rows: pd.DataFrame) -> str:
    """How many posts had the tag."""
    return t("works.topic_title", tag=tag, count=int(rows["posts_count"].sum()))


def topic_reading(days: pd.DataFrame) -> str:
    """By day or by week, since when, and on which servers."""
    first = days.iloc[0]
    since = format_day(pd.Timestamp(first.counted_since_date).to_pydatetime())
    servers = join_names([_server(one) for one in first.servers]) or t("works.nobody_asked")
    return t("works.topic_by_week" if len(days) > 100 else "works.topic_by_day", servers=servers, since=since)


def topic_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The bars as words, the newest first."""
    back = rows.iloc[::-1]
    return pd.DataFrame(
        {
            t("chart.day"): [format_day(pd.Timestamp(at).to_pydatetime()) for at in back["starts_date"]],
            t("works.seen"): [format_number(count) for count in back["posts_count"]],
        }
    )


def _median(value: float) -> str:
    return format_number(round(value, 1)) if is_known(value) else t("works.too_few")


def _middle(row: Any) -> str:
    if not is_known(row.lower_engagement):
        return ""
    return f"{format_number(round(row.lower_engagement, 1))}–{format_number(round(row.upper_engagement, 1))}"
