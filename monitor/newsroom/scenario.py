"""What the newsroom publishes, and when: reads ``seeds/`` and folds its timeline up to an instant.

A *version* is one text of one article (``seeds/articles/OUTLET/SLUG.txt``, later ones ``SLUG.2.txt``: TOML front
matter between two ``+++`` lines, then paragraphs). A *listing* is the line that the outlet's feed has for it. Articles
that no step of the timeline publishes are the outlets' past: they are listed from the beginning.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any


class SeedsError(Exception):
    """The seeds contradict themselves; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented publisher. ``host`` is its name under ``.localhost``."""

    host: str
    title: str
    language: str
    country: str
    feed: str
    """``rss``, ``atom``, ``rdf``, ``json`` or ``sitemap``."""
    feed_path: str
    layout: str
    """Name of the page template."""
    desk: str
    """The byline where an article names no other."""
    rtl: bool = False
    full_content: bool = False
    tracking: str = ""
    """Query that the feed appends to every link."""
    page_encoding: str = "utf-8"
    page_header: str = "text/html; charset=utf-8"
    """``Content-Type`` of its pages, right or wrong."""
    feed_encoding: str = "utf-8"
    feed_charset: str | None = "utf-8"
    """The charset that the feed's ``Content-Type`` claims; None claims nothing."""
    validators: bool = True
    """False: neither ETag nor Last-Modified, and a feed whose bytes differ at every fetch."""
    gzip: bool = False
    structured_data: bool = True
    jalali: bool = False
    """True: the visible date is in the solar calendar."""
    past_prefix: str = "item"
    furniture: Mapping[str, Any] = field(default_factory=dict)
    """Navigation, related headlines, cookie notice, comments and footer in the outlet's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of one article; ``number`` counts from 1."""

    outlet: str
    slug: str
    number: int
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    published: datetime | None = None
    """Stated by the front matter; otherwise the article is as old as the step that published it."""
    section: str = ""
    byline: str = ""
    quirks: frozenset[str] = frozenset()
    """``paywall``, ``script-only``, ``amp``."""

    @property
    def article(self) -> str:
        """``OUTLET/SLUG``: the article's name in the timeline and in the expectations."""
        return f"{self.outlet}/{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One line of a feed: a version with the guid and link that the feed has for it at that time."""

    version: Version
    published: datetime
    updated: datetime
    guid: str = ""
    """Empty: derived from the article's name."""
    query: str | None = None
    """Query of the link instead of the outlet's own."""
    amp: bool = False
    """True: lists the AMP twin of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One moment of the timeline: what is published, replaced or listed anew, and what that is about."""

    at: datetime
    says: str
    publish: tuple[tuple[str, int], ...] = ()
    """Article names with version numbers."""
    relist: tuple[Mapping[str, Any], ...] = ()
    """``article`` (or a ``*`` pattern), its new ``guid`` (``{slug}`` stands for the article's), ``query`` and ``amp``;
    ``also`` adds a line instead of changing it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The whole newsroom, read once."""

    root: Path
    start: datetime
    """The first poll: everything listed before it is the past."""
    timezone: str
    outlets: Mapping[str, Outlet]
    versions: Mapping[tuple[str, int], Version]
    steps: tuple[Step, ...]

    def edition(self, host: str, instant: datetime) -> tuple[Listing, ...]:
        """The lines of the feed of ``host`` at ``instant``, newest first."""
        lines = self._past(host)
        for step in self.steps:
            if step.at > instant:
                break
            lines = _after(lines, step, self.versions, host)
        return tuple(sorted(lines, key=lambda line: (line.published, line.version.article), reverse=True))

    def number_at(self, article: str, instant: datetime) -> int:
        """Which version of ``article`` (``OUTLET/SLUG``) is served at ``instant``; 0 where none is."""
        listed = self.edition(article.partition("/")[0], instant)
        return max((line.version.number for line in listed if line.version.article == article), default=0)

    def _past(self, host: str) -> list[Listing]:
        published = {article for step in self.steps for article, _ in step.publish}
        past = [each for each in self.versions.values() if each.outlet == host and each.article not in published]
        return [_listed(version, at=self.start) for version in past]


def seeds_path() -> Path:
    """Where the seeds lie: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(files("monitor.newsroom"))) / "seeds"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "seeds"


def load(root: Path | None = None) -> Scenario:
    """Read the newsroom from ``root`` (default: our own seeds). Raises SeedsError where it contradicts itself."""
    root = root or seeds_path()
    document = tomllib.loads((root / "newsroom.toml").read_text("utf-8"))
    outlets = {each["host"]: Outlet(**each) for each in document["outlet"]}
    versions = {(v.article, v.number): v for host in outlets for v in _versions(root / "articles" / host, host)}
    steps = tuple(_step(each) for each in document["step"])
    scenario = Scenario(
        root=root,
        start=_utc(document["scenario"]["start"]),
        timezone=document["scenario"]["timezone"],
        outlets=outlets,
        versions=versions,
        steps=steps,
    )
    _refuse_contradictions(scenario)
    return scenario


def _versions(folder: Path, host: str) -> list[Version]:
    return [read_version(path, host) for path in sorted(folder.glob("*.txt"))]


def read_version(path: Path, host: str) -> Version:
    """One article file: ``SLUG.txt`` is version 1, ``SLUG.2.txt`` version 2."""
    slug, _, number = path.stem.partition(".")
    _, matter, text = path.read_text("utf-8").split("+++\n", 2)
    head = tomllib.loads(matter)
    published = head.pop("published", None)
    try:
        return Version(
            outlet=host,
            slug=slug,
            number=int(number or 1),
            paragraphs=tuple(part.strip() for part in text.split("\n\n") if part.strip()),
            published=None if published is None else _utc(published),
            quirks=frozenset(head.pop("quirks", ())),
            **head,
        )
    except TypeError as error:
        raise SeedsError(f"{path}: {error}") from error


def _step(table: Mapping[str, Any]) -> Step:
    names = [name.partition("@") for name in table.get("publish", ())]
    return Step(
        at=_utc(table["at"]),
        says=table["says"],
        publish=tuple((article, int(number or 1)) for article, _, number in names),
        relist=tuple(table.get("relist", ())),
    )


def _listed(version: Version, *, at: datetime) -> Listing:
    published = version.published or at
    return Listing(version=version, published=published, updated=published)


def _after(lines: list[Listing], step: Step, versions: Mapping[tuple[str, int], Version], host: str) -> list[Listing]:
    for article, number in step.publish:
        version = versions[article, number]
        if version.outlet == host:
            lines = _published(lines, version, at=step.at)
    for change in step.relist:
        lines = _relisted(lines, change)
    return lines


def _published(lines: list[Listing], version: Version, *, at: datetime) -> list[Listing]:
    if not any(line.version.article == version.article for line in lines):
        return [*lines, _listed(version, at=at)]
    return [replace(line, version=version, updated=at) if line.version.article == version.article else line
            for line in lines]  # fmt: skip


def _relisted(lines: list[Listing], change: Mapping[str, Any]) -> list[Listing]:
    changed = []
    for line in lines:
        if not fnmatchcase(line.version.article, change["article"]):
            changed.append(line)
            continue
        values = {key: change[key] for key in ("query", "amp") if key in change}
        anew = replace(line, guid=change["guid"].format(slug=line.version.slug), **values)
        changed += [line, anew] if change.get("also") else [anew]
    return changed


def _refuse_contradictions(scenario: Scenario) -> None:
    for step in scenario.steps:
        for article, number in step.publish:
            if (article, number) not in scenario.versions:
                raise SeedsError(f"newsroom.toml publishes {article}@{number}, which has no file")
    instants = [step.at for step in scenario.steps]
    if instants != sorted(instants):
        raise SeedsError("newsroom.toml: the steps are not in order of time")


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise SeedsError(f"{value} has no time zone")
    return value.astimezone(UTC)
