"""What commands are given to read: standard input, called ``-`` everywhere, and the keys of JSON lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import click

from monitor.cli.output import EXIT_USAGE, fail
from monitor.model.words import closest

STDIN = "-"
MOST_KEYS = 20
"""Unknown keys that are told of: a stream of hostile lines fills neither memory nor screen."""

EXTRACTED = frozenset({
    "path", "title", "lead", "text", "author", "published", "language", "canonical_url", "site", "dateline", "method",
    "partial", "partial_detail", "titles", "amp_url", "publisher", "live_updates", "dropped", "reading_ms", "error",
})  # fmt: skip
"""What ``monitor extract --json`` prints: welcome in the lines of other commands, whether they use it or not."""


def name_of(stream: Any) -> str:
    """How messages call an open file: by its path, or ``-``."""
    name = str(getattr(stream, "name", STDIN))
    return STDIN if name == "<stdin>" else name


def stdin_at_most_once(paths: Iterable[str]) -> None:
    """Exit 2 where standard input is named again: the second reader would find nothing."""
    if sum(path == STDIN for path in paths) > 1:
        fail(f"standard input ({STDIN}) can be read once only: name it once", code=EXIT_USAGE)


class Keys:
    """The keys that lines may have: ``read`` by the command, or ``also`` welcome; others are told of once each."""

    def __init__(self, name: str, *, read: Collection[str], also: Collection[str]) -> None:
        self._name = name
        self._read = read
        self._known = frozenset(read) | frozenset(also)
        self._told: set[str] = set()

    def look(self, fields: Mapping[str, Any], number: int) -> None:
        """Warn of what is in ``fields`` and nobody reads, with the key that was most likely meant."""
        for key in sorted(fields.keys() - self._known - self._told):
            if len(self._told) < MOST_KEYS:
                self._told.add(key)
                meant = closest(key, self._read)
                hint = f"did you mean {meant!r}?" if meant else "it is not read"
                click.echo(f"monitor: {self._name}:{number}: unknown key {key[:40]!r}; {hint}", err=True)
