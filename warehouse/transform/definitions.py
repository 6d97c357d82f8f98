"""What every number means: the models' opening words and their SQL, read from warehouse/models.

Folder = schema, file = table. The words are shown on the page beside the number, so there is one text and one SQL.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

MODELS = Path(__file__).parents[1] / "models"
LAYERS = ("prepared", "shown", "suppressed", "frozen", "checks")  # schemas, and folders below models/
_LINE = re.compile(r"^(title|definition|grain|key|needs|cannot show|readers|measure \w+): *(.*)$")


class ModelError(Exception):
    """A model file that cannot be used. The message names the file and the cure."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One model: its words and its SELECT. `key` is the columns a prepared model is rebuilt by."""

    name: str  # schema.table
    title: str
    sentence: str
    grain: str
    sql: str
    key: tuple[str, ...] = ()
    needs: str = ""  # a SELECT over what was touched: where it finds nothing, nor would the model
    cannot_show: str = ""
    readers: tuple[str, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()  # other tables, schema.table (temporary ones without schema)


@cache
def definitions() -> Mapping[str, Definition]:
    """Every model by name, e.g. definitions()["shown.weeks"]."""
    with duckdb.connect(":memory:") as parser:
        models: dict[str, Definition] = {}
        for name, path in ((f"{layer}.{path.stem}", path) for layer in LAYERS for path in _files(layer)):
            if name in models:
                raise ModelError(
                    f"{name}: two files have that name; tables are named by their file, not by its folder."
                )
            models[name] = read_model(name, path.read_text(encoding="utf-8"), parser)
        return models


def _files(layer: str) -> list[Path]:
    """The models of a layer by name, in whichever folder by subject they lie."""
    return sorted((MODELS / layer).rglob("*.sql"), key=lambda path: path.stem)


def shown_views(role: str | None = None) -> list[tuple[str, str]]:
    """(name, select) of every shown view, each after those it reads.

    role="trustee" gives only the views a trustee may see; none of them reads another shown view.
    """
    views = models_in_order("shown")
    return [(view.name, view.sql) for view in views if role is None or role in view.readers]


def models_behind(names: Iterable[str]) -> list[tuple[str, str]]:
    """(name, select) of the shown views among these and of all that they read, each after those it reads."""
    wanted: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name.startswith("shown.") and name in definitions() and name not in wanted:
            wanted.add(name)
            left += definitions()[name].reads
    return [(name, sql) for name, sql in shown_views() if name in wanted]


def models_in_order(layer: str) -> list[Definition]:
    """The models of one layer, each after those it reads. Errors: ModelError when two read each other."""
    models = {name: model for name, model in definitions().items() if name.startswith(f"{layer}.")}
    try:
        names = TopologicalSorter({name: sorted(model.reads & models.keys()) for name, model in models.items()})
        return [models[name] for name in names.static_order()]
    except CycleError as error:
        circle = ", ".join(error.args[1])
        raise ModelError(f"These models read each other: {circle}. Let one of them stand first.") from error


@cache
def models_hash(layer: str) -> str:
    """Changes when a model of that layer does."""
    sql = [model.sql for name, model in sorted(definitions().items()) if name.startswith(f"{layer}.")]
    return hashlib.sha256("\x1e".join(sql).encode()).hexdigest()


def read_model(name: str, text: str, parser: duckdb.DuckDBPyConnection) -> Definition:
    """Take one file apart. Errors: ModelError naming what is missing."""
    words = _header(text.splitlines())
    missing = [key for key in ("title", "definition", "grain") if not words.get(key)]
    if name.startswith("prepared.") and not words.get("key"):
        missing.append("key")
    if missing:
        raise ModelError(f"{name}: the header lacks {', '.join(missing)}; write '-- {missing[0]}: …' at the top.")
    return Definition(
        name=name,
        title=words["title"],
        sentence=words["definition"],
        grain=words["grain"],
        sql=text.strip().rstrip(";"),
        key=_names(words.get("key", "")),
        needs=words.get("needs", ""),
        cannot_show=words.get("cannot show", ""),
        readers=_names(words.get("readers", "")),
        measures={key.removeprefix("measure "): value for key, value in words.items() if key.startswith("measure ")},
        reads=frozenset(tables_in(text, parser)),
    )


def tables_in(sql: str, parser: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables a SELECT names, by DuckDB's own parser. Errors: ModelError when it is not a SELECT."""
    (answer,) = parser.execute("select json_serialize_sql(?)", [sql]).fetchone() or ("{}",)
    tree = json.loads(answer)
    if tree.get("error", True):
        raise ModelError(f"Not a SELECT that DuckDB can read: {tree.get('error_message', '')}")
    return set(_tables(tree))


def _tables(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            yield ".".join(filter(None, (node["schema_name"], node["table_name"])))
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _tables(part)


def _header(lines: Iterable[str]) -> dict[str, str]:
    """The `-- key: words` lines at the top; a line without a key goes on with the one before.

    An empty comment line ends it: what follows is for whoever reads the SQL.
    """
    words: dict[str, str] = {}
    key = ""
    for line in lines:
        said = line.removeprefix("--").strip()
        if not line.startswith("--") or not said:
            break
        if found := _LINE.match(said):
            key, said = found.groups()
        words[key] = f"{words.get(key, '')} {said}".strip()
    return words


def _names(words: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.split(",") if name.strip())
