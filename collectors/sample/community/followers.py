"""How many follow the groups, day by day."""

from datetime import UTC, date, datetime, timedelta

from collectors.sample.community.activity_hours import EPOCH, at, rng
from collectors.sample.world import Network

LONG_AGO = datetime(2023, 1, 9, tzinfo=UTC)
FollowerSteps = tuple[tuple[datetime, int], ...]


def follower_steps(group: str, network: Network, start: date, until: date) -> FollowerSteps:
    """The followers of a group's account, one step a day: slow growth, bumps, a dip each September.

    The bumps are Carers Rights Day, Carers Week and a piece in the local paper; the dip is a server's spring-clean.
    """
    first, pace = {
        ("riverside", "mastodon"): (214, 0.21),
        ("riverside", "bluesky"): (96, 0.24),
    }.get((group, network), (71, 0.04))
    size = 1.0 if group == "riverside" else 0.15
    steps, day = [], start
    while day <= until:
        years = range(EPOCH.year, day.year + 1)
        count = first + pace * (day - EPOCH).days
        for year in years:
            for bump, gained in (
                (date(year, 6, 8), 14),
                (date(year, 10, 6), 26),
                (date(year, 11, 18), 19),
                (date(year, 9, 15), -13),
            ):
                count += size * gained * min(max((day - bump).days, 0), 4) / 4
        count += rng(0, "followers", group, network, day).choice((0, 0, 1, -1))
        steps.append((at(day, 6, 11), round(count)))
        day += timedelta(days=1)
    return ((LONG_AGO, steps[0][1]), *steps)
