"""Content codings undone within bounds, and tolerantly: what can be read of a damaged body is read.

Servers label plain bodies as gzip, compress twice, compress without saying so, send raw deflate and cut streams
short; all of these are read for what they are. A bomb stops at the bound.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # ships no annotations

GZIP_MAGIC = b"\x1f\x8b"
MOST_LAYERS = 4
"""Codings peeled off one body, labelled or not; more is an attack."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded body; ``whole`` is False when the coded stream was cut short or damaged."""

    body: bytes
    whole: bool = True


class DecodedTooLargeError(Exception):
    """The decoded body passes its bound."""


class UndecodableError(Exception):
    """Nothing could be made of the body; the message says of what."""


def decode(body: bytes, coding: str, *, limit: int) -> Decoded:
    """Undo the codings that ``Content-Encoding`` names and the gzip layers that it does not name.

    Raises DecodedTooLargeError above ``limit`` bytes, and UndecodableError where not even a part can be read.
    """
    result = Decoded(body)
    for name in reversed([part.strip().lower() for part in coding.split(",")][-MOST_LAYERS:]):
        layer = _one_layer(result.body, name, limit)
        result = Decoded(layer.body, result.whole and layer.whole)
    for _ in range(MOST_LAYERS):
        if not result.body.startswith(GZIP_MAGIC):
            break
        layer = _inflate(result.body, 16 + zlib.MAX_WBITS, limit)
        result = Decoded(layer.body, result.whole and layer.whole)
    if len(result.body) > limit:
        raise DecodedTooLargeError
    return result


def _one_layer(body: bytes, coding: str, limit: int) -> Decoded:
    if not body:
        return Decoded(body)
    match coding:
        case "gzip" | "x-gzip":
            return _inflate(body, 16 + zlib.MAX_WBITS, limit) if body.startswith(GZIP_MAGIC) else Decoded(body)
        case "deflate":
            return _deflate(body, limit)
        case "br":
            return _brotli(body, limit)
        case "zstd" | "compress" | "x-compress":
            if _is_text(body):
                return Decoded(body)
            raise UndecodableError(f"the body is coded as {coding}, which was not asked for")
        case _:
            return Decoded(body)


def _inflate(body: bytes, window_bits: int, limit: int) -> Decoded:
    """zlib over all members of a gzip file; trailing garbage after a whole member is passed over."""
    out = bytearray()
    rest = body
    while rest:
        stream = zlib.decompressobj(window_bits)
        try:
            out += stream.decompress(rest, limit + 1 - len(out))
        except zlib.error as error:
            salvaged = _salvage(rest, window_bits, limit + 1 - len(out))
            if not out and not salvaged:
                raise UndecodableError("the compressed body is damaged from its start") from error
            return Decoded(bytes(out) + salvaged, whole=False)
        if len(out) > limit:
            raise DecodedTooLargeError
        if not stream.eof:
            return Decoded(bytes(out), whole=False)
        rest = stream.unused_data
        if window_bits <= zlib.MAX_WBITS or not rest.startswith(GZIP_MAGIC):
            break
    return Decoded(bytes(out))


def _salvage(body: bytes, window_bits: int, most: int) -> bytes:
    """What a damaged stream yields before its damage: bites, and single bytes before the damage."""
    stream = zlib.decompressobj(window_bits)
    out = bytearray()
    at, bite = 0, 4096
    while at < len(body) and len(out) < most and not stream.eof:
        before = stream.copy()
        try:
            out += stream.decompress(body[at : at + bite], most - len(out))
            at += bite
        except zlib.error:
            if bite == 1:
                break
            stream, bite = before, 1
    if len(out) >= most:
        raise DecodedTooLargeError
    return bytes(out)


def _deflate(body: bytes, limit: int) -> Decoded:
    """zlib-wrapped as RFC 9110 §8.4.1.2 says, raw as many servers send it, or plain all the same."""
    for window_bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            zlib.decompressobj(window_bits).decompress(body[:4096], 1)
        except zlib.error:
            continue
        return _inflate(body, window_bits, limit)
    return Decoded(body)


def _brotli(body: bytes, limit: int) -> Decoded:
    stream = brotli.Decompressor()
    out = bytearray()
    try:
        out += stream.process(body, output_buffer_limit=limit + 1)
        while not stream.is_finished() and not stream.can_accept_more_data() and len(out) <= limit:
            out += stream.process(b"", output_buffer_limit=limit + 1 - len(out))
    except brotli.error as error:
        if not out and _is_text(body):
            return Decoded(body)
        if not out:
            raise UndecodableError("the body is not brotli, as its label says") from error
    if len(out) > limit:
        raise DecodedTooLargeError
    if not out and not stream.is_finished() and _is_text(body):
        return Decoded(body)
    return Decoded(bytes(out), whole=stream.is_finished())


def _is_text(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"<", b"{", b"["}
