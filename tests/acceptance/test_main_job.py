"""The main job as a score: outlets say, time passes, channels heard exactly this."""

from datetime import timedelta
from pathlib import Path

from tests.acceptance.score import perform

BLAST = "\n".join(
    (
        "A blast tore through a residential house in Hamdard village, Dehdadi district, in the northern Balkh "
        "province on Tuesday evening, killing at least one person and wounding another, local sources said.",
        "Three people with minor injuries left the house on foot before the security command closed the road "
        "to Mazar-e-Sharif.",
        "The Taliban security command said the people inside had been assembling a device and that the dead "
        "and the wounded came from Kashanda district.",
        "Residents of the village said windows broke in a dozen houses and that the power line to the western "
        "quarter was cut until midnight.",
    )
)

MARKET = "\n".join(
    (
        "A car loaded with explosives went off beside the livestock market of Khulm town in Balkh province on "
        "Wednesday, wounding seven traders and two drivers, the provincial hospital said.",
        "The hospital director counted nine patients, two of them in surgery, and asked citizens to give "
        "blood at the main gate.",
        "Traders said the vehicle had stood unattended since dawn and that a guard had asked for its owner "
        "twice over the loudspeaker.",
        "The governor's office closed the market for three days and promised to compensate the owners of the "
        "animals that were lost.",
    )
)

FESTIVAL = "\n".join(
    (
        "The spring festival of the city opened with a parade of school classes, a concert and a competition "
        "of kite makers from four districts.",
        "Visitors praised the gardens, the new lamps along the river and the food stalls, and the organisers "
        "counted eleven thousand guests on the first day.",
    )
)


async def test_one_event_in_two_outlets_is_one_alert_by_webhook_and_by_mail(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", "south") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        assert score.heard() == []

        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        assert score.heard() == [("new", "Blast kills one in Balkh house")]

        score.outlets["south"].says("wire", "House blast in northern province", BLAST)
        await score.pass_time(timedelta(minutes=15))
        assert score.heard() == [("new", "Blast kills one in Balkh house")]
        assert [str(mail["Subject"]).count("balkh-explosion") for mail in score.mailbox.messages] == [1]


async def test_a_second_explosion_a_day_later_is_not_swallowed(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        score.outlets["north"].says("market", "Car explosion at Balkh livestock market wounds nine", MARKET)
        await score.pass_time(timedelta(hours=24))
        assert score.heard() == [
            ("new", "Blast kills one in Balkh house"),
            ("new", "Car explosion at Balkh livestock market wounds nine"),
        ]


async def test_a_toll_changed_in_place_is_an_update_that_says_what_changed(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        raised = BLAST.replace("killing at least one person", "killing three people")
        score.outlets["north"].says("blast", "Blast kills three in Balkh house", raised)
        await score.pass_time(timedelta(minutes=15))
        assert score.heard() == [
            ("new", "Blast kills one in Balkh house"),
            ("update", "Blast kills three in Balkh house"),
        ]
        assert any("1 → 3" in change for change in score.webhook[1]["changes"])


async def test_what_a_feed_listed_before_we_came_alerts_nobody(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.poll_all()
        told = "1 story would have alerted: listed already by north, which was read for the first time"
        assert score.heard() == [("notice", told)]


async def test_a_guid_that_changes_brings_no_second_alert(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST, guid="changed")
        await score.pass_time(timedelta(minutes=15))
        assert score.heard() == [("new", "Blast kills one in Balkh house")]
