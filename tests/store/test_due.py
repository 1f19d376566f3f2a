"""When the clock is set, what waits goes on waiting as long as it would have."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.model.delivery import Held, HoldReason
from monitor.model.watches import Severity
from monitor.store import alerts, deliveries, due
from monitor.store.database import Store

NOW = datetime(2024, 4, 2, 16, 0, tzinfo=UTC)
STEP = timedelta(days=30)


def test_a_clock_set_forward_by_a_month_gives_up_no_waiting_message(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with store.transaction() as db:
        alerts.notice(db, "A notice", channels=["desk"], now=NOW, once_key="n", severity=Severity.HIGH)
        due.shift(db, STEP)
        assert deliveries.expire(db, NOW + STEP) == []
        assert deliveries.claim_due(db, NOW + STEP, 10) == [1]
    store.close()


def test_a_clock_set_back_leaves_what_was_due_due(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with store.transaction() as db:
        alerts.notice(db, "A notice", channels=["desk"], now=NOW, once_key="n", severity=Severity.HIGH)
        due.shift(db, -STEP)
        assert deliveries.claim_due(db, NOW - STEP, 10) == [1]
    store.close()


def test_a_send_in_flight_keeps_its_retry_period_and_a_storm_its_hour(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with store.transaction() as db:
        for channel in ("desk", "duty"):
            alerts.notice(db, "A notice", channels=[channel], now=NOW, once_key=channel, severity=Severity.HIGH)
        assert deliveries.claim_due(db, NOW, 10) == [1, 2]
        stormy = deliveries.get(db, 2)
        assert stormy is not None
        until = NOW + timedelta(hours=1)
        deliveries.put_back(db, stormy, Held(reason=HoldReason.STORM, detail="too many", until=until), NOW)
        due.shift(db, STEP)
        sending = deliveries.get(db, 1)
        assert sending is not None
        assert sending.retry_until == NOW + STEP + deliveries.RETRY_PERIOD
        assert deliveries.held_until(db, NOW + STEP) == []
        assert [row.id for row in deliveries.held_until(db, until + STEP)] == [2]
    store.close()
