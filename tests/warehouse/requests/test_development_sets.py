"""The targets on real people's words, read in place beside the repository, never copied; skipped where they are absent.

The rules were made looking at one half of each set only; the other half is for figures. Nothing here prints a text.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from warehouse.requests import judge

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "requests"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the development sets are not on this machine")


def load(name: str, half: str) -> list[dict[str, Any]]:
    with (FOLDER / name).open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    return [entry for entry in entries if half_of(entry["id"]) == half]


def half_of(entry_id: str) -> str:
    return "aside" if hashlib.sha256(entry_id.encode()).digest()[0] % 2 else "looked at"


def share(verdicts: list[bool]) -> float:
    return sum(verdicts) / len(verdicts)


@pytest.mark.parametrize("half", ["looked at", "aside"])
def test_long_counselling_questions_are_found_with_their_title(half: str) -> None:
    questions = load("counselchat_questions.jsonl", half)
    found = share([judge(entry["text"], entry["language"], entry["title"]).is_queue for entry in questions])
    assert found >= 0.93


@pytest.mark.parametrize("half", ["looked at", "aside"])
def test_most_long_counselling_questions_are_found_without_their_title(half: str) -> None:
    questions = load("counselchat_questions.jsonl", half)
    found = share([judge(entry["text"], entry["language"]).is_queue for entry in questions])
    assert found >= 0.60


@pytest.mark.parametrize("half", ["looked at", "aside"])
def test_little_everyday_chatter_is_put_in_the_queue(half: str) -> None:
    comments = load("goemotions_comments.jsonl", half)
    verdicts = [judge(entry["text"], entry["language"]) for entry in comments]
    picked = share([verdict.is_queue or not verdict.is_checked for verdict in verdicts])
    assert picked <= 0.12
