"""From the tables of the file to the values of the model, one function a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from monitor.config.secrets import in_directory
from monitor.config.shape import (
    AlertsTable,
    ChannelTable,
    FeedTable,
    NetTable,
    PollingTable,
    RouteTable,
    StorageTable,
    TermsTable,
    WatchTable,
    WebSubTable,
)
from monitor.model.faults import KeyPath
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Alerting, Channel, Net, Polling, Route, Storage, WebSub
from monitor.model.watches import TermList, WatchSpec, WatchTest


def storage(table: StorageTable, directory: Path) -> Storage:
    """A relative ``path`` counts from the directory of the configuration file."""
    given = table.given()
    given["path"] = in_directory(directory, given.get("path", str(Storage().path)))
    return Storage(**given)


def polling(table: PollingTable) -> Polling:
    """``[polling]``"""
    return Polling(**table.given())


def net(table: NetTable) -> Net:
    """``[net]``"""
    return Net(**table.given())


def alerting(table: AlertsTable) -> Alerting:
    """``[alerts]``"""
    return Alerting(**table.given())


def websub(table: WebSubTable) -> WebSub:
    """``[websub]``"""
    return WebSub(**table.given())


def feed(table: FeedTable) -> FeedSpec:
    """``[[feed]]``"""
    return FeedSpec(**table.given())


def route(table: RouteTable) -> Route:
    """``[[route]]``"""
    return Route(**table.given())


def channel(name: str, table: ChannelTable, *, url: str, secret: str | None) -> Channel:
    """``[channels.NAME]`` with its secrets read."""
    plain: dict[str, Any] = {
        key: value for key, value in table.given().items() if key in ("in_doubt", "digest", "max_per_hour")
    }
    return Channel(name=name, url=url, secret=secret, **plain)


def terms(name: str, table: TermsTable, *, file: str) -> TermList:
    """``[terms.NAME]``"""
    return TermList(name=name, file=file, path=("terms", name), **table.given())


def watch(table: WatchTable, *, file: str, path: KeyPath) -> WatchSpec:
    """``[[watch]]`` with its tests."""
    given = table.given()
    listed = given.pop("test", ())
    tests = tuple(WatchTest(path=(*path, "test", index), **test.given()) for index, test in enumerate(listed))
    return WatchSpec(tests=tests, file=file, path=path, **given)
