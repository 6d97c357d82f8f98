"""Is it still there? Every text column of the tables, and every byte of the files that are not compressed."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import sqlalchemy as sa
from duckdb import DuckDBPyConnection

from warehouse.casebook.database import TABLES
from warehouse.casebook.events import Casebook

_PACKED = (".duckdb", ".parquet", ".zip", ".pdf")  # searching their bytes proves nothing, in either direction
_CHUNK = 1 << 20


def find_in_rows(con: DuckDBPyConnection, needles: Sequence[str]) -> dict[str, int]:
    """schema.table.column → rows that hold one of the needles (lower case), in any column that can hold words."""
    columns = con.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where table_schema in ('stored', 'prepared', 'frozen') and regexp_matches(data_type, 'VARCHAR|STRUCT|JSON|BLOB')"
        " and table_name in (select table_name from duckdb_tables()) order by all"
    ).fetchall()
    found = {}
    for schema, table, column in columns:
        counted = con.execute(
            f'select count(*) from {schema}."{table}" where list_bool_or(list_transform($needles::varchar[],'  # noqa: S608
            f' needle -> contains(lower("{column}"::varchar), needle)))',
            {"needles": list(needles)},
        ).fetchone()
        if counted and counted[0]:
            found[f"{schema}.{table}.{column}"] = int(counted[0])
    return found


def find_in_casebook(casebook: Casebook, needles: Sequence[str]) -> dict[str, int]:
    """casebook.table.column → rows that hold one of the needles."""
    found = {}
    with casebook.reading() as con:
        for table in TABLES.sorted_tables:
            for column in table.columns:
                if not isinstance(column.type, (sa.Text, sa.JSON)):
                    continue
                values = con.execute(sa.select(sa.cast(column, sa.Text))).scalars()
                count = sum(1 for text in values if text and any(needle in _plain(text) for needle in needles))
                if count:
                    found[f"casebook.{table.name}.{column.name}"] = count
    return found


def find_in_files(folder: Path, needles: Iterable[str]) -> list[Path]:
    """Files below the folder that hold one of the needles as plain bytes, whatever their case."""
    wanted = [needle.lower().encode() for needle in needles if needle]
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(_PACKED) and _holds(path, wanted)
    ]


def _holds(path: Path, wanted: list[bytes]) -> bool:
    longest = max(map(len, wanted), default=1)
    rest = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                window = (rest + chunk).lower()
                if any(needle in window for needle in wanted):
                    return True
                rest = window[-longest:]
    except OSError:
        return False
    return False


def _plain(text: str) -> str:
    """JSON writes é as \\u00e9: read it as it is meant."""
    lowered = text.lower()
    return lowered.encode().decode("unicode_escape", "ignore").lower() if "\\u" in lowered else lowered
