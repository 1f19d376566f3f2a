"""Which parts of a channel's address are secret, and keeping them out of what is stored and shown. Pure."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from monitor.delivery.families import schema_of
from monitor.model.delivery import SendOutcome
from monitor.model.settings import Channel

HIDDEN = "•••"
SHORTEST = 5
"""Shorter parts would blank ordinary words."""

SERVERS = frozenset(
    {"json", "form", "xml", "mailto", "ntfy", "gotify", "matrix", "mmost", "mattermost", "rocket", "http", "https"}
)
"""Services (their TLS twins with an s too) whose host is a server's name; elsewhere it is the first token."""


def secrets_of(channel: Channel) -> tuple[str, ...]:
    """The secret strings of a channel as they may turn up in an error or a log, longest first.

    The whole address, password, tokens in its path, values of its query, the signing key; each percent-encoded too.
    """
    parts = {channel.url, channel.secret or ""} | _inside(channel.url)
    spelled = parts | {unquote(part) for part in parts} | {quote(part, safe="") for part in parts}
    return tuple(sorted((part for part in spelled if len(part) >= SHORTEST), key=len, reverse=True))


def _inside(url: str) -> set[str]:
    try:
        split = urlsplit(url)
        names = {split.hostname or "", split.netloc.rpartition("@")[2]}
    except ValueError:
        return {url}
    schema = schema_of(url)
    user, _, password = split.netloc.rpartition("@")[0].partition(":")
    parts = {password}
    if schema not in {"mailto", "mailtos"}:
        parts |= {*split.path.split("/"), *(value for _, value in parse_qsl(split.query)), user}
    if schema.removesuffix("s") not in SERVERS and schema not in SERVERS:
        parts |= names
    return parts


def discreet(outcome: SendOutcome, secrets: tuple[str, ...]) -> SendOutcome:
    """The outcome with every secret in its detail hidden."""
    detail = outcome.detail
    for secret in secrets:
        detail = detail.replace(secret, HIDDEN)
    return outcome if detail == outcome.detail else replace(outcome, detail=detail)
