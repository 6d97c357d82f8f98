"""The sample's folder, its settings, and the servers they point at."""

import shutil
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import tomlkit
from filelock import FileLock, Timeout

from app.errors import Stopped
from collectors.sample.community.community import community
from collectors.sample.server_process import ServerProcess, serve_in_process
from collectors.sample.servers import BlueskyOptions, MastodonOptions, Token
from collectors.sample.settings import HOME, OTHER, PLENTY, sample_settings
from collectors.sample.world import World
from warehouse.settings import Secrets, Settings

SEED = 2026
_AHEAD = timedelta(days=2)
_BEAT_SECONDS = 10
_MARK = "this-is-a-sample"
_LOCK = "demo.lock"
# Read-only, and good for nothing but the sample servers on loopback.
_TOKENS = {f"{name}@{HOME}": f"sample-read-only-{name}" for name in ("riverside", "bakerylane")}
_PASSWORDS = {"riverside.carers.example": "sample-app-password"}


def emptied(data_dir: Path) -> FileLock:
    """Make an empty folder for the sample and hold it; release the lock when done with it. Raises Stopped.

    Only a folder that says it is a sample is emptied, and none in which another demo runs.
    """
    lock = FileLock(data_dir / _LOCK, thread_local=False)
    try:
        if data_dir.exists() and any(data_dir.iterdir()) and not (data_dir / _MARK).exists():
            raise Stopped(f"{data_dir}: the folder is not empty and not a sample; choose another with --data-dir")
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire(timeout=0)
        for old in data_dir.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
            elif old.name != _LOCK:
                old.unlink()
        (data_dir / _MARK).write_text("Made by `mutuals demo`, which may delete this folder.\n", encoding="utf-8")
    except Timeout as error:
        raise Stopped(
            f"{data_dir}: another demo runs in this folder; stop it, or choose another with --data-dir"
        ) from error
    except OSError as error:
        raise Stopped(f"{data_dir}: {error.strerror}; choose a folder of yours with --data-dir") from error
    return lock


def world(start: datetime, until: datetime) -> "partial[World]":
    """The sample's world, once it is called: what happens from `start`, lively from `until` on."""
    return partial(community, SEED, start, until + _AHEAD, lively_from=until)


def served(start: datetime, until: datetime, at: datetime | None) -> AbstractContextManager[ServerProcess]:
    """The sample's servers: what happens from `start`, lively from `until` on, with their clock at `at`."""
    return serve_in_process(world(start, until), at, mastodon=_generous(), bluesky=_generous_sky())


def settings_of(servers: ServerProcess, data_dir: Path) -> Settings:
    """Settings that point at the servers and keep everything in the folder."""
    settings = sample_settings(
        data_dir,
        home_url=servers.urls[HOME],
        other_url=servers.urls[OTHER],
        appview_url=servers.urls["bluesky"],
        pds_url=servers.urls["bluesky"],
        secrets=Secrets(mastodon_tokens=_TOKENS, bluesky_passwords=_PASSWORDS),
    )
    return replace(settings, config=data_dir / "mutuals.toml", poll_seconds=_BEAT_SECONDS)


def _generous() -> dict[str, MastodonOptions]:
    """Limits that let months be lived through in a minute; and the read-only tokens of the groups' accounts."""
    tokens = {token: Token(account) for account, token in _TOKENS.items()}
    return {
        name: MastodonOptions(requests_per_5_minutes=PLENTY, paged_per_15_minutes=PLENTY, tokens=tokens)
        for name in (HOME, OTHER)
    }


def _generous_sky() -> BlueskyOptions:
    return BlueskyOptions(requests_per_5_minutes=PLENTY, passwords=dict(_PASSWORDS))


def write(settings: Settings) -> None:
    """The sample's own mutuals.toml and secrets, so that every other command works on it too."""
    document = {
        "app": {"is_sample": True, "poll_seconds": settings.poll_seconds, "contact_url": settings.contact_url},
        "groups": [asdict(group) for group in settings.groups],
        "servers": [asdict(server) for server in settings.servers],
        "bluesky": asdict(settings.bluesky),
        "signposts": [asdict(signpost) for signpost in settings.signposts],
        "goals": [{name: value for name, value in asdict(goal).items() if value} for goal in settings.goals],
    }
    settings.config.write_text("# Written by `mutuals demo`.\n" + tomlkit.dumps(document), encoding="utf-8")
    secrets = settings.data_dir / "secrets.toml"
    secrets.touch(0o600)
    secrets.write_text(tomlkit.dumps({"mastodon": _TOKENS, "bluesky": _PASSWORDS}), encoding="utf-8")
