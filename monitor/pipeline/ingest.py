"""From a queued entry to a decision: read, fetch and extract, judge, record in one transaction.

An entry whose page cannot be had for now is judged at once on what its feed says, since a late alert is a missed
one, and read again later; what the whole page adds then comes as a revision of the same article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.alerts.decide import decide
from monitor.model.alerts import Decision
from monitor.model.articles import Article
from monitor.model.feeds import QueuedEntry
from monitor.model.settings import Settings
from monitor.model.stories import Placement
from monitor.model.watches import Hit
from monitor.pipeline.line import Line
from monitor.pipeline.place import place
from monitor.pipeline.read_page import PageUnavailable, read_page
from monitor.store import alerts, entries, silences
from monitor.watches.matcher import Matcher

RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
"""When a page that could not be had is tried again, after the first, second and third failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was decided about one article, and recorded."""

    placement: Placement
    hits: tuple[Hit, ...]
    decisions: tuple[Decision, ...]
    alert_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """One entry's way through the line, for logs and the demo."""

    entry_id: int
    feed: str
    article: Article
    judgement: Judgement
    retry_at: datetime | None = None
    """When the page is read again; None when it was read, or never will be."""
    problem: str = ""
