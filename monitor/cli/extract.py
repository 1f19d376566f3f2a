"""``monitor extract``: pages, from files or the web, as the articles that would be matched."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.given import STDIN, stdin_at_most_once
from monitor.cli.output import EXIT_FAILED, config_option, fail, json_option, local, print_json_line
from monitor.model.articles import Article, DroppedLine, NotExtracted, PageHints, Partial, Reading
from monitor.model.fetching import Fetched
from monitor.model.words import counted
from monitor.model.workers import WorkerFailure

if TYPE_CHECKING:
    from monitor.model.settings import Settings
    from monitor.net.client import Client
    from monitor.workers.pool import WorkerPool

IN_FLIGHT = 6
"""Pages on their way at once: enough to keep two workers busy, few enough to hold in memory."""

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes that are read of a file; more is no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What became of one argument."""

    path: str
    outcome: Reading | WorkerFailure | NotExtracted
    elapsed: timedelta

    @property
    def article(self) -> Article | None:
        """The article, where there is one."""
        found = self.outcome.article if isinstance(self.outcome, Reading) else None
        return found if isinstance(found, Article) else None

    @property
    def dropped(self) -> tuple[DroppedLine, ...]:
        """Lines that were found on the page and left out."""
        return self.outcome.dropped if isinstance(self.outcome, Reading) else ()

    @property
    def rule(self) -> str:
        """The site rule that was at work."""
        return self.outcome.rule if isinstance(self.outcome, Reading) else ""

    @property
    def reading_ms(self) -> float:
        """CPU time that the worker took, in milliseconds."""
        cpu = self.outcome.elapsed if isinstance(self.outcome, Reading) else timedelta()
        return round(cpu / timedelta(milliseconds=1), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetcher:
    """How addresses are read: politely, and knowing the lines that repeat over their hosts, if a database does."""

    client: Client
    database: Path


@click.command(
    help="Turn pages (files, also .gz, URLs, or - for standard input) into articles, in the order of the arguments."
)
@click.argument("pages", nargs=-1, required=True, metavar="FILE|URL|-…")
@click.option("--url", default="", help="The address that a FILE was fetched from.")
@json_option
@config_option
def command(pages: tuple[str, ...], url: str, as_json: bool, config_path: Path | None) -> None:
    stdin_at_most_once(pages)
    settings = _settings(config_path) if any(_is_url(page) for page in pages) else None
    all_read = asyncio.run(_extract_all(pages, url, as_json, settings))
    if not all_read:
        raise SystemExit(EXIT_FAILED)


async def _extract_all(pages: tuple[str, ...], url: str, as_json: bool, settings: Settings | None) -> bool:
    all_read = True
    async for extracted in _extracted(pages, url, settings):
        all_read = all_read and extracted.article is not None
        if as_json:
            print_json_line(_as_json(extracted))
        else:
            _show(extracted)
    return all_read


async def _extracted(pages: tuple[str, ...], url: str, settings: Settings | None) -> AsyncIterator[Extracted]:
    """Every page's outcome in the order of the arguments, a few pages ahead of the reader."""
    from contextlib import AsyncExitStack

    from monitor.workers.pool import WorkerPool

    async with AsyncExitStack() as stack:
        fetcher = None
        if settings is not None:
            client = await stack.enter_async_context(_client(settings))
            fetcher = _Fetcher(client=client, database=settings.storage.database)
        workers = await stack.enter_async_context(WorkerPool(2))
        running: deque[asyncio.Task[Extracted]] = deque()
        try:
            for page in pages:
                running.append(asyncio.create_task(_extract_one(workers, fetcher, page, url)))
                if len(running) >= IN_FLIGHT:
                    yield await running.popleft()
            while running:
                yield await running.popleft()
        finally:
            for task in running:
                task.cancel()


async def _extract_one(workers: WorkerPool, fetcher: _Fetcher | None, page: str, url: str) -> Extracted:
    started = time.monotonic()
    source = await _fetched(fetcher, page) if fetcher is not None and _is_url(page) else _file(page, url)
    outcome: Reading | WorkerFailure | NotExtracted
    if isinstance(source, NotExtracted):
        outcome = source
    else:
        outcome = await _in_worker(workers, *source)
    return Extracted(path=page, outcome=outcome, elapsed=timedelta(seconds=time.monotonic() - started))


async def _in_worker(workers: WorkerPool, body: bytes, hints: PageHints) -> Reading | WorkerFailure:
    from dataclasses import replace

    from monitor.articles.extract import explain_article
    from monitor.pipeline.read_page import marked, read_in_worker

    outcome, failure = await read_in_worker(workers, explain_article, body, hints)
    if isinstance(outcome, Reading) and isinstance(outcome.article, Article):
        return replace(outcome, article=marked(outcome.article, failure))
    return outcome


async def _fetched(fetcher: _Fetcher, url: str) -> tuple[bytes, PageHints] | NotExtracted:
    from monitor.articles.repeats import host_of
    from monitor.net.client import PAGE_ACCEPT
    from monitor.store import host_lines

    outcome = await fetcher.client.get(url, accept=PAGE_ACCEPT)
    if isinstance(outcome, Fetched):
        known = await asyncio.to_thread(host_lines.known_in, fetcher.database, host_of(outcome.url))
        content_type = outcome.headers.get("content-type", "")
        return outcome.body, PageHints(url=outcome.url, content_type=content_type, host_lines=known)
    return NotExtracted(reason=Partial.UNREACHABLE, detail=getattr(outcome, "detail", "the server answered 304"))


def _file(page: str, url: str) -> tuple[bytes, PageHints] | NotExtracted:
    try:
        with sys.stdin.buffer if page == STDIN else Path(page).open("rb") as file:
            return file.read(LARGEST_FILE), PageHints(url=url)
    except FileNotFoundError:
        detail = "there is no such file here (an address begins with http:// or https://)"
        return NotExtracted(reason=Partial.UNREACHABLE, detail=detail)
    except IsADirectoryError:
        return NotExtracted(reason=Partial.UNREACHABLE, detail="this is a directory: name the files in it")
    except (OSError, ValueError) as error:
        return NotExtracted(reason=Partial.UNREACHABLE, detail=getattr(error, "strerror", None) or str(error))


def _client(settings: Settings) -> Client:
    from monitor.model.clock import SystemClock
    from monitor.net.client import Client, user_agent

    return Client(settings.net, user_agent=user_agent(settings.polling.user_agent_contact), clock=SystemClock())


def _settings(config_path: Path | None) -> Settings:
    """As configured, for the address guard and the user agent; the defaults where there is no configuration."""
    from monitor.config.load import load_config
    from monitor.model.faults import ConfigurationError
    from monitor.model.settings import Settings

    try:
        return load_config(config_path).settings
    except ConfigurationError as error:
        if config_path is None:
            return Settings()
        fail(str(error), code=2)


def _is_url(page: str) -> bool:
    return page.startswith(("http://", "https://"))


def _failure(extracted: Extracted) -> tuple[str, str]:
    """Kind and detail of what failed."""
    match extracted.outcome:
        case WorkerFailure(kind=kind, detail=detail):
            return kind.value, detail
        case NotExtracted(reason=reason, detail=detail) | Reading(article=NotExtracted(reason=reason, detail=detail)):
            return reason.value, detail
        case _:
            return "", ""


def _as_json(extracted: Extracted) -> dict[str, Any]:
    article = extracted.article
    if article is None:
        kind, detail = _failure(extracted)
        return {
            "path": extracted.path, "title": "", "lead": "", "text": "", "author": None, "published": None,
            "language": None, "canonical_url": None, "site": None, "dateline": None, "method": None, "partial": kind,
            "partial_detail": detail, "titles": {}, "error": {"kind": kind, "detail": detail},
        }  # fmt: skip
    dateline = article.dateline
    return {
        "path": extracted.path, "title": article.title, "lead": article.lead, "text": article.text,
        "author": article.author, "published": article.published, "language": article.language,
        "canonical_url": article.canonical_url, "site": article.site,
        "dateline": None if dateline is None else {
            "place": dateline.place, "agency": dateline.agency, "start": dateline.start, "end": dateline.end,
        },
        "method": article.method.value, "partial": article.partial.value if article.partial else None,
        "partial_detail": article.partial_detail, "titles": dict(article.titles), "amp_url": article.amp_url,
        "publisher": article.publisher,
        "live_updates": [{"at": each.at, "title": each.title, "text": each.text} for each in article.live_updates],
        "dropped": [{"text": each.text, "reason": each.reason} for each in extracted.dropped],
        "reading_ms": extracted.reading_ms,
    }  # fmt: skip


def _show(extracted: Extracted) -> None:
    article = extracted.article
    if article is None:
        kind, detail = _failure(extracted)
        click.secho(f"{extracted.path}: nothing could be read ({kind}): {detail}", fg="red", err=True)
        return
    click.secho(article.title, bold=True)
    for label, value in _head(extracted, article):
        click.echo(f"{label + ':':<11} {value}")
    click.echo(f"\n{article.text}\n")
    if extracted.dropped:
        click.secho(f"dropped ({counted(len(extracted.dropped), 'line')})", bold=True)
        for line in extracted.dropped:
            shown = line.text if len(line.text) <= 100 else f"{line.text[:99]}…"
            click.echo(f"  {shown}  – {line.reason}")
        click.echo("")


def _head(extracted: Extracted, article: Article) -> list[tuple[str, str]]:
    rows = [("from", extracted.path)]
    rows += [(f"title/{source}", title) for source, title in article.titles.items() if title != article.title]
    rows += [("lead", article.lead)] if article.lead and not article.text.startswith(article.lead) else []
    rows += [
        ("author", article.author or "–"),
        ("site", article.site or "–"),
        ("publisher", article.publisher or "–"),
        ("published", local(article.published)),
        ("language", article.language or "–"),
        ("address", article.canonical_url or article.url or "–"),
    ]
    if article.dateline is not None:
        rows.append(("dateline", " · ".join(filter(None, (article.dateline.place, article.dateline.agency)))))
    partial = f", partial: {article.partial.value} ({article.partial_detail})" if article.partial else ""
    rule = f", by the site rule {extracted.rule}" if extracted.rule else ""
    rows.append(("method", f"{article.method.value}{rule}{partial}"))
    whole = f"{extracted.elapsed / timedelta(milliseconds=1):.0f} ms"
    rows.append(("time", f"{whole}, of which the reading took {extracted.reading_ms:.0f} ms"))
    return rows
