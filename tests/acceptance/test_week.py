"""A week of a desk through the real line: what each channel heard, and when.

Local time is the desk's. Quiet hours are 22:00 to 06:00, the digest is at 08:00, and the desk takes three messages an
hour. ``critical`` goes to the duty phone too.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlite_utils import Database

from monitor.model.settings import Alerting, Route
from monitor.model.watches import Severity, WatchSpec
from monitor.store import alerts, silences
from tests.acceptance.score import Score, perform
from tests.acceptance.test_floods import report
from tests.acceptance.test_main_job import BLAST, FESTIVAL

HOUR = timedelta(hours=1)
WATCHES = (
    WatchSpec(name="blast", any=("explo*", "blast*"), severity=Severity.HIGH),
    WatchSpec(name="siege", any=("siege*",), severity=Severity.CRITICAL),
    WatchSpec(name="dam", query="dam", min_score=0.9),
)
ROUTES = (Route(channels=("duty", "desk"), min_severity=Severity.CRITICAL), Route(channels=("desk",)))
BLAST_RAISED = BLAST.replace("killing at least one person", "killing three people")
SOUTHERN = (
    "An explosion in a residential house in Hamdard village of Dehdadi district, in the northern province of Balkh, "
    "killed one person and wounded another on Tuesday evening, according to residents. The Taliban security command "
    "said those inside had been assembling a device. The dead man came from Kashanda district, a neighbour said, and "
    "the road to Mazar-e-Sharif was closed for two hours."
)
EASTERN = (
    "One man was killed and another injured when a device exploded inside a house in Hamdard village, Dehdadi district "
    "of Balkh, on Tuesday evening. Both came from Kashanda district, according to the security command of the Taliban, "
    "which closed the road to Mazar-e-Sharif. Windows broke in a dozen houses of the village, residents told us."
)


class Week:
    """Moves a score through its days; what happens at an hour happens before the feeds are polled."""

    def __init__(self, score: Score, zone: ZoneInfo) -> None:
        self.score, self.zone = score, zone

    async def until(self, local: str) -> None:
        """Go on to this local time, ``2024-04-01 10:00``, polling every other hour on the way, but not then."""
        end = instant(local, self.zone)
        while self.score.clock.now() < end:
            await self.score.poll_all()
            self.score.clock.move_to(min(end, self._next_look()))

    def _next_look(self) -> datetime:
        """The next even hour of the desk's clock."""
        now = self.score.clock.now()
        local = now.astimezone(self.zone)
        past = timedelta(hours=local.hour % 2, minutes=local.minute)
        return now + 2 * HOUR - past

    def says(self, name: str, slug: str, title: str, text: str) -> None:
        self.score.outlets[name].says(slug, title, text)

    def reports(self, *numbers: int, what: str = "explosion", name: str = "north") -> None:
        """Events that are like no other."""
        for number in numbers:
            self.says(name, f"{what}-{number}", *report(number, what))

    def read(self, function: Callable[..., Any], **options: Any) -> Any:
        """Call a reading function of the store."""
        with self.score.line.store.read() as db:
            return function(db, **options)

    def stored(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call a function of the store in a transaction, at the score's time."""
        with self.score.line.store.transaction() as db:
            return function(db, *args, now=self.score.clock.now(), **options)


def instant(local: str, zone: ZoneInfo) -> datetime:
    """The instant of a local time."""
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


def desk_of(zone: ZoneInfo) -> dict[str, Any]:
    quiet = Alerting(timezone=zone, quiet_hours=(time(22), time(6)), digest="08:00", max_per_hour=3)
    return {"watches": WATCHES, "routes": ROUTES, "alerts": quiet, "desks": {"desk": {}, "duty": {}}}


async def test_a_week_in_kabul(tmp_path: Path) -> None:
    kabul = ZoneInfo("Asia/Kabul")
    start = instant("2024-04-01 06:00", kabul)
    async with perform(tmp_path, "north", "south", "east", start=start, **desk_of(kabul)) as score:
        week = Week(score, kabul)
        for name in score.outlets:
            week.says(name, "festival", f"Festival of {name} opens", f"{name} {FESTIVAL}")

        # Monday: one event, told as it grows.
        await week.until("2024-04-01 10:00")
        week.says("north", "blast", "Blast kills one in Balkh house", BLAST)
        await week.until("2024-04-01 11:00")
        week.says("south", "wire", "House blast in northern province", BLAST)  # a copy
        await week.until("2024-04-01 12:00")
        week.says("north", "blast", "Blast kills three in Balkh house", BLAST_RAISED)
        await week.until("2024-04-01 13:00")
        week.says("south", "own", "Explosion in Balkh house kills one", SOUTHERN)
        await week.until("2024-04-01 14:00")
        week.says("east", "own", "One killed as house explodes in Balkh", EASTERN)

        # Monday night: two wait for the morning, the siege does not.
        await week.until("2024-04-01 22:00")
        week.reports(0)
        await week.until("2024-04-02 02:00")
        week.reports(1)
        week.reports(2, what="siege")

        # Tuesday: a storm of five within an hour, where three are let through and the rest summed up an hour later.
        await week.until("2024-04-02 14:00")
        for number in range(3, 8):
            week.reports(number)
            await week.until(f"2024-04-02 14:{number - 2}0")
        await week.until("2024-04-02 15:30")

        # Wednesday: the blast watch is silenced for a day; the siege watch is not.
        await week.until("2024-04-03 09:00")
        until = score.clock.now() + 24 * HOUR
        silence = week.stored(silences.add, watch="bl*", until=until, reason="exercise of the army", author="Sara")
        await week.until("2024-04-03 11:00")
        week.reports(8)
        week.reports(9, what="siege")

        # Thursday: the silence has ended; a story is muted for two days; an update of it is not told.
        await week.until("2024-04-04 10:00")
        week.reports(10)
        await week.until("2024-04-04 11:00")
        (told, *_) = week.read(alerts.listed, watch="blast", limit=1)
        week.stored(
            silences.add, story_id=told["story"], until=score.clock.now() + 48 * HOUR, reason="followed by phone",
            author="Omid",
        )  # fmt: skip
        assert week.stored(alerts.acknowledge, told["alert"], verdict="useful", by="Omid", note="on it")
        title, text = report(10)
        week.says("north", "explosion-10", title, text.replace("Nobody", "Four people were killed; nobody else"))

        # Friday: a mention in passing; Saturday night: an update is held, alone.
        await week.until("2024-04-05 12:00")
        week.says("east", "visit", "A visitor to the valley", f"{FESTIVAL}\nThe dam was shown to him.")
        await week.until("2024-04-06 20:00")
        week.reports(11)
        await week.until("2024-04-07 01:00")
        title, text = report(11)
        week.says("north", "explosion-11", title, text.replace("Nobody", "Six people were killed; nobody else"))
        await week.until("2024-04-08 09:00")

        desk = score.heard_at("desk")
        assert [each for each in desk if " feeds work;" not in each] == [
            "Mon 10:00 new: Blast kills one in Balkh house",
            "Mon 12:00 update: Blast kills three in Balkh house",
            "Mon 14:00 corroborated: One killed as house explodes in Balkh",
            "Tue 02:00 new: Siege at Dawlatabad mill",
            "Tue 06:00 digest: 2 alerts held during quiet hours: 2 stories",
            "Tue 08:00 digest: Digest since Mon 01 Apr 08:00: 6 alerts told, 1 article passed over",
            "Tue 14:00 new: Explosion at Chimtal school",
            "Tue 14:10 new: Explosion at Sholgara weir",
            "Tue 14:20 new: Explosion at Kaldar quay",
            "Tue 15:30 digest: 2 alerts beyond this channel's messages an hour: 2 stories",
            "Wed 11:00 new: Siege at Charkent mine",
            "Thu 10:00 new: Explosion at Nahri Shahi depot",
            "Sat 08:00 digest: Digest since Fri 05 Apr 08:00: 0 alerts told, 1 article passed over",
            "Sat 20:00 new: Explosion at Dehdadi workshop",
            "Sun 06:00 update: Explosion at Dehdadi workshop",
        ]
        assert [each for each in desk if " feeds work;" in each] == [
            f"{report} 0 waiting, 0 dead"
            for report in (
                "Mon 08:00 notice: 3 of 3 feeds work; last 24 hours: 3 articles, 0 hits, 0 alerts, 0 delivered;",
                "Tue 08:00 notice: 3 of 3 feeds work; last 24 hours: 7 articles, 7 hits, 6 alerts, 6 delivered;",
                "Wed 08:00 notice: 3 of 3 feeds work; last 24 hours: 5 articles, 5 hits, 5 alerts, 4 delivered;",
                "Thu 08:00 notice: 3 of 3 feeds work; last 24 hours: 2 articles, 2 hits, 1 alert, 2 delivered;",
                "Fri 08:00 notice: 3 of 3 feeds work; last 24 hours: 1 article, 1 hit, 1 alert, 1 delivered;",
                "Sat 08:00 notice: 3 of 3 feeds work; last 24 hours: 1 article, 1 hit, 0 alerts, 0 delivered;",
                "Sun 08:00 notice: 3 of 3 feeds work; last 24 hours: 1 article, 1 hit, 2 alerts, 2 delivered;",
                "Mon 08:00 notice: 3 of 3 feeds work; last 24 hours: 0 articles, 0 hits, 0 alerts, 0 delivered;",
            )
        ]
        assert score.heard_at("duty") == [
            "Tue 02:00 new: Siege at Dawlatabad mill",
            "Wed 11:00 new: Siege at Charkent mine",
        ]
        assert score.heard() == [], "no route leads there"
        assert week.read(reasons_of_silences) == [
            f"silence {silence} by Sara until 2024-04-04 09:00: exercise of the army",
            f"silence {silence + 1} by Omid until 2024-04-06 11:00: followed by phone",
        ]
        changes = [body["changes"] for body in score.desks["desk"] if body["kind"] == "update"]
        assert changes == [["killed 1 → 3"], ["killed 6, not told before"]]
        (acknowledged,) = [each for each in week.read(alerts.listed, limit=100) if each["verdict"]]
        assert (acknowledged["title"], acknowledged["acknowledged_by"]) == ("Explosion at Nahri Shahi depot", "Omid")


@pytest.mark.parametrize("saturday", ["2024-03-30", "2024-10-26"], ids=["spring", "autumn"])
async def test_a_night_in_berlin_in_which_the_clock_is_changed(tmp_path: Path, saturday: str) -> None:
    """What is held goes out once, at six by the new time, and the digest once, at eight."""
    berlin = ZoneInfo("Europe/Berlin")
    async with perform(tmp_path, "north", start=instant(f"{saturday} 18:00", berlin), **desk_of(berlin)) as score:
        week = Week(score, berlin)
        week.says("north", "festival", "Festival opens", FESTIVAL)
        await week.until(f"{saturday} 20:00")
        week.says("north", "visit", "A visitor to the valley", f"{FESTIVAL}\nThe dam was shown to him.")
        await week.until(f"{saturday} 22:00")
        week.reports(0)
        await week.until((datetime.fromisoformat(saturday) + 27 * HOUR).isoformat(" "))
        week.reports(1)
        await week.until((datetime.fromisoformat(saturday) + 60 * HOUR).isoformat(" "))
        assert [each for each in score.heard_at("desk") if " feeds work;" not in each] == [
            "Sun 06:00 digest: 2 alerts held during quiet hours: 2 stories",
            f"Sun 08:00 digest: Digest since Sat {saturday[8:]} {'Mar' if '-03-' in saturday else 'Oct'} 18:00:"
            " 2 alerts told, 1 article passed over",
        ]
        reports = [each[:9] for each in score.heard_at("desk") if " feeds work;" in each]
        assert reports == ["Sun 08:00", "Mon 08:00"]


def reasons_of_silences(db: Database) -> list[str]:
    """Why silences kept something from the desk, in the order it came."""
    return [row[0] for row in db.execute("SELECT detail FROM suppressions WHERE reason = 'silenced' ORDER BY seq")]
