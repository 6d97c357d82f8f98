"""What a query needs of a reader, and the shape that queries about a period share."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import pandas as pd


class QueryReader(Protocol):
    """A snapshot to be asked: warehouse.snapshots.reader.Reader, or app.data.readers.RoleReader around it."""

    def frame(
        self,
        sql: str,
        now: datetime,
        *,
        from_date: date | None = None,
        to_date: date | None = None,
        rota_before: Sequence[float] | None = None,
        **params: object,
    ) -> pd.DataFrame:
        """Run one SELECT at one time, and where the dates are given, about one period."""
        ...


def select_period(
    reader: QueryReader, sql: str, now: datetime, group_id: str, from_date: date, to_date: date
) -> pd.DataFrame:
    """Run one SELECT with $group_id in it over views that work out the days [from_date, to_date)."""
    return reader.frame(sql, now, from_date=from_date, to_date=to_date, group_id=group_id)
