"""Pages that no publisher would write, and some do: each must end by the deadline, whatever becomes of it."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

PARAGRAPH = "<p>The harbour authority of Norport said on Monday that the new pier would open in the spring.</p>"
ARTICLE = f"<html><head><title>New pier</title></head><body><article><h1>New pier for Norport</h1>{PARAGRAPH * 12}"
END = "</article></body></html>"


def wrapped(inside: str) -> bytes:
    return (ARTICLE + inside + END).encode()


def nested(tag: str, depth: int) -> bytes:
    return wrapped(f"<{tag}>" * depth + "deep" + f"</{tag}>" * depth)


def gzipped(body: bytes, times: int) -> bytes:
    for _ in range(times):
        body = gzip.compress(body, 1)
    return body


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def json_ld(value: str) -> bytes:
    head = f'<html><head><script type="application/ld+json">{value}</script></head>'
    return f"{head}<body>{PARAGRAPH * 9}</body></html>".encode()


PAGES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"<",
    "white space": lambda: b" \n" * 100_000,
    "NULs": lambda: b"\x00" * 2_000_000,
    "NULs in a page": lambda: wrapped("<p>a\x00b</p>" * 1000).replace(b"pier", b"p\x00ier"),
    "noise": lambda: noise(1_200_000),
    "noise that says html": lambda: b"<html><body>" + noise(1_000_000),
    "a PDF": lambda: b"%PDF-1.7\n" + noise(100_000),
    "an image": lambda: b"\x89PNG\r\n\x1a\n" + noise(100_000),
    "an archive": lambda: b"PK\x03\x04" + noise(100_000),
    "divs nested 50,000 deep": lambda: nested("div", 50_000),
    "fonts nested 20,000 deep": lambda: nested("font", 20_000),
    "blockquotes nested 5,000 deep": lambda: nested("blockquote", 5_000),
    "tables nested 3,000 deep": lambda: nested("table><tr><td", 3_000),
    "lists nested 3,000 deep": lambda: nested("ul><li", 3_000),
    "spans nested 300 deep": lambda: nested("span", 300),
    "20 MB of paragraphs": lambda: wrapped(PARAGRAPH * 210_000),
    "4.9 MB of paragraphs": lambda: wrapped(PARAGRAPH * 50_000),
    "4.9 MB of one text": lambda: wrapped(f"<p>{'harbour ' * 600_000}</p>"),
    "4.9 MB of one word": lambda: wrapped(f"<p>{'x' * 4_900_000}</p>"),
    "100,000 links": lambda: wrapped('<a href="/x">harbour</a> ' * 100_000),
    "19,000 links": lambda: wrapped('<a href="/x">harbour</a> ' * 19_000),
    "50,000 options": lambda: wrapped(f"<select>{'<option>Norport' * 50_000}</select>"),
    "60,000 short divs": lambda: wrapped("<div>pier</div>" * 60_000),
    "19,000 short divs": lambda: wrapped("<div>pier</div>" * 19_000),
    "19,000 line breaks": lambda: wrapped("pier<br>" * 19_000),
    "19,000 list items": lambda: wrapped(f"<ul>{'<li>pier and harbour</li>' * 19_000}</ul>"),
    "19,000 cells": lambda: wrapped(f"<table><tr>{'<td>pier</td>' * 19_000}</tr></table>"),
    "4 MB of JSON-LD": lambda: json_ld(json.dumps({"@type": "NewsArticle", "articleBody": "harbour " * 500_000})),
    "JSON-LD of 200,000 nodes": lambda: json_ld(json.dumps({"@graph": [{"@type": "Thing"}] * 200_000})),
    "JSON-LD nested 100,000 deep": lambda: json_ld("[" * 100_000 + "]" * 100_000),
    "JSON-LD that refers to itself": lambda: json_ld('{"@type":"Article","mainEntityOfPage":{"@graph":[[[[[{}]]]]]}}'),
    "JSON-LD of wrong types": lambda: json_ld(
        '{"@type":["NewsArticle",7],"headline":{"a":[]},"author":[[1]],"datePublished":9}'
    ),
    "200,000 comments": lambda: wrapped("<!--x-->" * 200_000),
    "a comment without end": lambda: wrapped("<!--" + "x" * 1_000_000),
    "200,000 starts of comments": lambda: wrapped("<!--" * 200_000),
    "200,000 starts of scripts": lambda: wrapped("<script" * 200_000),
    "100,000 unclosed scripts": lambda: wrapped("<script>" * 100_000),
    "100,000 unclosed iframes": lambda: wrapped("<iframe>" * 100_000),
    "self-closed iframes": lambda: wrapped("<noscript><iframe/></noscript>" * 2_000),
    "500,000 less-than signs": lambda: wrapped("<" * 500_000),
    "500,000 ampersands": lambda: wrapped("&" * 500_000),
    "300,000 entities": lambda: wrapped("&amp;&eacute;&#x200c;" * 100_000),
    "a flood of declared entities": lambda: (
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + wrapped("&b;" * 50_000)
    ),
    "an element of 100,000 attributes": lambda: wrapped(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x</p>"),
    "an attribute of 4 MB": lambda: wrapped(f'<p class="{"x " * 2_000_000}">x</p>'),
    "3,000 titles": lambda: ("<title>a</title>" * 3_000).encode() + wrapped(""),
    "20,000 headings": lambda: wrapped("<h1>pier</h1>" * 15_000),
    "20,000 metas": lambda: ('<meta name="a" content="b">' * 15_000).encode() + wrapped(""),
    "300,000 combining marks": lambda: wrapped(f"<p>{'e' + chr(0x301) * 300_000}</p>"),
    "100,000 bidi overrides": lambda: wrapped(f"<p>{(chr(0x202E) + chr(120)) * 100_000}</p>"),
    "lone surrogates by entity": lambda: wrapped("<p>&#xD800;&#xDFFF;&#x110000;&#0;</p>" * 500),
    "gzip in gzip": lambda: gzipped(wrapped(""), 2),
    "gzip five times": lambda: gzipped(wrapped(""), 5),
    "a gzip bomb": lambda: gzip.compress(b"<html><p>" + b"a" * 100_000_000, 1),
    "a broken gzip": lambda: gzipped(wrapped(""), 1)[:200],
    "a page cut in a tag": lambda: wrapped("")[:700],
    "UTF-7 claimed": lambda: b'<meta charset="utf-7">' + wrapped(""),
    "punycode claimed": lambda: b'<meta charset="punycode">' + wrapped("").replace(b"pier", b"p\xe9er"),
    "XML that is no HTML": lambda: b'<?xml version="1.0"?><a><b/></a>',
    "an endless title": lambda: ("<title>" + "pier | " * 100_000 + "</title>").encode() + wrapped(""),
    "an endless author": lambda: wrapped(f'<meta name="author" content="{"By x " * 100_000}">'),
    "an endless date": lambda: wrapped(f'<time datetime="{"1403/01/14 " * 50_000}">x</time>'),
}  # fmt: skip

HEAVY = frozenset({
    "4.9 MB of one text", "4.9 MB of one word", "4.9 MB of paragraphs", "a gzip bomb", "100,000 links",
    "60,000 short divs", "noise that says html", "300,000 entities", "200,000 starts of scripts", "NULs in a page",
    "50,000 options", "200,000 comments", "200,000 starts of comments", "a comment without end",
    "100,000 unclosed scripts", "100,000 unclosed iframes", "20 MB of paragraphs", "4 MB of JSON-LD",
    "an attribute of 4 MB", "300,000 combining marks", "noise", "19,000 cells", "JSON-LD of 200,000 nodes",
    "500,000 less-than signs", "500,000 ampersands",
})  # fmt: skip
"""Those that take a busy machine a second or more."""
