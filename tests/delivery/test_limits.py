"""What services take at most, and what a message that is longer looks like."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.delivery.families import Family
from monitor.delivery.render import render_for
from monitor.model.alerts import AlertMessage, Companion
from monitor.model.watches import Severity
from tests.delivery.test_golden import DIGEST, UPDATE

STORIES = 40
LONG = st.sampled_from(["word ", "@everyone ", "<!channel>", "&<>\"'", "انفجار ", "x", "\U0001f4a5"]).flatmap(
    lambda piece: st.integers(1, 4000).map(lambda times: piece * times)
)


def digest(stories: int) -> AlertMessage:
    """As long as a digest gets: forty stories with long headlines and addresses."""
    lines = [f"{stories} alerts held during quiet hours: {stories} stories", ""]
    for number in range(stories):
        lines += [f"[HIGH] balkh: Story {number} " + "of the long night " * 6 + "(21:11)"]
        lines += [f"  https://north.example/2024/04/{number}/" + "a-long-address-" * 6, "  killed 1 → 3", ""]
    return replace(DIGEST, text="\n".join(lines))


def check_slack(body: str) -> None:
    """The limits of Slack's reference: blocks, header, text, context, link."""
    payload = json.loads(body)
    assert 1 <= len(payload["blocks"]) <= 50
    assert len(payload["text"]) <= 3000
    for block in payload["blocks"]:
        assert block["type"] in {"header", "rich_text", "context"}
        match block["type"]:
            case "header":
                assert 1 <= len(block["text"]["text"]) <= 150
            case "context":
                assert 1 <= len(block["elements"]) <= 10
                assert all(1 <= len(each["text"]) <= 3000 for each in block["elements"])
            case "rich_text":
                assert sum(len(each.get("text", "")) for each in _leaves(block)) <= 3000 * len(block["elements"])
    for leaf in (leaf for block in payload["blocks"] for leaf in _leaves(block)):
        assert 1 <= len(leaf["text"]) <= 3000
        assert len(leaf.get("url", "")) <= 3000


def _leaves(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] != "rich_text":
        return []
    return [leaf for section in block["elements"] for leaf in section["elements"]]


@settings(max_examples=30, deadline=None)
@given(LONG, LONG, LONG, st.lists(LONG, max_size=12))
def test_slack_never_gets_more_than_it_takes(title: str, excerpt: str, url: str, many: list[str]) -> None:
    article = {**UPDATE.article, "title": title, "excerpt": excerpt, "site": title, "author": excerpt,
               "url": f"https://north.example/{url}", "highlights": [[0, 1, "x"]]}  # fmt: skip
    also = tuple(Companion(alert_id=43, watch=each, severity=Severity.LOW) for each in many)
    message = replace(UPDATE, article=article, changes=tuple(many), reasons=tuple(many), watch=title, also=also)
    check_slack(render_for("slack", message).body)
    check_slack(
        render_for("slack", replace(DIGEST, text="\n".join([title, "", *many, f"  https://x.example/{url}"]))).body
    )


def test_slack_gets_a_long_digest_whole() -> None:
    body = render_for("slack", digest(STORIES)).body
    check_slack(body)
    assert all(f"Story {number} " in body for number in range(STORIES))


@pytest.mark.parametrize(
    ("family", "longest", "longest_bytes"),
    [
        (Family.TEXT, 3_000, 4_096 - 150),
        (Family.MARKDOWN, 2_000 - 100, 10_000),
        (Family.TELEGRAM, 4_096 - 150, 30_000),
        (Family.MATRIX, 4_000, 60_000),
    ],
)
def test_a_digest_that_is_cut_ends_with_a_whole_line_and_says_where_the_rest_is(
    family: Family, longest: int, longest_bytes: int
) -> None:
    whole = digest(STORIES)
    for text in (whole.text, whole.text.replace("long", "بلند" * 2)):
        body = render_for(family, replace(whole, text=text)).body
        assert len(body) <= longest
        assert len(body.encode()) <= longest_bytes
        assert body.replace("\\", "").endswith("… cut here; all of it: monitor alerts show 50")
        assert "Story 1 " in body
    short = render_for(family, digest(2)).body
    assert "cut here" not in short


@pytest.mark.parametrize("family", [each for each in Family if each is not Family.WEBHOOK])
@pytest.mark.parametrize("plain", [False, True])
def test_what_else_a_message_tells_is_named_however_long_its_sentence_is(family: Family, *, plain: bool) -> None:
    also = tuple(Companion(alert_id=43 + each, watch=f"watch-{each}", severity=Severity.LOW) for each in range(40))
    excerpt = "A blast tore through <&> " * 400
    message = replace(UPDATE, article={**UPDATE.article, "excerpt": excerpt}, reasons=("why",) * 6, also=also)
    rendered = render_for(family, message, plain=plain)
    assert "+40 watches" in rendered.title
    assert "watch-0 [LOW] (alert 43)" in rendered.body.replace("\\", "")
    assert "and 32 more" in rendered.body


def test_mail_and_terminals_get_everything() -> None:
    mail = render_for("email", digest(STORIES))
    assert all(f"Story {number} " in mail.body and f"Story {number} " in mail.text for number in range(STORIES))
    assert f"Story {STORIES - 1} " in render_for("text", digest(STORIES)).text
