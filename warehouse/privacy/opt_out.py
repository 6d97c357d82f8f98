"""Leave a person out, and let them back in: written into the casebook first, then worked backwards through what is held."""

from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.casebook.events import Casebook
from warehouse.casebook.refusals import OPT_OUT, TAKE_BACK, Refusal, record_refusal
from warehouse.ingest.store import Rows, store
from warehouse.privacy.compact import compact
from warehouse.privacy.erase import posts_of, republish
from warehouse.privacy.retain import affected_by_retention
from warehouse.privacy.subject import Subject
from warehouse.settings import Settings
from warehouse.storage import collector_state, redaction
from warehouse.storage.rows import OptOut
from warehouse.transform.prepare import prepare


def leave_out(settings: Settings, con: DuckDBPyConnection, casebook: Casebook, who: Subject, now: datetime) -> None:
    """Cards stay of their posts; words and name go, from the files too. `con` writes nothing afterwards."""
    record_refusal(casebook, [Refusal(who.keyed_id, OPT_OUT, now)])
    con.begin()
    try:
        touched = store(con, Rows(opt_outs=[OptOut(who.keyed_id, now)]))
        redaction.make_link_only(con, {who.keyed_id})
        touched.update(affected_by_retention(con, posts_of(con, who)))
        prepare(con, touched, now)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    compact(con, settings)
    republish(settings, con, now)


def let_back_in(con: DuckDBPyConnection, casebook: Casebook, who: Subject, now: datetime) -> None:
    """They changed their mind. What was removed comes back only as far as the networks still show it."""
    record_refusal(casebook, [Refusal(who.keyed_id, TAKE_BACK, now)])
    collector_state.let_back_in(con, [who.keyed_id])
