"""What each family looks like, kept as files that a person has read; ``REGENERATE=1 pytest`` writes them anew."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.delivery.families import Family
from monitor.delivery.render import render_for
from monitor.model.alerts import AlertKind, AlertMessage, Companion
from monitor.model.watches import Severity

GOLDEN = Path(__file__).parent / "golden"
KABUL = ZoneInfo("Asia/Kabul")

ENGLISH = (
    "Officials closed the road on Tuesday evening. A blast tore through a residential house in Hamdard village, Dehdadi"
    " district, Balkh province, killing at least one person. Three people with minor injuries got away."
)
PERSIAN = (
    "شامگاه سه‌شنبه جاده بسته شد."
    " انفجار در یک خانه مسکونی در روستای همدرد ولسوالی دهدادی ولایت بلخ دست‌کم یک کشته و یک زخمی"
    " برجا گذاشت. سه تن با زخم‌های سطحی از محل دور شدند."
)


def highlights(text: str, *terms: str) -> list[list[object]]:
    return sorted([text.index(term), text.index(term) + len(term), term] for term in terms)


UPDATE = AlertMessage(
    alert_id=42, kind=AlertKind.UPDATE, watch="balkh-explosion", severity=Severity.HIGH, score=0.83, in_reply_to=41,
    reasons=("place in the title", "event in the lead", "4 words apart"),
    story={"id": 12, "first_seen": "2024-04-02T16:30:00Z", "sources": 3, "independent": 2},
    article={
        "title": "Explosion kills three in a house near Mazar-e-Sharif", "site": "North Dispatch", "author": "Staff",
        "url": "https://north.example/2024/04/explosion-near-mazar", "published": "2024-04-02T16:30:00Z",
        "seen": "2024-04-02T16:41:00Z", "language": "en", "lead": "", "excerpt": ENGLISH,
        "highlights": highlights(ENGLISH, "blast", "Balkh"),
    },
    changes=("killed 1 → 3", "a correction was added"),
)  # fmt: skip
PERSIAN_NEW = AlertMessage(
    alert_id=43, kind=AlertKind.NEW, watch="balkh-explosion", severity=Severity.CRITICAL, score=0.9,
    reasons=("place in the title",),
    story={"id": 12, "first_seen": "2024-04-02T16:30:00Z", "sources": 1, "independent": 1},
    article={
        "title": "انفجار در خانه‌ای نزدیک مزار شریف یک کشته برجا گذاشت", "site": "اخبار شمال", "author": None,
        "url": "https://shomal.example/fa/1403", "published": None, "seen": "2024-04-02T16:41:00Z", "language": "fa",
        "lead": "", "excerpt": PERSIAN, "highlights": highlights(PERSIAN, "انفجار", "بلخ"), "partial": "paywall",
    },
)  # fmt: skip
DIGEST = AlertMessage(
    alert_id=50, kind=AlertKind.DIGEST, watch="newsmonitor", severity=Severity.MEDIUM, score=0.0, reasons=(),
    text="3 alerts held during quiet hours: 2 stories\n\n[HIGH] balkh-explosion: Explosion kills three (21:11)\n"
    "  https://north.example/2024/04/explosion-near-mazar\n  +1 article; killed 1 → 3\n\n"
    "[MEDIUM] balkh: انفجار نزدیک مزار شریف (22:15)\n"
    "  https://shomal.example/fa/1403\n",
)  # fmt: skip
NOTICE = AlertMessage(
    alert_id=51, kind=AlertKind.NOTICE, watch="newsmonitor", severity=Severity.HIGH, score=0.0, reasons=(),
    text="Channel desk-slack is broken\nHTTP 404\n\nIts messages wait.",
)  # fmt: skip
TOGETHER = replace(
    PERSIAN_NEW, alert_id=44,
    also=(
        Companion(alert_id=45, watch="balkh", severity=Severity.MEDIUM),
        Companion(alert_id=46, watch="explosions-north", severity=Severity.LOW),
    ),
)  # fmt: skip
SAMPLES = {"together": TOGETHER, "update": UPDATE, "persian": PERSIAN_NEW, "digest": DIGEST, "notice": NOTICE}
ENDINGS = {"json": "json", "html": "html", "markdown": "md", "text": "txt"}


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_every_family_says_what_it_said_when_a_person_read_it(family: Family, sample: str) -> None:
    rendered = render_for(family, SAMPLES[sample], zone=KABUL)
    body = rendered.body
    if rendered.format == "json":
        body = json.dumps(json.loads(body), ensure_ascii=False, indent=1) + "\n"
    shown = f"{rendered.title}\n{'=' * 72}\n{body}"
    if rendered.text and rendered.text != rendered.body:
        shown += f"\n{'=' * 72}\n{rendered.text}"
    path = GOLDEN / f"{sample}.{family}.{ENDINGS[rendered.format]}"
    if os.environ.get("REGENERATE"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")
