"""The run behind ``monitor demo``: newsroom, line and receivers on loopback, driven along the newsroom's timeline."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from monitor.app import load_and_compile, open_line
from monitor.model.alerts import Alerted, AlertKind, AlertMessage
from monitor.model.clock import SimulatedClock
from monitor.model.delivery import Sent
from monitor.model.settings import Channel, Settings
from monitor.newsroom import expectations
from monitor.newsroom.addresses import article_of
from monitor.newsroom.expectations import Expected, Outcome, Verdict
from monitor.newsroom.receivers import Receivers, receiving
from monitor.newsroom.scenario import Scenario, Step, load
from monitor.newsroom.server import Newsroom, serving
from monitor.pipeline.deliver import DeliveryReport
from monitor.pipeline.drain import drain
from monitor.pipeline.ingest import IngestReport
from monitor.pipeline.line import Line
from monitor.pipeline.stations import Report
from monitor.store import alerts

READ_AFTER = timedelta(minutes=5)
"""So long after a publication the line comes by."""


class Audience(Protocol):
    """Whoever watches the demo."""

    def opened(self, newsroom: Newsroom, settings: Settings) -> None:
        """Everything listens; the first poll follows."""
        ...

    def at(self, instant: datetime, step: Step | None) -> None:
        """Time moved to ``instant``, where ``step`` was published (None: nothing was)."""
        ...

    def reported(self, report: Report) -> None:
        """A step of the line ended and was recorded."""
        ...

    def broke(self, station: str, key: int, error: Exception) -> None:
        """A step of the line raised: a bug."""
        ...

    async def settled(self) -> None:
        """Nothing more is due at this instant."""
        ...


@dataclass(slots=True, kw_only=True)
class Run:
    """What a demo run came to."""

    expected: Expected
    zone: tzinfo = UTC
    verdicts: tuple[Verdict, ...] = ()
    messages: list[AlertMessage] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Steps that raised, polls that failed, messages that did not arrive exactly once."""
    posts: int = 0
    mails: int = 0
    requests: int = 0
    elapsed_s: float = 0.0

    @property
    def alerts(self) -> int:
        """Messages about an article; the others are digests and notices of the service about itself."""
        return sum(message.kind not in {AlertKind.DIGEST, AlertKind.NOTICE} for message in self.messages)

    @property
    def right(self) -> bool:
        """Whether everything came out as it should."""
        return not self.problems and all(not verdict.fault for verdict in self.verdicts)


@dataclass(slots=True, kw_only=True)
class _Ears:
    """Hears every report, keeps what the comparison needs and passes it on."""

    run: Run
    audience: Audience
    scenario: Scenario
    clock: SimulatedClock
    outcomes: list[Outcome] = field(default_factory=list)

    def reported(self, report: Report) -> None:
        """Keep the report and its decisions."""
        self.run.reports.append(report)
        if isinstance(report, IngestReport):
            self.outcomes += outcomes_of(report, self.scenario, self.clock.now())
        self.audience.reported(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        """Note the bug."""
        self.run.problems.append(f"{station} {key} broke: {type(error).__name__}: {error}")
        self.audience.broke(station, key, error)


async def run_demo(audience: Audience, *, data: Path) -> Run:
    """Run the whole timeline on a fresh database under ``data`` and hold its decisions against the expectations."""
    began = time.monotonic()
    scenario = load()
    run = Run(expected=expectations.load(scenario.root))
    loaded, matcher = load_and_compile(scenario.root / "config.toml")
    clock = SimulatedClock(scenario.start)
    ears = _Ears(run=run, audience=audience, scenario=scenario, clock=clock)
    async with serving(scenario, clock) as newsroom, receiving() as receivers:
        settings = on_loopback(loaded.settings, newsroom, receivers, data)
        async with open_line(settings, matcher=matcher, clock=clock) as line:
            run.zone = settings.alerts.timezone
            audience.opened(newsroom, settings)
            await _live_through(line, ears)
            run.messages = await line.in_store(_messages, line)
            ears.outcomes += _told_later(run, scenario)
        run.requests = len(newsroom.answers)
        run.problems += [*_undelivered(run, receivers), *_untold_in_digests(run, scenario)]
        run.problems = list(dict.fromkeys(run.problems))
        run.posts, run.mails = len(receivers.posts), len(receivers.mails)
    run.verdicts = expectations.compare(run.expected, ears.outcomes)
    run.elapsed_s = time.monotonic() - began
    return run


async def _live_through(line: Line, ears: _Ears) -> None:
    start, steps = ears.scenario.start, ears.scenario.steps
    moments: list[tuple[datetime, Step | None]] = [(start, None)]
    moments += [(step.at + READ_AFTER, step) for step in steps]
    for instant, step in moments:
        ears.clock.move_to(instant)
        ears.audience.at(instant, step)
        await drain(line, observer=ears)
        await ears.audience.settled()


def on_loopback(settings: Settings, newsroom: Newsroom, receivers: Receivers, data: Path) -> Settings:
    """The seeds' settings with the ports that were got, a data directory of their own and no pace between requests."""
    feeds = tuple(replace(feed, url=_with_port(feed.url, newsroom.port)) for feed in settings.feeds)
    channels = tuple(_to_receiver(channel, receivers) for channel in settings.channels)
    return replace(
        settings,
        feeds=feeds,
        channels=channels,
        storage=replace(settings.storage, path=data),
        net=replace(settings.net, host_pace=timedelta(0)),
    )


def _to_receiver(channel: Channel, receivers: Receivers) -> Channel:
    port = receivers.smtp_port if channel.url.startswith("mailto:") else receivers.http_port
    return replace(channel, url=_with_port(channel.url, port))


def _with_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.hostname}:{port}"))


def outcomes_of(report: IngestReport, scenario: Scenario, now: datetime) -> Iterable[Outcome]:
    """The decisions of one report, by the article's name and the version that is served at ``now``."""
    article = article_of(report.article.url) or report.article.url
    name = f"{article}@{scenario.number_at(article, now) or 1}"
    for decision in report.judgement.decisions:
        told = isinstance(decision, Alerted)
        yield Outcome(
            watch=decision.watch,
            article=name,
            told=str(decision.kind) if isinstance(decision, Alerted) else "",
            reason="" if told else str(getattr(decision, "reason", "")),
            story=report.judgement.placement.story_id,
        )


def _messages(line: Line) -> list[AlertMessage]:
    with line.store.read() as db:
        ids = [row["id"] for row in db.query("SELECT id FROM alerts ORDER BY id")]
        return [message for each in ids if (message := alerts.message_of(db, each))]


def _told_later(run: Run, scenario: Scenario) -> Iterable[Outcome]:
    """The alerts that no reading of an article gave: holds that ended."""
    known = {each for report in run.reports if isinstance(report, IngestReport) for each in report.judgement.alert_ids}
    for message in run.messages:
        article = article_of(str(message.article.get("url", "")))
        if message.alert_id not in known and article is not None:
            number = scenario.number_at(article, message.created or scenario.start)
            yield Outcome(
                watch=message.watch, article=f"{article}@{number}", told=str(message.kind),
                story=message.story.get("id"),
            )  # fmt: skip


def _undelivered(run: Run, receivers: Receivers) -> list[str]:
    """What the far ends miss or have twice, and every other trouble on the way."""
    sent = [each for each in run.reports if isinstance(each, DeliveryReport) and isinstance(each.outcome, Sent)]
    problems = [
        f"alert {each.alert_id} to {each.channel}: {each.outcome.detail}"
        for each in run.reports
        if isinstance(each, DeliveryReport) and not isinstance(each.outcome, Sent)
    ]
    problems += [
        f"{each.feed}: {each.problem}" for each in run.reports if not isinstance(each, DeliveryReport) and each.problem
    ]
    keys = [post.key for post in receivers.posts]
    if len(keys) != len(set(keys)):
        problems.append("a webhook body arrived twice")
    if len(sent) != len(keys) + len(receivers.mails):
        problems.append(f"{len(sent)} messages were sent, {len(keys) + len(receivers.mails)} arrived")
    return problems


def _untold_in_digests(run: Run, scenario: Scenario) -> Iterable[str]:
    told = "\n".join(message.text for message in run.messages if message.kind is AlertKind.DIGEST)
    for each in run.expected.expectations:
        article, _, number = each.article.partition("@")
        if each.digest and scenario.versions[article, int(number)].title not in told:
            yield f"no digest tells of {each.article} for {each.watch}"
