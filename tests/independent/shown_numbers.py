"""What Mutuals says of the sample, beside the post of the sample's world that it means.

Mutuals knows posts by keyed ids; with the data folder's key the addresses that the sample's servers give become the same ids.
"""

import hmac
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pandas as pd

from collectors.sample.bluesky_server.known_posts import KnownPosts
from collectors.sample.mastodon_server.entity_parts import actor_uri
from collectors.sample.mastodon_server.ids import Ids
from collectors.sample.settings import HOME
from collectors.sample.world import World
from collectors.sample.world_index import WorldIndex
from warehouse.settings import Group
from warehouse.snapshots.reader import Reader


def addresses(world: World) -> dict[str, tuple[str, str]]:
    """Post key → network and the address that its server gives it."""
    index = WorldIndex(world, "mastodon")
    ids = Ids(index.posts.values(), index.reactions, {one.key: one.home for one in world.accounts}, {})
    homes = {key: index.accounts[post.author] for key, post in index.posts.items()}
    found = {key: ("mastodon", f"{actor_uri(home)}/statuses/{ids.post(home.home, key)}") for key, home in homes.items()}
    sky = KnownPosts(WorldIndex(world, "bluesky")).by_key.items()
    return found | {key: ("bluesky", held.uri) for key, held in sky}


class Told:
    """One group's numbers as a reader of the warehouse gives them at one moment."""

    def __init__(self, reader: Reader, now: datetime, group: Group, world: World, data_dir: Path) -> None:
        self.reader, self.now, self.group = reader, now, group
        key = (data_dir / "key").read_bytes()
        self._keys = {
            str(UUID(bytes=hmac.digest(key, "\x1f".join(("post", *place)).encode(), sha256)[:16])): name
            for name, place in addresses(world).items()
        }

    def key(self, post_id: str) -> str:
        """The post of the world behind a keyed id. Raises KeyError: there is none."""
        return self._keys[post_id]

    @cached_property
    def requests(self) -> pd.DataFrame:
        """The export of requests, with the post `key` of each; candidates are left out."""
        rows = self.reader.frame("select * from shown.export_requests where group_id = $g", self.now, g=self.group.id)
        rows = rows[rows["is_counted"]]
        return rows.assign(key=[self.key(one) for one in rows["request_id"]])

    @cached_property
    def posts(self) -> pd.DataFrame:
        """The export of the group's own posts, with the post `key` of each."""
        rows = self.reader.frame("select * from shown.export_posts where group_id = $g", self.now, g=self.group.id)
        return rows.assign(key=[self.key(one) for one in rows["post_id"]])

    @cached_property
    def held(self) -> set[str]:
        """The keys of all posts that are held for the group."""
        sql = "select distinct post_id from stored.post_scope where group_id = $g"
        return {self.key(one) for one in self.reader.frame(sql, self.now, g=self.group.id)["post_id"]}

    @cached_property
    def read_at(self) -> Mapping[str, list[datetime]]:
        """When the counts of each post were read from the group's own server."""
        sql = "select post_id, server, observed_at from stored.observations order by observed_at"
        found: dict[str, list[datetime]] = defaultdict(list)
        for row in self.reader.frame(sql, self.now).itertuples():
            if row.server in (HOME, "bluesky") and row.post_id in self._keys:
                found[self._keys[str(row.post_id)]].append(row.observed_at.to_pydatetime())
        return found

    def unread(self, quarter: str) -> dict[str, int]:
        """Month → how many requests of a frozen quarter stood in threads that could not be read whole."""
        sql = "select part, value from frozen.quarters where group_id = $g and quarter = $q and kind = 'unknown'"
        rows = self.reader.frame(sql, self.now, g=self.group.id, q=quarter)
        return {str(part): int(value) for part, value in rows.itertuples(index=False)}
