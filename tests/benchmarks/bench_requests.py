"""How many texts a second the request rules read on one core: `python tests/benchmarks/bench_requests.py [texts]`."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from warehouse.requests import explain, judge

SAMPLE = Path(__file__).parents[1] / "warehouse" / "requests" / "data"
LEAST_A_SECOND = 3_000


def texts(how_many: int) -> list[str]:
    """Short texts (replies and posts of the purpose-written set), over and over."""
    lines = [
        line for name in ("replies", "posts") for line in (SAMPLE / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    short = [text for text in (json.loads(line)["text"] for line in lines) if len(text) <= 140]
    return [short[at % len(short)] for at in range(how_many)]


def texts_a_second(how_many: int = 6_000, is_explained: bool = False) -> float:
    """By processor time, so that a busy machine does not blur the figure. The word list is loaded before."""
    judge("Warm up, please?", "en")
    read = texts(how_many)
    began = time.process_time()
    for text in read:
        if is_explained:
            json.dumps(explain(text, "en"))
        else:
            judge(text, "en")
    return how_many / (time.process_time() - began)


def lines_a_second(how_many: int = 30_000) -> float:
    """The whole command, from its start to its end: reading, judging, printing; by processor time."""
    lines = "".join(
        json.dumps({"id": at, "text": text, "language": "en"}) + "\n" for at, text in enumerate(texts(how_many))
    )
    command = [str(Path(sys.executable).with_name("mutuals")), "explain", "--jsonl"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if answers.count("\n") != how_many:
        raise ValueError(f"{how_many} lines went in, {answers.count(chr(10))} came out")
    return how_many / (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


@pytest.mark.benchmark
def test_the_rules_read_three_thousand_short_texts_a_second() -> None:
    assert max(texts_a_second() for _ in range(3)) >= LEAST_A_SECOND


@pytest.mark.benchmark
def test_the_command_answers_three_thousand_lines_a_second() -> None:
    assert max(lines_a_second() for _ in range(2)) >= LEAST_A_SECOND


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    size = sum(map(len, texts(wanted))) / wanted
    sys.stdout.write(f"{wanted} texts of {size:.0f} characters on average\n")
    sys.stdout.write(f"judge: {texts_a_second(wanted):,.0f} a second\n")
    sys.stdout.write(f"explain, with JSON: {texts_a_second(wanted, is_explained=True):,.0f} a second\n")
    sys.stdout.write(f"mutuals explain --jsonl, 30,000 lines: {lines_a_second():,.0f} a second\n")
