"""Say a verdict as JSON: one text, or a file of them line by line."""

import json
from collections.abc import Iterable
from typing import Any, TextIO

from warehouse.requests.judge import judge

_ENCODER = json.JSONEncoder(ensure_ascii=False)  # made once: json.dumps would make one for every line


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


def explain_stream(lines_in: Iterable[str], lines_out: TextIO) -> tuple[int, int]:
    """Judge `{"id","text","language"?,"title"?}` lines one by one; returns how many were read and how many were unfit.

    A line that is no such object is answered with `{"id": null, "line": 3, "error": "…"}`, without quoting it.
    """
    read_count = wrong_count = 0
    for number, line in enumerate(lines_in, start=1):
        if not line.strip():
            continue
        read_count += 1
        try:
            answer = _answer(json.loads(line))
        except ValueError as wrong:
            wrong_count += 1
            said = "not JSON" if isinstance(wrong, json.JSONDecodeError) else str(wrong)
            answer = {"id": None, "line": number, "error": said}
        lines_out.write(_ENCODER.encode(answer) + "\n")
    return read_count, wrong_count


def _answer(asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise ValueError('an object with "text" is needed, for example {"id": "1", "text": "Any advice?"}')
    for key in ("language", "title"):
        if asked.get(key) is not None and not isinstance(asked[key], str):
            raise ValueError(f'"{key}" must be text')
    answer = explain(asked["text"], asked.get("language"), asked.get("title"))
    answer["id"] = asked.get("id")
    return answer
