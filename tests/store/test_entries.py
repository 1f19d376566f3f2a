"""The queue between poll and ingest: whose turn it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.feeds.changes import identity
from monitor.model.feeds import FeedSpec, ListedEntry
from monitor.model.polling import Change
from monitor.store import entries, feeds
from monitor.store.database import Store

NOW = datetime(2024, 4, 2, 16, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)


def listing(url: str) -> Change:
    listed = ListedEntry(guid=url, url=url, title=url)
    return Change(listed=listed, identity=identity(listed))


def test_a_host_with_a_long_queue_keeps_no_other_waiting(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with store.transaction() as db:
        feeds.sync(db, [FeedSpec(name="a", url="https://a.example/feed")], NOW)
        for number in range(100):
            entries.record_new(db, 1, listing(f"https://slow.example/{number}"), now=NOW)
        late = entries.record_new(db, 1, listing("https://quick.example/1"), now=NOW + timedelta(seconds=1))
        moment = NOW + timedelta(minutes=1)
        claimed = entries.claim_queued(db, moment, 25, LEASE)
        assert late in claimed
        assert len(claimed) == entries.HOST_SHARE + 1
        assert entries.claim_queued(db, moment, 25, LEASE) == []
        entries.mark_done(db, claimed[0], None, moment)
        assert len(entries.claim_queued(db, moment, 25, LEASE)) == 1
    store.close()


def test_an_address_that_is_none_is_queued_all_the_same(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with store.transaction() as db:
        feeds.sync(db, [FeedSpec(name="a", url="https://a.example/feed")], NOW)
        entry_id = entries.record_new(db, 1, listing("http://[broken"), now=NOW)
        assert entries.claim_queued(db, NOW, 25, LEASE) == [entry_id]
    store.close()


def test_the_feeds_text_goes_when_an_entry_is_done_and_what_tells_that_it_was_seen_stays(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    full = ListedEntry(guid="g", url="https://a.example/1", title="Bridge", content="<p>all of it</p>", summary="some")
    waiting = replace(full, guid="h", url="https://a.example/2", title="Ferry")
    with store.transaction() as db:
        feeds.sync(db, [FeedSpec(name="a", url="https://a.example/feed")], NOW)
        done, queued = (
            entries.record_new(db, 1, Change(listed=each, identity=identity(each)), now=NOW) for each in (full, waiting)
        )
        entries.claim_queued(db, NOW, 10, LEASE)
        entries.mark_done(db, done, None, NOW)
        assert [entries.forget_contents(db), entries.forget_contents(db)] == [1, 0]
        assert entries.read_queued(db, done).listed == replace(full, content="", summary="")
        assert entries.read_queued(db, queued).listed == waiting
        [known] = entries.known(db, 1, [identity(full)])
        assert known.identity == identity(full)
        revised = replace(full, content="<p>all of it, and more</p>")
        entries.record_revision(db, Change(listed=revised, identity=identity(revised), known=known), now=NOW)
        assert entries.forget_contents(db) == 0
        assert entries.read_queued(db, done).listed == revised
    store.close()
