"""Outgoing HTTP as the rest of the program sees it: one polite, bounded, guarded request and its outcome.

Rules kept here: validators go only to the very URL that gave them, as they were received; cookies live for one
redirect chain; credentials never cross to another origin; no Referer; no cache-busting; every socket passes the
guard; one deadline for the whole chain (waiting for a host's turn not counted), bounds on the wire and decoded.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from monitor import __version__
from monitor.model.clock import Clock
from monitor.model.fetching import (
    Fetched,
    FetchFailed,
    FetchFailureKind,
    FetchOutcome,
    NotModified,
    Validators,
)
from monitor.model.settings import Net
from monitor.net.decoding import DecodedTooLargeError, UndecodableError, decode
from monitor.net.exchange import Answer, ExchangeError, Request
from monitor.net.headers import retry_after
from monitor.net.manners import Manners
from monitor.net.outage import SAYS_NOTHING, Outage
from monitor.net.redirects import (
    MAX_HOPS,
    PERMANENT,
    REDIRECTS,
    BadUrlError,
    ChainCookies,
    Target,
    next_url,
    same_origin,
    target,
)
from monitor.net.resolver import Lookup, SystemLookup

if TYPE_CHECKING:
    from monitor.net.tolerant import TolerantReader
    from monitor.net.transport import Transport

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.4, */*;q=0.2"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
ACCEPT_ENCODING = "gzip, deflate, br"
BODY_STATUSES = frozenset({200, 203, 206, 226})
DECODE_ON_LOOP_BYTES = 64 * 1024
"""Larger coded bodies are decoded in a thread (zlib and brotli release the interpreter's lock)."""
MOST_ODD_HOSTS = 10_000


def user_agent(contact: str) -> str:
    """Our honest name with version and, where configured, the page or address that says who we are."""
    return f"newsmonitor/{__version__}" + (f" (+{contact})" if contact else "")


@dataclass(slots=True)
class _Chain:
    """One request with its redirects, as far as it has come."""

    current: Target
    first: Target
    started: float
    budget_s: float
    credentials: tuple[str, str] | None
    permanent: bool = True
    hops: int = 0
    cookies: ChainCookies = field(default_factory=ChainCookies)
    seen: set[tuple[str, str | None]] = field(default_factory=set)
    spent_s: float = 0.0

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=self.spent_s)

    @property
    def moved_to(self) -> str | None:
        return self.current.url if self.hops and self.permanent else None


class Client:
    """The program's only way out to HTTP servers. For one event loop; use as ``async with Client(...) as client``."""

    def __init__(
        self,
        net: Net,
        *,
        user_agent: str,
        clock: Clock,
        lookup: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``lookup`` stands in for DNS and ``tls`` for the system's certificates, where a test needs it."""
        self._net = net
        self._agent = user_agent
        self._clock = clock
        self._own_lookup = SystemLookup() if lookup is None else None
        self._lookup: Lookup = lookup or self._own_lookup or SystemLookup()
        self._tls = tls
        self._manners = Manners(pace=net.host_pace, in_flight=net.in_flight)
        self._outage = Outage()
        self._odd_hosts: set[str] = set()
        self._transport: Transport | None = None
        self._tolerant: TolerantReader | None = None

    async def __aenter__(self) -> Self:
        from monitor.net.tolerant import TolerantReader  # noqa: PLC0415 - loads aiohttp, only when used
        from monitor.net.transport import Transport  # noqa: PLC0415 - likewise

        limits = {"connect_timeout": self._net.connect_timeout}
        wire = self._net.max_wire_bytes
        allowed = self._net.allow_private
        self._transport = Transport(self._lookup, allowed, max_wire_bytes=wire, tls=self._tls, **limits)
        self._tolerant = TolerantReader(self._lookup, allowed, max_wire_bytes=wire, tls=self._tls, **limits)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._transport is not None:
            await self._transport.close()
        if self._own_lookup is not None:
            self._own_lookup.close()

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = FEED_ACCEPT,
        headers: Mapping[str, str] | None = None,
        pace: bool = True,
    ) -> FetchOutcome:
        """Ask for ``url`` and follow its redirects; never raises for anything that a server does.

        ``headers`` are the user's own and go to the first origin only. ``pace=False`` skips the host's queue, for
        requests that a person waits for.
        """
        try:
            first = target(url)
        except BadUrlError as error:
            return FetchFailed(kind=FetchFailureKind.BAD_URL, detail=str(error), url=url)
        chain = _Chain(
            current=first,
            first=first,
            started=time.monotonic(),
            budget_s=self._net.timeout.total_seconds(),
            credentials=first.credentials,
        )
        while True:
            outcome = await self._hop(chain, validators, accept, headers or {}, pace)
            if outcome is not None:
                return outcome

    async def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, pace: bool = False
    ) -> Fetched | FetchFailed:
        """Send ``body`` once, without following redirects; any 2xx comes back as Fetched, without its body."""
        try:
            where = target(url)
        except BadUrlError as error:
            return FetchFailed(kind=FetchFailureKind.BAD_URL, detail=str(error), url=url)
        chain = _Chain(
            current=where,
            first=where,
            started=time.monotonic(),
            budget_s=self._net.timeout.total_seconds(),
            credentials=where.credentials,
        )
        sent = {"User-Agent": self._agent, "Accept": "*/*", **(headers or {}), **_authorization(where.credentials)}
        request = Request(url=where.url, headers=sent, method="POST", body=body)
        answer = await self._turn(chain, request, pace)
        if isinstance(answer, FetchFailed):
            return answer
        if 200 <= answer.status <= 299:
            return Fetched(status=answer.status, url=where.url, headers=answer.headers, body=b"", elapsed=chain.elapsed)
        return self._refused(chain, answer)

    async def _hop(
        self, chain: _Chain, validators: Validators | None, accept: str, headers: Mapping[str, str], pace: bool
    ) -> FetchOutcome | None:
        """One request of the chain: its outcome, or None when it led to another hop."""
        request = self._request(chain, validators, accept, headers)
        visit = (chain.current.url, request.headers.get("Cookie"))
        if visit in chain.seen:
            return self._failed(chain, FetchFailureKind.BAD_REDIRECT, "the redirects go round in a circle")
        chain.seen.add(visit)
        answer = await self._turn(chain, request, pace)
        if isinstance(answer, FetchFailed):
            return answer
        if answer.status in REDIRECTS and (answer.status != 300 or answer.headers.get("location")):
            return self._follow(chain, answer)
        if answer.status == 304 and _is_conditional(request):
            return NotModified(
                url=chain.current.url,
                headers=answer.headers,
                elapsed=chain.elapsed,
                moved_permanently_to=chain.moved_to,
            )
        if answer.status in BODY_STATUSES:
            return await self._decoded(chain, answer)
        return self._refused(chain, answer)

    def _request(
        self, chain: _Chain, validators: Validators | None, accept: str, headers: Mapping[str, str]
    ) -> Request:
        sent = {"User-Agent": self._agent, "Accept": accept, "Accept-Encoding": ACCEPT_ENCODING}
        if same_origin(chain.first.url, chain.current.url):
            sent |= {**headers, **_authorization(chain.credentials)}
        if validators is not None and validators.url == chain.current.url:
            sent |= _conditions(validators, delta=accept == FEED_ACCEPT)
        cookie = chain.cookies.header(chain.current.host)
        if cookie is not None:
            sent["Cookie"] = cookie
        return Request(url=chain.current.url, headers=sent)

    async def _turn(self, chain: _Chain, request: Request, pace: bool) -> Answer | FetchFailed:
        """Wait for the host's turn and exchange; a malformed answer gets one tolerant try, in a turn of its own."""
        host = chain.current.host
        if host not in self._odd_hosts:
            try:
                return await self._exchange(chain, request, pace, self._ready_transport())
            except ExchangeError as error:
                if error.kind is not FetchFailureKind.MALFORMED:
                    return await self._explained(chain, error)
        try:
            answer = await self._exchange(chain, request, pace, self._ready_tolerant())
        except ExchangeError as error:
            self._odd_hosts.discard(host)
            return await self._explained(chain, error)
        if len(self._odd_hosts) < MOST_ODD_HOSTS:
            self._odd_hosts.add(host)
        return answer

    async def _exchange(
        self, chain: _Chain, request: Request, pace: bool, transport: Transport | TolerantReader
    ) -> Answer:
        async with self._manners.turn(chain.current.host, paced=pace):
            with self._outage.request():
                return await self._timed(chain, request, transport)

    async def _timed(self, chain: _Chain, request: Request, transport: Transport | TolerantReader) -> Answer:
        started = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, chain.budget_s - chain.spent_s)):
                answer = await transport.exchange(request, want_body=BODY_STATUSES)
        except TimeoutError as error:
            detail = f"no whole answer within {chain.budget_s:g} s"
            raise ExchangeError(FetchFailureKind.TIMEOUT, detail) from error
        finally:
            chain.spent_s += time.monotonic() - started
        self._outage.answered()
        return answer

    def _follow(self, chain: _Chain, answer: Answer) -> FetchFailed | None:
        chain.cookies.keep(chain.current.host, answer.cookies)
        chain.hops += 1
        chain.permanent = chain.permanent and answer.status in PERMANENT
        if chain.hops > MAX_HOPS:
            return self._failed(chain, FetchFailureKind.BAD_REDIRECT, f"more than {MAX_HOPS} redirects")
        location = next_url(chain.current.url, answer.headers)
        if location is None:
            return self._failed(
                chain, FetchFailureKind.BAD_REDIRECT, f"a redirect ({answer.status}) that does not say where to"
            )
        try:
            chain.current = target(location)
        except BadUrlError as error:
            return self._failed(chain, FetchFailureKind.BAD_REDIRECT, f"a redirect to nowhere: {error}")
        return None

    async def _decoded(self, chain: _Chain, answer: Answer) -> Fetched | FetchFailed:
        coding = answer.headers.get("content-encoding", "")
        limit = self._net.max_decoded_bytes
        try:
            if len(answer.body) > DECODE_ON_LOOP_BYTES:
                decoded = await asyncio.to_thread(decode, answer.body, coding, limit=limit)
            else:
                decoded = decode(answer.body, coding, limit=limit)
        except DecodedTooLargeError:
            return self._failed(chain, FetchFailureKind.TOO_LARGE, f"decoded, the body is larger than {limit:,} bytes")
        except UndecodableError as error:
            return self._failed(chain, FetchFailureKind.MALFORMED, str(error))
        return Fetched(
            status=answer.status,
            url=chain.current.url,
            headers=answer.headers,
            body=decoded.body,
            moved_permanently_to=chain.moved_to,
            wire_bytes=len(answer.body),
            elapsed=chain.elapsed,
            whole=decoded.whole and answer.whole and answer.status != 206,
        )

    def _refused(self, chain: _Chain, answer: Answer) -> FetchFailed:
        mitigated = answer.headers.get("cf-mitigated")
        detail = f"the server answered {answer.status}"
        if answer.status == 304:
            detail += " to a request without conditions"
        if mitigated:
            detail += f" (cf-mitigated: {mitigated[:40]})"
        return FetchFailed(
            kind=FetchFailureKind.HTTP_STATUS,
            detail=detail,
            url=chain.current.url,
            status=answer.status,
            headers=answer.headers,
            retry_after=retry_after(answer.headers, self._clock.now()),
            elapsed=chain.elapsed,
        )

    async def _explained(self, chain: _Chain, error: ExchangeError) -> FetchFailed:
        if not error.unreached:
            if error.kind not in SAYS_NOTHING:
                self._outage.answered()
        elif await self._outage.is_ours(chain.current.host, error.kind):
            return self._failed(chain, FetchFailureKind.OFFLINE, f"our own network seems to be down: {error}")
        return self._failed(chain, error.kind, str(error))

    def _failed(self, chain: _Chain, kind: FetchFailureKind, detail: str) -> FetchFailed:
        return FetchFailed(kind=kind, detail=detail, url=chain.current.url, elapsed=chain.elapsed)

    def _ready_transport(self) -> Transport:
        if self._transport is None:
            raise RuntimeError("the client is used outside its `async with`")
        return self._transport

    def _ready_tolerant(self) -> TolerantReader:
        if self._tolerant is None:
            raise RuntimeError("the client is used outside its `async with`")
        return self._tolerant


def _authorization(credentials: tuple[str, str] | None) -> dict[str, str]:
    if credentials is None:
        return {}
    token = base64.b64encode(":".join(credentials).encode()).decode()
    return {"Authorization": f"Basic {token}"}


def _conditions(validators: Validators, *, delta: bool) -> dict[str, str]:
    """The conditional fields. ``A-IM: feed`` (RFC 3229) allows a ``delta`` of a feed, given an entity tag."""
    fields: dict[str, str] = {}
    if validators.etag is not None:
        fields["If-None-Match"] = validators.etag
        if delta:
            fields["A-IM"] = "feed"
    if validators.last_modified is not None:
        fields["If-Modified-Since"] = validators.last_modified
    return fields


def _is_conditional(request: Request) -> bool:
    return "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
