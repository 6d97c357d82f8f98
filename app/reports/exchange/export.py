"""The export of a group and a period: CSV (no cell a formula) or Parquet, in files or one zip, with the columns explained.

Month by month, so that years need no more memory than a month. What each column means comes from the headers of the views.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from app import queries
from app.analytics.period import Period, period_containing
from app.atomic_file import written_atomically
from app.queries.export import FILES
from app.queries.reader import QueryReader
from warehouse.transform.definitions import definitions

# Full-width forms and the real minus count as well: some programs read them as the plain sign.
_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212"
_BLANKS = " \t\r\n\u00a0\u3000\ufeff\u200b"
FORMATS = ("csv", "parquet")
_UTF_8 = "utf-8-sig"  # with its mark: without it Excel reads é as Ã©
_SUFFIXES = {
    "_at": pa.timestamp("us", tz="UTC"),
    "_date": pa.date32(),
    "_hours": pa.float64(),
    **dict.fromkeys(("_count", "_gained", "_engagement", "_hour", "_weekday"), pa.int64()),
}

Progress = Callable[[int, int], None]  # how much of how much is done


def format_cell(value: Any) -> str:
    """A value as a CSV cell: '' for None; plain numbers; dates and times (with zones) in ISO 8601; text that is no formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else escape_formula(str(value))


def escape_formula(value: str) -> str:
    """Text on one line, quoted with ' where a spreadsheet would take it for a formula."""
    one_line = value.replace("\r", " ").replace("\n", " ").replace("\x00", "")
    begins = one_line.lstrip(_BLANKS)[:1]
    return f"'{one_line}" if value[:1] in tuple(_SIGNS) or begins in tuple(_SIGNS) else one_line


@dataclass(frozen=True, slots=True)
class Export:
    """What to write: whose, as at which time, of which days."""

    group_id: str
    now: datetime
    period: Period

    def file(self, what: str, kind: str) -> str:
        """A file's name: whose, what, of which days."""
        return f"{self.group_id}-{what}-{self.period.from_date}-to-{self.period.last_date}.{kind}"

    def files(self, kind: str) -> list[str]:
        """The files that write() makes."""
        return [*(self.file(what, kind) for what in FILES), self.columns]

    @property
    def columns(self) -> str:
        """The file that says what every column means: the same for all periods."""
        return f"{self.group_id}-columns.csv"


def known_period(reader: QueryReader, now: datetime, group_id: str) -> Period | None:
    """From the first to the last day there is anything to tell about; None: nothing was collected yet."""
    row = queries.export.known_days(reader, now, group_id).iloc[0]
    if pd.isna(row.first_date):
        return None
    first, last = (pd.Timestamp(value).date() for value in (row.first_date, row.last_date))
    return Period("custom", first, last + timedelta(days=1))


def write_files(
    reader: QueryReader, export: Export, kind: str, folder: Path, progress: Progress = lambda *_: None
) -> dict[Path, int]:
    """A file for each of FILES and one that explains the columns; returns how many rows each has.

    The files can be read by their owner alone. One that is there is replaced as a whole or not at all. Raises OSError.
    """
    months = list(_months(export.period))
    steps = len(FILES) * len(months)
    row_counts: dict[Path, int] = {}
    for place, what in enumerate(FILES):
        path = folder / export.file(what, kind)
        with written_atomically(path) as part:
            rows = 0
            with _csv_file(part, what) if kind == "csv" else _parquet_file(part, what) as put:
                for done, month in enumerate(months, 1):
                    rows += put(_table(reader, export, what, month))
                    progress(place * len(months) + done, steps)
        row_counts[path] = rows
    path = folder / export.columns
    with written_atomically(path) as part:
        part.write_bytes(describe_columns().encode(_UTF_8))
    row_counts[path] = sum(len(_measures(what)) for what in FILES)
    return row_counts


def zip_files(reader: QueryReader, export: Export) -> bytes:
    """The CSV files in one zip, for the download on the page."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for what in FILES:
            sheet = io.StringIO(newline="")
            put = _csv_rows(sheet, what)
            for month in _months(export.period):
                put(_table(reader, export, what, month))
            archive.writestr(export.file(what, "csv"), sheet.getvalue().encode(_UTF_8))
        archive.writestr(export.columns, describe_columns().encode(_UTF_8))
    return packed.getvalue()


def describe_columns() -> str:
    """What every column of every file means, as CSV: file, column, meaning."""
    sheet = io.StringIO(newline="")
    lines = csv.writer(sheet)
    lines.writerow(("file", "column", "meaning"))
    for what in FILES:
        lines.writerows((what, name, escape_formula(meaning)) for name, meaning in _measures(what).items())
    return sheet.getvalue()


def arrow_schema(what: str) -> pa.Schema:
    """The columns of a file in their order, with their types (told by their names) and meanings."""
    fields = [pa.field(name, _type(name), metadata={"meaning": meaning}) for name, meaning in _measures(what).items()]
    return pa.schema(fields)


def _measures(what: str) -> dict[str, str]:
    return dict(definitions()[f"shown.export_{what}"].measures)


def _type(name: str) -> pa.DataType:
    if name.startswith(("is_", "has_")):
        return pa.bool_()
    return next((kind for suffix, kind in _SUFFIXES.items() if name.endswith(suffix)), pa.string())


def _table(reader: QueryReader, export: Export, what: str, month: Period) -> pa.Table:
    frame = queries.export.rows(reader, export.now, export.group_id, what, month.from_date, month.to_date)
    return pa.Table.from_pandas(frame, schema=arrow_schema(what), preserve_index=False)


def _months(period: Period) -> Iterator[Period]:
    first: date = period.from_date
    while first < period.to_date:
        end = min(period_containing("month", first).to_date, period.to_date)
        yield Period("custom", first, end)
        first = end


@contextmanager
def _csv_file(path: Path, what: str) -> Iterator[Callable[[pa.Table], int]]:
    with path.open("w", encoding=_UTF_8, newline="") as file:
        yield _csv_rows(file, what)


def _csv_rows(file: TextIO, what: str) -> Callable[[pa.Table], int]:
    lines = csv.writer(file)
    lines.writerow(arrow_schema(what).names)

    def put(table: pa.Table) -> int:
        lines.writerows([format_cell(value) for value in row.values()] for row in table.to_pylist())
        return int(table.num_rows)

    return put


@contextmanager
def _parquet_file(path: Path, what: str) -> Iterator[Callable[[pa.Table], int]]:
    with pq.ParquetWriter(path, arrow_schema(what), compression="zstd") as file:

        def put(table: pa.Table) -> int:
            file.write_table(table)
            return int(table.num_rows)

        yield put
