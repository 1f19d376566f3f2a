"""Which of a page's titles is the article's: all variants are kept, and the best is chosen by their agreement."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from monitor.articles import structured
from monitor.articles.metadata import Facts
from monitor.articles.scripts import tokens
from monitor.articles.text import one_line, text_of_html

SEPARATORS = re.compile(r"\s+(?:[|–—·•»:]|::|-|\\)\s+|\s*[|»]\s*|\s+–|–\s+")
LONGEST_TITLE = 500

SUPPORT = 0.3
"""Likeness from which two variants are two wordings of one headline."""

SURE = 0.6
"""Likeness that no other heading of the page has by chance."""


def title_variants(facts: Facts, feed_title: str) -> dict[str, str]:
    """Every variant that the feed and the page have, by source, clean, without the site's name tacked on."""
    site = facts.meta.get("og:site_name", "")
    if likeness(site, facts.meta.get("og:title", "")) == 1:  # some sites give the title as their name
        site = ""
    stated = {
        "feed": feed_title,
        "headline": structured.text_at(facts.node, "headline") or structured.text_at(facts.node, "name"),
        "og": facts.meta.get("og:title") or facts.meta.get("twitter:title") or facts.meta.get("dc.title") or "",
        "title": facts.title,
    }
    variants = {source: _tidy(text) for source, text in stated.items()}
    variants["h1"] = _heading(facts.headings, [text for text in variants.values() if text], site)
    others = [text for source, text in variants.items() if source not in {"og", "title"} and text]
    for source in ("og", "title"):
        variants[source] = without_site(variants[source], site, others)
    variants["title"] = without_tail(variants["title"])
    return {source: variants[source] for source in ("feed", "h1", "og", "headline", "title") if variants[source]}


def best_title(variants: dict[str, str]) -> str:
    """What a reader sees as the headline: the h1 if another variant supports it, else the one that most agree with."""
    order = [source for source in ("h1", "og", "headline", "feed", "title") if source in variants]
    if not order:
        return ""
    others = [variants[source] for source in order if source != "h1"]
    if "h1" in variants and (not others or max(likeness(variants["h1"], other) for other in others) >= SUPPORT):
        return variants["h1"]
    votes = {source: sum(likeness(variants[source], other) for other in others) for source in order if source != "h1"}
    return variants[max(votes, key=lambda source: votes[source])]


def without_site(title: str, site: str, others: list[str]) -> str:
    """``title`` without the publisher's name before or behind it.

    A part is dropped when it is the site's name, or when what is left is what another variant says.
    """
    for found in list(SEPARATORS.finditer(title))[::-1]:
        head, tail = title[: found.start()].strip(), title[found.end() :].strip()
        for kept, dropped in ((head, tail), (tail, head)):
            if _is_site(kept, site) or not kept or not dropped:
                continue
            if _is_site(dropped, site) or any(likeness(kept, other) >= 0.95 for other in others):
                return without_site(kept, site, others)
    return title


def without_tail(title: str) -> str:
    """``title`` up to its first bar, or its longest part where that is too short: for pages that state no site name."""
    parts = [part.strip() for part in re.split(r"\s+[|»]\s+", title)]
    return parts[0] if len(tokens(parts[0])) >= 4 else max(parts, key=lambda part: len(tokens(part)))


def likeness(one: str, other: str) -> float:
    """F1 of the words of two titles, 0..1."""
    first, second = Counter(tokens(one.lower())), Counter(tokens(other.lower()))
    shared = sum((first & second).values())
    return 2 * shared / (first.total() + second.total()) if shared else 0.0


def _is_site(part: str, site: str) -> bool:
    """Whether ``part`` is the site's stated name."""
    return bool(site) and SequenceMatcher(None, part.lower(), site.lower()[:200]).ratio() >= 0.85


def _heading(headings: list[str], stated: list[str], site: str) -> str:
    """The first heading that another statement supports, unless one further down is that to the word.

    Where none is supported: the first longer than the name of a section.
    """
    plausible = [tidy for heading in headings if (tidy := _tidy(heading)) and not _is_site(tidy, site)]
    if not plausible:
        return ""
    support = [max((likeness(heading, other) for other in stated), default=0.0) for heading in plausible]
    best = max(support)
    if best >= SURE:
        return plausible[support.index(best)]
    if best >= SUPPORT:
        return next(heading for heading, given in zip(plausible, support, strict=True) if given >= SUPPORT)
    return next((heading for heading in plausible if len(tokens(heading)) > 2), "" if stated else plausible[0])


def _tidy(text: str) -> str:
    text = one_line(text_of_html(text) if "<" in text or "&" in text else text)
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rpartition(" ")[0]
