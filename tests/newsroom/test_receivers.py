from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage

import aiohttp

from monitor.newsroom.receivers import receiving


async def test_a_webhook_body_is_kept_with_its_key_and_channel() -> None:
    async with receiving() as received, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{received.http_port}/desk"
        async with session.post(url, json={"alert": 7}, headers={"Idempotency-Key": "7:desk"}) as answer:
            assert answer.status == 200
        assert [(post.channel, post.key, post.body) for post in received.posts] == [("desk", "7:desk", {"alert": 7})]


async def test_a_body_that_is_not_json_is_refused() -> None:
    async with receiving() as received, aiohttp.ClientSession() as session:
        async with session.post(f"http://127.0.0.1:{received.http_port}/desk", data=b"{") as answer:
            assert answer.status == 400
        assert received.posts == []


async def test_a_mail_arrives_as_it_was_sent_dots_and_all() -> None:
    mail = EmailMessage()
    mail["Subject"] = "انفجار در بلخ"
    mail["From"], mail["To"] = "monitor@example.org", "duty@example.org"
    mail.set_content("first line\n.a line that starts with a dot\n")
    async with receiving() as received:
        await asyncio.to_thread(_send, received.smtp_port, mail)
        await asyncio.to_thread(_send, received.smtp_port, mail)
        assert [each["Subject"] for each in received.mails] == ["انفجار در بلخ"] * 2
        assert "\n.a line that starts with a dot" in received.mails[0].get_content()


async def test_a_client_that_hangs_up_harms_nobody() -> None:
    async with receiving() as received:
        _, writer = await asyncio.open_connection("127.0.0.1", received.smtp_port)
        writer.close()
        await writer.wait_closed()
        mail = EmailMessage()
        mail["From"], mail["To"] = "a@example.org", "b@example.org"
        mail.set_content("still here")
        await asyncio.to_thread(_send, received.smtp_port, mail)
        assert len(received.mails) == 1


def _send(port: int, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(mail)
