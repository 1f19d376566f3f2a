"""Kill -9 of the sending process at random moments: what is lost, what doubles. Real HTTP and SMTP receivers.

By mail every fourth alert is told in the message of the one before, as where two watches hit one article.

.venv/bin/python bench/delivery_kills.py [--kills 100] [--alerts 300]
"""

from __future__ import annotations

import argparse
import asyncio
import email
import email.policy
import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.delivery import Watcher, lanes_of, queue  # noqa: E402 - the path comes first
from monitor.app import open_line  # noqa: E402
from monitor.model.settings import Alerting, Channel, Settings, Storage  # noqa: E402
from monitor.pipeline.tidy import start_over  # noqa: E402
from monitor.store import together  # noqa: E402
from tests.delivery.receivers import Mailbox, Receiver, mail_server, say  # noqa: E402

PAIR = 4
"""By mail, every alert of so many is told in the message of the one before it."""


@dataclass
class Tally:
    """What the receivers got, counted by key."""

    hook: Receiver
    mailbox: Mailbox
    kills: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    along: dict[int, str] = field(default_factory=dict)
    """Alerts that another one's mail tells, with the state of that mail's row."""

    def hooked(self) -> Counter[str]:
        return Counter(heard.headers["idempotency-key"] for heard in self.hook.heard)

    def shown_twice(self) -> int:
        """Copies that a receiver would still show which drops every message whose key it has had."""
        shown = {heard.headers["idempotency-key"]: json.loads(heard.body)["alert"] for heard in self.hook.heard}
        return len(shown) - len(set(shown.values()))

    def mailed(self) -> Counter[bytes]:
        ids = (
            next(line for line in each.split(b"\r\n") if line.startswith(b"Message-ID"))
            for each in self.mailbox.messages
        )
        return Counter(ids)

    def named(self) -> set[int]:
        """The alerts that some mail tells as well."""
        mails = (email.message_from_bytes(each, policy=email.policy.default) for each in self.mailbox.messages)
        texts = (mail.get_body(("plain",)).get_content() for mail in mails)  # type: ignore[union-attr]
        return {int(number) for text in texts for number in re.findall(r"\(alert (\d+)\)", text)}


def settings(directory: Path, hook: int, mail: int, in_doubt: str) -> Settings:
    named = (
        Channel(name="hook", url=f"json://127.0.0.1:{hook}/", in_doubt=in_doubt),
        Channel(name="mail", url=f"mailto://127.0.0.1:{mail}?from=a@example.org&to=b@example.org", in_doubt=in_doubt),
    )
    return Settings(storage=Storage(path=directory), channels=named, alerts=Alerting(max_per_hour=100_000))


async def send_all(configured: Settings) -> None:
    """The child: start over as the daemon does, then empty the outbox."""
    async with open_line(configured) as line:
        await line.in_store(start_over, line)
        lanes = lanes_of(line, Watcher())
        while True:
            await lanes.fill()
            await asyncio.sleep(0.02)


async def fill_outbox(configured: Settings, count: int) -> None:
    async with open_line(configured) as line:
        queue(line, count, to=["hook", "mail"])
        with line.store.transaction() as db:
            for other in range(PAIR, count + 1, PAIR):
                together.tell_with(db, [other], "mail", teller=other - 1, now=line.clock.now())


def told_along(directory: Path) -> dict[int, str]:
    """The alerts that another one's mail tells, with the state of that mail's row."""
    database = sqlite3.connect(directory / "monitor.db")
    try:
        return dict(
            database.execute(
                "SELECT d.alert_id, teller.state FROM deliveries AS d JOIN deliveries AS teller"
                " ON teller.alert_id = d.told_by AND teller.channel = d.channel WHERE d.state = 'digested'"
            ).fetchall()
        )
    finally:
        database.close()


def open_rows(directory: Path) -> dict[str, int]:
    database = sqlite3.connect(directory / "monitor.db")
    try:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        return dict(database.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall())
    finally:
        database.close()


def run(alerts: int, kills: int, in_doubt: str, chance: random.Random) -> Tally:
    """Kill and restart until the outbox is empty; after ``kills`` kills the child may finish in peace."""
    mailbox = Mailbox()
    with tempfile.TemporaryDirectory() as name, Receiver(say(200)) as hook, mail_server(mailbox) as mail:
        directory, tally = Path(name), Tally(hook, mailbox)
        asyncio.run(fill_outbox(settings(directory, hook.port, mail, in_doubt), alerts))
        command = [sys.executable, __file__, "--child", name, str(hook.port), str(mail), in_doubt]
        while True:
            before = len(hook.heard) + len(mailbox.messages)
            with subprocess.Popen(command) as child:
                wait_until_sending(tally, before)
                if tally.kills < kills:
                    time.sleep(chance.uniform(0, 0.03))
                    child.send_signal(signal.SIGKILL)
                    tally.kills += 1
                else:
                    wait_until_empty(directory)
                    child.send_signal(signal.SIGKILL)
            tally.rows = open_rows(directory)
            if not set(tally.rows) & {"new", "retry", "sending"}:
                tally.along = told_along(directory)
                return tally


def wait_until_sending(tally: Tally, before: int) -> None:
    until = time.monotonic() + 30
    while len(tally.hook.heard) + len(tally.mailbox.messages) <= before and time.monotonic() < until:
        time.sleep(0.001)


def wait_until_empty(directory: Path) -> None:
    until = time.monotonic() + 120
    while set(open_rows(directory)) & {"new", "retry", "sending"} and time.monotonic() < until:
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=300)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--in-doubt", choices=["retry", "hold"], action="append", help="[default: both]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", help="not needed here")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        directory, hook, mail, in_doubt = arguments.child
        asyncio.run(send_all(settings(Path(directory), int(hook), int(mail), in_doubt)))
        return
    print(
        "| in_doubt | kills | messages | lost | doubled, webhook | after its key | doubled, mail | held"
        " | told along | claimed, not told | rows |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    kept = True
    for in_doubt in arguments.in_doubt or ("retry", "hold"):
        tally = run(arguments.alerts, arguments.kills, in_doubt, random.Random(arguments.seed))
        hooked, mailed = tally.hooked(), tally.mailed()
        held = tally.rows.get("held", 0)
        got = len(hooked) + len(mailed)
        # A held row is told to the operator; whether its receiver has it is what nobody knows.
        messages = 2 * arguments.alerts - len(tally.along)
        lost = max(0, messages - got - held)
        claimed = {alert for alert, state in tally.along.items() if state == "sent"}
        untold = claimed - tally.named()
        row = (
            in_doubt, tally.kills, messages, lost, hooked.total() - len(hooked), tally.shown_twice(),
            mailed.total() - len(mailed), held, f"{len(claimed)} of {len(tally.along)}", len(untold),
            json.dumps(tally.rows),
        )  # fmt: skip
        print(f"| {' | '.join(map(str, row))} |", flush=True)
        doubled = hooked.total() - len(hooked) + mailed.total() - len(mailed)
        kept = kept and not (lost or untold or tally.shown_twice() or (doubled and in_doubt == "hold"))
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
