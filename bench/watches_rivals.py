"""The same watches by other means: a loop of regular expressions, google-re2, FTS5 as a percolator."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from types import ModuleType

from bench.watches_data import Rule
from monitor.model.articles import Article

Count = Callable[[Article], int]
"""How many watches match the article."""


def regex_loop(rules: list[Rule], engine: ModuleType) -> Count:
    """Each term a compiled ``\\bterm\\b``, each watch a loop over its terms, as Taranis AI's word lists work."""
    known: dict[str, Callable[[str], object]] = {}

    def compiled(pattern: str) -> Callable[[str], object]:
        if pattern not in known:
            known[pattern] = engine.compile(pattern).search
        return known[pattern]

    def term(text: str) -> Callable[[str], object]:
        return compiled(rf"(?i)\b{re.escape(text.removesuffix('*'))}" + (r"\w*" if text.endswith("*") else r"\b"))

    prepared = []
    for rule in rules:
        groups = [[term(each) for each in group] for group in rule.required]
        near = None
        if rule.near:
            left, right, most = rule.near
            between = rf"\W+(?:\w+\W+){{0,{most}}}"
            near = compiled(rf"(?i)\b{left}\b{between}{right}\b|\b{right}\b{between}{left}\b")
        prepared.append((groups, [term(each) for each in rule.forbidden], near, [term(each) for each in rule.in_title]))

    def count(article: Article) -> int:
        title, text = article.title, article.title + "\n" + article.text
        hits = 0
        for groups, forbidden, near, in_title in prepared:
            if (
                all(any(search(text) for search in group) for group in groups)
                and (near is None or near(text))
                and (not in_title or any(search(title) for search in in_title))
                and not any(search(text) for search in forbidden)
            ):
                hits += 1
        return hits

    return count


def fts5(rules: list[Rule]) -> Count:
    """One row at a time in an FTS5 table, every watch a MATCH query."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE article USING fts5(title, text, tokenize = 'unicode61 remove_diacritics 2')")
    queries = [_fts5_query(rule) for rule in rules]

    def count(article: Article) -> int:
        db.execute("DELETE FROM article")
        db.execute("INSERT INTO article (title, text) VALUES (?, ?)", (article.title, article.text))
        match = "SELECT 1 FROM article WHERE article MATCH ?"
        return sum(db.execute(match, (query,)).fetchone() is not None for query in queries)

    return count


def _fts5_query(rule: Rule) -> str:
    def term(text: str) -> str:
        return f'"{text.removesuffix("*")}"' + ("*" if text.endswith("*") else "")

    parts = ["(" + " OR ".join(map(term, group)) + ")" for group in rule.required]
    if rule.near:
        parts.append(f'NEAR("{rule.near[0]}" "{rule.near[1]}", {rule.near[2]})')
    if rule.in_title:
        parts.append("title : (" + " OR ".join(map(term, rule.in_title)) + ")")
    return "(" + " AND ".join(parts) + ")" + "".join(f" NOT {term(each)}" for each in rule.forbidden)
