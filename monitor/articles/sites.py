"""Rules for single sites, for those few where the general way fails: one file each in ``sites/``.

A file names its hosts (each stands for those below it too), and as XPath what is the ``body``, what is to be left out
(``drop``), or both:

    hosts = ["news.example.org"]
    body = ["//div[@id='story']"]
    drop = ["//div[@class='inline-related']"]

The first expression of ``body`` that finds text wins; its text is believed as it is. Where none does, the page is read
as any other: sites change, and a rule must not cost an article.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import XPath, XPathSyntaxError
from lxml.html import HtmlElement, tostring

from monitor.articles.paths import compiled, elements_at
from monitor.articles.text import text_of_html
from monitor.model.articles import DroppedLine

KEYS = frozenset({"hosts", "body", "drop"})
LEAST_BODY = 100
"""Code points from which a rule's body counts as found."""
SHOWN = 200


class BadSiteRuleError(ValueError):
    """A rule that cannot be used; the message has the file, the key and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """What a file says; ``name`` is the file's, for the person who asks which rule was at work."""

    name: str
    hosts: tuple[str, ...]
    body: tuple[XPath, ...]
    drop: tuple[XPath, ...]


def rule_for(url: str) -> SiteRule | None:
    """The rule for the host of ``url``, that of the longest name where several fit; None for nearly all pages."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return None
    rules = shipped_rules()
    while host:
        if host in rules:
            return rules[host]
        host = host.partition(".")[2]
    return None


@lru_cache(maxsize=1)
def shipped_rules() -> Mapping[str, SiteRule]:
    """Every rule by each of its hosts. Raises :class:`BadSiteRuleError`, also for a host that two files name."""
    rules: dict[str, SiteRule] = {}
    folder = resources.files("monitor.articles").joinpath("sites")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            rule = read_rule(file.name, file.read_text("utf-8"))
            for host in rule.hosts:
                if host in rules:
                    raise BadSiteRuleError(f"{file.name}: {host} has a rule in {rules[host].name} already")
                rules[host] = rule
    return rules


def read_rule(name: str, text: str) -> SiteRule:
    """The rule in the file ``name`` with the content ``text``."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSiteRuleError(f"{name}: {error}") from error
    if unknown := sorted(set(table) - KEYS):
        raise BadSiteRuleError(f"{name}: unknown key {unknown[0]!r}; there are {', '.join(sorted(KEYS))}")
    hosts = _strings(name, table, "hosts")
    for host in hosts:
        if host != host.lower() or not host.strip(".") or "/" in host or ":" in host:
            raise BadSiteRuleError(f"{name}: hosts: {host!r} is no host name in small letters")
    rule = SiteRule(name=name, hosts=hosts, body=_paths(name, table, "body"), drop=_paths(name, table, "drop"))
    if not rule.hosts or not (rule.body or rule.drop):
        raise BadSiteRuleError(f"{name}: a rule needs hosts, and body or drop")
    return rule


def body_by(rule: SiteRule, tree: HtmlElement) -> list[str]:
    """The lines of the first body that the rule finds on the page; [] where it finds none."""
    for path in rule.body:
        lines = [line for element in elements_at(path, tree) for line in _lines(element)]
        if sum(map(len, lines)) >= LEAST_BODY:
            return lines
    return []


def drop_by(rule: SiteRule, tree: HtmlElement) -> list[DroppedLine]:
    """Take what the rule drops out of ``tree``, and tell what it was."""
    dropped = []
    for path in rule.drop:
        for element in elements_at(path, tree):
            if element.getparent() is not None:
                if text := " ".join(_lines(element)):
                    dropped.append(DroppedLine(text=text[:SHOWN], reason=f"by the site rule {rule.name}"))
                element.drop_tree()
    return dropped


def _lines(element: HtmlElement) -> list[str]:
    return [line for line in text_of_html(tostring(element, encoding="unicode", with_tail=False)).split("\n") if line]


def _strings(name: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise BadSiteRuleError(f"{name}: {key} is a list of texts")
    return tuple(value)


def _paths(name: str, table: Mapping[str, Any], key: str) -> tuple[XPath, ...]:
    paths = []
    for text in _strings(name, table, key):
        try:
            paths.append(compiled(text))
        except XPathSyntaxError as error:
            raise BadSiteRuleError(f"{name}: {key}: {text!r} is no XPath ({error})") from error
    return tuple(paths)
