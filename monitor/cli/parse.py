"""``monitor parse``: feed documents to entries, as JSON lines."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from monitor.cli.given import STDIN, stdin_at_most_once
from monitor.cli.output import EXIT_FAILED, json_option, print_json_line, print_table
from monitor.model.feeds import FeedDocument, ListedEntry, NotAFeed
from monitor.model.workers import WorkerFailure

MAX_BYTES = 25 * 1024 * 1024


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
@click.option("--url", default="", help="The document's own address, against which its relative links are resolved.")
@json_option
def command(files: tuple[str, ...], url: str, as_json: bool) -> None:
    """Turn feed documents (RSS, Atom, RDF, CDF, JSON Feed, news sitemap) into entries.

    Prints JSON lines with id, url, title, summary, content, author, published, updated and language where standard
    output is not a terminal or --json is given, else a table. With several files each line has its path, too.
    A document that is no feed gives one line on standard error, and exit code 1.
    """
    stdin_at_most_once(files)
    outcomes = asyncio.run(_parse_all(files, url))
    failed = False
    for path, outcome in outcomes:
        if isinstance(outcome, FeedDocument):
            _print(outcome, path if len(files) > 1 else None, as_json=as_json or not sys.stdout.isatty())
        else:
            failed = True
            click.echo(f"monitor: {path}: {outcome}", err=True)
    sys.exit(EXIT_FAILED if failed else 0)


async def _parse_all(files: tuple[str, ...], url: str) -> list[tuple[str, FeedDocument | str]]:
    """Each document, or the sentence that says why it is none; parsed in a worker that can be killed."""
    from monitor.feeds.parse import PARSE_DEADLINE, parse_document
    from monitor.workers.pool import WorkerPool

    outcomes: list[tuple[str, FeedDocument | str]] = []
    async with WorkerPool(1, preload=("monitor.feeds.parse", "feedparser")) as workers:
        for path in files:
            body = _read(path)
            if isinstance(body, str):
                outcomes.append((path, body))
                continue
            outcome = await workers.run(parse_document, body, content_type=None, url=url, deadline=PARSE_DEADLINE)
            match outcome:
                case NotAFeed():
                    outcomes.append((path, outcome.reason))
                case WorkerFailure():
                    outcomes.append((path, f"the document could not be parsed: {outcome.detail}"))
                case _:
                    outcomes.append((path, outcome))
    return outcomes


def _read(path: str) -> bytes | str:
    """The bytes of a file or of standard input, gunzipped where need be; a sentence where they cannot be had."""
    from monitor.net.decoding import DecodedTooLargeError, UndecodableError, decode

    try:
        with sys.stdin.buffer if path == STDIN else Path(path).open("rb") as source:
            body = source.read(MAX_BYTES + 1)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    except ValueError as error:
        return f"cannot be read ({error})"
    if len(body) > MAX_BYTES:
        return f"larger than {MAX_BYTES:,} bytes"
    try:
        return decode(body, "", limit=MAX_BYTES).body
    except DecodedTooLargeError:
        return f"larger than {MAX_BYTES:,} bytes when unpacked"
    except UndecodableError as error:
        return str(error)


def _print(document: FeedDocument, path: str | None, *, as_json: bool) -> None:
    rows = [_row(entry) for entry in document.entries]
    if not as_json:
        columns = ("published", "title", "url", "author", "language")
        print_table(rows, columns, empty=f"{document.title or 'the feed'}: no entries ({document.format})")
        return
    for row in rows:
        print_json_line({"path": path, **row} if path is not None else row)


def _row(entry: ListedEntry) -> dict[str, Any]:
    return {
        "id": entry.guid,
        "url": entry.url or entry.other_link or None,
        "title": entry.title_markup or entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "author": entry.author,
        "published": entry.published,
        "updated": entry.updated,
        "language": entry.language,
    }
