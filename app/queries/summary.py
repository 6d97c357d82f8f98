"""The query of the trustees' *Summary*, and of the reports made of it."""

from datetime import datetime

import pandas as pd

from app.queries.reader import QueryReader


def quarters(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """The trustees' quarters: frozen, and already without small numbers. The only query their page makes."""
    return reader.frame(
        "select * from shown.summary where group_id = $group_id order by quarter desc, chart, part_order",
        now,
        group_id=group_id,
    )
