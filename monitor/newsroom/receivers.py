"""The far ends of the demo's channels: a real HTTP endpoint and a real SMTP server on loopback that keep what arrives.

The SMTP side speaks just enough of RFC 5321 to take a message: EHLO or HELO, MAIL, RCPT, DATA, RSET, NOOP, QUIT.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiohttp import web

from monitor.newsroom.server import LOOPBACK

LONGEST_LINE = 1 << 20
LARGEST_MESSAGE = 10 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One webhook body as it arrived."""

    channel: str
    """First segment of the path."""
    key: str
    """``Idempotency-Key``."""
    body: Mapping[str, Any]


def _to_nobody(_line: str) -> None:
    return


@dataclass(slots=True, kw_only=True)
class Receivers:
    """Where the two servers listen and what they have got so far."""

    http_port: int = 0
    smtp_port: int = 0
    posts: list[Post] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    heard: Callable[[str], None] = _to_nobody
    """Is told in one line of everything that arrives."""

    def take_post(self, post: Post) -> None:
        """A webhook body arrived."""
        self.posts.append(post)
        title = post.body.get("article", {}).get("title") or post.body.get("text", "")
        self.heard(f"{post.channel}: {post.body.get('kind')} {post.body.get('watch')}: {title[:100]}")

    def take_mail(self, mail: EmailMessage) -> None:
        """A mail arrived."""
        self.mails.append(mail)
        self.heard(f"mail to {mail['To']}: {mail['Subject']}")


@asynccontextmanager
async def receiving(
    *, http_port: int = 0, smtp_port: int = 0, heard: Callable[[str], None] = _to_nobody
) -> AsyncIterator[Receivers]:
    """Both servers, listening while the block runs; port 0 takes a free one."""
    received = Receivers(heard=heard)
    runner = web.AppRunner(_application(received), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, http_port, reuse_address=True).start()
    received.http_port = int(runner.addresses[0][1])
    smtp = await asyncio.start_server(
        lambda reader, writer: _converse(reader, writer, received), LOOPBACK, smtp_port, limit=LONGEST_LINE
    )
    received.smtp_port = int(smtp.sockets[0].getsockname()[1])
    try:
        yield received
    finally:
        smtp.close()
        await smtp.wait_closed()
        await runner.cleanup()


def _application(received: Receivers) -> web.Application:
    async def take(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.text())
        except ValueError:
            return web.Response(status=400, text="not JSON")
        key = request.headers.get("Idempotency-Key", "")
        received.take_post(Post(channel=request.match_info["channel"], key=key, body=body))
        return web.Response(text="ok")

    app = web.Application(client_max_size=LARGEST_MESSAGE)
    app.router.add_post("/{channel}", take)
    return app


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, received: Receivers) -> None:
    try:
        await _say(writer, "220 newsroom receiver")
        while line := await reader.readline():
            verb = line[:4].upper().strip().decode("ascii", "replace")
            if verb == "DATA":
                await _say(writer, "354 go ahead")
                received.take_mail(await _message(reader))
            await _say(writer, ANSWERS.get(verb, "502 not implemented"))
            if verb == "QUIT":
                break
    except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return
    finally:
        writer.close()


ANSWERS = {
    "EHLO": "250-newsroom\r\n250 8BITMIME",
    "HELO": "250 newsroom",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "250 taken",
    "RSET": "250 ok",
    "NOOP": "250 ok",
    "QUIT": "221 bye",
}


async def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(line.encode("ascii") + b"\r\n")
    await writer.drain()


async def _message(reader: asyncio.StreamReader) -> EmailMessage:
    """Everything up to the lone dot; doubled dots at the start of a line are undone (RFC 5321 §4.5.2)."""
    lines = []
    while (line := await reader.readline()) not in {b".\r\n", b".\n", b""}:
        lines.append(line[1:] if line.startswith(b"..") else line)
    return message_from_bytes(b"".join(lines), _class=EmailMessage, policy=default)
