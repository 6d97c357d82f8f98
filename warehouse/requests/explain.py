"""Say a verdict as JSON: one text, or a file of them line by line."""

import json
from collections.abc import Iterable
from typing import Any, TextIO

from warehouse.requests.judge import judge

# Made once: json.dumps would make one for every line.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_ASCII_ENCODER = json.JSONEncoder(allow_nan=False)


def explain(
    text: str, language: str | None = None, title: str | None = None, text_id: str | None = None
) -> dict[str, Any]:
    """The verdict in the shape of `mutuals explain --jsonl`; rules: id, reason, start, end, phrase, where."""
    verdict = judge(text, language, title)
    rules = [
        {
            "id": fired.rule_id,
            "reason": fired.reason,
            "start": fired.start,
            "end": fired.end,
            "phrase": ((title or "") if fired.is_in_title else text)[fired.start : fired.end],
            "where": "title" if fired.is_in_title else "text",
        }
        for fired in verdict.fired
    ]
    return {
        "id": text_id,
        "is_request": verdict.is_count,
        "in_queue": verdict.is_queue,
        "score": verdict.score,
        "rules": rules,
        "support": {
            "asked": verdict.support_asked,
            "given": verdict.support_given,
            "all_given": list(verdict.all_given),
        },
        "checked": verdict.is_checked,
        "language": verdict.language,
        "is_thanks": verdict.is_thanks,
        "detector_version": verdict.detector_version,
    }


def explain_stream(lines_in: Iterable[bytes], lines_out: TextIO, errors: TextIO) -> tuple[int, int]:
    """Judge `{"id","text","language"?,"title"?}` lines one by one; returns how many were read and how many were unfit.

    A line that is no such object has no answer; "line 3: …" goes to errors, without quoting it, and the next is read.
    """
    read_count = wrong_count = 0
    for number, line in enumerate(lines_in, start=1):
        if not line.strip():
            continue
        read_count += 1
        try:
            encoder = _ASCII_ENCODER if b"\\u" in line else _ENCODER  # half a character can be escaped, not written
            said = encoder.encode(_answer(json.loads(line)))
        except (ValueError, RecursionError) as wrong:
            wrong_count += 1
            errors.write(f"line {number}: {_what_is_wrong(wrong)}\n")
        else:
            lines_out.write(said + "\n")
    return read_count, wrong_count


def _what_is_wrong(wrong: Exception) -> str:
    if isinstance(wrong, UnicodeDecodeError):
        return "not UTF-8"
    return str(wrong) if isinstance(wrong, _Unfit) else "not JSON"


class _Unfit(ValueError):
    """A line that is JSON, and not of the shape asked for."""


def _answer(asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise _Unfit('an object with "text" is needed, for example {"id": "1", "text": "Any advice?"}')
    for key in ("language", "title"):
        if asked.get(key) is not None and not isinstance(asked[key], str):
            raise _Unfit(f'"{key}" must be text')
    answer = explain(asked["text"], asked.get("language"), asked.get("title"))
    answer["id"] = asked.get("id")
    return answer
