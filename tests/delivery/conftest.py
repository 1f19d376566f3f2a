from tests.delivery.loopback import discord_on_loopback, slack_on_loopback, telegram_on_loopback

__all__ = ["discord_on_loopback", "slack_on_loopback", "telegram_on_loopback"]
