"""What the commands about feeds share: the configuration with its file, and one look at a feed over the network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from monitor.model.feeds import FeedSpec
from monitor.model.settings import Settings

if TYPE_CHECKING:
    from monitor.net.client import Client
    from monitor.pipeline.probe import Probe
    from monitor.workers.pool import WorkerPool

T = TypeVar("T")


def opened(config_path: Path | None) -> tuple[Settings, Path]:
    """The settings and the file that they were read from, or one line and exit 2."""
    from monitor.cli.session import clear_errors
    from monitor.config.load import load_config

    with clear_errors():
        loaded = load_config(config_path)
        return loaded.settings, loaded.path
    raise AssertionError("clear_errors either returns the block's value or exits")


def settings_if_any(config_path: Path | None) -> Settings:
    """The configuration, or the defaults where none was named and none lies in the usual places."""
    from monitor.config.load import default_places

    if config_path is None and not any(place.exists() for place in default_places()):
        return Settings()
    return opened(config_path)[0]


def address(text: str) -> str:
    """What a person means by ``herald.example/feed``."""
    return text if "://" in text else f"https://{text}"


def same_feed(url: str) -> str:
    """A key that is the same for two spellings of one address: case of the host, default port, fragment."""
    from monitor.net.redirects import BadUrlError, target

    try:
        return target(url).url
    except BadUrlError:
        return url


def without_password(url: str) -> str:
    """The address as it may be shown: a list of feeds is passed on more freely than the configuration."""
    return re.sub(r"(?<=://)[^/?#]*@", "…@", url, count=1)


def probed(settings: Settings, url: str) -> Probe:
    """What a poll of ``url`` would see, with what the configuration says of the feed with that address."""
    from monitor.pipeline.probe import probe

    key = same_feed(url)
    spec = next((feed for feed in settings.feeds if same_feed(feed.url) == key), FeedSpec(name=url, url=url))
    crowd = max(1, len(settings.feeds))

    async def look(client: Client, workers: WorkerPool) -> Probe:
        now = datetime.now(UTC)
        return await probe(client, workers, spec, polling=settings.polling, now=now, crowd=crowd)

    return online(settings, look)


def online(settings: Settings, work: Callable[[Client, WorkerPool], Coroutine[Any, Any, T]]) -> T:
    """Run ``work`` with a client and a worker of its own."""
    from monitor.model.clock import SystemClock
    from monitor.net.client import Client, user_agent
    from monitor.workers.pool import WorkerPool

    async def run() -> T:
        agent = user_agent(settings.polling.user_agent_contact)
        async with (
            Client(settings.net, user_agent=agent, clock=SystemClock()) as client,
            WorkerPool(1, preload=("monitor.feeds.parse", "feedparser")) as workers,
        ):
            return await work(client, workers)

    return asyncio.run(run())
