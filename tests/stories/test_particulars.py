"""The particulars that tell one event from a similar one: how many of what, on which day, in which year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.stories import profile as profiles
from monitor.stories.languages import known_language
from monitor.stories.particulars import dates, head_of, quantities
from monitor.stories.scoring import features, hours, weights
from monitor.stories.words import fold, tokens
from tests.stories.weighing import weighed

WRITTEN = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)


def counted(text: str, language: str) -> dict[str, frozenset[str]]:
    return quantities(tokens(fold(text)), known_language(language))


def dated(text: str, language: str = "en", written: datetime | None = None) -> set[str]:
    folded = fold(text)
    return set(dates(tokens(folded), folded, known_language(language), written))


@pytest.mark.parametrize(
    ("text", "language", "word", "numbers"),
    [
        ("The navy captured 23 Somali pirates", "en", "pirat", {"23"}),
        ("The navy captured twelve pirates", "en", "pirat", {"12"}),
        ("stopped in the 6th round", "en", "round", {"6"}),
        ("погибли три человека, ранены 5 человек", "ru", "челов", {"3", "5"}),
        ("در این انفجار ۳ سرباز کشته شدند", "fa", "سرباز", {"3"}),
        ("چاودنه کې ۷ کسان ووژل شول", "ps", "کسان", {"7"}),
        ("مقتل 4 جنود في بلخ", "ar", "جنود", {"4"}),
        ("arrestan a cinco sospechosos", "es", "sospe", {"5"}),
    ],
)
def test_a_number_belongs_to_what_follows_it(text: str, language: str, word: str, numbers: set[str]) -> None:
    assert counted(text, language)[word] == numbers


@pytest.mark.parametrize("text", ["on 27 November police said", "on November 27 police said", "in 2013 voters chose"])
def test_days_of_months_and_years_count_nothing(text: str) -> None:
    assert counted(text, "en") == {}


@pytest.mark.parametrize(
    ("text", "language", "word", "number"),
    [
        ("A 5.6-magnitude quake", "en", "magni", "56"),
        ("землетрясение в 5,6 балла", "ru", "балла", "56"),
        ("1,200 people fled, police said", "en", "peopl", "1200"),
        ("۱٬۲۰۰ نفر فرار کردند", "fa", "نفر", "1200"),
        ("1,950 people fled, police said", "en", "peopl", "1950"),
        ("۲٬۰۲۴ نفر فرار کردند", "fa", "نفر", "2024"),
        ("huyeron 1.975 personas", "es", "perso", "1975"),
        ("at 14.05 local time", "en", "local", "1405"),
        ("in 5, 6 or 7 villages", "en", "villa", "7"),
    ],
)
def test_a_number_with_a_point_or_comma_is_one(text: str, language: str, word: str, number: str) -> None:
    folded = fold(text)
    for head in (head_of(folded, tokens(folded), "", []), head_of("", [], folded, tokens(folded))):
        assert quantities(head, known_language(language))[word] == {number}


def test_one_is_as_often_an_article_as_a_number() -> None:
    assert counted("one house fell", "en") == {}


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("28 November 2005, an island", "en", {"nov28", "2005"}),
        ("on Nov. 28th, 2005", "en", {"nov28", "2005"}),
        ("28 ноября 2005 года", "ru", {"ноя28", "2005"}),
        ("le 28 novembre 2005", "fr", {"nov28", "2005"}),
        ("۲۸ نوامبر ۲۰۰۵", "fa", {"نوا28", "2005"}),
        ("le 15 juin et le 15 juillet", "fr", {"juin15", "juil15"}),
        ("۱۵ ژوئن و ۱۵ ژوئیه", "fa", {"ژوین15", "ژویی15"}),
        ("May said 45 people", "en", set()),
        ("May " + "9" * 5000, "en", set()),
    ],
)
def test_days_and_years_are_found(text: str, language: str, found: set[str]) -> None:
    assert dated(text, language) == found


def test_the_day_and_year_of_writing_say_nothing_of_the_event() -> None:
    assert dated("KABUL, April 2 - after the attack of August 26, 2021, and in 2024", written=WRITTEN) == {
        "aug26",
        "2021",
    }


def test_the_day_of_writing_says_nothing_where_a_month_has_two_letters() -> None:
    assert dated("در ۲ می و در ۱۲ می و در ۱۰ دی", "fa", WRITTEN) == {"می12", "دی10"}


@pytest.mark.parametrize("written", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_first_and_the_last_day_of_the_calendar_are_no_trouble(written: datetime) -> None:
    assert dated("on 10 May 2005", written=written) == {"may10", "2005"}


def test_numbers_of_the_same_things_agree_or_differ() -> None:
    story = profiles.joined(profiles.Profile(), weighed("", "The navy captured 23 pirates and two boats."), {})
    same, other = weighed("", "23 pirates were held."), weighed("", "26 pirates were held with two boats.")
    assert features(same, story)["quantities_differ"] == 0.0 < features(same, story)["quantities_agree"]
    assert features(other, story)["quantities_differ"] > 0.0 < features(other, story)["quantities_agree"]


def test_a_year_that_most_articles_name_says_less_than_a_rare_one() -> None:
    text = "The prisoners were taken in 1911."
    story = profiles.joined(profiles.Profile(), weighed("", text), {})
    assert features(weighed("", text), story)["same_year"] == 1.0
    assert features(weighed("", text, counts={"1911": 60}, counted=100), story)["same_year"] < 0.2


def test_a_story_keeps_its_particulars_and_one_stored_before_there_were_any_is_read() -> None:
    story = profiles.joined(profiles.Profile(), weighed("", "On 28 November 2005 the navy captured 23 pirates."), {})
    again = profiles.from_json(story.to_json())
    assert (again.quantities, again.dates) == (story.quantities, story.dates)
    before = story.to_json().replace('"quantities"', '"unknown"').replace('"dates"', '"unknown too"')
    assert profiles.from_json(before).quantities == {}


def test_a_story_of_a_thousand_reports_keeps_a_bounded_number_of_particulars() -> None:
    story = profiles.Profile()
    for n in range(0, 1000, 5):
        text = " ".join(f"{n + k + 2} thing{n + k}x were found on {(n + k) % 28 + 1} May {1900 + k}." for k in range(5))
        story = profiles.joined(story, weighed("", text), {})
    assert len(story.quantities) == profiles.MAX_STORY_QUANTITIES
    assert len(story.dates) <= profiles.MAX_STORY_DATES


def test_a_story_of_a_thousand_reports_keeps_a_bounded_number_of_prices() -> None:
    story = profiles.Profile()
    for n in range(1000):
        story = profiles.joined(story, weighed("", f"{n + 2} afghanis for a sack of flour."), {})
    assert {len(numbers) for numbers in story.quantities.values()} == {profiles.MAX_NUMBERS_OF_ONE}


def said_by_the_hours(since_first: timedelta | None) -> float:
    """Points of the logit."""
    return sum(weights()[name] * value for name, value in hours(since_first).items())


def test_what_is_published_soon_after_the_first_report_is_likelier_its_event() -> None:
    points = [said_by_the_hours(timedelta(hours=each)) for each in (0, 6, 12, 24, 48, 72)]
    assert points == sorted(set(points), reverse=True)
    assert points[0] > 0 > points[-1] > said_by_the_hours(timedelta(hours=500)) - 0.01
    assert said_by_the_hours(timedelta(hours=-6)) == said_by_the_hours(timedelta(hours=6))


def test_unknown_hours_are_told_from_those_of_a_report_of_the_same_moment() -> None:
    assert hours(None) == {"soon": 0.0, "later": 0.0, "undated": 1.0}
    assert hours(timedelta()) == {"soon": 1.0, "later": 0.0, "undated": 0.0}
