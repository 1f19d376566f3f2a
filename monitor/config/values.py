"""The values a person writes as text: durations, times of day, zones, severities. Each reads or says what is wrong."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from monitor.model.words import closest, did_you_mean

E = TypeVar("E", bound=StrEnum)

_DURATION = re.compile(r"(\d{1,7})(s|m|h|d)")
_UNIT = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_CRON_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("day of week", 0, 6))
_CRON_NAMES = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)\b")
_CRON_PART = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")
LONGEST = timedelta(days=36_500)
_FIELD_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_FIELD_VALUE = re.compile(r"[\x20-\x7e]{1,8000}")
_OUR_FIELDS = {
    "Host", "Connection", "Content-Length", "Transfer-Encoding", "Accept-Encoding", "If-None-Match",
    "If-Modified-Since", "If-Range", "Range", "A-Im", "Te", "Upgrade",
}  # fmt: skip


class MistakeError(Exception):
    """A value is wrong: a sentence without a full stop, and what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def pause(value: object) -> timedelta:
    """A duration that may be nothing: ``0s``."""
    return timedelta() if value == "0s" else duration(value)


def duration(value: object) -> timedelta:
    """``90s``, ``15m``, ``6h`` or ``7d``, of more than nothing."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise MistakeError(
            f"{_shown(value)} is not a duration", 'write a number and a unit, in quotes: "90s", "15m", "6h" or "7d"'
        )
    amount = int(match[1]) * _UNIT[match[2]]
    if not amount or amount > LONGEST:
        raise MistakeError(
            f"{_shown(value)} is out of range", "a duration is at least one second and at most a century"
        )
    return amount


def time_of_day(value: object) -> time:
    """``HH:MM`` on a clock of 24 hours."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise MistakeError(f"{_shown(value)} is not a time of day", 'write "HH:MM", for example "08:00"')
    return time(int(match[1]), int(match[2]))


def hours(value: object) -> tuple[time, time]:
    """``HH:MM-HH:MM``; the end may lie on the next day."""
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise MistakeError(f"{_shown(value)} is not a span of hours", 'write "HH:MM-HH:MM", for example "22:00-06:00"')
    span = time_of_day(start.strip()), time_of_day(end.strip())
    if span[0] == span[1]:
        raise MistakeError(f"{_shown(value)} starts and ends at the same time", "leave the key out for no quiet hours")
    return span


def zone(value: object) -> ZoneInfo:
    """The name of a zone of the IANA database."""
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (OSError, ValueError, LookupError):
            pass
    cities = _zones_by_city()
    meant = closest(str(value).rpartition("/")[2], cities)
    raise MistakeError(
        f"unknown time zone {_shown(value)}", f"did you mean '{cities[meant]}'?" if meant else _ZONE_HINT
    )


@cache
def _zones_by_city() -> dict[str, str]:
    """Six hundred files are looked at for these; of the names of one city, the shortest is the usual."""
    return {name.rpartition("/")[2]: name for name in sorted(available_timezones(), key=len, reverse=True)}


_ZONE_HINT = 'write a name of the IANA database, for example "Asia/Kabul" or "UTC"'


def network(value: object) -> IPv4Network | IPv6Network:
    """An address block in CIDR notation, or one address."""
    text = value if isinstance(value, str) else ""
    try:
        return ip_network(text)
    except ValueError:
        hint = 'write it as "127.0.0.0/8" or "::1"'
    with suppress(ValueError):
        hint = f"the block around it is '{ip_network(text, strict=False)}'"
    raise MistakeError(f"{_shown(value)} is not a block of addresses", hint)


def moment(value: object) -> str:
    """``HH:MM`` or a cron expression of five fields; comes back as ``HH:MM`` with two digits, or as written."""
    if isinstance(value, str) and len(parts := value.split()) == len(_CRON_FIELDS):
        for part, (name, low, high) in zip(parts, _CRON_FIELDS, strict=True):
            _cron_field(part, name, low, high)
        return value
    try:
        return time_of_day(value).strftime("%H:%M")
    except MistakeError as error:
        hint = 'write "HH:MM", or five cron fields such as "0 8 * * mon-fri"'
        raise MistakeError(f"{_shown(value)} is neither a time of day nor a cron expression", hint) from error


def _cron_field(part: str, name: str, low: int, high: int) -> None:
    numeric = _CRON_NAMES.sub(str(low), part.lower()) if name in ("month", "day of week") else part
    for piece in numeric.split(","):
        match = _CRON_PART.fullmatch(piece)
        numbers = [int(each) for each in match.groups()[:2] if each] if match else [-1]
        step = int(match[3]) if match and match[3] else 1
        if not all(low <= number <= high for number in numbers) or step < 1 or numbers != sorted(numbers):
            raise MistakeError(
                f"'{part}' cannot be the {name} of a cron expression", f"{name} goes from {low} to {high}"
            )


def choice(kind: type[E], value: object) -> E:
    """The member of an enumeration by its value."""
    try:
        return kind(str(value))
    except ValueError:
        return kind(word_of(tuple(each.value for each in kind), value))


def word_of(allowed: tuple[str, ...], value: object) -> str:
    """One of a few words."""
    if isinstance(value, str) and value in allowed:
        return value
    *most, last = (f'"{each}"' for each in allowed)
    hint = did_you_mean(str(value), allowed) or f"write {', '.join(most)} or {last}"
    raise MistakeError(f"unknown value {_shown(value)}", hint)


def expectation(value: object) -> bool:
    """What a watch's test expects: ``match`` or ``no match``."""
    return word_of(("match", "no match"), value) == "match"


def language(value: object) -> str:
    """The primary tag of a language, in small letters."""
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2,3}", value):
        return value
    raise MistakeError(
        f"{_shown(value)} is not a language", 'write its ISO 639 code in small letters: "en", "fa", "ps"'
    )


def country(value: object) -> str:
    """The ISO 3166 code of a country, in small letters."""
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2}", value):
        return value
    raise MistakeError(f"{_shown(value)} is not a country", 'write its ISO 3166 code in small letters: "af", "ir"')


def web_address(value: object) -> str:
    """An absolute http or https URL with a host."""
    if not isinstance(value, str):
        raise MistakeError("must be a string")
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise MistakeError(f"the URL cannot be read: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise MistakeError("the URL must start with http:// or https://")
    if not host or any(character.isspace() for character in value):
        raise MistakeError("the URL has no host" if not host else "the URL has a space in it")
    return value


def request_headers(value: object) -> tuple[tuple[str, str], ...]:
    """Fields of a request, names as they are usually written: ``X-Api-Key``. Those that are ours to set are refused."""
    if not isinstance(value, dict):
        raise MistakeError("must be a table of names and values", 'headers = {Authorization = "Bearer ${env:TOKEN}"}')
    found: dict[str, str] = {}
    for name, text in value.items():
        usual = "-".join(part.capitalize() for part in name.split("-"))
        if not _FIELD_NAME.fullmatch(name) or usual in found:
            raise MistakeError(f"{_shown(name)} is not the name of a header, or is there twice")
        if usual in _OUR_FIELDS:
            raise MistakeError(f"the header {usual} is set by newsmonitor itself", "remove it")
        if not isinstance(text, str) or not text.strip() or not _FIELD_VALUE.fullmatch(text):
            raise MistakeError(f"the value of the header {usual} must be a line of printable characters")
        found[usual] = text.strip()
    return tuple(sorted(found.items()))


def listen_address(value: object) -> tuple[str, int]:
    """``HOST:PORT``, an IPv6 host in brackets."""
    host, _, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    if not host or any(character.isspace() for character in host) or not port.isascii() or not port.isdigit():
        raise MistakeError(f"{_shown(value)} is not an address to listen on", 'write "HOST:PORT": "127.0.0.1:8770"')
    if not 1 <= int(port[:6]) <= 65535:
        raise MistakeError(f"{_shown(value)} has no port", "a port is a number from 1 to 65535")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _shown(value: object) -> str:
    """The value as it stands in the file."""
    match value:
        case str():
            return f"'{value}'"
        case bool():
            return str(value).lower()
        case date() | time():
            return value.isoformat()
        case _:
            return repr(value)
