"""What the documents say is so: the figures of the retention table, the paths that are named, the commands that there are."""

import inspect
import re
from datetime import timedelta
from pathlib import Path

import pytest
import typer

from app.auth import access_log
from app.cli.entry import COMMANDS, main
from warehouse.casebook import notifications
from warehouse.privacy import compact, retain
from warehouse.settings import Group
from warehouse.snapshots import publish

ROOT = Path(__file__).parents[1]
PAPERS = ROOT / "docs" / "privacy"
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
DAYS = Group("", "").retention_days
# What a row begins with → the days in it.
KEPT = {
    "words, content warnings": DAYS,
    "names and addresses of other people": "the same",
    "the same, of a group that you took out of the settings": retain.WHEN_NOBODY_SAYS,
    "counts of likes, boosts, replies": compact._FINE_FOR.days,
    "who boosted, quoted or replied, as keyed hashes": retain._INTERACTIONS.days,
    "posts counted for a topic tag, as keyed hashes": retain._TOPIC_SEEN.days,
    "notes, messages between volunteers about a case, who took it on": DAYS,
    "which of your team was told or mailed when, and who wants no mail": notifications._KEPT.days,
    "who on your team opened which kind of page, and when; only where people [sign in](../sign-in.md)": access_log.KEPT_DAYS,
}


def table() -> dict[str, str]:
    """What is kept → how long."""
    lines = (PAPERS / "retention.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: row[2] for row in rows}


@pytest.mark.parametrize("what", KEPT)
def test_a_row_of_the_retention_table_says_what_the_code_does(what: str) -> None:
    told = table()[what]
    if isinstance(KEPT[what], str):
        assert told == KEPT[what]
    else:
        assert [int(number) for number in re.findall(r"\d+", told)][:1] == [KEPT[what]], told


def test_two_snapshots_are_kept_as_the_table_says() -> None:
    assert inspect.signature(publish.publish).parameters["keep"].default == 2
    assert table()["what the dashboard shows"].startswith("two")


def test_no_row_of_the_table_holds_a_figure_that_no_code_was_held_against() -> None:
    yours = ("logs: ids and reasons, no words, no names", "exports and reports you made", "back-ups")
    figures = {what for what, kept in table().items() if re.search(r"\d", kept)}
    assert figures - set(yours) <= set(KEPT)


def test_the_other_papers_name_the_same_number_of_days() -> None:
    for paper in ("notice.md", "dpia.md", "legitimate-interests.md", "retention.md"):
        told = re.findall(r"\[(\d+)\] days", (PAPERS / paper).read_text(encoding="utf-8"))
        assert told, paper
        assert set(map(int, told)) == {DAYS}, paper
    assert timedelta(days=DAYS) > compact._FINE_FOR


def test_every_table_that_is_stored_is_in_the_retention_table_or_about_nobody() -> None:
    """A new table makes its author look at the papers."""
    written = set()
    for migration in sorted((Path(retain.__file__).parents[1] / "migrations").glob("*.sql")):
        written |= set(re.findall(r"create table (?:stored|frozen)\.(\w+)", migration.read_text(encoding="utf-8")))
    about_people = {
        "post_texts", "post_tags", "accounts", "post_addresses", "posts", "post_scope", "verdicts", "first_contacts",
        "observations", "interactions", "thread_reads", "due", "topic_seen", "topic_counts", "decisions", "opt_outs", "erased",
    }  # fmt: skip
    about_us = {
        "groups", "group_accounts", "account_snapshots", "sources", "coverage", "capabilities", "quarantine", "cycles",
        "duties", "imports", "imported_counts", "quarters", "summary",
    }  # fmt: skip
    assert written == about_people | about_us


def test_every_path_that_a_document_names_is_there() -> None:
    inside = re.compile(r"`((?:app|collectors|warehouse|tests|docs|\.ci|\.streamlit)/[\w./-]+)`")
    links = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
    lost = [
        f"{guide.relative_to(ROOT)}: {path}"
        for guide in GUIDES
        for text in [guide.read_text(encoding="utf-8")]
        for path, base in [
            *((path, ROOT) for path in inside.findall(text)),
            *((path, guide.parent) for path in links.findall(text)),
        ]
        if not (base / path).exists()
    ]
    assert lost == []


def test_every_function_that_a_document_names_is_in_the_file_it_names() -> None:
    named = [
        (guide.name, function, path)
        for guide in GUIDES
        for function, path in re.findall(r"`(\w+)\(\)` in\s+`([\w./]+\.py)`", guide.read_text(encoding="utf-8"))
    ]
    assert named
    lost = [one for one in named if f"def {one[1]}(" not in (ROOT / one[2]).read_text(encoding="utf-8")]
    assert lost == []


def test_every_key_of_a_session_has_an_owner() -> None:
    owners = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("st.session_state`")[2]
    key = re.compile(r"""session_state(?:\[|\.(?:get|pop|setdefault)\()"(\w+)"|"(\w+)" not in st\.session_state""")
    found = {
        name
        for path in (ROOT / "app").rglob("*.py")
        for names in key.findall(path.read_text(encoding="utf-8"))
        for name in names
        if name
    }
    assert found
    assert {name for name in found if f"`{name}`" not in owners} == set()


def test_what_the_program_says_of_the_readme_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    texts = [
        path for top in ("app", "collectors") for kind in ("py", "toml") for path in (ROOT / top).rglob(f"*.{kind}")
    ]
    told = "".join(path.read_text(encoding="utf-8") for path in texts)
    headings = {*re.findall(r"“([^”]+)” in (?:the )?README", told), *re.findall(r"\(README: (\w+)\)", told)}
    assert {"Being told", "The weekly mail", "Settings"} <= headings
    assert {one for one in headings if f"**{one}**" not in readme and f"# {one}\n" not in readme} == set()


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_every_command_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:mutuals )?([a-z-]+)[^`]*`", reference))
    assert set(COMMANDS) - named == set()


def test_every_option_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    commands = dict(typer.main.get_command(main).commands)
    options = {
        f"{name} {option}"
        for name, command in commands.items()
        for one in (command, *getattr(command, "commands", {}).values())
        for parameter in one.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert {one for one in options if not re.search(rf"{one.split()[1]}\b", reference)} == set()


def test_every_package_is_named_where_a_newcomer_looks() -> None:
    told = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "docs/architecture.md"))
    packages = {
        path.parent.name for top in ("app", "collectors", "warehouse") for path in (ROOT / top).rglob("__init__.py")
    }
    assert {package for package in packages if package not in told} == set()
