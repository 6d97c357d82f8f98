"""The words beside every number, and the order in which models stand on each other."""

from pathlib import Path

import duckdb
import pytest

from warehouse.transform import definitions as module
from warehouse.transform.definitions import ModelError, definitions, models_in_order, read_model, shown_views, tables_in

GOOD = """-- title: Asks
-- definition: What people
--   asked.
-- grain: one row per group
-- measure asks_count: how many.
--
-- For whoever reads the SQL.
select 1 as asks_count
"""


@pytest.fixture(scope="module")
def parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def test_the_header_is_read_to_its_empty_line(parser: duckdb.DuckDBPyConnection) -> None:
    model = read_model("shown.asks", GOOD, parser)
    assert (model.title, model.sentence, model.grain) == ("Asks", "What people asked.", "one row per group")
    assert model.measures == {"asks_count": "how many."}


@pytest.mark.parametrize("missing", ["title", "definition", "grain"])
def test_a_model_without_its_words_is_refused_by_name(parser: duckdb.DuckDBPyConnection, missing: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"-- {missing}"))
    if missing == "definition":
        text = text.replace("--   asked.\n", "")
    with pytest.raises(ModelError, match=rf"shown\.asks: the header lacks {missing}"):
        read_model("shown.asks", text, parser)


def test_a_prepared_model_says_by_what_it_is_rebuilt(parser: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ModelError, match="lacks key"):
        read_model("prepared.asks", GOOD, parser)


def test_a_file_that_is_not_a_select_is_refused(parser: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ModelError, match="Not a SELECT"):
        tables_in("drop table stored.posts", parser)


def test_what_a_model_reads_is_taken_from_its_sql(parser: duckdb.DuckDBPyConnection) -> None:
    sql = "with a as (select * from stored.posts) select * from a where x in (select x from prepared.answers)"
    assert {"stored.posts", "prepared.answers"} <= tables_in(sql, parser)


def test_every_shown_view_stands_after_those_it_reads() -> None:
    seen: set[str] = set()
    for name, _ in shown_views():
        needed = {one for one in definitions()[name].reads if one.startswith("shown.")}
        assert needed <= seen, name
        seen.add(name)
    assert {"shown.requests", "shown.weeks", "shown.summary"} <= seen


def test_a_trustees_views_stand_on_nothing_about_a_person_or_a_post() -> None:
    views = [name for name, _ in shown_views("trustee")]
    assert set(views) == {"shown.summary", "shown.groups"}
    read = {table for name in views for table in definitions()[name].reads if "." in table}
    assert read == {"frozen.summary", "stored.groups", "stored.sources", "stored.group_accounts"}


def test_prepared_models_never_read_what_is_shown_or_the_clock_or_the_casebook() -> None:
    for model in models_in_order("prepared"):
        assert not any(table.startswith(("shown.", "casebook.", "frozen.")) for table in model.reads), model.name
        assert "now_at" not in model.sql, model.name


def test_two_files_of_one_table_are_refused_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in ("requests", "people"):
        (tmp_path / "shown" / folder).mkdir(parents=True)
        (tmp_path / "shown" / folder / "asks.sql").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(module, "MODELS", tmp_path)
    with pytest.raises(ModelError, match=r"shown\.asks: two files have that name"):
        definitions.__wrapped__()
    (tmp_path / "shown" / "people" / "asks.sql").unlink()
    assert list(definitions.__wrapped__()) == ["shown.asks"]
