"""Services that know only their own hosts, pointed at loopback by the class attribute that holds the host."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def slack_on_loopback(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """Give the address of a Slack channel whose webhook host is a port of this machine."""
    from apprise.plugins.slack import NotifySlack

    def url(port: int) -> str:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{port}/services")
        return "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#news"

    return url


@pytest.fixture
def telegram_on_loopback(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """Give the address of a Telegram channel whose host is a port of this machine."""
    from apprise.plugins.telegram import NotifyTelegram

    def url(port: int) -> str:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://127.0.0.1:{port}/bot")
        return "tgram://123456789:alphanumeric-token_of35characters00/12345678"

    return url


@pytest.fixture
def discord_on_loopback(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """Give the address of a Discord channel whose host is a port of this machine."""
    from apprise.plugins.discord import NotifyDiscord

    def url(port: int) -> str:
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://127.0.0.1:{port}/api/webhooks")
        return "discord://123456789012345678/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"

    return url
