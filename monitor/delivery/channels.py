"""The one door to Apprise: opens a channel, and says what is wrong with its address.

Apprise understands the addresses of some 140 services and speaks to all but three kinds of them: our own JSON webhook,
e-mail (see :mod:`monitor.delivery.mail`) and ``stdout://`` have senders of their own.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from monitor.delivery import deadline as deadlines
from monitor.delivery.capture import captured
from monitor.delivery.families import Family, family_of, schema_of
from monitor.delivery.mail import MailSender, MailTarget
from monitor.delivery.secrets import discreet, secrets_of
from monitor.delivery.sender import BrokenSender, Sender, StdoutSender
from monitor.delivery.webhook import WebhookSender, WebhookTarget
from monitor.model.delivery import Rendered, SendFailed, SendFailureKind, SendOutcome
from monitor.model.settings import Channel

STDOUT = "stdout"

LOCAL_SCHEMAS = frozenset({"file", "config", "include"})

__all__ = ["Sender", "check_channel", "family_of", "open_channel"]


@lru_cache(maxsize=256)
def open_channel(channel: Channel) -> Sender:
    """The sender for a channel, kept while the channel's settings stay the same; its outcomes hold no secret."""
    return _Discreet(_sender(channel), secrets_of(channel))


class _Discreet:
    """A sender whose outcomes are fit to be stored, logged and shown."""

    def __init__(self, sender: Sender, secrets: tuple[str, ...]) -> None:
        self._sender = sender
        self._secrets = secrets

    def send(self, rendered: Rendered, *, idempotency_key: str, deadline: timedelta) -> SendOutcome:
        """Hand over; see :class:`Sender`."""
        outcome = self._sender.send(rendered, idempotency_key=idempotency_key, deadline=deadline)
        return discreet(outcome, self._secrets)


def _sender(channel: Channel) -> Sender:
    if schema_of(channel.url) == STDOUT:
        return StdoutSender()
    service = _service(channel.url)
    if service is None:
        return BrokenSender("the channel's address is not one that Apprise understands")
    match family_of(channel.url):
        case Family.WEBHOOK:
            return WebhookSender(_webhook_target(service), channel.secret)
        case Family.EMAIL:
            return MailSender(_mail_target(service))
        case _:
            return AppriseSender(channel.url)


def check_channel(channel: Channel) -> list[str]:
    """What is wrong with a channel, in sentences that do not show its address; empty when nothing is.

    One address is one service and one recipient: with several, one failure could not be retried alone.
    """
    if schema_of(channel.url) == STDOUT:
        return []
    if not schema_of(channel.url):
        return ["the address has no 'service://' in front"]
    service = _service(channel.url)
    if service is None:
        return [f"Apprise does not understand this {schema_of(channel.url)}:// address: see docs/channels.md"]
    faults = []
    recipients = len(service)
    if family_of(channel.url) is Family.EMAIL:
        recipients += len(service.cc) + len(service.bcc)
    if recipients != 1:
        faults.append(f"the address names {recipients} recipients: give each a channel of its own")
    if channel.secret and family_of(channel.url) is not Family.WEBHOOK:
        faults.append("'secret' signs webhooks only (json:// and jsons://)")
    if channel.in_doubt not in {"retry", "hold"}:
        faults.append("in_doubt is 'retry' or 'hold'")
    return faults


class AppriseSender:
    """Sends through Apprise, in the calling thread; a fresh Apprise object each time, since a used one sleeps."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, rendered: Rendered, *, idempotency_key: str, deadline: timedelta) -> SendOutcome:
        """One attempt; Apprise's yes or no is joined with what was seen on the wire."""
        with deadlines.within(deadline) as limit, captured() as exchange:
            service = _service(self._url)
            if service is None:
                return SendFailed(kind=SendFailureKind.CHANNEL_BROKEN, detail="Apprise does not understand the address")
            _take_key(service, schema_of(self._url), idempotency_key)
            accepted = _notify(service, rendered)
            if accepted and exchange.status is None and _speaks_http(service):
                detail = (
                    "Apprise says yes, but nothing was sent: does the address ask for another action than to alert?"
                )
                return SendFailed(kind=SendFailureKind.CHANNEL_BROKEN, detail=detail)
            return exchange.outcome(accepted=accepted, limit=limit)


def _notify(service: Any, rendered: Rendered) -> bool:
    from apprise import Apprise, ContentLocation, NotifyFormat, NotifyType  # noqa: PLC0415 - takes 0.3 s, needed to send

    body, body_format = rendered.body, NotifyFormat.TEXT
    match rendered.format:
        case "json":
            _post_blocks(service, rendered.body)
            body = rendered.text
        case "html":
            body_format = NotifyFormat.HTML
        case "markdown":
            body_format = NotifyFormat.MARKDOWN
    sender = Apprise(asset=_asset(), location=ContentLocation.INACCESSIBLE)
    sender.add(service)
    # Opsgenie and Jira take an INFO for a note on an alert that there is, and send nothing where there is none.
    kind = NotifyType.WARNING
    return bool(sender.notify(body=body, title=rendered.title, body_format=body_format, notify_type=kind))


def _speaks_http(service: Any) -> bool:
    """Whether what the service sends is seen by :mod:`monitor.delivery.capture`."""
    return hasattr(sys.modules.get(type(service).__module__), "requests")


def _take_key(service: Any, schema: str, key: str) -> None:
    """Tell the services that drop what they have had by which key to know it; one that the address names wins."""
    match schema:
        case "pagerduty" if not service.dedup:
            service.dedup = key
        case "opsgenie" if not service.alias:
            service.alias = key
        case "matrix" | "matrixs" if service.password and not service.user:
            # With a token, Matrix knows a message by its transaction (client-server API, "Transaction identifiers"); a
            # session that logs in is another device each time.
            service.access_token, service.transaction_id = service.password, quote(key, safe="")


def _post_blocks(service: Any, body: str) -> None:
    """Have Slack's plugin post our Block Kit instead of the attachment it builds; channel and thread stay its own."""
    import json  # noqa: PLC0415 - beside its only use

    original, ours = service._send, json.loads(body)  # noqa: SLF001 - the plugin has no public way to send own blocks

    def send(url: str, payload: dict[str, Any], **options: Any) -> Any:
        theirs = {key: value for key, value in payload.items() if key not in {"attachments", "mrkdwn", "text"}}
        return original(url, theirs | ours, **options)

    service._send = send  # noqa: SLF001 - see above


def _service(url: str) -> Any:
    """Apprise's object for an address, or None; its logs stay below DEBUG, where they would show secrets."""
    from apprise import Apprise  # noqa: PLC0415 - takes 0.3 s

    for name in ("apprise", "urllib3", "requests"):
        if logging.getLogger(name).level < logging.INFO:
            logging.getLogger(name).setLevel(logging.INFO)
    if schema_of(url) in LOCAL_SCHEMAS:
        return None
    with contextlib.suppress(Exception):
        service = Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
        if service is None:
            return None
        service.redirects = False
        # Its own pace sleeps between the requests of one send (Matrix: 1.4 s); ours is one send at a time, and a 429.
        service.request_rate_per_sec = 0
        return service
    return None


@lru_cache(maxsize=1)
def _asset() -> Any:
    """Apprise's settings: no redirects, no own time-outs, no retries, nothing on disk, no pictures from elsewhere."""
    from apprise import AppriseAsset, PersistentStoreMode  # noqa: PLC0415 - takes 0.3 s

    return AppriseAsset(
        app_id="newsmonitor",
        app_desc="newsmonitor",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        service_timeout=0,
        async_mode=False,
        default_service_retry=0,
        storage_mode=PersistentStoreMode.MEMORY,
        pgp_autogen=False,
        pem_autogen=False,
    )


def _webhook_target(service: Any) -> WebhookTarget:
    path = service.fullpath or "/"
    if service.params:
        path += "?" + urlencode(service.params)
    port = service.port or (443 if service.secure else 80)
    return WebhookTarget(
        secure=bool(service.secure), host=service.host, port=port, path=path, method=service.method,
        headers=dict(service.headers), user=service.user, password=service.password, verify=service.verify_certificate,
    )  # fmt: skip


def _mail_target(service: Any) -> MailTarget:
    modes = {"insecure": "none", "starttls": "starttls", "ssl": "tls"}
    name, address = service.targets[0]
    return MailTarget(
        host=service.smtp_host, port=service.port, security=modes[str(service.secure_mode)],
        sender=(service.from_addr[0] or "newsmonitor", service.from_addr[1]), recipient=(name or "", address),
        user=service.user, password=service.password, reply_to=tuple(service.reply_to), headers=dict(service.headers),
        verify=service.verify_certificate,
    )  # fmt: skip
