"""The trustees' rows → one sentence per chart and a table. Pure; sees only what was made safe where it is read."""

import pandas as pd

from app.words import has, say


def title(chart: str) -> str:
    """The heading of one chart."""
    return say(f"summary_title.{chart}") if has(f"summary_title.{chart}") else chart.replace("_", " ").capitalize()


def reading(chart: str, rows: pd.DataFrame) -> str:
    """One sentence that says what to read in a chart. Built from the safe texts only, so it can hide nothing less."""
    known = {str(part): str(text) for part, text in zip(rows["part"], rows["value_text"], strict=True)}
    key = f"summary_reading.{chart}"
    if has(key):
        try:
            return say(key, None, n=rows["n_text"].iloc[0], **known)
        except KeyError:  # a part is missing this quarter: say less rather than something wrong
            return say("summary.reading_short", n=rows["n_text"].iloc[0])
    return say("summary.reading_short", n=rows["n_text"].iloc[0])


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """What the chart shows, in words."""
    return pd.DataFrame({say("summary.part"): rows["label"], say("summary.value"): rows["value_text"]})
