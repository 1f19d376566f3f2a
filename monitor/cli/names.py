"""Names that a command is given: of what is configured, or was once and stands in the database; anything else exits."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.cli.output import fail_unknown
from monitor.model.settings import Settings


def watch_or_exit(db: Database, settings: Settings, name: str) -> None:
    """A watch's name."""
    known = _watches(db, settings)
    if name not in known:
        fail_unknown("watch", name, known)


def watches_or_exit(db: Database, settings: Settings, pattern: str) -> None:
    """A watch's name in any case, or a ``*`` pattern of one; the service's own messages are of no watch."""
    from monitor.alerts.scope import names_watch
    from monitor.store import alerts

    known = _watches(db, settings) - {alerts.SERVICE}
    if not any(names_watch([pattern], each) for each in known):
        fail_unknown("watch", pattern, known)


def _watches(db: Database, settings: Settings) -> set[str]:
    from monitor.store import alerts

    return {each.name for each in settings.watchlist.watches} | alerts.watches_decided(db)


def channel_or_exit(db: Database, settings: Settings, name: str) -> None:
    """A channel's name."""
    from monitor.store import deliveries

    known = {each.name for each in settings.channels} | set(deliveries.counts_by_channel(db))
    if name not in known:
        fail_unknown("channel", name, known)


def feed_or_exit(db: Database, settings: Settings, name: str) -> None:
    """A feed's name or tag; a host or a ``*`` pattern may be of pages that no feed has listed yet."""
    from monitor.store import feeds

    configured = {word for feed in settings.feeds for word in (feed.name, *feed.tags)}
    known = configured | feeds.names_and_tags(db)
    if not any(mark in name for mark in ".*?[") and name.casefold() not in {each.casefold() for each in known}:
        fail_unknown("feed or tag", name, known)


def term_list_or_exit(settings: Settings, term: str) -> None:
    """A term of any words, or ``@`` and the name of a term list."""
    if term.startswith("@") and term[1:] not in settings.watchlist.terms:
        fail_unknown("term list", term[1:], settings.watchlist.terms)
