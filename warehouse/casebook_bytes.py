"""What was deleted in the casebook leaves its files too, as far as a database lets its user see to that.

SQLite overwrites deleted bytes at once (secure_delete); its write-ahead log is emptied here. PostgreSQL writes its tables anew
here (VACUUM FULL), and keeps no statistics of what stands in them (see make); its own write-ahead log, archives and back-ups
are the server's to empty: docs/privacy/postgresql.md.
"""

import logging
import time

import sqlalchemy as sa

from warehouse.casebook_place import TABLES

log = logging.getLogger(__name__)

_TRIES, _PAUSE_SECONDS = 100, 0.1  # a page that is being drawn reads for some milliseconds
_OLDER_READERS = """
    select count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_xmin is not null
"""


def settle(engine: sa.Engine) -> bool:
    """See to the bytes. False, and a line in the log: somebody has been reading for too long; the next night tries again."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as con:
        for _ in range(_TRIES):
            if _is_settled(con):
                return True
            time.sleep(_PAUSE_SECONDS)
    log.warning(
        "the casebook still holds deleted bytes: somebody has been reading it for %.0f s; the next night tries again",
        _TRIES * _PAUSE_SECONDS,
    )
    return False


def _is_settled(con: sa.Connection) -> bool:
    if con.dialect.name == "sqlite":
        return bool(con.exec_driver_sql("pragma wal_checkpoint(truncate)").one()[0] == 0)
    if con.exec_driver_sql(_OLDER_READERS).scalar_one():  # VACUUM FULL copies what an older reader could still see
        return False
    for table in TABLES.sorted_tables:
        con.exec_driver_sql(f"vacuum full {table.name}")
    return True
