"""The database in trouble: nothing is lost that could be kept, nobody is flooded, and a notice says what happened."""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.app import open_line
from monitor.model.clock import SimulatedClock
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Channel, Net, Settings, Storage
from monitor.model.watches import WatchlistSpec
from monitor.pipeline.tidy import keep_a_backup, shift_due_times
from monitor.store.lock import lock
from tests.acceptance.killing import Events, Stage
from tests.acceptance.score import START, TERMS, WATCH, Mailbox, Outlet, Score, serve, webhook_app
from tests.acceptance.test_bad_input import CONFIG, monitor, names_in

HOUR = timedelta(hours=1)


class Desk:
    """An outlet, a webhook and a data directory that outlive the line."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database = directory / "monitor.db"
        self.outlet = Outlet("outlet")
        self.clock = SimulatedClock(START)
        self.heard: list[dict[str, object]] = []
        self.events = Events(7)
        self.hook = 0

    def says(self, slug: str, *, published: timedelta = timedelta()) -> None:
        """An explosion in Balkh, dated ``published`` after the present instant."""
        title = f"Explosion in Balkh: {slug}"
        self.outlet.says(slug, title, f"Balkh. {self.events.text()}", published=self.clock.now() + published)

    def take(self) -> list[str]:
        """What was heard since the last call: slugs of articles, headlines of notices but those of first readings."""
        taken, self.heard[:] = list(self.heard), []
        return [name for each in taken if "read for the first time" not in (name := _name(each))]

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Score]:
        settings = Settings(
            storage=Storage(path=self.directory),
            net=Net(allow_private=(ip_network("127.0.0.0/8"),), host_pace=timedelta()),
            feeds=(FeedSpec(name="outlet", url=f"{self.outlet.base}/feed.xml"),),
            channels=(Channel(name="hook", url=f"json://127.0.0.1:{self.hook}/"),),
            watchlist=WatchlistSpec(terms=TERMS, watches=(WATCH,)),
        )
        async with open_line(settings, clock=self.clock) as line:
            score = Score(
                line=line, clock=self.clock, outlets={"outlet": self.outlet}, webhook=self.heard, mailbox=Mailbox()
            )
            await score.poll_all()
            yield score


def _name(body: dict[str, object]) -> str:
    if body["kind"] == "notice":
        return str(body["text"]).partition("\n")[0]
    return str(body["article"]["title"]).rpartition(" ")[2]  # type: ignore[index]


@asynccontextmanager
async def desk(directory: Path) -> AsyncIterator[Desk]:
    """A desk whose outlet lists ten old articles, all of which the watch matches."""
    async with AsyncExitStack() as stack:
        made = Desk(directory)
        made.outlet.base = f"http://outlet.localhost:{await serve(stack, made.outlet.app())}"
        made.hook = await serve(stack, webhook_app(made.heard))
        for number in range(10):
            made.says(f"old-{number}", published=timedelta(days=-number - 1))
        yield made


def lose(desk: Desk, content: bytes | None) -> None:
    """Damage the database, and date it as if it had just been written."""
    if content is None:
        with desk.database.open("r+b") as file:
            file.seek(4096 * 4)
            file.write(b"\xa5" * 4096 * 10)
    else:
        desk.database.write_bytes(content)
    os.utime(desk.database, (desk.clock.now().timestamp(),) * 2)


@pytest.mark.parametrize("content", [None, b"", b"garbage " * 1000], ids=["corrupt", "zero-length", "garbage"])
async def test_a_lost_database_floods_nobody_and_loses_no_news(tmp_path: Path, content: bytes | None) -> None:
    async with desk(tmp_path) as newsdesk:
        async with newsdesk.line() as score:
            assert newsdesk.take() == []
            newsdesk.says("told-before-the-backup")
            await score.pass_time(HOUR)
            await score.line.in_store(keep_a_backup, score.line)
            newsdesk.clock.advance(timedelta(hours=12))
            newsdesk.says("told-after-the-backup")
            await score.poll_all()
            assert newsdesk.take() == ["told-before-the-backup", "told-after-the-backup"]

        newsdesk.clock.advance(timedelta(hours=7))
        lose(newsdesk, content)
        newsdesk.says("while-it-was-down", published=HOUR)
        newsdesk.clock.advance(2 * HOUR)

        async with newsdesk.line() as score:
            assert newsdesk.take() == ["The database was damaged and has been replaced", "while-it-was-down"]
            newsdesk.says("afterwards")
            await score.pass_time(HOUR)
            assert newsdesk.take() == ["afterwards"]
        async with newsdesk.line():
            assert newsdesk.take() == []
        assert len([name for name in names_in(tmp_path) if "broken" in name]) == 1


async def test_what_was_published_shortly_before_the_loss_may_be_told_twice_but_not_never(tmp_path: Path) -> None:
    async with desk(tmp_path) as newsdesk:
        async with newsdesk.line() as score:
            await score.line.in_store(keep_a_backup, score.line)
            newsdesk.says("told")
            await score.pass_time(HOUR)
        newsdesk.says("not-yet-polled")
        lose(newsdesk, None)
        newsdesk.take()
        async with newsdesk.line():
            assert sorted(newsdesk.take())[1:] == ["not-yet-polled", "told"]


async def test_without_any_backup_it_starts_anew_without_a_flood(tmp_path: Path) -> None:
    async with desk(tmp_path) as newsdesk:
        async with newsdesk.line():
            pass
        lose(newsdesk, b"garbage " * 1000)
        async with newsdesk.line() as score:
            assert newsdesk.take() == ["The database was damaged and has been replaced"]
            newsdesk.says("afterwards")
            await score.pass_time(HOUR)
            assert newsdesk.take() == ["afterwards"]


async def test_a_restored_copy_floods_nobody_and_uses_no_number_twice(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    await monitor(tmp_path, "once")
    _, copy, _ = await monitor(tmp_path, "db", "backup")
    with lock(tmp_path / "data"):
        code, _, errors = await monitor(tmp_path, "db", "restore", copy.strip())
    assert (code, "another monitor" in errors) == (1, True)
    code, output, _ = await monitor(tmp_path, "db", "restore", copy.strip())
    assert code == 0
    assert "is in place" in output
    assert len([name for name in names_in(tmp_path / "data") if "broken" in name]) == 1
    _, output, _ = await monitor(tmp_path, "once")
    assert "restored by hand" in output
    (tmp_path / "bad.db").write_text("garbage " * 1000)
    code, _, errors = await monitor(tmp_path, "db", "restore", "bad.db")
    assert (code, "is not sound" in errors) == (1, True)


@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forward", "back"])
async def test_a_clock_set_by_an_hour_floods_nobody_and_loses_nothing(tmp_path: Path, step: timedelta) -> None:
    async with desk(tmp_path) as newsdesk, newsdesk.line() as score:
        newsdesk.says("before")
        await score.pass_time(HOUR)
        newsdesk.clock.advance(step)
        await score.line.in_store(shift_due_times, score.line, step)
        await score.run_line()
        word = "forward" if step > timedelta() else "back"
        assert sorted(newsdesk.take()) == [f"The clock was set {word} by 1 h 0 min", "before"]
        newsdesk.says("after")
        await score.pass_time(timedelta(minutes=10))
        assert newsdesk.take() == ["after"]


async def test_a_copy_is_made_once_a_day_and_old_ones_are_removed(tmp_path: Path) -> None:
    async with desk(tmp_path) as newsdesk, newsdesk.line() as score:
        for _ in range(40):
            await score.line.in_store(keep_a_backup, score.line)
            newsdesk.clock.advance(timedelta(hours=12))
        days = [path.name[8:16] for path in sorted((tmp_path / "backups").iterdir())]
        assert len(days) == 15
        assert len(set(days)) == 15


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB."""
    yield from mounted(tmp_path / "disk", "size=24m")


def mounted(directory: Path, options: str) -> Iterator[Path]:
    directory.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(directory)], check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    yield directory
    subprocess.run(["umount", "-l", str(directory)], check=True)


@pytest.mark.slow
async def test_a_full_disk_stops_polling_and_sending_and_both_go_on_by_themselves(
    tmp_path: Path, small_disk: Path
) -> None:
    events = Events(3)
    async with AsyncExitStack() as stack:
        stage = Stage(tmp_path, stack)
        await stage.set()
        stage.place_data(small_disk)
        stage.outlet.says("old", "An ordinary day", "Nothing of note was reported.")
        await stage.start()
        await stage.until(lambda: stage.log().count('"polled"') > 0, 60, "the first poll")
        stage.outlet.says("one", "Report 1 on an explosion", events.text())
        await stage.until(lambda: len(stage.alerts_by_webhook()) == 1, 60, "an alert")

        filler = small_disk / "filler"
        await asyncio.to_thread(fill, filler)
        await stage.until(lambda: "the disk is full" in stage.log(), 30, "it says so")
        stage.outlet.says("two", "Report 2 on an explosion", events.text())
        code, _, errors = await monitor(tmp_path, "health")
        assert (code, "the disk is full" in errors) == (1, True)
        polls = len(stage.outlet.requests)
        await asyncio.sleep(3)  # three polls would have been due
        assert len(stage.outlet.requests) - polls <= 1

        filler.unlink()
        await stage.until(lambda: "has room again" in stage.log(), 30, "it notices")
        await stage.until(lambda: len(stage.alerts_by_webhook()) == 2, 60, "what waited is told")
        await stage.until(lambda: any("was full from" in str(each.get("text")) for each in stage.heard), 30, "a notice")
        await stage.until_async(lambda: healthy(tmp_path), 30, "it is healthy again")
        assert await stage.end() == 0
        assert stage.alerts_by_webhook() == ["Report 1 on an explosion", "Report 2 on an explosion"]
        assert "Traceback" not in stage.log()


def fill(path: Path) -> None:
    """Take every byte of the disk that is left."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


async def healthy(directory: Path) -> bool:
    code, output, _ = await monitor(directory, "health", "--json")
    return code == 0 and bool(json.loads(output)["healthy"])


def test_a_read_only_data_directory_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    for directory in mounted(tmp_path / "data", "ro"):
        code, _, errors = asyncio.run(monitor(tmp_path, "run"))
        assert code == 1
        assert "Read-only file system" in errors
        assert str(directory.name) in errors
        assert errors.count("\n") == 1


@pytest.mark.slow
async def test_a_database_damaged_under_a_running_daemon_ends_it_and_the_next_start_mends(tmp_path: Path) -> None:
    events = Events(4)
    async with AsyncExitStack() as stack:
        stage = Stage(tmp_path, stack)
        await stage.set()
        stage.outlet.says("old", "An ordinary day", "Nothing of note was reported.")
        await stage.start()
        await stage.until(lambda: '"backed up"' in stage.log(), 60, "the first copy")
        await stage.until(lambda: stage.log().count('"polled"') > 0, 60, "the first poll")
        stage.query("PRAGMA wal_checkpoint(TRUNCATE)")
        with (stage.directory / "data" / "monitor.db").open("r+b") as file:
            file.seek(0)
            file.write(b"\xa5" * 4096 * 60)
        stage.outlet.says("one", "Report 1 on an explosion", events.text(), published=START)
        assert stage.daemon is not None
        assert await asyncio.wait_for(stage.daemon.wait(), 60) == 1
        assert "the database is damaged" in stage.log()

        await stage.start()
        told = "The database was damaged"
        await stage.until(lambda: any(told in str(each.get("text")) for each in stage.heard), 60, "a notice")
        assert await stage.end() == 0
        assert stage.query("PRAGMA integrity_check") == [("ok",)]
        assert "Traceback" not in stage.log()
