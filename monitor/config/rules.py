"""What holds between tables: names are unique, routes lead to channels, bounds are in order, secrets are private."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from monitor.config.reading import Placed, Reading
from monitor.config.report import SourceText
from monitor.config.secrets import has_credentials, holds_secret, readable_by_others
from monitor.config.shape import FeedTable, RouteTable, TermsTable, WatchTable
from monitor.model.faults import Fault, KeyPath
from monitor.model.settings import Net, Polling
from monitor.model.watches import Severity, WatchSpec
from monitor.model.words import did_you_mean

OPEN_FIELDS = {"accept", "accept-language", "user-agent", "from", "dnt"}
"""Headers of a request that hold no secret."""


def check_rules(reading: Reading) -> None:
    """Add a fault to ``reading`` for each rule that is broken."""
    feeds = reading.tables("feed", FeedTable)
    watches = reading.tables("watch", WatchTable)
    _unique(reading, ((each.table.name, each, "name") for each in feeds), "the feed")
    _unique(reading, ((each.table.name, each, "name") for each in watches), "the watch")
    _unique(
        reading, ((str(each.path[-1]), each, None) for each in reading.tables("terms", TermsTable)), "the term list"
    )
    _one_address_once(reading, feeds)
    _known_channels(reading, watches)
    _known_feeds(reading, feeds, watches)
    _reachable_routes(reading)
    _no_watch_unheard(reading, watches)
    _private_secrets(reading)


def check_bounds(reading: Reading, polling: Polling, net: Net) -> None:
    """Add a fault for each pair of bounds that contradict each other."""
    file = str(reading.path)
    if polling.min_interval > polling.max_interval:
        path: KeyPath = (
            "polling",
            "min_interval" if "min_interval" in reading.raw.get("polling", {}) else "max_interval",
        )
        reading.faults.append(Fault(message="min_interval is longer than max_interval", file=file, path=path))
    if net.connect_timeout > net.timeout and "connect_timeout" in reading.raw.get("net", {}):
        path = ("net", "connect_timeout")
        reading.faults.append(Fault(message="connect_timeout is longer than timeout", file=file, path=path))


def _unique(reading: Reading, named: Iterable[tuple[str, Placed[Any], str | None]], what: str) -> None:
    first: dict[str, Placed[Any]] = {}
    sources = {file: SourceText(text) for file, text in reading.sources.items()}
    for name, placed, key in named:
        earlier = first.setdefault(name, placed)
        if earlier is not placed:
            message = f"{what} '{name}' is already defined at {_where(sources, earlier)}"
            reading.fault(message, placed, key, hint="give one of them another name")


def _where(sources: Mapping[str, SourceText], placed: Placed[Any]) -> str:
    spot = sources[placed.file].spot_of(Fault(message="", path=placed.path))
    return f"{placed.file}:{spot.line}" if spot else placed.file


def _one_address_once(reading: Reading, feeds: list[Placed[FeedTable]]) -> None:
    first: dict[str, Placed[FeedTable]] = {}
    for feed in feeds:
        earlier = first.setdefault(feed.table.url, feed)
        if earlier is not feed and earlier.table.name != feed.table.name:
            message = f"the feed '{earlier.table.name}' has the same address: it will be polled twice"
            reading.fault(message, feed, "url", level="warning")


def _known_channels(reading: Reading, watches: list[Placed[WatchTable]]) -> None:
    channels = reading.raw.get("channels")
    known = [*channels] if isinstance(channels, dict) else []
    for index, route in enumerate(reading.raw_tables("route")):
        _channels_of(reading, str(reading.path), ("route", index), route.get("channels"), known)
    for watch in watches:
        if watch.table.channels and known:
            _channels_of(reading, watch.file, watch.path, [*watch.table.channels], known)
        elif watch.table.channels:
            hint = "no [channels.NAME] table: the alerts of this watch are printed"
            reading.fault(
                "this watch names channels, but none is configured", watch, "channels", hint=hint, level="warning"
            )


def _channels_of(reading: Reading, file: str, at: KeyPath, names: object, known: list[str]) -> None:
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name not in known:
            hint = did_you_mean(name, known) or (f"known: {', '.join(known)}" if known else f"add [channels.{name}]")
            path = (*at, "channels", index)
            reading.faults.append(
                Fault(message=f"unknown channel '{name}'", hint=hint, file=file, path=path, word=name)
            )


def _known_feeds(reading: Reading, feeds: list[Placed[FeedTable]], watches: list[Placed[WatchTable]]) -> None:
    known = {str(each.get("name")) for each in reading.raw_tables("feed")} | {
        tag for feed in feeds for tag in feed.table.tags or ()
    }
    referring: list[Placed[Any]] = [*watches, *reading.tables("route", RouteTable)]
    if not known:
        return
    for placed in referring:
        for index, pattern in enumerate(placed.table.feeds or ()):
            if "." not in pattern and not any(_matches(name, pattern) for name in known):
                hint = did_you_mean(pattern, known)
                path = (*placed.path, "feeds", index)
                message = f"'{pattern}' is neither the name nor a tag of a feed"
                fault = Fault(message=message, hint=hint, file=placed.file, path=path, word=pattern, level="warning")
                reading.faults.append(fault)


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name.casefold(), pattern.casefold())


def _reachable_routes(reading: Reading) -> None:
    routes = reading.tables("route", RouteTable)
    for route in routes[:-1]:
        if not route.table.model_fields_set - {"channels", "continue_"} and not route.table.continue_:
            hint = "the first route that matches wins: move it to the end, or add continue = true"
            reading.fault("this route takes every alert, those below it get none", route, hint=hint, level="warning")
            return


def _no_watch_unheard(reading: Reading, watches: list[Placed[WatchTable]]) -> None:
    routes = reading.tables("route", RouteTable)
    if not routes or len(routes) < len(reading.raw_tables("route")):
        return
    unheard = [each for each in watches if not each.table.channels and not any(_hears(each, route) for route in routes)]
    if unheard:
        listed = ", ".join(f"'{each.table.name}'" for each in unheard[:3]) + (", …" if len(unheard) > 3 else "")
        message = f"no route takes every alert of {len(unheard)} of {len(watches)} watches ({listed}): some go nowhere"
        hint = "end with a [[route]] that has channels only"
        reading.fault(message, routes[-1], hint=hint, level="warning")


def _hears(watch: Placed[WatchTable], route: Placed[RouteTable]) -> bool:
    """Whether the route takes every alert of the watch, whatever its feed."""
    severity, least = watch.table.severity or WatchSpec(name="").severity, route.table.min_severity or Severity.INFO
    named = not route.table.watches or any(_matches(watch.table.name, each) for each in route.table.watches)
    return named and not route.table.feeds and severity.rank >= least.rank


def _private_secrets(reading: Reading) -> None:
    if str(reading.path) not in reading.sources or not readable_by_others(reading.path):
        return
    spot = next(iter(_literal_secrets(reading.raw)), None)
    if spot:
        message = f"{reading.path} holds a secret and is readable by other users"
        hint = f"chmod 600 {reading.path}, or write the secret as ${{env:NAME}} or url_file"
        reading.faults.append(Fault(message=message, hint=hint, file=str(reading.path), path=spot))


def _literal_secrets(raw: Mapping[str, Any]) -> Iterable[KeyPath]:
    channels = raw.get("channels")
    for name, table in channels.items() if isinstance(channels, dict) else ():
        if isinstance(table, dict):
            if isinstance(url := table.get("url"), str) and holds_secret(url):
                yield ("channels", name, "url")
            if isinstance(secret := table.get("secret"), str) and "${env:" not in secret:
                yield ("channels", name, "secret")
    feeds = raw.get("feed")
    for index, table in enumerate(feeds if isinstance(feeds, list) else ()):
        if isinstance(table, dict) and isinstance(url := table.get("url"), str) and has_credentials(url):
            yield ("feed", index, "url")
        headers = table.get("headers") if isinstance(table, dict) else None
        for name, value in headers.items() if isinstance(headers, dict) else ():
            if isinstance(value, str) and "${env:" not in value and name.lower() not in OPEN_FIELDS:
                yield ("feed", index, "headers", name)
