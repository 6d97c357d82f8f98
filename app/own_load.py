"""Your own load: what the person at this browser has taken on, by the name they gave. Nobody sees another's."""

from app import naming, opening, page
from app.page import Here
from app.period import Period
from app.words import say
from warehouse.load import load_of


def section(here: Here, period: Period) -> None:
    """A heading and a sentence or two."""
    who = naming.who()
    if not who:
        page.section(say("load.title"), say("load.nobody"))
        return
    zone = here.group.timezone
    events = opening.casebook([here.group.id]).events(here.group.id)
    load = load_of(events, who, here.now, period.starts_at(zone), period.ends_at(zone))
    told = [say("load.taken", count=load.taken_count), say("load.ended", count=load.ended_count)]
    kept = say("load.kept", days=here.group.retention_days)
    page.section(say("load.title"), " ".join([*told, say("load.now", count=load.now_count), say("load.private"), kept]))
