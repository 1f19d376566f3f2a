"""What a page says of itself in JSON-LD (schema.org), read tolerantly and within bounds."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Node: TypeAlias = dict[str, Any]

ARTICLE_TYPES = (
    "NewsArticle", "ReportageNewsArticle", "LiveBlogPosting", "AnalysisNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle", "Article",
    "BlogPosting", "Report", "ScholarlyArticle", "TechArticle", "SocialMediaPosting", "Review", "ClaimReview",
    "VideoObject", "WebPage",
)  # fmt: skip
"""The types that describe the page's article, surest first."""

MOST_NODES = 2000
DEEPEST = 12

WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)?\s*|\s*(?:-->|//\s*\]\]>|\]\]>|;)?\s*$")
ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*NewsArticle|Article|BlogPosting|Report)"')
SIMPLE_PAIR = re.compile(r'"(datePublished|dateModified|headline)"\s*:\s*"([^"\\]{1,500})"')
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
REPAIRS: tuple[Callable[[str], str], ...] = (
    str.strip,
    lambda script: WRAPPING.sub("", script, count=2),
    lambda script: TRAILING_COMMA.sub(r"\1", script),
)
"""What real pages need, the cheapest first."""


def article_node(scripts: tuple[str, ...]) -> Node:
    """The node that describes the article of the page: {} where none does."""
    best: Node = {}
    best_rank = len(ARTICLE_TYPES)
    for node in nodes(scripts):
        rank = min((ARTICLE_TYPES.index(kind) for kind in types(node) if kind in ARTICLE_TYPES), default=best_rank)
        if rank < best_rank:
            best, best_rank = node, rank
    return best or _salvaged(scripts)


def dates_elsewhere(scripts: tuple[str, ...], node: Node) -> list[str]:
    """When other nodes say that they were published, where ``node`` states no time of the day.

    Pages often state the instant of the web page, and of the article only the day.
    """
    if "T" in text_at(node, "datePublished"):
        return []
    stated = (text_at(other, "datePublished") for other in nodes(scripts) if other != node)
    return list(dict.fromkeys(filter(None, stated)))[:5]


def nodes(scripts: tuple[str, ...]) -> Iterator[Node]:
    """Every object at the top of the scripts or in a graph or main entity, in the order of the page."""
    pending: list[tuple[Any, int]] = [(parsed, 0) for script in reversed(scripts) if (parsed := _parsed(script))]
    for _ in range(MOST_NODES):
        if not pending:
            return
        value, depth = pending.pop()
        if isinstance(value, list) and depth < DEEPEST:
            pending.extend((each, depth + 1) for each in reversed(value[:MOST_NODES]))
        elif isinstance(value, dict):
            yield value
            if depth < DEEPEST:
                inner = (value.get(key) for key in ("mainEntity", "mainEntityOfPage", "@graph"))
                pending.extend((each, depth + 1) for each in inner if isinstance(each, dict | list))


def types(node: Node) -> list[str]:
    """Its types, without namespace."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2].rpartition(":")[2] for kind in listed if isinstance(kind, str)]


def text_at(node: Node, *keys: str) -> str:
    """The first of the keys that has text, entities decoded; "" where none has."""
    for key in keys:
        value = node.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        if isinstance(value, str) and value.strip():
            return _decoded(value)
    return ""


def names_at(node: Node, key: str) -> list[str]:
    """The names of persons or organisations under ``key``, however they are nested."""
    value = node.get(key)
    found: list[Any] = []
    for each in (value if isinstance(value, list) else [value])[:20]:
        named = each.get("name") if isinstance(each, dict) else each
        found.extend(named if isinstance(named, list) else [named])
    return [_decoded(name) for name in found if isinstance(name, str) and name.strip()]


def is_not_free(node: Node) -> bool:
    """Whether the publisher declares the article, or a part of it, as closed to those who do not pay."""
    if _denies(node.get("isAccessibleForFree")):
        return True
    parts = node.get("hasPart")
    listed = parts if isinstance(parts, list) else [parts]
    return any(isinstance(part, dict) and _denies(part.get("isAccessibleForFree")) for part in listed)


def _denies(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _decoded(value: str) -> str:
    """Without entities, which many pages have in JSON, some of them twice."""
    for _ in range(2):
        if "&" not in value:
            break
        value = html.unescape(value)
    return value.strip()


def _salvaged(scripts: tuple[str, ...]) -> Node:
    """Time and headline of a script that is no JSON; {} where every script is, or an article's type stands nowhere."""
    for script in scripts:
        if _parsed(script) is None and ARTICLE_TYPE.search(script):
            return {key: _decoded(value) for key, value in reversed(SIMPLE_PAIR.findall(script))}
    return {}


def _parsed(script: str) -> Any:
    """The value in a script; None where it cannot be read after the repairs that real pages need."""
    for repair in REPAIRS:  # one after the other: they take more time than the parsing
        script = repair(script)
        try:
            return json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
    return None
