"""Words for people."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.ui import words

APP = Path(words.__file__).parents[1]
NOW = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)  # the day after the clocks went forward in London


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0, "0 minutes"), (0.99, "59 minutes"), (1, "1 hour"), (47.9, "47 hours"), (48, "2 days"), (800, "33 days")],
)
def test_a_wait_is_said_as_people_say_it(hours: float, said: str) -> None:
    assert words.format_duration(hours) == said


@pytest.mark.parametrize(("value", "said"), [(34, "+34"), (-3, "−3"), (0, "0"), (1234, "+1,234")])
def test_a_gain_has_its_sign(value: int, said: str) -> None:
    assert words.format_signed(value) == said


def test_a_time_is_said_in_the_groups_zone_also_when_the_clocks_change() -> None:
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 00:30 in London, an hour before summer time
    assert words.format_moment(before, "Europe/London", NOW) == "yesterday 00:30"
    assert words.format_moment(before + timedelta(hours=1), "Europe/London", NOW) == "yesterday 02:30"
    assert words.format_moment(NOW, "Pacific/Auckland", NOW) == "today 22:00"
    assert words.format_moment(NOW - timedelta(days=3), "Europe/London", NOW) == "Friday 09:00"
    assert words.format_moment(NOW - timedelta(days=400), "Europe/London", NOW) == "23 February 2025 09:00"


def test_a_quarter_and_a_week_have_names() -> None:
    assert words.format_quarter("2026-Q3") == "July to September 2026"
    assert words.format_week(datetime(2026, 11, 16, tzinfo=UTC)) == "16 to 22 November"
    assert words.format_week(datetime(2026, 9, 28, tzinfo=UTC)) == "28 September to 4 October"


def test_plain_text_cannot_turn_round_what_stands_beside_it() -> None:
    assert words.sanitise("a\u202eb\u2066c\x00d\x1be\nf") == "abcde\nf"
    assert words.sanitise("👩‍👧 می‌خواهم") == "👩‍👧 می‌خواهم"  # joiners that emoji and Persian need


def test_a_post_without_end_is_cut() -> None:
    assert len(words.sanitise("A" * 100_000)) == words.TEXT_LIMIT + 1


def test_plural_forms_have_a_kind_zero() -> None:
    assert words.t("waiting.lead", 0) == "Nobody is waiting for a reply."
    assert words.t("waiting.lead", 1) == "One request is waiting for a reply."
    assert words.t("waiting.lead", 1200) == "1,200 requests are waiting for a reply."


def test_a_text_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "queue.toml").write_text('[waiting]\nlead = "Who waits"\n')
    (tmp_path / "week.toml").write_text('[this_week]\nlead = "The week"\n')
    assert words.load_texts(tmp_path) == {"waiting": {"lead": "Who waits"}, "this_week": {"lead": "The week"}}
    (tmp_path / "week.toml").write_text('[waiting]\nlead = "Somebody waits"\n')
    with pytest.raises(ValueError, match=r"week.toml: \[waiting\] stands in two files"):
        words.load_texts(tmp_path)


def test_every_text_a_page_asks_for_is_in_the_catalogue() -> None:
    asked = {
        key
        for path in APP.rglob("*.py")
        for key in re.findall(r"""\bt\(\s*"([a-z_]+\.[a-z_ ]+)\"""", path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 80
    assert [key for key in sorted(asked) if not words.has_text(key)] == []


def test_no_text_of_the_catalogue_is_left_over() -> None:
    code = " ".join(path.read_text(encoding="utf-8") for path in APP.rglob("*.py"))
    computed = {  # tables whose keys are values of the warehouse or names of pages
        "network", "state", "state_short", "state_mark", "scope", "author", "capability", "capability_mark", "kind",
        "column", "summary_title", "nav", "done", "did", "flag", "way", "whose", "language", "view", "dates_wrong",
    }  # fmt: skip
    left = [
        f"{table}.{key}"
        for table, texts in words.catalogue().items()
        for key in texts
        if table not in computed
        and not re.search(rf"""["']{table}\.{key}["']""", code)
        and not (key.endswith("_title") and f'"{table}.{key.removesuffix("_title")}"' in code)
        and not re.search(rf'f"{table}\.(tab_)?\{{|f"{table}\.\{{name\}}', code)
    ]
    assert left == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the server refused the connection", "The server refused the connection."),
        ("carers.example knows no such account", "carers.example knows no such account."),
        ("Try again later.", "Try again later."),
    ],
)
def test_a_reason_becomes_a_sentence_and_a_servers_name_stays_small(text: str, said: str) -> None:
    assert words.as_sentence(text) == said
