"""The precision of the rules that find requests, from shown.rule_precision: lines, a table, and rules to mend. Pure."""

from typing import Any

import pandas as pd

from app.analytics.collection_status import status_line
from app.ui.markup import Html, escape_markdown, tag
from app.ui.words import format_number, has_text, t
from warehouse.requests.word_lists import languages, word_list

_WHOLE = ("counted", "queue")


def lines(rows: pd.DataFrame) -> Html | None:
    """One line per language and threshold, then one for each rule whose precision fell. None: nothing was judged yet."""
    whole = [row for row in rows.itertuples() if row.kind in _WHOLE]
    fallen = [row for row in rows.itertuples() if row.kind == "rule" and row.is_fallen]
    if not whole:
        return None
    return tag("ul", *(_whole(row) for row in whole), *(_fallen(row) for row in fallen), cls="rows")


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Every rule and kind of support that was judged, with its counts; a share from ten judged on."""
    single_rules: list[Any] = [row for row in rows.itertuples() if row.kind not in _WHOLE]
    return pd.DataFrame(
        {
            t("rules.column_language"): [escape_markdown(_language(row.language)) for row in single_rules],
            t("rules.column_subject"): [escape_markdown(_subject(row)) for row in single_rules],
            t("rules.column_judged"): [format_number(row.judged_count) for row in single_rules],
            t("rules.column_right"): [format_number(row.right_count) for row in single_rules],
            t("rules.column_share"): [_share(row.right_share) for row in single_rules],
        }
    )


def _whole(row: Any) -> Html:
    what = t(f"rules.{row.kind}", language=_language(row.language))
    if pd.isna(row.right_share):
        return status_line("·", what, t("rules.too_few", count=row.judged_count), is_good=None)
    more = t("rules.right", right=format_number(row.right_count), count=row.judged_count, share=_share(row.right_share))
    return status_line("!" if row.is_fallen else "✓", what, more, is_good=not row.is_fallen)


def _fallen(row: Any) -> Html:
    what = t("rules.fallen", language=_language(row.language), rule=_subject(row))
    more = t("rules.fallen_of", right=format_number(row.late_right_count), count=row.late_judged_count)
    cure = t("rules.fallen_cure", rule=row.subject, language=row.language)
    return status_line("!", what, f"{more} {cure}", is_good=False)


def _subject(row: Any) -> str:
    """A rule by the reason that stands beside its picks, a kind of support by its name."""
    if row.kind == "support":
        return t(f"rules.support_{row.subject}") if has_text(f"rules.support_{row.subject}") else str(row.subject)
    if row.language not in languages():
        return str(row.subject)
    reasons = {rule.rule_id: rule.reason for rule in word_list(row.language).rules}
    return reasons.get(row.subject, str(row.subject))


def _language(code: str) -> str:
    if not code:
        return t("rules.no_language")
    return t(f"language.{code}") if has_text(f"language.{code}") else code


def _share(share: Any) -> str:
    return t("rules.no_share") if pd.isna(share) else t("this_week.percent", value=round(100 * share))
