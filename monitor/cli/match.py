"""``monitor match``: articles in JSON lines against all watches, hits out in JSON lines."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from monitor.cli.given import EXTRACTED, Keys, name_of
from monitor.cli.output import EXIT_FAILED, config_option
from monitor.model.feeds import by_name_or_address, named_feed

if TYPE_CHECKING:
    from monitor.model.articles import Article
    from monitor.model.feeds import FeedSpec
    from monitor.model.watches import Hit

SAMPLE = 64
"""Articles of a file that are read ahead to learn which words are rare in it; a pipe is never read ahead."""

READ = {"id", "title", "lead", "text", "url", "feed", "lang", "language", "author", "site", "tags"}
OF_REPLAY = {"at", "guid"}
"""Keys of the items of ``monitor replay``, which are articles, too."""


@click.command()
@click.argument("articles", type=click.File("rb"))
@config_option
def command(articles: IO[bytes], config_path: Path | None) -> None:
    """Match ARTICLES (JSON lines with id, title, lead?, text, url?, feed?, lang?; - is standard input).

    An article of a configured feed, by name or address, has that feed's tags, language and publisher.

    Prints one JSON line per hit: id, watch, score, reasons, spans. A line that cannot be read is one line on standard
    error; the rest goes on, and the exit code is 1. A key that is not read is told of once.
    """
    from monitor.cli.session import compiled_or_exit

    loaded, matcher = compiled_or_exit(config_path)
    reader = Reader(articles, loaded.settings.feeds)
    stream: Iterator[tuple[Any, Article]] = iter(reader)
    if articles.seekable():
        sample = list(islice(stream, SAMPLE))
        matcher = matcher.tuned(article for _, article in sample)
        stream = chain(sample, stream)
    gc.freeze()  # the compiled watches stay: the collector need not walk through them again and again
    write = sys.stdout.write
    for key, article in stream:
        hits = matcher.match(article)
        if hits:
            write("".join(_line(key, hit) for hit in hits))
            if not articles.seekable():
                sys.stdout.flush()
    sys.stdout.flush()
    if reader.faults:
        sys.exit(EXIT_FAILED)


def _line(key: Any, hit: Hit) -> str:
    spans = [{"field": each.field, "start": each.start, "end": each.end, "term": each.term} for each in hit.spans]
    found = {"id": key, "watch": hit.watch, "score": hit.score, "reasons": list(hit.reasons), "spans": spans}
    return json.dumps(found, ensure_ascii=False) + "\n"


class Reader:
    """The articles of a stream; ``faults`` counts the lines that could not be read and were reported."""

    def __init__(self, stream: IO[bytes], feeds: Iterable[FeedSpec]) -> None:
        self._stream = stream
        self._feeds = by_name_or_address(feeds)
        self._name = name_of(stream)
        self._keys = Keys(self._name, read=READ, also=EXTRACTED | OF_REPLAY)
        self.faults = 0

    def __iter__(self) -> Iterator[tuple[Any, Article]]:
        for number, line in enumerate(self._stream, 1):
            if not line.strip():
                continue
            try:
                read = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
                key = read.get("id", number)
                self._keys.look(read, number)
                yield key, article_from(read, self._feeds)
            except (ValueError, AttributeError, RecursionError) as error:
                self.faults += 1
                click.echo(f"monitor: {self._name}:{number}: {_reason(error)}", err=True)


def _reason(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"not JSON: {error.msg} at column {error.pos + 1}"
        case UnicodeDecodeError():
            return f"not UTF-8 at byte {error.start + 1}"
        case AttributeError():
            return "not a JSON object"
        case RecursionError():
            return "nested too deeply"
        case _:
            return str(error)


def article_from(read: dict[str, Any], feeds: Mapping[str, FeedSpec]) -> Article:
    """The article that one JSON object describes, of one of ``feeds`` where it names one (its key in lower case).

    Raises ValueError, in words, where a value has the wrong type.
    """
    from monitor.articles.dateline import dateline_of
    from monitor.model.articles import Article, Method

    text = _text(read, "text")
    if not (text or _text(read, "title") or _text(read, "lead")):
        raise ValueError("an article needs a title, a lead or a text")
    feed = named_feed(feeds, _text(read, "feed"))
    return Article(
        url=_text(read, "url"),
        title=_text(read, "title"),
        lead=_text(read, "lead"),
        text=text,
        dateline=dateline_of(text),
        feed=feed.name,
        language=_text(read, "lang") or _text(read, "language") or feed.language,
        author=_text(read, "author") or None,
        site=_text(read, "site") or None,
        feed_tags=_texts(read, "tags") or feed.tags,
        publisher=feed.publisher or "",
        method=Method.GIVEN,
    )


def _text(read: dict[str, Any], key: str) -> str:
    value = read.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"'{key}' is {type(value).__name__}, not text")  # noqa: TRY004 - a fault of the input
    return value


def _texts(read: dict[str, Any], key: str) -> tuple[str, ...]:
    value = read.get(key) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"'{key}' is not a list of texts")
    return tuple(value)
