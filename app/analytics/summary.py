"""The trustees' quarter, from shown.summary: titles, one sentence per chart, bars, a table, goals. Pure.

Sees only what was made safe where it is read: sentences are put together from those texts, never from numbers.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

import pandas as pd

from app.ui.words import format_day, format_number, has_text, t
from warehouse.settings import Goal

FLAGGED = "flagged"  # one number: told in a sentence, never drawn


def title(chart: str) -> str:
    """The heading of one chart."""
    return t(f"summary_title.{chart}") if has_text(f"summary_title.{chart}") else chart.replace("_", " ").capitalize()


def order_charts(charts: Iterable[str]) -> list[str]:
    """Each chart once, as they are read: who asked, how long, who answered, the community; new ones after them."""
    return sorted(
        set(charts) - {FLAGGED}, key=lambda chart: (list(READINGS).index(chart) if chart in READINGS else 9, chart)
    )


def reading(chart: str, rows: pd.DataFrame) -> str:
    """One sentence that says what to read in a chart."""
    write_sentence = READINGS.get(chart)
    return write_sentence(rows) if write_sentence else ""


def bars(chart: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as charts.part_bars draws them: `scale` says which bars share one, `track` how long the whole would be."""
    is_part_of_whole = chart == "asked"
    scales = rows["part"].str.split(" ").str[-1] if chart == "community" else "one"
    return rows.assign(scale=scales, track=rows["n"] if is_part_of_whole else None)


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """What the chart shows, in words."""
    return pd.DataFrame({t("summary.part"): rows["label"], t("summary.value"): rows["value_text"]})


def flagged_sentence(rows: pd.DataFrame) -> str:
    """How many replies were called misleading or hostile; '' of a quarter from before that was written down."""
    flagged = rows[rows["chart"] == FLAGGED]
    return "" if flagged.empty else t("summary.flagged", text=str(flagged.iloc[0]["value_text"]))


def quarter_before(name: str) -> str:
    """'2026-Q1' → '2025-Q4'."""
    year, which = (int(part) for part in name.split("-Q"))
    return f"{year - 1}-Q4" if which == 1 else f"{year}-Q{which - 1}"


def compare_with_before(chart: str, rows: pd.DataFrame, before: pd.DataFrame) -> str:
    """One sentence that compares a chart with the quarter before; '' where one of them has numbers that are not shown."""
    now, then = _whole(chart, rows), _whole(chart, before)
    return t(f"compared.{chart}", now=now, then=then) if now and then else ""


def _whole(chart: str, rows: pd.DataFrame) -> str:
    """The quarter in one number, from what is told alone: nothing where any part of it is not."""
    if chart == "asked":
        months = rows[rows["part"] != "unknown"]
        if months.empty or months["is_hidden"].any() or months["n"].isna().any():
            return ""
        return t("this_week.x_of_y", x=format_number(months["value"].sum()), y=format_number(months["n"].sum()))
    if chart == "community":
        return _last_followers(rows)
    return ""


def _last_followers(rows: pd.DataFrame) -> str:
    followers = rows[rows["part"].str.endswith("followers")]
    if followers.empty or followers.iloc[-1]["is_hidden"]:
        return ""
    return format_number(followers.iloc[-1]["value"])


def goal_sentences(wanted: Iterable[Goal], rows: pd.DataFrame) -> list[str]:
    """Each goal with how far the quarter came, in a sentence, from what trustees are told alone."""
    return [t("goal.line", what=row.label, text=row.value_text) for row in goal_bars(wanted, rows).itertuples()]


def goal_bars(wanted: Iterable[Goal], rows: pd.DataFrame) -> pd.DataFrame:
    """The goals as charts.part_bars draws them: each on a scale of its own, its whole being the goal."""
    progress = [(goal, _reached(goal.measure, rows)) for goal in wanted]
    return pd.DataFrame(
        {
            "label": [_what(goal) for goal, _ in progress],
            "value": pd.array([reached for _, reached in progress], dtype="Float64"),
            "value_text": [_how_far(goal, reached) for goal, reached in progress],
            "is_hidden": pd.array([reached is None for _, reached in progress], dtype="bool"),
            "scale": [str(place) for place in range(len(progress))],
            "track": pd.array(
                [goal.target if reached is not None else None for goal, reached in progress], dtype="Float64"
            ),
        }
    )


def goals_reading(progress: pd.DataFrame) -> str:
    """One sentence on all goals: how many are reached."""
    met = int((progress["value"] >= progress["track"]).fillna(False).sum())
    return t("goal.reading", len(progress), met=format_number(met))


def _what(goal: Goal) -> str:
    until = ""
    if goal.until:
        at = datetime.fromisoformat(goal.until)
        until = t("goal.until", date=f"{format_day(at, None)} {at.year}")
    return t(f"goal.{goal.measure}", target=format_number(goal.target)) + until


def _how_far(goal: Goal, reached: float | None) -> str:
    if reached is None:
        return t("goal.not_told")
    value = t(f"goal.value_{goal.measure}", value=format_number(reached))
    return t("goal.met" if reached >= goal.target else "goal.open", value=value)


def _reached(measure: str, rows: pd.DataFrame) -> float | None:
    if measure == "answered_in_time":
        months = rows[(rows["chart"] == "asked") & (rows["part"] != "unknown")]
        if months.empty or months["is_hidden"].any() or months["n"].isna().any():
            return None
        return float(100 * months["value"].sum() // months["n"].sum())
    kind = rows[(rows["chart"] == "community") & rows["part"].str.endswith(measure)]
    if kind.empty:
        return None
    if measure == "followers":
        return None if kind.iloc[-1]["is_hidden"] else float(kind.iloc[-1]["value"])
    return None if kind["is_hidden"].any() else float(kind["value"].sum())


def _asked(rows: pd.DataFrame) -> str:
    months = _each(rows[rows["part"] != "unknown"])
    if not months:
        return t("summary.too_few")
    sentences = [t("summary.in_month", text=month["text"], month=month["label"].split(" ")[0]) for month in months]
    return t("summary.asked", months=_list(sentences))


def _speed(rows: pd.DataFrame) -> str:
    told_parts = rows[~rows["is_hidden"] & (rows["part"] != "none")]
    if told_parts.empty:
        return t("summary.too_few")
    commonest = _each(told_parts.loc[told_parts["value"].astype(float).sort_values(ascending=False).index])[0]
    return t("summary.speed", label=commonest["label"].lower(), text=commonest["text"])


def _answered_by(rows: pd.DataFrame) -> str:
    parts = [f"{row['text']} {row['label'].lower()}" for row in _each(rows)]
    return t("summary.answered_by", parts=_list(parts)) if parts else t("summary.too_few")


def _community(rows: pd.DataFrame) -> str:
    followers = _each(rows[rows["part"].str.endswith("followers")])
    if not followers:
        return t("summary.too_few")
    sentences = [t("summary.followers", text=month["text"], month=month["label"].split(" ")[-1]) for month in followers]
    return t("summary.community", parts=_list(sentences[:1] + sentences[1:][-1:]))


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
    return t("summary.list", first=", ".join(parts[:-1]), last=parts[-1])
