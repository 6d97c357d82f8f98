"""What stands on a screen stands in one catalogue, and can be read at eleven."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.ui import words
from warehouse.transform.definitions import definitions

APP = Path(words.__file__).parents[1]
# Sentences that are on no page. A new file that is not named here may hold none.
NOT_ON_A_PAGE = {
    "auth/access_log.py": "the log",
    "auth/permissions.py": "said in place of a page, by the guard of what may be read",
    "auth/sign_in_page.py": "the command line: what is missing before anybody can sign in",
    "charts/frame.py": "Plotly's own name for its button, to be said in ours",
    "cli/": "the command line",
    "components/freshness.py": "classes of the style sheet",
    "errors.py": "the command line",
    "queries/": "SQL",
    "reports/exchange/": "the command line",
    "reports/paper/": "the command line",
    "runtime.py": "the log",
    "server/application.py": "the log",
    "server/bind_address.py": "the command line",
    "server/gatekeeper.py": "plain answers of the web server, before there is a page",
    "server/security_headers.py": "a plain answer of the web server",
}
AGE_ELEVEN = 6  # the sixth American school year


def syllables(word: str) -> int:
    """About: groups of vowels, but for an e at the end that is not heard."""
    heard = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", lambda end: end[0][0], word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", heard)))


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a semicolon or a colon ends one too, what is filled in is one word."""
    filled = re.sub(r"\{[^}]*\}", "x", text)
    return [found for part in re.split(r"[.!?:;]+(?:\s|$)", filled) if (found := re.findall(r"[A-Za-z’']+", part))]


def grade(text: str) -> float:
    """The American school year in which a text is understood (Flesch and Kincaid 1975)."""
    told = sentences(text)
    said = [word for one in told for word in one]
    return 0.39 * len(said) / len(told) + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def texts(table: Any, above: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the catalogue with its place."""
    if isinstance(table, str):
        yield above, table
    else:
        for key, value in table.items() if isinstance(table, dict) else enumerate(table):
            yield from texts(value, f"{above}.{key}".lstrip("."))


PAPERS = ("left_out.notice",)  # to be published by the group, with what the law wants in it
CATALOGUE = {name: text for name, text in texts(words.catalogue()) if not name.startswith(PAPERS)}
MEANINGS = {
    name + (f".{measure}" if measure else ""): text
    for name, model in definitions().items()
    if name.startswith(("shown.", "prepared.", "frozen."))
    for measure, text in {"": model.sentence, **model.measures}.items()
}


def test_the_measure_knows_plain_words_from_others() -> None:
    hard = (
        "Notwithstanding the aforementioned stipulations, organisational representatives retain discretionary authority"
        " concerning the dissemination of communications."
    )
    assert grade("The cat sat on the mat. It was warm there.") < 2
    assert grade(hard) > 18


@pytest.mark.parametrize("told", [CATALOGUE, MEANINGS], ids=["screen", "definitions"])
def test_the_whole_can_be_read_at_eleven(told: dict[str, str]) -> None:
    long = [text for text in told.values() if len(re.findall(r"\w+", text)) >= 8]  # short labels would make it easy
    assert len(long) > 150
    assert grade(" ".join(f"{text.rstrip('.')}." for text in long)) < AGE_ELEVEN


@pytest.mark.parametrize(("told", "most"), [(CATALOGUE, 9), (MEANINGS, 12)], ids=["screen", "definitions"])
def test_no_text_is_much_harder_than_the_others(told: dict[str, str], most: int) -> None:
    hard = {name: round(grade(text), 1) for name, text in told.items() if len(re.findall(r"\w+", text)) >= 10}
    assert {name: found for name, found in hard.items() if found > most} == {}


@pytest.mark.parametrize(("told", "most"), [(CATALOGUE, 26), (MEANINGS, 35)], ids=["screen", "definitions"])
def test_no_sentence_goes_on_and_on(told: dict[str, str], most: int) -> None:
    longest = {name: max(map(len, sentences(text)), default=0) for name, text in told.items()}
    assert {name: count for name, count in longest.items() if count > most} == {}


def test_no_sentence_of_a_page_stands_outside_of_the_catalogue() -> None:
    found = [
        f"{path.relative_to(APP)}:{text}"
        for path in sorted(APP.rglob("*.py"))
        if not str(path.relative_to(APP)).startswith(tuple(NOT_ON_A_PAGE))
        for text in _sentences_in(path)
    ]
    assert found == []


def test_a_sentence_in_the_code_would_be_found(tmp_path: Path) -> None:
    """The control."""
    path = tmp_path / "view.py"
    path.write_text(
        '"""A page. It says what it is."""\nst.write("Nobody has answered yet.")\nst.write(f"{x} of them wait")\n'
    )
    assert list(_sentences_in(path)) == ["Nobody has answered yet."]


def _sentences_in(path: Path) -> Iterator[str]:
    """Texts of four words and more in a module, but for what it says of itself, of its parts, and to the log (%s)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    own = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, kinds) and _says(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in own:
            text = node.value
            # four words are a value of the warehouse ("anybody in rota hours") or the beginning of a sentence
            is_long = re.search(r"[A-Z][a-z’']*(?: [A-Za-z’']+){3}|[A-Za-z’']+(?: [A-Za-z’']+){4}", text)
            if is_long and "%s" not in text and not re.match(r"select |[\"'\w-]+: |<|\(\?", text):
                yield text


def _says(node: Any) -> bool:
    return bool(node.body) and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
