"""Hostile and broken feed documents, made when asked for."""

from __future__ import annotations

import gzip
from collections.abc import Callable

KB = 1024


def rss(inside: str, *, head: str = "") -> bytes:
    return f"<?xml version='1.0'?>{head}<rss version='2.0'><channel><title>T</title>{inside}</channel></rss>".encode()


def item(inside: str) -> bytes:
    return rss(f"<item><title>Fine</title><guid>1</guid>{inside}</item>")


def described(text: str) -> bytes:
    return item(f"<description>{text}</description>")


def laughs() -> bytes:
    lines = ["<!ENTITY a0 'ha'>", *(f"<!ENTITY a{n} '" + f"&a{n - 1};" * 10 + "'>" for n in range(1, 10))]
    return rss("<item><title>&a9;</title></item>", head=f"<!DOCTYPE rss [{''.join(lines)}]>")


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "an entity bomb": laughs,
    "a quadratic entity bomb": lambda: rss(
        f"<item><title>{'&a;' * 20000}</title></item>", head=f"<!DOCTYPE rss [<!ENTITY a '{'x' * 20000}'>]>"
    ),
    "a file as entity": lambda: rss(
        "<item><title>&x;</title></item>", head="<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    ),
    "a URL as entity": lambda: rss(
        "<item><title>&x;</title></item>", head="<!DOCTYPE rss [<!ENTITY x SYSTEM 'http://127.0.0.1:1/'>]>"
    ),
    "an outer DTD": lambda: rss("<item><title>x</title></item>", head="<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/d'>"),
    "a parameter entity": lambda: rss("", head="<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>"),
    "a body that is a file path": lambda: b"/etc/passwd",
    "a body that is a URL": lambda: b"http://127.0.0.1:1/feed.xml",
    "open comments in HTML": lambda: described("&lt;!--" * (256 * KB // 7)),
    "open comments in XML": lambda: rss("<!--" * (64 * KB)),
    "open CDATA": lambda: rss("<![CDATA[" * (32 * KB)),
    "open tags in HTML": lambda: described("&lt;a " * (64 * KB)),
    "open attributes in HTML": lambda: described("&lt;a href=&quot;" * (16 * KB)),
    "open angle brackets": lambda: described("&lt;" * (128 * KB)),
    "ampersands": lambda: rss("<item><title>" + "&" * (256 * KB) + "</title></item>"),
    "open character references": lambda: rss("<item><title>" + "&#" * (128 * KB) + "</title></item>"),
    "an author that eats patterns": lambda: item(f"<author>{'a' * (64 * KB)}@</author>"),
    "an author of dots": lambda: item(f"<author>a@{'a.' * (64 * KB)}</author>"),
    "a creator that eats patterns": lambda: rss(
        "<item xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>" + "a" * (128 * KB) + "@</dc:creator></item>"
    ),
    "30,000 attributes": lambda: rss(
        "<item " + " ".join(f"a{n}='1'" for n in range(30000)) + "><title>x</title></item>"
    ),
    "30,000 namespaces": lambda: rss("<item " + " ".join(f"xmlns:n{n}='u{n}'" for n in range(30000)) + "></item>"),
    "100,000 nested elements": lambda: rss("<a>" * 100_000),
    "50,000 nested items": lambda: rss("<item>" * 50_000),
    "100,000 empty items": lambda: rss("<item/>" * 100_000),
    "a title of 4 MB": lambda: rss(f"<item><title>{'x' * (4 * KB * KB)}</title></item>"),
    "a tag name of 1 MB": lambda: rss(f"<{'x' * (KB * KB)}></{'x' * (KB * KB)}>"),
    "an attribute of 4 MB": lambda: rss(f"<item a='{'x' * (4 * KB * KB)}'/>"),
    "dates that eat patterns": lambda: item(f"<pubDate>{'1' * (64 * KB)}</pubDate>"),
    "a date of blanks": lambda: item(f"<pubDate>Mon,{' ' * (64 * KB)}x</pubDate>"),
    "a number too large for a date": lambda: item("<pubDate>Mon, 99999999999 Jan 99999999999 00:00:00</pubDate>"),
    "NUL bytes": lambda: rss("<item><title>a\0b\0</title></item>"),
    "lone surrogates": lambda: rss("<item><title>&#xD800;&#xDFFF;</title></item>"),
    "bytes of no encoding": lambda: rss("") + bytes(range(128, 256)) * 512,
    "an unknown encoding": lambda: rss("").replace(b"?>", b" encoding='klingon'?>"),
    "an encoding that runs code": lambda: b"<?xml version='1.0' encoding='zlib_codec'?><rss><channel/></rss>",
    "UTF-7": lambda: b"<?xml version='1.0' encoding='utf-7'?>+ADw-rss+AD4-",
    "half of UTF-16": lambda: rss("<item><title>x</title></item>").decode().encode("utf-16")[:-1],
    "UTF-32 that hides an entity": lambda: laughs().decode().encode("utf-32"),
    "gzip in gzip in gzip": lambda: gzip.compress(gzip.compress(gzip.compress(b"\0" * 10**7))),
    "deep JSON": lambda: b"[" * 200_000,
    "deep JSON that closes": lambda: b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a number of a million digits": lambda: b'{"items":[{"id":' + b"1" * 1_000_000 + b"}]}",
    "JSON with lone surrogates": lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"\\ud800"}]}',
    "JSON of the wrong types": lambda: (
        b'{"version":1.1,"title":[],"items":[{"id":{},"url":[],"authors":{},"tags":"a","date_published":[]},1,null]}'
    ),
    "a sitemap with entities": lambda: b"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset>&a;</urlset>",
    "a deep sitemap": lambda: b"<urlset>" + b"<url>" * 200_000,
    "an address that is none": lambda: item("<link>http://[::1/x</link><guid isPermaLink='true'>http://]</guid>"),
    "an executable": lambda: b"\x7fELF" + bytes(range(256)) * 1000,
    "an HTML page of tag soup": lambda: b"<html><body>" + b"<table><tr><td>" * 20_000,
}
