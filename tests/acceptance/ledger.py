"""What receivers heard of a daemon that is killed: every copy of every message, and in which life of the daemon."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP

from tests.acceptance.score import serve

CHANNELS = {"hook": "retry", "mail": "retry", "careful-hook": "hold", "careful-mail": "hold"}
"""Each with its ``in_doubt``."""

HEADING = (
    "| receiver | in_doubt | alerts | lost | copies too many on the wire | most for one kill | most in one life"
    " | shown twice where keys are honoured | held for the operator |\n|---|---|---|---|---|---|---|---|---|"
)

Passed = Callable[[str], Awaitable[None]]
"""Told what has just happened at a receiver; may kill the daemon."""


async def nothing(_: str) -> None:
    """For a ledger whose events interest nobody."""


@dataclass(frozen=True)
class Copy:
    """A message that came over the wire and was said yes to."""

    life: int
    key: str
    title: str


@dataclass
class Ledger:
    """The receivers' books. ``life`` counts the daemon's starts; ``held`` are rows that wait for an operator."""

    life: int = 0
    wanted: set[str] = field(default_factory=set)
    copies: dict[str, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    held: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    passed: Passed = nothing
    answer_s: float = 0.0
    """How long a receiver has a message before it says yes."""

    def titles(self, channel: str) -> set[str]:
        """The alerts that the channel's receiver has."""
        return {copy.title for copy in self.copies[channel]}

    def lost(self, channel: str) -> set[str]:
        """The alerts that neither the receiver has nor an operator is asked about."""
        return self.wanted - self.titles(channel) - self.held[channel]

    def too_many(self, channel: str) -> int:
        """Copies beyond the first of each alert."""
        return len(self.copies[channel]) - len(self.titles(channel))

    def most_for_one_kill(self, channel: str) -> int:
        """A further copy is due to the kill that ended the life in which the copy before it came."""
        kills: Counter[int] = Counter()
        last: dict[str, int] = {}
        for copy in self.copies[channel]:
            if copy.title in last:
                kills[last[copy.title]] += 1
            last[copy.title] = copy.life
        return max(kills.values(), default=0)

    def most_in_one_life(self, channel: str) -> int:
        """How often one life of the daemon sent one message: 1, or the outbox is broken."""
        return max(Counter((copy.life, copy.title) for copy in self.copies[channel]).values(), default=0)

    def shown_twice(self, channel: str) -> int:
        """Copies too many for a receiver that drops every message whose key it has had."""
        return len({(copy.title, copy.key) for copy in self.copies[channel]}) - len(self.titles(channel))

    def row(self, channel: str) -> str:
        """The channel's row under :data:`HEADING`."""
        cells = (
            channel, CHANNELS[channel], len(self.wanted), len(self.lost(channel)), self.too_many(channel),
            self.most_for_one_kill(channel), self.most_in_one_life(channel), self.shown_twice(channel),
            len(self.held[channel] - self.titles(channel)),
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"

    async def hear(self, channel: str, key: str, title: str) -> None:
        """Note a copy; what follows is the time that the receiver takes to say yes."""
        self.copies[channel].append(Copy(self.life, key, title))
        await self.passed(f"{channel}: it has the message")
        await asyncio.sleep(self.answer_s)

    async def open(self, stack: AsyncExitStack) -> tuple[int, int]:
        """Start a webhook and a mail server; their ports."""
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(lambda: SMTP(_MailDesk(self), loop=loop), "127.0.0.1", 0)
        stack.callback(smtp.close)
        return await serve(stack, self._hook()), int(smtp.sockets[0].getsockname()[1])

    def _hook(self) -> web.Application:
        async def hear(request: web.Request) -> web.StreamResponse:
            channel = request.path.strip("/").removesuffix(".in")  # the path is a secret, hidden in the log
            body = await request.json()
            if body["kind"] == "new":
                await self.hear(channel, request.headers["Idempotency-Key"], body["article"]["title"])
            response = web.StreamResponse(headers={"Content-Length": "2"})
            with suppress(ConnectionError):  # nobody listens any more
                await response.prepare(request)
                await response.write(b"ok")
            await self.passed(f"{channel}: it has said yes")
            return response

        app = web.Application()
        app.router.add_post("/{tail:.*}", hear)
        return app


class _MailDesk:
    """aiosmtpd's handler; the local part of the recipient is the channel."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        envelope.mail_from = address
        await self.ledger.passed("mail: at MAIL FROM")
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        envelope.rcpt_tos.append(address)
        await self.ledger.passed(f"{address.partition('@')[0]}: at RCPT TO")
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        about, _, title = str(mail["Subject"]).partition(": ")
        title = title if about in {"[MEDIUM] blast", "[MEDIUM] blast +1 watch", "[LOW] told-along"} else ""
        if title:
            await self.ledger.hear(envelope.rcpt_tos[0].partition("@")[0], str(mail["Message-ID"]), title)
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await self.ledger.passed("mail: at QUIT")
        return "221 Bye"
