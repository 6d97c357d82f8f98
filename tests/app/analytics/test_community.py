"""Sentences, bars and tables about hours, posts and people, from frames as the queries give them."""

import pandas as pd

from app.analytics import community, content, timing
from app.ui.markup import escape_markdown


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({name: [value] for name, value in columns.items()})


def parts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "from_hour": [8, 21],
            "requests_count": [20, 7],
            "due_count": [18, 6],
            "answered_in_promise_count": [17, 4],
            "unknown_count": [1, 0],
            "median_hours": [2.5, None],
            "waits_known_count": [19, 6],
        }
    )


def test_nights_are_told_beside_days() -> None:
    assert timing.lead(parts(), "24 hours") == (
        "27 requests came, 7 of them at night. Of the 6 at night that are due, 4 were answered within 24 hours. "
        "By day it was 17 of 18."
    )
    table = timing.parts_table(parts())
    assert table.iloc[:, 1].tolist() == ["7", "4 of 6 due", "30 to 90 of 100", "not reached", "0"]
    assert table.iloc[:, 2].tolist()[3] == "2 hours"


def test_too_few_due_requests_are_not_told_as_a_share() -> None:
    few = parts().assign(due_count=[4, 0], answered_in_promise_count=[4, 0])
    assert timing.lead(few, "24 hours") == "27 requests came, 7 of them at night."


def test_a_time_is_named_only_where_it_stands_out() -> None:
    cells = pd.DataFrame({"weekday": [2, 7], "from_hour": [20, 8], "requests_count": [6, 5]})
    assert timing.hours_title(cells) == "Most requests come on Tuesday between 20:00 and 00:00: 6"
    assert timing.hours_title(cells.assign(requests_count=[5, 5])) == "Requests come at several times alike"
    assert timing.hours_title(cells.assign(requests_count=[4, 1])) == "When requests come"


def test_newcomers_who_could_be_pointed_at_are_words_in_the_sentence_the_bar_and_the_table() -> None:
    rows = frame(
        newcomers_count=9, due_count=8, answered_count=6, unknown_count=1, settled_count=4, came_back_count=2,
        known_from_date=pd.Timestamp(2026, 9, 29),
    )  # fmt: skip
    sentence, listed, note = community.newcomers(rows)
    assert sentence == "9 people wrote for the first time."
    assert note.startswith(
        "They can be told since 29 September. Left out because the thread could not be read: fewer than 5. Back: wrote again"
    )
    bars = community.part_bars(listed)
    assert bars["value_text"].tolist() == ["all but fewer than 5 of 8", "fewer than 5"]
    assert bars["is_hidden"].tolist() == [True, True]
    table = community.part_table(listed)
    assert table.iloc[:, 2].tolist() == ["too few to say", "too few to say"]
    assert not any(number in str(table.values.tolist()) for number in ("6 of", "2 of"))


def test_no_newcomers_before_ninety_days_and_none_at_all_are_told_apart() -> None:
    assert "90 days" in community.newcomers(pd.DataFrame())[0]
    none = frame(newcomers_count=0, unknown_count=0, known_from_date=pd.Timestamp(2026, 9, 29))
    assert community.newcomers(none)[0] == "Nobody new wrote in these days."


def test_shares_of_support_have_unsure_at_the_end_and_their_measured_precision() -> None:
    rows = pd.DataFrame(
        {
            "direction": ["asked"] * 3,
            "kind": ["emotional", "practical", "unsure"],
            "share": [20.0, 30.0, 50.0],
            "of_count": [10] * 3,
            "judged_count": [12, 3, 0],
            "right_share": [75.0, None, None],
        }
    )
    assert community.support_bars(rows)["label"].tolist() == ["Practical help", "Comfort", "Not clear"]
    assert community.support_table(rows).iloc[:, 2].tolist() == [
        "75 of 100, of 12 judged",
        "3 judged: too few to say",
        "not measured",
    ]


def test_a_kind_is_called_ahead_only_beside_another_that_can_be_told() -> None:
    kinds = pd.DataFrame({"kind": ["plain", "poll"], "median_engagement": [4.0, None], "posts_count": [9, 2]})
    assert content.kinds_title(kinds) == "Too few posts to compare kinds"
    both = kinds.assign(median_engagement=[4.0, 9.5])
    assert content.kinds_title(both) == "Gained most per post: Poll, half of them at least 9.5"


def test_more_than_a_hundred_days_of_a_topic_are_told_by_week_and_nothing_is_lost() -> None:
    days = pd.DataFrame({"local_date": pd.date_range("2026-01-01", periods=150), "posts_count": 2})
    weeks = content.topic_rows(days)
    assert weeks["posts_count"].sum() == 300
    assert set(weeks["starts_date"].dt.day_of_week) == {0}
    assert len(content.topic_rows(days.head(100))) == 100


def test_a_tag_that_is_not_read_has_no_part() -> None:
    tags = pd.DataFrame(
        {
            "tag": ["carers", "riversidecarers"],
            "posts_count": [6, 6],
            "engagement_gained": [10, -2],
            "median_engagement": [1.0, None],
            "own_seen_count": [None, 6],
            "seen_count": [None, 9],
            "seen_share": [None, 66.7],
            "servers": [[], ["bluesky", "carers.example"]],
        }
    )
    written = {"riversidecarers": "RiversideCarers"}
    table = content.hashtags_table(tags, written)
    assert table.iloc[0].tolist() == [escape_markdown("#carers"), "6", "+10", "1", "not known"]
    assert table.iloc[1].tolist() == [
        escape_markdown("#RiversideCarers"),
        "6",
        "−2",
        "too few to say",
        "6 of 9 (35 to 88 of 100)",
    ]
    assert content.searched_server_lines(tags, written) == ["Asked for #RiversideCarers: Bluesky and carers.example."]


def test_people_of_days_that_are_forgotten_are_not_counted_but_the_answers_are() -> None:
    keeps = frame(forgotten_count=3, people_count=None, regulars_count=20, lost_count=6)
    helps = frame(forgotten_count=2, answers_count=12, helpers_count=None)
    assert "can no longer be counted" in community.lead(keeps, helps)
    assert community.helpers(helps)[0].startswith("12 answers were written.")
    sentence, parts, _ = community.regulars(keeps)
    assert "can no longer be counted" in sentence
    assert [(part, whole) for _, part, whole in parts] == [(6, 20)]
