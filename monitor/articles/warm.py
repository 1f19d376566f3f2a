"""Imported for its effect: everything that reading a page loads when first used is loaded once, before workers fork.

The trees of the line filter, the list of public suffixes, the tables of the language detector and trafilatura's own
settings take a process 0.2 s; a forked worker shares them.
"""

from __future__ import annotations

from monitor.articles.reading import read
from monitor.model.articles import PageHints

_SENTENCE = "The harbour authority said on Monday that the new pier would open in the spring. "
_BODY = f"<p>{_SENTENCE}{_SENTENCE}</p>" * 4
_PAGE = f"<html><head><title>Pier</title></head><body><article>{_BODY}</article></body></html>"

read(_PAGE.encode(), PageHints(url="https://news.norport.example/pier"))
