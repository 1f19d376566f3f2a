"""Find the configuration file, read it, and give settings or every fault at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from monitor.config import convert, secrets
from monitor.config.reading import Placed, Reading, read_all
from monitor.config.report import Sources, render_first
from monitor.config.rules import check_bounds, check_rules
from monitor.config.shape import (
    AlertsTable,
    ChannelTable,
    FeedTable,
    HeartbeatTable,
    HttpTable,
    NetTable,
    PollingTable,
    RouteTable,
    StorageTable,
    Table,
    TermsTable,
    WatchTable,
    WebSubTable,
)
from monitor.config.values import MistakeError, web_address
from monitor.model.faults import ConfigurationError, Fault
from monitor.model.settings import Channel, Settings
from monitor.model.watches import WatchlistSpec

T = TypeVar("T", bound=Table)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedConfig:
    """A configuration that can be used. ``sources`` locates further faults, those of watches for example."""

    settings: Settings
    path: Path
    sources: Sources
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A configuration looked at: ``settings`` has what is valid, ``faults`` the errors and warnings."""

    settings: Settings
    path: Path
    sources: Sources
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that forbid its use."""
        return tuple(fault for fault in self.faults if fault.level == "error")


def default_places(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """``./config.toml``, then ``newsmonitor/config.toml`` in the user's configuration directory, if there is one.

    A user id that a container was told to use has no home, nor a name.
    """
    home = environ.get("XDG_CONFIG_HOME") or (f"{environ['HOME']}/.config" if environ.get("HOME") else "")
    user = (Path(home) / "newsmonitor" / "config.toml",) if home else ()
    return (Path("config.toml"), *user)


def load_config(path: Path | None, environ: Mapping[str, str] = os.environ) -> LoadedConfig:
    """The configuration at ``path``, or at the first default place that has one.

    Raises ConfigurationError where there is none or it has errors.
    """
    examined = examine(path, environ)
    if examined.errors:
        raise ConfigurationError(render_first(examined.errors, examined.sources, examined.path), examined.errors)
    return LoadedConfig(
        settings=examined.settings, path=examined.path, sources=examined.sources, warnings=examined.faults
    )


def examine(path: Path | None, environ: Mapping[str, str] = os.environ) -> Examined:
    """Like :func:`load_config`, but goes on where there are errors and returns them."""
    chosen = path or next((place for place in default_places(environ) if place.exists()), None)
    if chosen is None:
        listed = " and ".join(str(place) for place in default_places(environ))
        hint = "`monitor init` writes one to start from; --config names another"
        fault = Fault(message=f"no configuration: there is none at {listed}", hint=hint)
        return Examined(settings=Settings(), path=default_places(environ)[0], sources={}, faults=(fault,))
    reading = read_all(chosen, environ)
    _forgive_unused_channels(reading)
    check_rules(reading)
    settings = _settings(reading)
    check_bounds(reading, settings.polling, settings.net)
    return Examined(settings=settings, path=chosen, sources=reading.sources, faults=tuple(reading.faults))


def _settings(reading: Reading) -> Settings:
    has_channels = bool(reading.raw.get("channels"))
    watches = [
        convert.watch(each.table, file=each.file, path=each.path) for each in reading.tables("watch", WatchTable)
    ]
    terms = [
        convert.terms(str(each.path[-1]), each.table, file=each.file) for each in reading.tables("terms", TermsTable)
    ]
    heartbeats = reading.tables("heartbeat", HeartbeatTable)
    websubs = reading.tables("websub", WebSubTable)
    probes = reading.tables("http", HttpTable)
    return Settings(
        storage=convert.storage(_single(reading, "storage", StorageTable), reading.directory),
        polling=convert.polling(_single(reading, "polling", PollingTable)),
        net=convert.net(_single(reading, "net", NetTable)),
        alerts=convert.alerting(_single(reading, "alerts", AlertsTable)),
        feeds=tuple(convert.feed(each.table) for each in reading.tables("feed", FeedTable)),
        channels=_channels(reading) if has_channels else Settings().channels,
        routes=tuple(convert.route(each.table) for each in reading.tables("route", RouteTable)),
        watchlist=WatchlistSpec(
            terms={each.name: each for each in terms},
            watches=tuple(watches if has_channels else (replace(each, channels=()) for each in watches)),
        ),
        heartbeat_url=_heartbeat(reading, heartbeats[0]) if heartbeats else None,
        http_listen=probes[0].table.listen if probes else None,
        websub=convert.websub(websubs[0].table) if websubs else None,
    )


def _single(reading: Reading, key: str, shape: type[T]) -> T:
    placed = reading.tables(key, shape)
    return placed[0].table if placed else shape()


def _channels(reading: Reading) -> tuple[Channel, ...]:
    channels = []
    for placed in reading.tables("channels", ChannelTable):
        table: ChannelTable = placed.table
        url = _secret(reading, placed, "url", table.url, table.url_file, required=True)
        secret = _secret(reading, placed, "secret", table.secret, table.secret_file)
        if url and not urlsplit(url).scheme:
            hint = "https://github.com/caronc/apprise/wiki lists the URL of each service; stdout:// prints"
            reading.fault("this is not an Apprise URL: it has no scheme://", placed, _key(table, "url"), hint=hint)
        elif url:
            channels.append(convert.channel(str(placed.path[-1]), table, url=url, secret=secret))
    return tuple(channels)


def _heartbeat(reading: Reading, placed: Placed[HeartbeatTable]) -> str | None:
    table = placed.table
    url = _secret(reading, placed, "url", table.url, table.url_file, required=True)
    try:
        return web_address(url) if url else None
    except MistakeError as mistake:
        reading.fault(mistake.message, placed, "url_file")
        return None


def _key(table: Table, name: str) -> str:
    return f"{name}_file" if f"{name}_file" in table.model_fields_set else name


def _secret(
    reading: Reading, placed: Placed[ChannelTable] | Placed[HeartbeatTable], name: str,
    literal: str | None, file_name: str | None, *, required: bool = False,
) -> str | None:  # fmt: skip
    """The literal secret or the contents of its file; None, and a fault where needed, when there is not exactly one."""
    if literal is not None and file_name is not None:
        reading.fault(f"'{name}' and '{name}_file' exclude each other", placed, f"{name}_file")
        return None
    if file_name is not None:
        path = (*placed.path, f"{name}_file")
        value, faults = secrets.from_file(file_name, reading.directory, file=placed.file, path=path)
        reading.faults += faults
        return value or None
    if literal is None and required:
        reading.fault(f"'{name}' or '{name}_file' is missing", placed)
    return literal


def _forgive_unused_channels(reading: Reading) -> None:
    """A channel that no route and no watch uses is left out when its variable is missing: a warning, not an error."""
    routes = reading.raw_tables("route")
    if not routes:
        return
    used = {name for each in routes for name in _raw_names(each)}
    used |= {name for each in reading.tables("watch", WatchTable) for name in each.table.channels or ()}
    for index, fault in enumerate(reading.faults):
        match fault.path:
            case ("channels", str(name), "url" | "secret") if name not in used and fault.word.startswith("${env:"):
                message = f"{fault.message}; no route leads to this channel, it is left out"
                reading.faults[index] = replace(fault, message=message, level="warning")


def _raw_names(route: dict[str, Any]) -> list[str]:
    names = route.get("channels")
    return [str(each) for each in names] if isinstance(names, list) else []
