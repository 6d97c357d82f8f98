"""The trustees' rows → titles, one sentence per chart, bars and a table. Pure.

Sees only what was made safe where it is read: sentences are put together from those texts, never from numbers.
"""

from collections.abc import Callable, Iterable

import pandas as pd

from app.words import has, say


def title(chart: str) -> str:
    """The heading of one chart."""
    return say(f"summary_title.{chart}") if has(f"summary_title.{chart}") else chart.replace("_", " ").capitalize()


def in_order(charts: Iterable[str]) -> list[str]:
    """Each chart once, as they are read: who asked, how long, who answered, the community; new ones after them."""
    return sorted(set(charts), key=lambda chart: (list(READINGS).index(chart) if chart in READINGS else 9, chart))


def reading(chart: str, rows: pd.DataFrame) -> str:
    """One sentence that says what to read in a chart."""
    told = READINGS.get(chart)
    return told(rows) if told else ""


def bars(chart: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as charts.parts draws them: `scale` says which bars share one, `track` how long the whole would be."""
    is_part_of_whole = chart == "asked"
    scales = rows["part"].str.split(" ").str[-1] if chart == "community" else "one"
    return rows.assign(scale=scales, track=rows["n"] if is_part_of_whole else None)


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """What the chart shows, in words."""
    return pd.DataFrame({say("summary.part"): rows["label"], say("summary.value"): rows["value_text"]})


def _asked(rows: pd.DataFrame) -> str:
    months = _each(rows[rows["part"] != "unknown"])
    if not months:
        return say("summary.too_few")
    said = [say("summary.in_month", text=one["text"], month=one["label"].split(" ")[0]) for one in months]
    return say("summary.asked", months=_list(said))


def _speed(rows: pd.DataFrame) -> str:
    known = rows[~rows["is_hidden"] & (rows["part"] != "none")]
    if known.empty:
        return say("summary.too_few")
    commonest = _each(known.loc[known["value"].astype(float).sort_values(ascending=False).index])[0]
    return say("summary.speed", label=commonest["label"].lower(), text=commonest["text"])


def _answered_by(rows: pd.DataFrame) -> str:
    parts = [f"{one['text']} {one['label'].lower()}" for one in _each(rows)]
    return say("summary.answered_by", parts=_list(parts)) if parts else say("summary.too_few")


def _community(rows: pd.DataFrame) -> str:
    followers = _each(rows[rows["part"].str.endswith("followers")])
    if not followers:
        return say("summary.too_few")
    said = [say("summary.followers", text=one["text"], month=one["label"].split(" ")[-1]) for one in followers]
    return say("summary.community", parts=_list(said[:1] + said[1:][-1:]))


READINGS: dict[str, Callable[[pd.DataFrame], str]] = {
    "asked": _asked,
    "speed": _speed,
    "answered_by": _answered_by,
    "community": _community,
}


def _each(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Label and text of each row that tells something: all that a sentence may be made of."""
    rows = rows[~rows["value_text"].isin(("not shown", "not known"))]
    texts = zip(rows["label"].astype(str), rows["value_text"].astype(str), strict=True)
    return [{"label": label, "text": text} for label, text in texts]


def _list(parts: list[str]) -> str:
    """'a, b and c'."""
    if len(parts) < 2:
        return "".join(parts)
    return say("summary.list", first=", ".join(parts[:-1]), last=parts[-1])
