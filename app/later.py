"""Until when something can be put off, in the group's own zone. Putting off never stops the clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING, EVENING = time(8), time(19)


def presets(now: datetime, zone: str) -> dict[str, datetime]:
    """Name → time. In the evening there is no tonight any more; before the morning, the morning is today's."""
    local = now.astimezone(ZoneInfo(zone))
    morning = local.date() + timedelta(days=0 if local.time() < MORNING else 1)
    found = {
        "tonight": datetime.combine(local.date(), EVENING, local.tzinfo),
        "morning": datetime.combine(morning, MORNING, local.tzinfo),
        "three_days": datetime.combine(local.date() + timedelta(days=3), MORNING, local.tzinfo),
    }
    return {name: at for name, at in found.items() if at - local > timedelta(hours=1)}
