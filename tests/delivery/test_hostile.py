# ruff: noqa: E501 - hostile strings and answers stand as they are
"""The hostile-title table: every naughty string × every family gives a message, and no ping, script or forged link."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor.delivery.channels import open_channel
from monitor.delivery.clean import clip, clip_bytes, one_line, safe_url
from monitor.delivery.families import Family
from monitor.delivery.mail import MailTarget, compose
from monitor.delivery.render import render_for
from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.delivery import Rendered, Sent
from monitor.model.settings import Channel
from monitor.model.watches import Severity
from tests.delivery.hostile import CRAFTED, EVERY
from tests.delivery.receivers import Receiver, say

URL = "https://news.example/a?b=1&c=2"
PING = re.compile("[@＠](?!\u200b)|<!(?:channel|here|everyone)|<[@#][&!]?\\w+>")
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
FAMILIES = [each for each in Family if each is not Family.WEBHOOK]


def alert(text: str, *, url: str = URL) -> AlertMessage:
    """An alert that says ``text`` wherever a stranger's text can stand."""
    return AlertMessage(
        alert_id=7, kind=AlertKind.UPDATE, watch="balkh-explosion", severity=Severity.HIGH, score=0.8,
        reasons=(text, "place in the title"), changes=(text,),
        story={"id": 3, "first_seen": "2024-04-02T12:00:00Z", "sources": 3, "independent": 2},
        article={
            "title": text, "url": url, "site": text, "author": text, "language": "en", "excerpt": f"A {text} B",
            "published": "2024-04-02T12:00:00Z", "seen": text, "highlights": [[0, 1, text], [2, 2 + len(text), "x"], [5, 3, "y"]],
        },
        in_reply_to=5,
    )  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_no_ping_no_control_and_no_failure(family: Family) -> None:
    assert len(EVERY) >= 540
    for text in EVERY:
        rendered = render_for(family, alert(text))
        for part in (rendered.title, *visible(rendered), rendered.text):
            assert not UNSEEN.search(part), (text, UNSEEN.search(part))
            part.encode()
        for part in (*visible(rendered), rendered.text):
            assert not PING.search(part), (text, PING.search(part))
        assert "\n" not in rendered.title


def visible(rendered: Rendered) -> Iterator[str]:
    """The strings of a body that a service may parse or show."""
    if rendered.format == "json":
        yield from strings(json.loads(rendered.body))
    else:
        yield rendered.body.replace("font:16px", "").replace("@media", "")


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)


class Tags(HTMLParser):
    """Collects tags, links and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in {"href", "src"}}
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "every value is inside its own element"


ALLOWED_TAGS = {
    Family.EMAIL: {"html", "head", "meta", "title", "style", "body", "div", "b", "h1", "a", "blockquote", "mark", "p", "bdi", "code", "br"},
    Family.TELEGRAM: {"a", "b", "blockquote"},
    Family.MATRIX: {"a", "b", "blockquote", "br"},
}  # fmt: skip


@pytest.mark.parametrize("family", sorted(ALLOWED_TAGS))
def test_no_markup_comes_from_outside(family: Family) -> None:
    for text in EVERY:
        parser = Tags()
        parser.feed(render_for(family, alert(text)).body)
        parser.close()
        assert parser.tags <= ALLOWED_TAGS[family], text
        assert parser.links <= {URL}, text
        assert not {name for name in parser.attributes if name.startswith("on")}
        assert parser.open == []


def test_markdown_has_no_link_but_ours_and_no_structure_from_outside() -> None:
    reader = MarkdownIt("gfm-like", {"linkify": False})
    for text in EVERY:
        body = render_for(Family.MARKDOWN, alert(text)).body
        tokens = [token for block in reader.parse(body) for token in (block, *(block.children or ()))]
        kinds = {token.type for token in tokens}
        assert kinds <= {
            "paragraph_open", "paragraph_close", "blockquote_open", "blockquote_close", "inline", "text", "softbreak",
            "strong_open", "strong_close", "link_open", "link_close", "text_special", "hardbreak",
        }, (text, kinds)  # fmt: skip
        assert {token.attrs["href"] for token in tokens if token.type == "link_open"} <= {URL}, text


def test_slack_gets_parsed_text_nowhere_but_in_the_escaped_fallback() -> None:
    for text in EVERY:
        payload = json.loads(render_for(Family.SLACK, alert(text)).body)
        assert set(re.findall(r"[<>]", payload["text"])) == set()
        kinds = {each["type"] for each in objects(payload["blocks"])}
        assert "mrkdwn" not in kinds
        assert {each["url"] for each in objects(payload["blocks"]) if "url" in each} <= {URL}
        assert all(
            len(each["text"]) <= 3000 for each in objects(payload["blocks"]) if isinstance(each.get("text"), str)
        )
        assert 1 <= len(payload["blocks"][0]["text"]["text"]) <= 150
        assert len(payload["blocks"]) <= 50
        assert all(len(each["elements"]) <= 10 for each in payload["blocks"] if each["type"] == "context")
        assert all(each["text"] for each in objects(payload["blocks"]) if "text" in each)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    match value:
        case dict():
            if "type" in value:
                yield value
            for each in value.values():
                yield from objects(each)
        case list():
            for each in value:
                yield from objects(each)


def test_mail_headers_are_ours_alone_and_fit_the_lines_of_the_standard() -> None:
    target = MailTarget(
        host="h", port=25, security="none", sender=("newsmonitor", "a@example.org"), recipient=("", "b@example.org")
    )
    expected = {
        "Subject", "From", "To", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Mailer",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    for text in EVERY:
        rendered = render_for(Family.EMAIL, alert(text))
        wire = compose(rendered, target, "7:mail").as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))
        assert max(map(len, wire.split(b"\r\n"))) <= 998
        message = email.message_from_bytes(wire)
        assert set(message.keys()) == expected, text
        subject = str(make_header(decode_header(message["Subject"])))
        assert subject == rendered.title, text
        assert message["To"] == "b@example.org"
        assert len(subject.encode()) <= 240
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]


def test_every_body_fits_its_service() -> None:
    limits = {Family.TEXT: 3000, Family.MARKDOWN: 1900, Family.TELEGRAM: 3500, Family.MATRIX: 3500}
    for text in EVERY:
        for family, limit in limits.items():
            assert len(render_for(family, alert(text)).body) <= limit, (family, text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a@b.example/",
        "https://x\\@evil.example/",
        "//evil.example",
        "file:///etc/passwd",
        "",
        "https://",
        "ftp://x/",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert safe_url(url) == ""
    for family in FAMILIES:
        assert "javascript:" not in render_for(family, alert("Blast", url=url)).body


@given(st.text())
def test_cleaning_is_total_and_idempotent(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert not UNSEEN.search(one_line(text))


@given(st.text(), st.integers(1, 50))
def test_clipping_keeps_the_bound(text: str, longest: int) -> None:
    assert len(clip(text, longest)) <= longest
    if max(text, default="") < "\ud800" or min(text, default="\x00") > "\udfff":
        assert len(clip_bytes(text, longest + 2).encode()) <= longest + 2


SERVICES = ["slack", "tgram", "discord", "mmost", "rocket", "ntfy", "gotify", "form", "matrix"]


@pytest.mark.parametrize("service", SERVICES)
def test_what_apprise_puts_on_the_wire_pings_nobody(
    service: str,
    slack_on_loopback: Callable[[int], str],
    telegram_on_loopback: Callable[[int], str],
    discord_on_loopback: Callable[[int], str],
) -> None:
    answer = b'{"ok": true, "result": {}, "id": 1, "success": true, "event_id": "$1", "access_token": "t", "home_server": "h", "user_id": "@u:h", "room_id": "!r:h"}'
    with Receiver(say(200, b"ok" if service == "slack" else answer, content_type="application/json")) as receiver:
        at = f"127.0.0.1:{receiver.port}"
        urls = {
            "slack": slack_on_loopback(receiver.port),
            "tgram": telegram_on_loopback(receiver.port),
            "discord": discord_on_loopback(receiver.port),
            "mmost": f"mmost://{at}/3ccdd113474722377935511fc85d3dd4",
            "rocket": f"rocket://3ccdd11/aabbccdd@{at}/%23news",
            "ntfy": f"ntfy://{at}/news",
            "gotify": f"gotify://{at}/abcdefghijklmn",
            "form": f"form://{at}/hook",
            "matrix": f"matrix://user:pass@{at}/!room:h?v=3",
        }
        channel = Channel(name=service, url=urls[service])
        from monitor.delivery.families import family_of

        for text in CRAFTED:
            receiver.heard.clear()
            rendered = render_for(family_of(channel.url), alert(text))
            outcome = open_channel(channel).send(rendered, idempotency_key="7:c", deadline=timedelta(seconds=5))
            assert isinstance(outcome, Sent), (text, outcome)
            sent = receiver.heard[-1].body.decode()
            if receiver.heard[-1].headers.get("content-type", "").startswith("application/json"):
                sent = "\n".join(each for each in strings(json.loads(sent)) if each not in {"#news", "@u:h"})
            assert "apprise" not in sent, "no picture of a library's"
            assert not re.search(r"<!(?:channel|here|everyone)|@(?:everyone|here|channel|room|all)\b", sent), (
                text,
                sent,
            )
