"""The demo on a terminal (or in a file): every decision as it falls, in the newsroom's time."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from rich.console import Console
from rich.rule import Rule
from rich.status import Status
from rich.table import Table
from rich.text import Text

from monitor.cli.bidi import in_place
from monitor.cli.demo_words import RUNGS, cut, how_read
from monitor.model.alerts import Alerted, AlertKind, Decision
from monitor.model.delivery import Sent
from monitor.model.settings import Settings
from monitor.model.stories import Rung
from monitor.model.words import counted
from monitor.newsroom.scenario import Step
from monitor.newsroom.server import Newsroom
from monitor.pipeline.deliver import DeliveryReport
from monitor.pipeline.ingest import IngestReport
from monitor.pipeline.poll import PollReport
from monitor.pipeline.stations import Report

LABEL_WIDTH = 16
SEVERITY_STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "info": "dim",
}
FORMATS = {"rss": "RSS 2.0", "atom": "Atom 1.0", "rdf": "RSS 1.0", "json": "JSON Feed 1.1", "sitemap": "news sitemap"}


@dataclass(slots=True)
class Screen:
    """Shows a run; ``pause_s`` is how long it rests after each step of the timeline, for a person to read."""

    console: Console
    pause_s: float = 0.0
    _zone: tzinfo = UTC
    _status: Status | None = None
    _polls: list[PollReport] = field(default_factory=list)
    _sent: Counter[str] = field(default_factory=Counter)
    _notes: set[tuple[str, str]] = field(default_factory=set)
    _moments: int = 0
    _past: int = 0
    _again: int = 0
    _shown: int = 0

    def opened(self, newsroom: Newsroom, settings: Settings) -> None:
        """The outlets, the watches and where everything is."""
        self._zone = settings.alerts.timezone
        outlets = newsroom.scenario.outlets
        self.console.print(Rule("[bold]newsmonitor[/] · demo", style="dim"))
        self.console.print(
            f"{len(outlets)} invented outlets on http://*.localhost:{newsroom.port} · "
            f"{counted(len(settings.watchlist.watches), 'watch', 'watches')} · "
            f"{counted(len(settings.channels), 'channel')} · a fresh database in {settings.storage.path}",
            style="dim", soft_wrap=True,
        )  # fmt: skip
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        for column in ("outlet", "feed", "language", "of old"):
            table.add_column(column)
        for host, outlet in outlets.items():
            past = len(newsroom.scenario.edition(host, newsroom.scenario.start))
            full = ", full text" if outlet.full_content else ""
            table.add_row(Text(host), FORMATS[outlet.feed] + full, outlet.language, counted(past, "article"))
        self.console.print(table)

    def at(self, instant: datetime, step: Step | None) -> None:
        """A new moment of the timeline."""
        self._moments += 1
        self._shown, self._past, self._again = 0, 0, 0
        there = instant.astimezone(self._zone)
        says = step.says if step else "the first look at every feed"
        self.console.print()
        self.console.print(Text.assemble((f"{there:%a} {there.day} {there:%b %H:%M}  ", "bold yellow"), (says, "bold")))
        if self.console.is_terminal:
            self._status = self.console.status("asking the feeds …", spinner="dots")
            self._status.start()

    def reported(self, report: Report) -> None:
        """Show what a step of the line came to."""
        match report:
            case PollReport():
                self._polls.append(report)
            case IngestReport():
                self._flush_polls()
                self._show_ingest(report)
            case DeliveryReport():
                self._show_delivery(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        """Show that a step raised."""
        self._line("BUG", f"{station} {key}: {type(error).__name__}: {error}", style="bold red")

    async def settled(self) -> None:
        """Close the moment: totals, and a rest for the reader."""
        self._flush_polls()
        if self._past:
            self._line("", f"{counted(self._past, 'article')} of the past read and stored; nobody is alerted to them")
        if self._again:
            self._line("read again", f"{counted(self._again, 'page')} that matched before; nothing changed")
        if self._sent:
            sent = " · ".join(f"{channel} ✓{f' ×{n}' if n > 1 else ''}" for channel, n in sorted(self._sent.items()))
            self._line("sent", sent, style="green")
            self._sent.clear()
        self.stop()
        if self._shown and self.pause_s:
            await asyncio.sleep(self.pause_s)

    def stop(self) -> None:
        """Take the spinner away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _flush_polls(self) -> None:
        if not self._polls:
            return
        outcomes = Counter(each.outcome for each in self._polls)
        new = [f"{each.new} new of {each.feed}" for each in self._polls if each.new and not each.baseline]
        revised = [f"{each.revised} revised of {each.feed}" for each in self._polls if each.revised]
        parts = [counted(len(self._polls), "feed"), *(f"{n} {_outcome(name)}" for name, n in outcomes.items())]
        self._line("polled", " · ".join([*parts, *new, *revised]))
        for each in self._polls:
            for note in (*each.notes, *([each.problem] if each.problem else [])):
                if (each.feed, note) not in self._notes:
                    self._notes.add((each.feed, note))
                    self._line(each.feed, f"! {note}", style="yellow")
        self._polls.clear()
        if self._status is not None:
            self._status.update("reading articles …")

    def _show_ingest(self, report: IngestReport) -> None:
        decisions = report.judgement.decisions
        if self._moments == 1:
            self._past += 1
            if not decisions:
                return
        elif report.judgement.placement.rung is Rung.ITEM:
            self._again += 1
            return
        self._shown += 1
        self._line(report.feed, cut(report.article.title, self._room()), style="bold", label_style="bold cyan")
        self._line("", how_read(report.article) + (f" · {report.problem}" if report.problem else ""), style="dim")
        self._show_placement(report)
        if not decisions:
            self._line("", "no watch matches", style="dim")
        for decision in decisions:
            self.console.print(self._indented("", _decision(decision)))

    def _show_placement(self, report: IngestReport) -> None:
        placement = report.judgement.placement
        name, style = RUNGS[placement.rung]
        reason = placement.reason.partition("; changed:")[0]
        changes = "".join(f"\nchanged: {in_place(change.text)}" for change in placement.changes)
        label = f"{name} {placement.story_id}" if name.endswith("story") else f"{name}, story {placement.story_id}"
        text = Text.assemble((label, style), (f" · {reason}", "dim"), (changes, "bold magenta"))
        self.console.print(self._indented("", text))

    def _show_delivery(self, report: DeliveryReport) -> None:
        if isinstance(report.outcome, Sent):
            what = f" {report.kind}" if report.kind in {AlertKind.DIGEST, AlertKind.NOTICE} else ""
            self._sent[report.channel + what] += 1
        else:
            self._line("not sent", f"{report.channel}: {report.outcome.detail}", style="bold red")

    def _line(self, label: str, text: str, *, style: str = "", label_style: str = "dim") -> None:
        self.console.print(self._indented(label, Text(text, style), label_style))

    def _indented(self, label: str, text: Text, label_style: str = "dim") -> Table:
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=LABEL_WIDTH, no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(label, label_style), text)
        return grid

    def _room(self) -> int:
        return max(20, self.console.width - LABEL_WIDTH - 4)


def _decision(decision: Decision) -> Text:
    """Two lines: the watch and what was decided; the score and why."""
    if isinstance(decision, Alerted):
        head = Text.assemble(
            ("▲ ", "bold red"), (f"{decision.watch:<17}", "bold"), (f"ALERT {decision.kind}  ", "bold red"),
            (f" {decision.severity} ", SEVERITY_STYLES[decision.severity]),
            (f"  → {', '.join(decision.channels) or 'no channel'}", "green"),
        )  # fmt: skip
        reasons = "; ".join(decision.reasons)
    else:
        digest = " (listed in the digest)" if decision.digest else ""
        head = Text.assemble(("· ", "dim"), f"{decision.watch:<17}", (f"suppressed: {decision.reason}{digest}", "dim"))
        reasons = decision.detail
    return Text.assemble(head, (f"\n    {decision.hit.score:.2f}  {in_place(reasons)}", "dim"))


def _outcome(name: str) -> str:
    return {"read": "read", "not-modified": "not modified (304)"}.get(name, name)
