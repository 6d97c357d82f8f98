"""The JSON of a verdict, for one text and for a file of them."""

import io
import json

from warehouse.requests import explain, explain_stream


def run(*lines: str | bytes) -> tuple[list[dict[str, object]], tuple[int, int]]:
    return run_with_errors(*lines)[:2]


def run_with_errors(*lines: str | bytes) -> tuple[list[dict[str, object]], tuple[int, int], list[str]]:
    out, errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    counts = explain_stream((line.encode() if isinstance(line, str) else line for line in lines), out, errors)
    out.seek(0)
    return [json.loads(line) for line in out.read().splitlines()], counts, errors.getvalue().splitlines()


def test_a_verdict_has_the_promised_shape() -> None:
    answer = explain("Has anyone tried it?", "en", text_id="7")
    promised = {"id", "is_request", "in_queue", "score", "rules", "support", "checked"}
    assert promised <= set(answer)
    assert answer["id"] == "7"
    assert answer["is_request"] is True
    assert answer["in_queue"] is True
    assert answer["checked"] is True
    assert answer["support"]["asked"] == "informational"
    assert answer["support"]["given"] is None
    assert answer["rules"][0]["phrase"] in "Has anyone tried it?"


def test_a_stream_answers_line_by_line_and_keeps_ids() -> None:
    answers, counts = run(
        '{"id": 1, "text": "Any advice?"}\n', "\n", '{"id": "b", "text": "Nice.", "language": "en"}\n'
    )
    assert [answer["id"] for answer in answers] == [1, "b"]
    assert [answer["in_queue"] for answer in answers] == [True, False]
    assert counts == (2, 0)


def test_a_title_counts() -> None:
    answers, _ = run('{"id": 1, "text": "I slide down.", "title": "How do I sleep upright?", "language": "en"}')
    assert answers[0]["is_request"] is True


def test_a_line_that_is_unfit_is_named_on_the_error_stream_without_quoting_it_and_the_rest_is_answered() -> None:
    unfit: list[str | bytes] = [
        "not json", '["a"]', '{"id": 1}', '{"id": 1, "text": "x", "title": 3}', b'{"text": "\xff"}', "[" * 100_000,
        '{"id": NaN, "text": "x"}', '{"text": 5}', '{"text": "x", "language": ["en"]}',
    ]  # fmt: skip
    answers, counts, errors = run_with_errors(*unfit, '{"id": 2, "text": "ok"}')
    assert [answer["id"] for answer in answers] == [2]
    assert counts == (10, 9)
    assert [error.split(":")[0] for error in errors] == [f"line {number}" for number in range(1, 10)]
    assert errors[0] == "line 1: not JSON"
    assert errors[3] == 'line 4: "title" must be text'
    assert errors[4] == "line 5: not UTF-8"


def test_lone_surrogates_do_not_stop_the_stream() -> None:
    answers, _ = run('{"id": 1, "text": "help \\ud83d me"}')
    assert answers[0]["id"] == 1


BAD_INPUT = {
    "ten thousand characters": "I need some help with the form. " * 320,
    "right to left": "هل يعرف أحد طبيبا جيدا في الحي؟ شكرا لكم جميعا على كل شيء",
    "emoji only": "😭😭🫂",
    "zero width": "\u200b\u200d\ufeff",
    "html": "<p>Does <b>anyone</b> know?</p><script>help()</script>",
    "look-alikes": "Can аnуоne hеlp me?",
    "null": "\x00 help \x00",
    "nothing": "",
}


def test_bad_input_is_answered_line_by_line_and_marked_inside_the_text() -> None:
    answers, counts = run(*(json.dumps({"id": name, "text": text}) for name, text in BAD_INPUT.items()))
    assert counts == (len(BAD_INPUT), 0)
    for answer, text in zip(answers, BAD_INPUT.values(), strict=True):
        for rule in answer["rules"]:
            assert text[rule["start"] : rule["end"]] == rule["phrase"]
    said = {answer["id"]: answer for answer in answers}
    assert said["right to left"]["checked"] is False
    assert said["emoji only"]["in_queue"] is False
    assert said["html"]["is_request"] is True
    assert said["look-alikes"]["is_request"] is True
