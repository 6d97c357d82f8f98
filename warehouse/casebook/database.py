"""Where the casebook lies: its tables, on SQLite or PostgreSQL, and their complaints in words for a person."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from warehouse.errors import CasebookError, explain_unwritable
from warehouse.settings import Settings
from warehouse.storage.connection import private_files

SCHEMA_VERSION = 1
WRITES = {"begin": "begin immediate"}  # SQLite: take the pen before reading what is written on

TABLES = sa.MetaData()
ABOUT = sa.Table("casebook", TABLES, sa.Column("schema_version", sa.Integer, nullable=False))
EVENTS = sa.Table(
    "events",
    TABLES,
    sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("group_id", sa.Text, nullable=False),
    sa.Column("post_id", sa.Text, nullable=False),  # keyed hash
    sa.Column("at", sa.Text, nullable=False),  # UTC, ISO 8601
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Index("events_by_post", "group_id", "post_id"),
    sqlite_autoincrement=True,
)
TELLINGS = sa.Table(
    "tellings",
    TABLES,
    sa.Column("telling_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("group_id", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("waiting_count", sa.Integer, nullable=False),
    sa.Column("about", sa.JSON, nullable=False),
    sa.Column("failure", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
ROTA_EVENTS = sa.Table(
    "rota_events",
    TABLES,
    sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("group_id", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)
MAIL_CHOICES = sa.Table(
    "mail_choices",
    TABLES,
    sa.Column("choice_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("wants", sa.Boolean, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
DATE_EVENTS = sa.Table(
    "date_events",
    TABLES,
    sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("group_id", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)


REFUSALS = sa.Table(
    "refusals",
    TABLES,
    sa.Column("refusal_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("keyed_id", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)


def open_engine(url: sa.URL, settings: Settings) -> sa.Engine:
    """Connections to the casebook; SQLite in WAL, with deleted bytes overwritten, in a file nobody else can read."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    with private_files():
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        (settings.data_dir / "casebook.sqlite").touch()
    engine = sa.create_engine(url, connect_args={"timeout": 10})
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", lambda con: con.exec_driver_sql(con.get_execution_options().get("begin", "begin")))
    return engine


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # Python's sqlite3 must not begin transactions of its own
    for pragma in ("journal_mode = wal", "secure_delete = on", "synchronous = full", "journal_size_limit = 1000000"):
        connection.execute(f"pragma {pragma}")


def create_tables(engine: sa.Engine, place: str) -> None:
    """Make the tables where there are none. Raises CasebookError when a newer version made them."""
    with engine.connect().execution_options(**WRITES) as con, con.begin():
        if engine.dialect.name == "postgresql":
            con.execute(sa.text("select pg_advisory_xact_lock(7077)"))  # two processes that make it at once
        TABLES.create_all(con)
        if engine.dialect.name == "postgresql":
            _without_statistics(con)
        version = con.execute(sa.select(ABOUT.c.schema_version)).scalar()
        if version is None:
            con.execute(sa.insert(ABOUT).values(schema_version=SCHEMA_VERSION))
        elif version > SCHEMA_VERSION:
            raise CasebookError(f"{place}: written by a newer version of Mutuals; install that version again")


def _without_statistics(con: sa.Connection) -> None:
    """PostgreSQL keeps the commonest values of each column for its planner, also of rows that are gone: of names and words, none.

    A wish of the table, not of the server, so it also holds for its own nightly ANALYZE. Costs nothing on tables this small.
    """
    found = con.exec_driver_sql(
        """
        select relname, attname
        from pg_attribute
        join pg_class on pg_class.oid = attrelid
        where relnamespace = current_schema()::regnamespace and relkind = 'r'
          and atttypid in ('text'::regtype, 'json'::regtype) and attstattarget <> 0
        """
    ).all()
    for table, column in found:
        if table in TABLES.tables:
            con.exec_driver_sql(f'alter table {table} alter column "{column}" set statistics 0')


@contextmanager
def explain_database_error(place: str) -> Iterator[None]:
    """The database's words → ours, without the statement: it could hold a name or a note."""
    try:
        yield
    except ImportError as error:
        raise CasebookError(
            f"{place}: needs the PostgreSQL driver; install it with: pip install 'mutuals[postgres]'"
        ) from error
    except OSError as error:
        raise CasebookError(str(explain_unwritable(place, error))) from error
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error)
        cure = next((cure for words, cure in _CURES.items() if words in said), None)
        raise CasebookError(f"{place}: {cure or f'the casebook cannot be used ({type(error).__name__})'}") from None


_CURES = {
    "not a database": "this is not a casebook, or it is damaged; put it back from a backup, or move it away",
    "malformed": "the casebook is damaged; put it back from a backup, or move it away",
    "readonly": "the casebook cannot be written; make the file and its folder yours to write",
    "unable to open": "the casebook cannot be opened; make the file and its folder yours to write",
    "is full": "the disk is full; make room and try again. What was decided before is safe",
    "disk I/O error": "the disk is full or broken; make room and try again. What was decided before is safe",
    "locked": "somebody else is writing for longer than 10 s; try again",
    "password authentication failed": "the password was refused; check MUTUALS_CASEBOOK_URL",
    "does not exist": "there is no such database or role; make it, or check MUTUALS_CASEBOOK_URL",
    "connection": "PostgreSQL does not answer; is it running, and is MUTUALS_CASEBOOK_URL right?",
}


log = logging.getLogger(__name__)

_TRIES, _PAUSE_SECONDS = 100, 0.1  # a page that is being drawn reads for some milliseconds
_OLDER_READERS = """
    select count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_xmin is not null
"""


def clear_deleted_bytes(engine: sa.Engine) -> bool:
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
