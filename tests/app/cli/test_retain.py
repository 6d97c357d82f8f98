"""`mutuals retain`: first looked at, then done, and done once."""

import json
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.command_process import query, running
from tests.support.tiny_world import at
from warehouse.casebook.events import open_casebook
from warehouse.privacy.byte_search import find_in_casebook
from warehouse.settings import load_settings

pytestmark = pytest.mark.long

MONTHS_LATER = 24.0 * 120


def test_what_has_been_kept_for_long_enough_is_first_counted_and_then_goes(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        assert world.mutuals("collect", "--once", hours=8).returncode == 0
    asked = query(tmp_path, "select post_id from stored.post_texts where contains(text, 'how do I <sleep>')")
    settings = load_settings(tmp_path / "mutuals.toml", tmp_path / "mutuals-data", {})
    with closing(open_casebook(settings)) as casebook:
        casebook.record(
            group_id="circle", post_id=UUID(str(asked[0][0])), who="Dee", what="note", at=at(8),
            detail={"text": "zebra-note: she called"},
        )  # fmt: skip

        theirs = """
            select count(*) from stored.post_texts join stored.posts using (post_id)
            where author_id not in (select account_id from stored.group_accounts where role = 'group')
        """
        held = query(tmp_path, theirs)[0][0]
        assert held > 0
        looked = world.mutuals("retain", "--dry-run", "--json", hours=MONTHS_LATER)
        assert looked.returncode == 0, looked.stderr
        facts = json.loads(looked.stdout)
        assert facts["done"] == "nothing: this was a dry run"
        assert facts["decisions and notes that go or lose words and names"] == 1
        assert facts["posts that lose words or address"] >= held
        assert query(tmp_path, theirs)[0][0] == held
        assert find_in_casebook(casebook, ["zebra-note"])

        done = world.mutuals("retain", "--json", hours=MONTHS_LATER)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {name: count for name, count in facts.items() if name != "done"} | {
            "bytes of the warehouse that are written anew": json.loads(done.stdout)[
                "bytes of the warehouse that are written anew"
            ]
        }
        assert query(tmp_path, theirs) == [(0,)]
        assert not find_in_casebook(casebook, ["zebra-note", "Dee"])
        again = json.loads(world.mutuals("retain", "--dry-run", "--json", hours=MONTHS_LATER).stdout)
        assert again["posts that lose words or address"] == 0


def test_where_nothing_was_collected_it_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        done = world.mutuals("retain", "--dry-run", hours=1)
    assert done.returncode == 2
    assert "nothing has been collected here" in done.stderr
