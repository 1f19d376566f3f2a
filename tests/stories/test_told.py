"""An update is news against what this watch's reader was told, not against what the story knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.model.alerts import Alerted
from monitor.model.articles import Article
from monitor.model.settings import Settings
from monitor.model.stories import Rung
from monitor.model.watches import Hit, WatchSpec
from monitor.pipeline.judge import Judgement, judge
from monitor.store import silences
from monitor.store.database import Store
from tests.stories.texts import BLAST, NOW

PERSONS = {0: "several people", 1: "one person", 3: "three people", 5: "five people"}
WORDINGS = (
    BLAST.replace("at least one person and injured another", "{killed}"),
    "Residents of Balkh said that an explosion tore through a house in Hamdard village of Dehdadi district and killed "
    "{killed} on Tuesday evening. The security command blamed men from Kashanda district who, it said, were assembling "
    "a device in the house. Smoke rose above the village and the road to Mazar-e-Sharif was closed.",
    "The explosion in a house of Hamdard village, in the Dehdadi district of Balkh province, killed {killed}, a doctor "
    "of the Mazar-e-Sharif hospital said on Tuesday evening. The men inside came from Kashanda district and had been "
    "assembling a device, according to the security command. Neighbours heard a loud bang and saw smoke.",
)


class Tagged:
    """Stands where a matcher does: an article hits the watches that its feed's tags name."""

    watches = {name: WatchSpec(name=name) for name in ("balkh", "police")}  # noqa: RUF012 - never changed

    def match(self, article: Article) -> tuple[Hit, ...]:
        return tuple(Hit(watch=name, score=1.0, reasons=(), spans=()) for name in article.feed_tags)


Say = Callable[..., Judgement]


@pytest.fixture
def say(store: Store) -> Say:
    """A report in the words of one outlet, 0 to 2, that hits some watches."""

    def report(
        outlet: int, killed: int, *watches: str, words: int | None = None, hours: float = 0.0, more: str = ""
    ) -> Judgement:
        text = WORDINGS[outlet if words is None else words].format(killed=PERSONS[killed])
        title = f"Explosion in Dehdadi district kills {killed}" if killed else "Explosion in Dehdadi district"
        article = Article(
            url=f"https://outlet{outlet}.example/blast", title=title,
            text=f"{text}{more}", feed_tags=watches,
        )  # fmt: skip
        with store.transaction() as db:
            return judge(
                db, article=article, entry=None, feed=f"outlet{outlet}", guid="blast", matcher=Tagged(),
                settings=Settings(), now=NOW + timedelta(hours=hours),
            )  # fmt: skip

    return report


def heard(judgement: Judgement, watch: str = "balkh") -> list[tuple[str, tuple[str, ...]]]:
    """Kind and changes of each alert of a watch."""
    return [(d.kind.value, d.changes) for d in judgement.decisions if isinstance(d, Alerted) and d.watch == watch]


def test_a_toll_that_rose_in_a_report_which_the_watch_did_not_hit_is_told_by_the_next_one(say: Say) -> None:
    assert heard(say(0, 1, "balkh")) == [("new", ())]
    unheard = say(1, 3, hours=1)
    assert (unheard.placement.rung, heard(unheard)) == (Rung.STORY, [])
    third = say(2, 3, "balkh", hours=2)
    assert third.placement.changes == ()
    assert heard(third) == [("update", ("killed 1 → 3",))]


def test_who_was_told_is_not_told_again(say: Say) -> None:
    say(0, 1, "balkh", "police")
    second = say(1, 3, "police", hours=1)
    third = say(2, 3, "balkh", "police", hours=2)
    assert heard(second, "police") == [("update", ("killed 1 → 3",))]
    assert heard(third, "police") == [("corroborated", ())]
    assert heard(third, "balkh") == [("update", ("killed 1 → 3",))]
    assert heard(say(0, 3, "balkh", "police", hours=3), "police") == []


def test_a_copy_of_a_report_that_the_watch_never_told_updates_too(say: Say) -> None:
    say(0, 1, "balkh")
    say(1, 3, hours=1)
    copy = say(2, 3, "balkh", words=1, hours=2)
    assert copy.placement.rung is Rung.COPY
    assert heard(copy) == [("update", ("killed 1 → 3",))]
    assert heard(say(2, 3, "balkh", words=1, hours=3, more=" More soon.")) == []


def test_a_toll_that_rose_during_a_silence_is_told_after_it(say: Say, store: Store) -> None:
    say(0, 1, "balkh")
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=2), reason="r", author="a", now=NOW)
    assert heard(say(0, 3, "balkh", hours=1)) == []
    assert heard(say(1, 3, "balkh", hours=3)) == [("update", ("killed 1 → 3",))]


def test_a_toll_revised_during_a_silence_is_told_by_the_next_look_at_the_page(say: Say, store: Store) -> None:
    say(0, 1, "balkh")
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=2), reason="r", author="a", now=NOW)
    say(0, 3, "balkh", hours=1)
    assert heard(say(0, 3, "balkh", hours=3, more="\n12 comments")) == [("update", ("killed 1 → 3",))]
    assert heard(say(0, 3, "balkh", hours=4, more="\n15 comments")) == []


def test_a_toll_that_is_taken_back_is_told_and_an_outlet_that_lags_behind_is_not(say: Say) -> None:
    say(0, 3, "balkh")
    assert heard(say(0, 5, "balkh", hours=1)) == [("update", ("killed 3 → 5",))]
    assert heard(say(1, 1, "balkh", hours=2)) == []
    assert heard(say(1, 3, "balkh", hours=3)) == []
    assert heard(say(0, 3, "balkh", hours=4)) == [("update", ("killed 5 → 3",))]


def test_a_correction_that_came_during_a_silence_is_told_by_the_next_look_at_the_page(say: Say, store: Store) -> None:
    note = "\nCorrection: an earlier version named another district."
    say(0, 1, "balkh", "police")
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=2), reason="r", author="a", now=NOW)
    during = say(0, 1, "balkh", "police", hours=1, more=note)
    assert (len(heard(during, "police")), heard(during)) == (1, [])
    after = say(0, 1, "balkh", "police", hours=3, more=f"{note}\n12 comments")
    assert (heard(after, "police"), after.placement.changes) == ([], ())
    ((kind, (change,)),) = heard(after)
    assert (kind, change.partition(":")[0]) == ("update", "correction")
    assert heard(say(0, 1, "balkh", "police", hours=4, more=f"{note}\n15 comments")) == []


def test_a_retraction_in_a_version_that_the_watch_did_not_hit_is_told_by_the_next_that_it_does(say: Say) -> None:
    say(0, 1, "balkh")
    say(0, 1, hours=1, more="\nThis story has been retracted.")
    (told,) = heard(say(0, 1, "balkh", hours=2, more="\nThis story has been retracted.\n12 comments"))
    assert told[1][0].startswith("retraction")


def test_a_first_toll_that_came_during_a_silence_is_told_after_it(say: Say, store: Store) -> None:
    say(0, 0, "balkh")
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=2), reason="r", author="a", now=NOW)
    assert heard(say(0, 3, "balkh", hours=1)) == []
    assert heard(say(0, 3, "balkh", hours=3, more="\n12 comments")) == [("update", ("killed 3, not told before",))]


def test_a_first_toll_that_was_taken_back_during_a_silence_is_not_told_after_it(say: Say, store: Store) -> None:
    say(0, 0, "balkh")
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=3), reason="r", author="a", now=NOW)
    say(0, 3, "balkh", hours=1)
    say(0, 0, "balkh", hours=2, more="\nCorrection: an earlier version gave a toll.")
    ((_, (change,)),) = heard(
        say(0, 0, "balkh", hours=4, more="\nCorrection: an earlier version gave a toll.\n12 views")
    )
    assert change.startswith("correction")


@pytest.mark.parametrize(("first", "then"), [(3, 5), (5, 3)])
def test_of_tolls_that_changed_during_a_silence_only_the_last_is_told(
    say: Say, store: Store, first: int, then: int
) -> None:
    say(0, 0, "balkh")
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=2), reason="r", author="a", now=NOW)
    say(0, first, "balkh", hours=1)
    say(0, then, "balkh", hours=1.5)
    told = heard(say(0, then, "balkh", hours=3, more="\n12 comments"))
    assert told == [("update", (f"killed {then}, not told before",))]


def test_a_correction_of_a_further_report_that_came_during_a_silence_is_told_after_it(say: Say, store: Store) -> None:
    note = "\nCorrection: an earlier version named another district."
    say(1, 1, "balkh")
    assert heard(say(0, 1, "balkh", hours=0.5)) == []
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=2), reason="r", author="a", now=NOW)
    assert heard(say(0, 1, "balkh", hours=1, more=note)) == []
    ((kind, (change,)),) = heard(say(0, 1, "balkh", hours=3, more=f"{note}\n12 comments"))
    assert (kind, change.partition(":")[0]) == ("update", "correction")
    assert heard(say(0, 1, "balkh", hours=4, more=f"{note}\n15 comments")) == []


def test_what_was_corrected_before_the_story_was_told_is_no_news_later(say: Say, store: Store) -> None:
    note = "\nCorrection: an earlier version named another district."
    with store.transaction() as db:
        silences.add(db, watch="balkh", until=NOW + timedelta(hours=2), reason="r", author="a", now=NOW)
    say(0, 1, "balkh")
    say(0, 1, "balkh", hours=1, more=note)
    assert heard(say(1, 1, "balkh", hours=3)) == [("new", ())]
    assert heard(say(0, 1, "balkh", hours=4, more=f"{note}\n12 comments")) == []
