"""The texts of the weekly mail in one language (texts/), with plurals, numbers, dates and waits. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.ui import words

_TEXTS = Path(__file__).with_name("texts")


@cache
def load_texts(language: str) -> Mapping[str, Any]:
    """All texts of a language of warehouse.settings.validators.people.LANGUAGES."""
    return tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class MailTexts:
    """The texts of one language, with the numbers, dates and waits that are put into them."""

    language: str

    def t(self, key: str, count: int | None = None, **values: str) -> str:
        """A text, filled in. With `count` in its plural form: English and German have one; more need a rule here."""
        text = load_texts(self.language)[key]
        if isinstance(text, dict):
            text = text["none" if count == 0 and "none" in text else "one" if count == 1 else "other"]
        return str(text).format(**values, **({} if count is None else {"count": self.format_number(count)}))

    def format_number(self, value: float) -> str:
        """1234.5 → '1,234.5' or '1.234,5'."""
        texts = load_texts(self.language)
        return words.format_number(value).translate(str.maketrans({",": texts["thousands"], ".": texts["decimal"]}))

    def format_signed(self, value: float) -> str:
        """A gain or a loss, with a real minus sign."""
        return "0" if value == 0 else f"{'+' if value > 0 else '−'}{self.format_number(abs(value))}"

    def format_duration(self, hours: float) -> str:
        """A wait, rounded down as people do."""
        if hours < 1:
            return self.t("minutes", max(int(hours * 60), 0))
        return self.t("hours", int(hours)) if hours < 48 else self.t("days", int(hours // 24))

    def format_week(self, monday: date) -> str:
        """'16 to 22 November', '28 December to 3 January'."""
        sunday = monday + timedelta(days=6)
        if sunday.month == monday.month:
            return self.t("span_of_month", first=str(monday.day), last=self._day(sunday))
        return self.t("span", first=self._day(monday), last=self._day(sunday))

    def _day(self, on: date) -> str:
        return self.t("day", day=str(on.day), month=load_texts(self.language)["months"][on.month - 1])
