"""The key that makes ids: made once, private, never made anew beside a warehouse."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse.errors import WarehouseError
from warehouse.storage.keys import keyed, load_key


def test_a_keyed_id_is_always_the_same_and_depends_on_the_key() -> None:
    assert keyed(b"k", "post", "mastodon", "uri") == keyed(b"k", "post", "mastodon", "uri")
    assert keyed(b"k", "post", "mastodon", "uri") != keyed(b"l", "post", "mastodon", "uri")
    assert str(keyed(b"k" * 32, "post", "mastodon", "https://x.example/1")) == "1cf553c0-ba96-365c-9004-b46bd58c696c"


def test_parts_cannot_be_confused() -> None:
    assert keyed(b"k", "ab", "c") != keyed(b"k", "a", "bc")


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    key = load_key(tmp_path / "data")
    assert len(key) == 32
    assert load_key(tmp_path / "data") == key
    assert (tmp_path / "data" / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_key_restored_from_a_backup_is_made_private_again(tmp_path: Path) -> None:
    load_key(tmp_path)
    (tmp_path / "key").chmod(0o644)
    load_key(tmp_path)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_two_who_start_together_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_key, [tmp_path / "data"] * 16))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["key"]


def test_a_lost_key_is_not_made_anew_beside_a_warehouse(tmp_path: Path) -> None:
    """With a new key every person would be collected as a new one, and an opt-out forgotten."""
    (tmp_path / "warehouse.duckdb").touch()
    with pytest.raises(WarehouseError, match="put it back from its backup"):
        load_key(tmp_path)


def test_a_damaged_key_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(WarehouseError, match="not a key of 32 bytes; put it back"):
        load_key(tmp_path)


@pytest.mark.usefixtures("as_nobody")
def test_a_key_that_cannot_be_made_is_a_sentence() -> None:
    with pytest.raises(WarehouseError, match=r"cannot be written \(Permission denied\); make it yours"):
        load_key(Path("/usr/share/mutuals"))
