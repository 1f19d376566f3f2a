"""``monitor once``: one round of the line, for cron and for trying things out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from monitor.cli.output import EXIT_FAILED, config_option, fail_unknown, json_option, local, print_json
from monitor.cli.session import clear_errors, compiled_or_exit
from monitor.model.alerts import Alerted
from monitor.model.delivery import SendFailed, Sent
from monitor.model.polling import FeedState
from monitor.model.settings import Settings
from monitor.model.words import counted
from monitor.pipeline.deliver import DeliveryReport
from monitor.pipeline.ingest import IngestReport
from monitor.pipeline.poll import PollReport
from monitor.pipeline.stations import Report
from monitor.store import feeds, outages
from monitor.store.outages import NetworkOutage
from monitor.watches.matcher import Matcher


@dataclass(slots=True)
class Round:
    """Counts what a round did and, unless quiet, tells each step as it ends."""

    quiet: bool
    polls: list[PollReport] = field(default_factory=list)
    ingests: list[IngestReport] = field(default_factory=list)
    deliveries: list[DeliveryReport] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    failing: list[FeedState] = field(default_factory=list)
    """The feeds whose last poll failed, now or before."""
    outage: NetworkOutage | None = None
    next_poll: datetime | None = None

    def look_back(self, db: Database, feed_name: str | None) -> None:
        """Note what is left as it is: feeds that fail, our own network, when the next poll is due."""
        self.failing = [each for each in feeds.list_failing(db) if feed_name in (None, each.spec.name)]
        self.outage = outages.current(db)
        self.next_poll = feeds.next_poll_at(db)

    def reported(self, report: Report) -> None:
        match report:
            case PollReport():
                self.polls.append(report)
                did = f"could not poll {report.feed}" if report.failed else f"polled {report.feed}: {report.new} new"
                self._say(f"{did}; {report.next_poll_reason}", report.problem)
            case IngestReport():
                self.ingests.append(report)
                self._say(f"read {report.article.url}: {_decided(report)}", report.problem)
            case DeliveryReport():
                self.deliveries.append(report)
                self._say(f"alert {report.alert_id} to {report.channel}: {report.state}", _not_sent(report))

    def broke(self, station: str, key: int, error: Exception) -> None:
        self.bugs.append(f"{station} {key}: {type(error).__name__}: {error}")
        self._say(f"{station} {key} failed", self.bugs[-1])

    @property
    def failed(self) -> bool:
        """Whether a feed, a delivery or a step failed."""
        polls = any(each.failed for each in self.polls)
        return polls or any(_not_sent(each) for each in self.deliveries) or bool(self.bugs)

    def summary(self) -> dict[str, Any]:
        """Counts, and every problem in a sentence."""
        decisions = [decision for each in self.ingests for decision in each.judgement.decisions]
        alerted = sum(isinstance(each, Alerted) for each in decisions)
        return {
            "polled": len(self.polls),
            "failed_polls": sum(each.failed for each in self.polls),
            "articles": len(self.ingests),
            "hits": sum(len(each.judgement.hits) for each in self.ingests),
            "alerts": alerted,
            "suppressed": len(decisions) - alerted,
            "delivered": sum(isinstance(each.outcome, Sent) for each in self.deliveries),
            "problems": [f"{each.feed}: {each.problem}" for each in self.polls if each.problem]
            + [f"{each.channel}: {_not_sent(each)}" for each in self.deliveries if _not_sent(each)]
            + self.bugs,
            "failing": [
                {
                    "feed": each.spec.name,
                    "problem": each.problem,
                    "last_poll": each.last_poll,
                    "next_poll": each.next_poll,
                }
                for each in self.failing
            ],
            "network_down_since": self.outage.since if self.outage else None,
            "next_poll": self.next_poll,
        }

    def _say(self, line: str, problem: str) -> None:
        if not self.quiet:
            click.echo(f"{line}{f' – {problem}' if problem else ''}", err=True)


@click.command("once", help="Poll what is due, process, deliver, report, exit.")
@config_option
@click.option("--all", "every", is_flag=True, help="Poll every feed now, due or not.")
@click.option("--feed", "feed_name", metavar="NAME", help="Poll only this feed, now.")
@json_option
def command(config_path: Path | None, every: bool, feed_name: str | None, as_json: bool) -> None:
    """Exit 1 when a feed could not be polled or a message could not be sent."""
    from monitor import logs

    logs.configure(level="warning")
    loaded, matcher = compiled_or_exit(config_path)
    names = {feed.name for feed in loaded.settings.feeds}
    if feed_name and feed_name not in names:
        fail_unknown("feed", feed_name, names)
    round_ = Round(quiet=as_json)
    with clear_errors():
        asyncio.run(_round(loaded.settings, matcher, round_, every=every, feed_name=feed_name))
    summary = round_.summary()
    if as_json:
        print_json(summary)
    else:
        for line in _in_words(summary):
            click.echo(line)
    if round_.failed:
        raise SystemExit(EXIT_FAILED)


async def _round(settings: Settings, matcher: Matcher, round_: Round, *, every: bool, feed_name: str | None) -> None:
    from monitor.app import open_line
    from monitor.pipeline.drain import drain, make_due
    from monitor.pipeline.tidy import start_over

    async with open_line(settings, matcher=matcher) as line:
        await line.in_store(start_over, line)
        if every or feed_name:
            await line.in_store(make_due, line, feed_name)
        await drain(line, observer=round_, only_feed=feed_name)
        with line.store.read() as db:
            round_.look_back(db, feed_name)


def _decided(report: IngestReport) -> str:
    decisions = report.judgement.decisions
    if not decisions:
        return "no watch matches"
    return "; ".join(
        f"{each.watch}: {'ALERT ' + each.kind if isinstance(each, Alerted) else each.reason}" for each in decisions
    )


def _not_sent(report: DeliveryReport) -> str:
    return report.outcome.detail if isinstance(report.outcome, SendFailed) else ""


def _in_words(summary: dict[str, Any]) -> Iterator[str]:
    """What was done, then each thing that did not work, with what follows."""
    failed = f" ({summary['failed_polls']} failed)" if summary["failed_polls"] else ""
    yield (
        f"{counted(summary['polled'], 'feed')} polled{failed}, {counted(summary['articles'], 'article')} read, "
        f"{counted(summary['hits'], 'hit')}, {counted(summary['alerts'], 'alert')}, "
        f"{summary['suppressed']} suppressed, {counted(summary['delivered'], 'message')} delivered"
    )
    down = summary["network_down_since"]
    if down:
        yield f"our own network has been down since {local(down)}; that counts against no feed: see `monitor doctor`"
    for each in summary["failing"]:
        when = f"next at {local(each['next_poll'])}" if each["next_poll"] else "not polled any more"
        yield f"{each['feed']} failed at {local(each['last_poll'])} ({each['problem']}), {when}"
    listed = {each["feed"] for each in summary["failing"]}
    yield from (each for each in summary["problems"] if not down and each.partition(":")[0] not in listed)
    if not summary["polled"] and summary["next_poll"] and not summary["failing"]:
        yield f"no feed is due before {local(summary['next_poll'])}; --all polls every feed now"
