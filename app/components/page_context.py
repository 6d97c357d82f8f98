"""What the parts of a page are told: which group, when, for whom, and where to read."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
import streamlit as st

from app import runtime
from app.data import decisions
from app.data.readers import RoleReader
from app.ui import theme
from warehouse.settings import Group


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page needs to know: for whom, when, and where to read."""

    group: Group
    now: datetime
    reader: RoleReader
    role: str
    colours: theme.Palette
    also: tuple[Group, ...] = ()  # other groups that one item is addressed to as well

    def for_group(self, group_id: str, also: Collection[str] = ()) -> "PageContext":
        """The same moment, for another of the groups; `also`: and at once for these."""
        groups = self.open_groups()
        group = next((group for group in groups if group.id == group_id), self.group)
        return replace(self, group=group, also=tuple(group for group in groups if group.id in also))

    def groups(self) -> tuple[Group, ...]:
        """All groups that what is looked at is addressed to, in the order of the settings."""
        in_order = runtime.current().settings.groups
        return tuple(sorted((self.group, *self.also), key=in_order.index)) if self.also else (self.group,)

    def open_groups(self) -> tuple[Group, ...]:
        """All groups for which this page is open to whoever looks at it."""
        return self.reader.open_groups()

    def group_ids(self) -> tuple[str, ...]:
        """Their ids: what somebody decides counts for all of them."""
        return tuple(group.id for group in self.groups())

    def query(self, query: Callable[..., pd.DataFrame], *values: object) -> pd.DataFrame:
        """A query about this group, remembered for the minute while nothing changed. Not for words: those may be erased."""
        minute = self.now.replace(second=0, microsecond=0)
        version = 0 if self.role == "trustee" else decisions.casebook_version()
        about = (query.__module__, query.__name__, self.role, self.reader.name, version, minute, self.group.id)
        return _asked(about, values, query, self.reader)


@st.cache_data(max_entries=100, show_spinner=False)
def _asked(
    about: tuple[object, ...], values: tuple[object, ...], _query: Callable[..., pd.DataFrame], _reader: RoleReader
) -> pd.DataFrame:
    *_, minute, group_id = about
    return _query(_reader, minute, group_id, *values)
