"""What the composition root wires."""

import logging
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from structlog.testing import capture_logs

from monitor.app import learn_secrets, open_line
from monitor.logs import redactor
from monitor.model.clock import SimulatedClock
from monitor.model.settings import Channel, Settings, Storage
from monitor.model.watches import WatchlistSpec, WatchSpec
from monitor.pipeline.tidy import take_over_configuration
from monitor.store import alerts
from monitor.store.backup import back_up
from tests.acceptance.score import START


def test_every_secret_part_of_a_channel_and_the_heartbeat_are_hidden_in_logs() -> None:
    hook = Channel(name="hook", url="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk", secret="k" * 12)
    learn_secrets(Settings(channels=(hook,), heartbeat_url="https://ping.example.org/8d1f7c2a"))
    said = redactor.hide(f"POST /services/TIiajkdnlazkcOXrIdevi7FQ {'k' * 12} https://ping.example.org/8d1f7c2a")
    learn_secrets(Settings())
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in said
    assert "kkkk" not in said
    assert "8d1f7c2a" not in said


async def test_a_database_that_is_gone_while_its_backups_are_there_starts_anew_aloud(tmp_path: Path) -> None:
    settings = Settings(storage=Storage(path=tmp_path))
    with heard() as first:
        async with open_line(settings) as line:
            backup = back_up(line.store, settings.storage.backups, START)
    _remove(tmp_path)
    with heard() as said:
        async with open_line(settings):
            pass
    told = "there is no database but there are backups: starting anew"
    assert [(each["newest"], each["log_level"]) for each in said if each["event"] == told] == [(str(backup), "warning")]
    assert told not in [each["event"] for each in first], "a first start"


@contextmanager
def heard() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, at every level, whatever an earlier test set up."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET))
    try:
        with capture_logs() as said:
            yield said
    finally:
        structlog.configure(**before)


def _remove(directory: Path) -> None:
    for each in directory.glob("monitor.db*"):
        each.unlink()


async def test_the_trial_of_a_watch_starts_with_the_watch_and_not_with_its_first_hit(tmp_path: Path) -> None:
    def settings(*any_of: str) -> Settings:
        watch = WatchSpec(name="blast", any=any_of, shadow=timedelta(days=2))
        return Settings(storage=Storage(path=tmp_path), watchlist=WatchlistSpec(watches=(watch,)))

    clock = SimulatedClock(START)
    async with open_line(settings("blast"), clock=clock) as line:
        clock.advance(timedelta(days=1))
        await line.in_store(take_over_configuration, line)
        with line.store.read() as db:
            assert list(alerts.note_watches(db, line.matcher.watches.values(), clock.now()).values()) == [START]
    async with open_line(settings("blast", "boom"), clock=clock) as line:
        later = START + timedelta(days=1)
        clock.advance(timedelta(hours=1))
        with line.store.read() as db:
            assert list(alerts.note_watches(db, line.matcher.watches.values(), clock.now()).values()) == [later]
