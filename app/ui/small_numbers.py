"""Small numbers of people, written so that nobody can be pointed at; shares with their n and confidence interval. Pure."""

from math import sqrt
from typing import Any

import pandas as pd

from app.ui.words import format_number, t

SMALL = 5  # fewer people than this could be pointed at
_Z = 1.96  # 19 times in 20


def format_people(count: float) -> str:
    """'none', 'fewer than 5' or the number."""
    if not count:
        return t("people.none")
    return t("people.few") if count < SMALL else format_number(count)


def format_people_of(part: float, whole: float) -> str:
    """A part of some people, such that neither they nor the others are few enough to be pointed at."""
    if not whole:
        return t("people.none_yet")
    if whole < SMALL:
        return t("people.few")
    if 0 < part < SMALL:
        return t("people.few_of", n=format_number(whole))
    if 0 < whole - part < SMALL:
        return t("people.nearly_all_of", n=format_number(whole))
    return t("people.x_of_n", x=format_number(part), n=format_number(whole))


def is_small(part: float, whole: float) -> bool:
    """Is a part, or what is left of the whole, too small to be shown, also as the length of a bar?"""
    return whole < SMALL or 0 < part < SMALL or 0 < whole - part < SMALL


def format_likely_range(part: float, whole: float) -> str:
    """Between how many of 100 the share lies 19 times in 20 (Wilson's interval); under 5: too few to say."""
    if whole < SMALL:
        return t("people.too_few")
    share, spread = part / whole, _Z * _Z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    lowest, highest = (format_number(round(100 * min(max(bound, 0), 1))) for bound in (middle - half, middle + half))
    return t("people.likely", lowest=lowest, highest=highest)


def is_known(value: Any) -> bool:
    """Not a null, whichever of pandas' kinds."""
    return not bool(pd.isna(value))


def records(rows: pd.DataFrame) -> list[Any]:
    """The rows, with their columns as attributes; what they hold depends on the query."""
    return list(rows.itertuples())
