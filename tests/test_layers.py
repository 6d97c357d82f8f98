"""Who may touch what: libraries, SQL, the clock, the environment. Who imports whom: import-linter, in pyproject.toml."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("app", "collectors", "warehouse")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MODELS = sorted((ROOT / "warehouse" / "models").rglob("*.sql"))
# A layer may read the layers named here, and itself.
LAYERS = {
    "prepared": {"stored", "prepared", "touched"},
    "frozen": {"stored", "prepared", "frozen", "shown"},  # a closed quarter is what was shown then
    "shown": {"stored", "prepared", "frozen", "shown", "casebook"},
    "checks": {"stored", "prepared", "frozen", "shown", "casebook"},
}


def name(path: Path) -> str:
    """A path as the reader of a failing test knows it."""
    return path.relative_to(ROOT).as_posix()


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports, wherever in the file."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("streamlit", ("app/",)),  # the warehouse and the collectors know no screen
        ("plotly", ("app/charts/", "app/ui/theme.py")),
        ("mastodon", ("collectors/mastodon/",)),
        ("atproto", ("collectors/bluesky/",)),
        ("apscheduler", ("collectors/pipeline/scheduler.py",)),
        ("apprise", ("collectors/notify/apprise_channel.py",)),  # it knows addresses with passwords in them
        ("tomllib", ("warehouse/", "app/", "collectors/sample/", "collectors/notify/")),
    ],
)
def test_a_library_lives_in_one_place(library: str, homes: tuple[str, ...]) -> None:
    found = [
        name(path)
        for path in MODULES
        if any(module.split(".")[0] == library for module in imports(path)) and not name(path).startswith(homes)
    ]
    assert not found


def test_every_library_imported_by_name_is_declared_by_name() -> None:
    declared = {
        re.split(r"[\[<>=!~; ]", line)[0].lower().replace("_", "-")
        for line in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    }
    brought_by = packages_distributions()
    imported = {module.split(".")[0] for path in MODULES for module in imports(path)}
    foreign = imported - sys.stdlib_module_names - set(PACKAGES)
    missing = {
        module
        for module in foreign
        if not {one.lower().replace("_", "-") for one in brought_by.get(module, [module])} & declared
    }
    assert not missing


def test_only_the_keyboard_brings_a_script() -> None:
    found = [name(path) for path in MODULES if "unsafe_allow" in path.read_text(encoding="utf-8")]
    assert found == ["app/request_queue/keyboard.py"]


def test_only_settings_reads_the_environment() -> None:
    found = [name(path) for path in MODULES if re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))]
    assert found in ([], ["warehouse/settings/__init__.py"])


def test_duckdb_is_opened_in_named_places_only() -> None:
    found = {name(path) for path in MODULES if "duckdb.connect(" in path.read_text(encoding="utf-8")}
    assert found <= {
        "warehouse/storage/connection.py",
        "warehouse/snapshots/reader.py",
        "warehouse/transform/definitions.py",
    }  # the last reads SQL, no data


def test_only_queries_hold_the_pages_sql() -> None:
    pattern = re.compile(r"\bfrom (shown|prepared|stored|frozen)\.", re.IGNORECASE)
    found = [name(path) for path in (ROOT / "app").rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))]
    assert all(path.startswith("app/queries/") for path in found)
    assert found


def test_a_page_query_has_no_joins() -> None:
    for path in (ROOT / "app" / "queries").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bjoin\b", re.sub(r'""".*?"""', "", text, count=1, flags=re.DOTALL), re.IGNORECASE)


def test_nobody_writes_to_a_network() -> None:
    """Safeguard 12: only reading methods; a write would need one of these words."""
    writing = re.compile(
        r"status_post\b|status_favourite\b|status_reblog\b|account_follow\b|markers_set|send_post|\.like\(|\.repost\(|"
        r"\.follow\(|updateSeen|createRecord|deleteRecord|putRecord|notifications_clear"
    )
    found = [
        name(path)
        for path in (ROOT / "collectors").rglob("*.py")
        if "sample" not in path.parts and writing.search(_code(path))
    ]
    assert not found


def _code(path: Path) -> str:
    """A module without its comments and docstrings: those may name what is forbidden."""
    return ast.unparse(_without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            node.body[0] = ast.Pass()
    return tree


@pytest.mark.parametrize("path", MODELS, ids=name)
def test_sql_layers_read_only_what_lies_below(path: Path) -> None:
    layer = path.parent.name
    sql = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    read = set(re.findall(r"\b(stored|prepared|frozen|shown|checks|casebook)\.\w+", sql))
    assert read <= LAYERS[layer], f"{name(path)} reads {', '.join(sorted(read - LAYERS[layer]))}"


@pytest.mark.parametrize("path", MODELS, ids=name)
def test_only_what_is_shown_or_written_down_reads_the_clock(path: Path) -> None:
    sql = re.sub(r"--.*", "", path.read_text(encoding="utf-8")).lower()
    assert not re.search(r"\b(now|current_date|current_timestamp|today|get_current_time\w*)\b\s*(\(|$)", sql)
    if path.parent.name not in ("shown", "frozen"):
        assert "now_at" not in sql


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_a_drawer_for_odds_and_ends(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "base", "manager"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))
