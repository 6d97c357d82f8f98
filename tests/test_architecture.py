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
MOST_MODULES = 17
# A layer may read the layers named here, and itself.
LAYERS = {
    "prepared": {"stored", "prepared", "touched"},
    "suppressed": {"frozen", "suppressed"},  # steps from a closed quarter's numbers to what trustees may see
    "frozen": {"stored", "prepared", "frozen", "shown", "suppressed"},  # a closed quarter is what was shown then
    "shown": {"stored", "prepared", "frozen", "shown", "casebook"},
    "checks": {"stored", "prepared", "frozen", "shown", "casebook"},
}


def layer_of(path: Path) -> str:
    """The schema of a model: the first folder below models/."""
    return path.relative_to(ROOT / "warehouse" / "models").parts[0]


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


def test_no_import_is_for_the_type_checker_alone() -> None:
    """It would hold a circle open: what two modules share belongs below both."""
    assert [name(path) for path in MODULES if "TYPE_CHECKING" in path.read_text(encoding="utf-8")] == []


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
    found = [name(path) for path in (ROOT / "app").rglob("*.py") if pattern.search(_code(path))]
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


def test_sql_layers_read_only_what_lies_below() -> None:
    schemas = re.compile(r"\b(stored|prepared|suppressed|frozen|shown|checks|casebook)\.\w+")
    above = {
        name(path): sorted(forbidden)
        for path in MODELS
        if (forbidden := set(schemas.findall(_sql(path))) - LAYERS[layer_of(path)])
    }
    assert above == {}


def test_only_what_is_shown_or_written_down_reads_the_clock() -> None:
    clock = re.compile(r"\b(now|current_date|current_timestamp|today|get_current_time\w*)\b\s*(\(|$)", re.IGNORECASE)
    found = [
        name(path)
        for path in MODELS
        if clock.search(_sql(path)) or (layer_of(path) not in ("shown", "frozen") and "now_at" in _sql(path).lower())
    ]
    assert found == []


def _sql(path: Path) -> str:
    """A model without its comments."""
    return re.sub(r"--.*", "", path.read_text(encoding="utf-8"))


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "base", "manager", "misc"}
    assert [name(path) for path in MODULES if drawers & {*path.relative_to(ROOT).parts[:-1], path.stem}] == []


def test_no_folder_has_more_doors_than_one_can_look_through() -> None:
    crowded = {
        name(folder): count
        for package in PACKAGES
        for folder in [ROOT / package, *(ROOT / package).rglob("*/")]
        if (count := sum(path.name != "__init__.py" for path in folder.glob("*.py"))) > MOST_MODULES
    }
    assert crowded == {}


# What a test file is about where no module or package has its name: a way through several of them, or one part of one.
WAYS = {
    "tests/app/test_same_numbers.py": "one number on page, export, mail and paper",
    "tests/app/cli/test_bad_input.py": "every bad input, as a person sees it",
    "tests/app/cli/test_group_options.py": "options.py: groups and periods by name",
    "tests/app/cli/test_interruptions.py": "kills, a full disk, a clock put back",
    "tests/app/cli/test_logging.py": "options.py: what is logged",
    "tests/app/cli/test_retain.py": "privacy.py: what goes by itself in time",
    "tests/app/cli/test_secrets.py": "no secret in any file",
    "tests/app/queries/test_queries.py": "all families of queries",
    "tests/app/reports/exchange/test_cells.py": "export.py: what may stand in a cell",
    "tests/app/reports/test_hostile_files.py": "papers and files under hostile names",
    "tests/app/reports/test_suppression_attack.py": "whole reports, attacked",
    "tests/app/request_queue/test_snooze_times.py": "actions.py: until when something is put off",
    "tests/app/ui/test_reading_age.py": "every text of the pages",
    "tests/app/views/test_hostile_words.py": "all pages under hostile words",
    "tests/app/views/test_views.py": "all pages",
    "tests/collectors/bluesky/test_foreign_addresses.py": "http.py: addresses that somebody else named",
    "tests/collectors/mastodon/test_other_software.py": "GoToSocial and Takahe",
    "tests/collectors/mastodon/test_token_scopes.py": "client.py: what a token may do",
    "tests/collectors/pipeline/test_opt_out.py": "an opt-out through a whole cycle",
    "tests/collectors/pipeline/test_withdrawn_posts.py": "evaluate.py: posts that are private now",
    "tests/collectors/sample/mastodon_server/test_limits.py": "the server's limits",
    "tests/collectors/sample/test_libraries.py": "the networks' own libraries against the sample servers",
    "tests/warehouse/casebook/test_workload.py": "decisions.py: what one person took on",
    "tests/warehouse/requests/test_bad_input.py": "any text at all",
    "tests/warehouse/requests/test_development_sets.py": "the rules on the development sets",
    "tests/warehouse/requests/test_validation_set.py": "the rules on the purpose-written set",
    "tests/warehouse/settings/test_roles.py": "settings of roles and sign-in",
    "tests/warehouse/settings/test_settings.py": "the whole of mutuals.toml",
}


def test_every_test_stands_where_its_module_stands() -> None:
    tests = [path for package in PACKAGES for path in (ROOT / "tests" / package).rglob("test_*.py")]
    lost = []
    for path in tests:
        mirrored = ROOT / path.relative_to(ROOT / "tests").with_name(path.name.removeprefix("test_"))
        is_there = mirrored.exists() or mirrored.with_suffix("").is_dir() or mirrored.parent.name == mirrored.stem
        if not is_there and name(path) not in WAYS and not name(path).startswith("tests/warehouse/models/"):
            lost.append(name(path))
    assert lost == []
    assert [path for path in WAYS if not (ROOT / path).exists()] == []
