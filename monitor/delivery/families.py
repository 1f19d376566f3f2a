"""Families of channels: what one renderer serves. No single body is safe and readable in all of them."""

from __future__ import annotations

from enum import StrEnum


class Family(StrEnum):
    """A renderer's name; ``Rendered.family`` has it."""

    TEXT = "text"
    """``stdout://``, ``ntfy://``, whose apps for phones show Markdown as it is written, and every service not named."""
    SLACK = "slack"
    EMAIL = "email"
    TELEGRAM = "telegram"
    """Telegram's few HTML tags."""
    MATRIX = "matrix"
    """HTML that chat clients show."""
    MARKDOWN = "markdown"
    WEBHOOK = "webhook"


BY_SCHEMA = {
    "slack": Family.SLACK,
    "mailto": Family.EMAIL,
    "mailtos": Family.EMAIL,
    "tgram": Family.TELEGRAM,
    "matrix": Family.MATRIX,
    "matrixs": Family.MATRIX,
    "discord": Family.MARKDOWN,
    "mmost": Family.MARKDOWN,
    "mmosts": Family.MARKDOWN,
    "mattermost": Family.MARKDOWN,
    "mattermosts": Family.MARKDOWN,
    "rocket": Family.MARKDOWN,
    "rockets": Family.MARKDOWN,
    "json": Family.WEBHOOK,
    "jsons": Family.WEBHOOK,
}

NATIVE_HOSTS = {
    "hooks.slack.com": Family.SLACK,
    "discord.com": Family.MARKDOWN,
    "discordapp.com": Family.MARKDOWN,
}
"""Services whose own https:// addresses Apprise understands."""


def schema_of(url: str) -> str:
    """The part before ``://``, lower case; empty where there is none."""
    schema, mark, _ = url.strip().partition("://")
    return schema.lower() if mark else ""


def family_of(url: str) -> Family:
    """The family that renders for the service behind an address; TEXT where none is particular to it."""
    schema = schema_of(url)
    if schema in {"http", "https"}:
        host = url.partition("://")[2].partition("/")[0].lower()
        return NATIVE_HOSTS.get(host, Family.TEXT)
    return BY_SCHEMA.get(schema, Family.TEXT)
