"""A feed that lists far more at once than its rhythm lets expect: critical alerts pass, the rest is one message."""

from datetime import time, timedelta
from pathlib import Path

from monitor.model.settings import Alerting, Route
from monitor.model.watches import Severity, WatchSpec
from tests.acceptance.score import Score, perform
from tests.acceptance.test_main_job import FESTIVAL

PLACES = (
    "Balkh gate", "Khulm bridge", "Dawlatabad mill", "Chimtal school", "Sholgara weir", "Kaldar quay", "Marmul farm",
    "Zari market", "Kishindih road", "Charkent mine", "Nahri Shahi depot", "Dehdadi workshop",
)  # fmt: skip
BLAST = WatchSpec(name="blast", all=("explosion*",), severity=Severity.HIGH)
SIEGE = WatchSpec(name="siege", all=("siege*",), severity=Severity.CRITICAL)


def report(number: int, what: str = "explosion") -> tuple[str, str]:
    """Title and text of a report that is like no other."""
    place = PLACES[number]
    hour = f"{number + 1} o'clock"
    words = " ".join(f"{place.split()[0].lower()}word{number}x{n}" for n in range(25))
    title = f"{what.capitalize()} at {place}"
    return title, f"An {what} was heard at {place} at {hour}, its mayor said.\n{words}.\nNobody at {place} was hurt."


async def settle(score: Score) -> None:
    """A first poll without hits, so that the feed is known."""
    for outlet in score.outlets.values():
        outlet.says("festival", f"Festival of {outlet.name} opens", FESTIVAL)
    await score.poll_all()


async def flood(score: Score, name: str, *whats: str) -> None:
    """The outlet lists a report for each of ``whats`` at once."""
    for number, what in enumerate(whats):
        score.outlets[name].says(f"report-{number}", *report(number, what))
    await score.pass_time(timedelta(minutes=15))


async def test_a_flood_is_one_message_at_once_without_any_digest_configured(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", watches=(BLAST,)) as score:
        await settle(score)
        await flood(score, "north", *["explosion"] * 12)
        assert score.heard() == [("digest", "12 alerts in one message: north listed 12 new entries at once")]
        (body,) = score.webhook
        assert body["severity"] == "high"
        assert [f"[HIGH] blast: Explosion at {place} (" in body["text"] for place in PLACES] == [True] * 12
        assert len(score.mailbox.messages) == 1, "each channel hears it once"

        await score.pass_time(timedelta(hours=1))
        assert len(score.webhook) == 1


async def test_as_many_as_the_feed_is_used_to_are_no_flood(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", watches=(BLAST,)) as score:
        await settle(score)
        await flood(score, "north", *["explosion"] * 5)
        assert [kind for kind, _ in score.heard()] == ["new"] * 5


async def test_critical_alerts_pass_a_flood_one_by_one_up_to_the_limit_of_an_hour(tmp_path: Path) -> None:
    limits = Alerting(max_per_hour=2)
    async with perform(tmp_path, "north", watches=(BLAST, SIEGE), alerts=limits) as score:
        await settle(score)
        await flood(score, "north", *["siege"] * 4, *["explosion"] * 6)
        kinds = [kind for kind, _ in score.heard()]
        assert kinds == ["new", "new", "digest"]
        text = score.webhook[-1]["text"]
        assert text.startswith("8 alerts in one message: north listed 10 new entries at once")
        assert "2 alerts of critical severity went out one by one." in text
        assert score.webhook[-1]["severity"] == "critical", "two critical ones are in it"


async def test_in_quiet_hours_a_flood_waits_until_they_end(tmp_path: Path) -> None:
    quiet = Alerting(quiet_hours=(time(11), time(14)))
    async with perform(tmp_path, "north", watches=(BLAST,), alerts=quiet) as score:
        await settle(score)
        await flood(score, "north", *["explosion"] * 7)
        assert score.heard() == []
        await score.pass_time(timedelta(hours=2))
        assert score.heard() == [("digest", "7 alerts in one message: north listed 7 new entries at once")]


async def test_those_who_look_after_the_service_hear_of_a_flood_whose_alerts_go_elsewhere(tmp_path: Path) -> None:
    routes = (Route(channels=("hook",), watches=("blast",)), Route(channels=("ops",)))
    async with perform(tmp_path, "north", watches=(BLAST,), routes=routes, desks={"ops": {}}) as score:
        await settle(score)
        await flood(score, "north", *["explosion"] * 7)
        assert [kind for kind, _ in score.heard()] == ["digest"]
        assert score.heard_at("ops") == ["Tue 12:15 notice: north listed 7 new entries at once, far more than usual"]
        assert "7 alerts in one message, 0 one by one" in score.desks["ops"][0]["text"]


async def test_an_outlet_that_was_silent_may_list_what_it_would_have_listed_meanwhile(tmp_path: Path) -> None:
    """``since`` counts from the last new entry: answers without any (304) in between make no flood of a busy day."""
    async with perform(tmp_path, "north", watches=(BLAST,)) as score:
        await settle(score)
        for day in range(4):
            for number in range(5):
                score.outlets["north"].says(
                    f"day{day}-{number}", f"Notice {day} {number}", f"{FESTIVAL} {day} {number}"
                )
                await score.pass_time(timedelta(hours=1))
            await score.pass_time(timedelta(hours=19))
        await score.pass_time(timedelta(hours=20))
        await flood(score, "north", *["explosion"] * 8)
        assert [kind for kind, _ in score.heard()] == ["new"] * 8


async def test_a_page_of_a_flood_that_changes_later_is_an_alert_like_any_other(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", watches=(BLAST,)) as score:
        await settle(score)
        await flood(score, "north", *["explosion"] * 7)
        title, text = report(0)
        changed = text.replace("Nobody at Balkh gate was hurt.", "Four people were killed at Balkh gate.")
        score.outlets["north"].says("report-0", title, changed)
        await score.pass_time(timedelta(hours=1))
        assert score.heard()[1:] == [("new", "Explosion at Balkh gate")]


async def test_alerts_of_two_floods_are_one_message(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", "south", watches=(BLAST,)) as score:
        await settle(score)
        for number in range(12):
            score.outlets["north" if number < 6 else "south"].says(f"report-{number}", *report(number))
        await score.pass_time(timedelta(minutes=15))
        told = "12 alerts in one message: north listed 6 new entries at once, south listed 6 new entries at once"
        assert score.heard() == [("digest", told)]
