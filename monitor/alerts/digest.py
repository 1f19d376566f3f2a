"""The words of a digest: many alerts, or what was passed over, in one message. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from monitor.alerts.route import Group, grouped
from monitor.model.delivery import HoldReason
from monitor.model.watches import Severity
from monitor.model.words import counted

LONGEST_LIST = 40
"""Stories named in one digest; beyond it their number is told, and the command that lists them."""
TOLD = "monitor alerts list"
SUPPRESSED = "monitor alerts suppressed"

BACKGROUND = "background"
"""Stands for the severity of its watch: a mention in passing is not as severe as what the watch is for."""

REASONS = {
    "same-story": "further reports of stories already told",
    BACKGROUND: "background mentions",
    "shadow": "watches on trial",
}
"""Headings for what was passed over, in the order of the digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One suppression that a digest lists; ``payload`` is the alert that it would have been."""

    reason: str
    payload: Mapping[str, Any]


def summary_of_held(payloads: Sequence[Mapping[str, Any]], reason: HoldReason, zone: tzinfo) -> str:
    """The summary that ends quiet hours or a storm; its first line is the headline.

    ``also`` in a payload has the watches whose alerts its message would have told as well.
    """
    stories = grouped(payloads)
    why = "held during quiet hours" if reason is HoldReason.QUIET_HOURS else "beyond this channel's messages an hour"
    alerts = len(payloads) + sum(len(each.get("also", ())) for each in payloads)
    head = f"{counted(alerts, 'alert')} {why}: {counted(len(stories), 'story', 'stories')}"
    return "\n".join([head, "", *_stories(stories, zone, others=TOLD)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What a feed listed at once: its entries, the alerts told in one message, and the critical ones told singly."""

    feed: str
    entries: int
    together: int
    singly: int

    def __str__(self) -> str:
        return f"{self.feed} listed {self.entries} new entries at once"


def summary_of_floods(payloads: Sequence[Mapping[str, Any]], floods: Sequence[Flood], zone: tzinfo) -> str:
    """The one message for the alerts of feeds that listed far more than usual."""
    head = f"{counted(len(payloads), 'alert')} in one message: {', '.join(map(str, floods))}"
    singly = sum(flood.singly for flood in floods)
    also = [f"{counted(singly, 'alert')} of critical severity went out one by one."] if singly else []
    return "\n".join([head, "", *also, *_stories(grouped(payloads), zone, others=f"{SUPPRESSED} --reason flood")])


def notice_of_floods(floods: Sequence[Flood]) -> str:
    """For those who look after the service: which feeds, and what it would have been."""
    counts = [f"{each}: {counted(each.together, 'alert')} in one message, {each.singly} one by one" for each in floods]
    return "\n".join(
        [
            f"{', '.join(map(str, floods))}, far more than usual", "", *counts, "",
            "New addresses for old articles, a restored archive or a new owner look like this: monitor feeds test NAME",
        ]
    )  # fmt: skip


def notice_of_first_reading(payloads: Sequence[Mapping[str, Any]], feeds: Sequence[str], zone: tzinfo) -> str:
    """What feeds that were read for the first time list already, and would have alerted."""
    stories = grouped(payloads)
    told = counted(len(stories), "story", "stories")
    others = f"{SUPPRESSED} --reason baseline"
    who = f"{feeds[0]}, which was" if len(feeds) == 1 else f"{len(feeds)} feeds that were"
    head = f"{told} would have alerted: listed already by {who} read for the first time"
    return "\n".join([head, "What is new from now on alerts.", "", *_stories(stories, zone, others=others)])


def digest_text(passed: Sequence[Passed], told: int, *, since: datetime, zone: tzinfo) -> str:
    """The digest of what disturbed nobody since ``since``; ``told`` counts the alerts that did."""
    start = f"{since.astimezone(zone):%a %d %b %H:%M}"
    head = f"Digest since {start}: {counted(told, 'alert')} told, {counted(len(passed), 'article')} passed over"
    lines = [head]
    for reason, heading in REASONS.items():
        members = [each for each in passed if each.reason == reason]
        if members:
            lines += ["", f"{heading[0].upper()}{heading[1:]} ({len(members)})"]
            mark = BACKGROUND if reason == BACKGROUND else ""
            others = f"{SUPPRESSED} --reason {reason}"
            lines += _stories(grouped(each.payload for each in members), zone, mark, others=others)
    return "\n".join(lines)


def severity_of(payloads: Iterable[Mapping[str, Any]]) -> Severity:
    """The highest severity among them; info for none."""
    return max((Severity(each["severity"]) for each in payloads), key=lambda each: each.rank, default=Severity.INFO)


def _stories(stories: Sequence[Group], zone: tzinfo, mark: str = "", *, others: str) -> list[str]:
    """The lines of the stories; ``others`` is the command that lists those that are too many."""
    lines = [line for story in stories[:LONGEST_LIST] for line in (*_story(story, zone, mark), "")]
    left = len(stories) - LONGEST_LIST
    return [*lines, f"and {left} more: {others}"] if left > 0 else lines


def _story(story: Group, zone: tzinfo, mark: str) -> list[str]:
    """One story in two or three lines: severity or ``mark``, watches, headline; the link; how much more there is."""
    first = story.payloads[0]
    article = first["article"]
    watches = ", ".join(
        dict.fromkeys(name for each in story.payloads for name in (each["watch"], *each.get("also", ())))
    )
    headline = article.get("title") or str(first.get("text", "")).partition("\n")[0] or "(no title)"
    seen = _seen(article.get("seen"), zone)
    lines = [f"[{mark or story.severity.upper()}] {watches}: {headline}{seen}"]
    if article.get("url"):
        lines.append(f"  {article['url']}")
    articles = {each["article"].get("url") for each in story.payloads}
    changes = [change for each in story.payloads for change in each["changes"]]
    more = [f"+{counted(len(articles) - 1, 'article')}"] if len(articles) > 1 else []
    if more or changes:
        lines.append("  " + "; ".join([*more, *dict.fromkeys(changes)]))
    return lines


def _seen(value: Any, zone: tzinfo) -> str:
    if not isinstance(value, str):
        return ""
    return f" ({datetime.fromisoformat(value).astimezone(zone):%H:%M})"
