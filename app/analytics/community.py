"""The sentences, bars and tables of *People, together*, in numbers too coarse to point at anybody. Pure."""

from typing import Any

import pandas as pd

from app.analytics.content import bar_rows
from app.ui.small_numbers import format_likely_range, format_people, format_people_of, is_known, is_small, records
from app.ui.words import format_day, format_number, t

Part = tuple[str, float, float]  # label, part, whole


def lead(keeps: pd.DataFrame, helps: pd.DataFrame) -> str:
    """How many wrote, and how many answered; or that it is forgotten who did."""
    if _is_forgotten(keeps) or _is_forgotten(helps):
        return t("people.forgotten")
    wrote = int(keeps.iloc[0].people_count) if len(keeps) else 0
    if not wrote:
        return t("people.lead_none")
    answered = int(helps.iloc[0].helpers_count) if len(helps) else 0
    return t("people.lead", wrote=_first(format_people(wrote)), helpers=_first(format_people(answered)))


def _is_forgotten(rows: pd.DataFrame) -> bool:
    return len(rows) > 0 and bool(rows.iloc[0].forgotten_count)


def newcomers(rows: pd.DataFrame) -> tuple[str, list[Part], str]:
    """Rows of shown.newcomers → a sentence, the parts of a chart, and what else must be said."""
    if rows.empty:
        return t("people.new_early"), [], ""
    row = rows.iloc[0]
    since = format_day(pd.Timestamp(row.known_from_date).to_pydatetime())
    note = t("people.new_since", date=since)
    if row.unknown_count:
        note = f"{note} {t('people.new_unknown', n=format_people(row.unknown_count))}"
    if not row.newcomers_count:
        return t("people.new_none"), [], note
    parts = [
        (t("people.new_answered"), row.answered_count, row.due_count),
        (t("people.new_back"), row.came_back_count, row.settled_count),
    ]
    return t("people.new", n=_first(format_people(row.newcomers_count))), parts, f"{note} {t('people.new_back_is')}"


def helpers(rows: pd.DataFrame) -> tuple[str, list[Part], str]:
    """The same for those who answered: first time, both asked and answered, the busiest one's share."""
    if rows.empty or not rows.iloc[0].answers_count:
        return t("people.help_none"), [], ""
    row = rows.iloc[0]
    if row.forgotten_count:
        return t("people.help_forgotten", count=row.answers_count), [], ""
    sentence = t(
        "people.help",
        n=_first(format_people(row.helpers_count)),
        count=row.answers_count,
        peers=format_people(row.peer_helpers_count),
    )
    parts = [
        (t("people.help_first"), row.first_time_count, row.peer_helpers_count),
        (t("people.help_both"), row.both_count, row.askers_count),
    ]
    if not is_known(row.busiest_share):
        return sentence, parts, f"{t('people.busiest_few')} {t('people.help_is')}"
    busiest = t("people.busiest", share=format_number(round(row.busiest_share)), n=format_number(row.answers_count))
    return sentence, parts, f"{busiest} {t('people.help_is')}"


def looking_after(rows: pd.DataFrame) -> tuple[str, list[Part], str]:
    """Of the answered requests: asked again how they are, and the asker wrote again."""
    if rows.empty or not rows.iloc[0].answered_count:
        return t("people.after_none"), [], ""
    row = rows.iloc[0]
    parts = [
        (t("people.after_checked"), row.checked_back_count, row.check_due_count),
        (t("people.after_back"), row.came_back_count, row.answered_count),
    ]
    return t("people.after", count=row.answered_count), parts, t("people.after_is")


def regulars(rows: pd.DataFrame) -> tuple[str, list[Part], str]:
    """Who wrote before, who came back, which regulars fell silent."""
    if rows.empty:
        return t("people.keeps_none"), [], ""
    row, parts = rows.iloc[0], list[Part]()
    if row.forgotten_count:
        sentence = t("people.forgotten")
    elif not row.people_count:
        sentence = t("people.keeps_none")
    else:
        sentence = t("people.keeps", n=_first(format_people(row.people_count)))
        if is_known(row.returning_count):
            parts.append((t("people.keeps_before"), row.returning_count, row.people_count))
        if is_known(row.reactivated_count):
            parts.append((t("people.keeps_again"), row.reactivated_count, row.people_count))
    if not is_known(row.lost_count):
        return sentence, parts, t("people.keeps_early")
    if not row.regulars_count:
        return sentence, parts, ""
    parts.append((t("people.keeps_lost"), row.lost_count, row.regulars_count))
    return sentence, parts, t("people.keeps_is")


def part_bars(parts: list[Part]) -> pd.DataFrame:
    """The parts as charts.part_bars draws them; a bar that could point at somebody is a stub."""
    return bar_rows(
        [(label, part, whole, format_people_of(part, whole), is_small(part, whole)) for label, part, whole in parts]
    )


def part_table(parts: list[Part]) -> pd.DataFrame:
    """The parts in words, and how sure the share is."""
    return pd.DataFrame(
        {
            t("summary.part"): [label for label, *_ in parts],
            t("summary.value"): [format_people_of(part, whole) for _, part, whole in parts],
            t("people.sure"): [
                t("people.too_few") if is_small(part, whole) else format_likely_range(part, whole)
                for _, part, whole in parts
            ],
        }
    )


def support_bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares of one direction, the largest first, unsure last; empty where there is too little to say."""
    with_share = rows[rows["share"].notna()]
    ordered = with_share.assign(is_unsure=with_share["kind"] == "unsure").sort_values(
        ["is_unsure", "share"], ascending=[True, False]
    )
    return bar_rows([(_kind(row.kind), row.share, 100, _share(row.share), False) for row in records(ordered)])


def support_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares in words, and how often the word lists were right where that was measured."""
    with_share = records(rows[rows["share"].notna()])
    return pd.DataFrame(
        {
            t("summary.part"): [_kind(row.kind) for row in with_share],
            t("people.share"): [_share(row.share) for row in with_share],
            t("people.right"): [_right(row) for row in with_share],
        }
    )


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


def _kind(kind: str) -> str:
    return t(f"support_name.{kind}")


def _share(share: float) -> str:
    return t("people.of_100", count=round(share))


def _right(row: Any) -> str:
    if row.direction == "given" or row.kind == "unsure":
        return t("people.not_measured")
    if not is_known(row.right_share):
        return t("people.right_few", count=row.judged_count)
    return t("people.right_of", share=format_number(round(row.right_share)), count=row.judged_count)
