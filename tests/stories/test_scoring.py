"""The story rung's figures: stems, rarity here and in the world, days, and several stories at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import profile as profiles
from monitor.stories import rarity
from monitor.stories import words as w
from monitor.stories.ladder import READ_TO_THE_END, OpenStory, nearest_story
from monitor.stories.names_alone import LEADS_ALIKE, far_apart
from monitor.stories.scoring import features, leads, preference, probability, weights
from tests.stories.weighing import story_of, weighed

NOW = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("explosion", "explosives"),
        ("взрыва", "взрывы"),
        ("انفجارها", "انفجاری"),
        ("Mohammad", "Mohammed"),
        ("الشرطة", "شرطة"),
        ("والشرطة", "للشرطة"),
        ("الألمانية", "ألمانية"),
    ],
)
def test_inflections_and_spellings_share_a_stem(one: str, other: str) -> None:
    assert w.stems(one) == w.stems(other)


def test_numbers_and_codes_are_kept_whole() -> None:
    assert w.stems("1234567 b52bomber") == ["1234567", "b52bomber"]


def test_a_word_that_only_begins_like_an_article_keeps_it() -> None:
    assert w.stems("بالا والی ولایت الله") == ["بالا", "والی", "ولایت", "الله"]


def test_words_that_are_none_take_no_room_in_memory_or_profiles() -> None:
    digits = "1" * 30_000
    assert w.stem(digits) == digits[: w.LONGEST_REMEMBERED]
    assert w.stable_hash(digits) == w.hash_of(digits)
    for remembered in (w.stem, w.stable_hash):
        known = remembered.__self__
        assert isinstance(known, dict)
        assert digits not in known


@given(st.text(max_size=60) | st.text(alphabet="الوبفشمة ", max_size=40))
def test_stems_are_as_many_as_words_and_a_stem_is_its_own(text: str) -> None:
    found = w.stems(text)
    assert len(found) == len(w.tokens(w.fold(text)))
    assert [w.stem(each) for each in found] == found


def test_a_name_that_most_of_the_own_feeds_reports_have_says_little() -> None:
    counts = {"balkh": 60, "kanda": 1}
    weights = rarity.idf(["balkh", "kanda", "unsee"], counts, 70)
    assert weights["balkh"] < weights["unsee"] / 5
    assert 4.0 < weights["kanda"] < weights["unsee"]


def test_a_handful_of_articles_makes_no_name_common() -> None:
    assert rarity.idf(["balkh"], {"balkh": 3}, 3)["balkh"] > 2.0


def test_another_weekday_is_another_event_only_in_the_same_sentences() -> None:
    tuesday = weighed("Blast in Balkh", "A blast killed one man in a house in Dehdadi on Tuesday evening, police said.")
    wednesday = weighed("Blast in Balkh", "Police said on Wednesday that the dead man of Dehdadi had built the device.")
    story = profiles.joined(profiles.Profile(), tuesday, {})
    told_later, filled_in_anew = features(wednesday, story), features(wednesday, story, shared=0.2)
    assert (told_later["another_day"], told_later["another_weekday"]) == (0.0, 1.0)
    assert (filled_in_anew["another_day"], filled_in_anew["another_weekday"]) == (1.0, 0.0)
    assert probability(filled_in_anew) < probability(told_later)


def test_a_name_that_the_story_does_not_know_speaks_against_it() -> None:
    story = profiles.joined(
        profiles.Profile(),
        weighed("Fire at mill", "The mill of Ashford burnt down. Fire fighters of Ashford came."),
        {},
    )
    same = weighed("Fire at mill", "A fire destroyed the mill of Ashford. Nobody in Ashford was hurt.")
    other = weighed("Fire at mill", "A fire destroyed the mill of Brentwood. Nobody in Brentwood was hurt.")
    assert probability(features(other, story)) < probability(features(same, story))


@pytest.mark.parametrize(
    ("one", "other"), [("Jalalabad", "Jalalpur"), ("Balkh", "Balkhab"), ("Northport", "Northfield")]
)
def test_places_that_begin_alike_are_different_places(one: str, other: str) -> None:
    report = "A car bomb killed four people near a market in {0} on Tuesday, police in {0} said. The road was closed."
    other_report = "Police in {0} said four people died when a car bomb went off by a market in {0} on Tuesday."
    story = profiles.joined(profiles.Profile(), weighed(f"Car bomb in {one}", report.format(one)), {})
    same = features(weighed(f"Bomb in {one}", other_report.format(one)), story)
    elsewhere = features(weighed(f"Bomb in {other}", other_report.format(other)), story)
    assert (same["strange_name"], same["missing_names"]) == (0.0, 0.0)
    assert elsewhere["strange_name"] > 0.5
    assert elsewhere["missing_names"] > 0.5


@pytest.mark.parametrize(("one", "other"), [("Kabul", "Kabuls"), ("Москве", "Москвы"), ("Mohammad", "Mohammed")])
def test_an_ending_makes_no_other_name(one: str, other: str) -> None:
    text = "Four people died in {0} on Tuesday. In {0} the road was closed, and {0} was dark."
    story = profiles.joined(profiles.Profile(), weighed("Four dead", text.format(one)), {})
    assert story.knows(other.casefold())


def test_names_are_what_has_a_capital_inside_a_sentence() -> None:
    assert w.names("Die Lage in Kabul. Où est l'état de Élodie? был взрыв в Мазари") == {
        "lage",
        "kabul",
        "élodie",
        "мазари",
    }
    assert w.names("یک انفجار در خانه‌ای در بلخ رخ داد") == frozenset()


def test_what_a_hyphen_joins_to_a_name_is_one_too() -> None:
    assert w.names("A race at Mazar-e-Sharif") == {"mazar", "sharif"}
    assert w.names("Мороз в Мазари-Шарифе") == {"мазари", "шарифе"}


def test_a_script_without_capitals_has_no_names_to_ask() -> None:
    story = profiles.joined(profiles.Profile(), weighed("انفجار در بلخ", "در انفجار یک خانه در بلخ یک تن کشته شد."), {})
    figures = features(weighed("باران در هرات", "باران بهاری در هرات راه‌ها را بست."), story)
    assert (figures["nameless"], figures["strange_name"], figures["missing_names"]) == (1.0, 0.0, 0.0)
    assert probability(figures) < 0.2


def open_story(number: int, title: str, text: str) -> OpenStory:
    profile = story_of(weighed(title, text))
    return OpenStory(id=number, stored=profile.to_json(), first=NOW, last=NOW, published=NOW)


def test_the_nearest_story_is_the_likeliest_however_many_others_share_a_name() -> None:
    article = weighed("Fire at mill", "A fire destroyed the mill of Ashford. Nobody in Ashford was hurt.")
    strangers = [open_story(n, f"Market {n}", f"Prices of Ashford rose by {n} percent, grocers say.") for n in (1, 2)]
    same = open_story(3, "Fire at mill", "The mill of Ashford burnt down. Fire fighters of Ashford came.")
    nearest = nearest_story(article, [*strangers, same], happened=NOW, shared={})
    assert nearest is not None
    assert nearest.story is same
    assert nearest.probability == probability(features(article, same.profile))


def test_where_nothing_is_near_the_nearest_is_named_all_the_same() -> None:
    article = weighed("Fire at mill", "A fire destroyed the mill of Ashford. Nobody in Ashford was hurt.")
    prices = "Grocers in three towns raised the prices of bread, milk and apples, and in Ashford queues formed early."
    stranger = open_story(1, "Bread dearer before the holidays", prices)
    nearest = nearest_story(article, [stranger], happened=NOW, shared={})
    assert nearest is not None
    assert not nearest.joinable
    assert nearest_story(article, [], happened=NOW, shared={}) is None


RACE = (
    "A horse race at Mazar filled the plain of Balkh on Wednesday. Nine riders of Mazar fell in the mud, and the cup "
    "of Balkh went to a farmer of Dehdadi whose grey mare had never run before."
)
FROST = (
    "Frost came to Mazar on Wednesday. Gardeners all over Balkh covered their seedlings with straw, the price of "
    "onions rose in Dehdadi, and the weather service of Balkh in Mazar expects another icy night."
)


def test_people_and_places_alone_make_no_event_even_within_the_hour() -> None:
    figures = features(weighed("Frost in Balkh", FROST), story_of(weighed("Race in Balkh", RACE)), since_first=HOUR)
    assert figures["lead"] > LEADS_ALIKE
    assert figures["names_only"] == 1.0
    assert probability(figures) < weights()["threshold"]


SIRENS = (
    "The flour mill of Ashford lit a long night. Nobody slept much, old and young, for they stood at windows and "
    "waited. The bakery gave away its rolls, a choir that had practised late sang for those who were afraid, dogs "
    "barked, and somebody carried chairs into the street so that grandmothers might sit while cousins telephoned each "
    "other from one end of the valley to the other and asked whether anybody knew more than they had heard already."
)
LESSONS = (
    "Schools near the flour mill of Ashford begin later. Buses start at noon from the usual places, says the mayor in "
    "her letter. Pupils who have tests need not write them this week, breakfast is served in the gymnasium, parents "
    "may ring a number of the council, swimming is cancelled, and teachers have been asked to keep classrooms shut "
    "until chimneys stop smoking, which an expert from university expects before supper if the wind turns."
)
BELOW = "The fire at the mill was put out at dawn by eleven engines; the miller is safe, the roof gone. " * 2


def test_what_agrees_below_the_leads_is_enough_where_the_hours_between_are_known() -> None:
    story, article = (
        story_of(weighed("Mill fire keeps Ashford awake", f"{SIRENS} {BELOW}")),
        weighed("Free morning after mill fire", f"{LESSONS} {BELOW}"),
    )
    assert features(article, story, since_first=HOUR)["lead"] < LEADS_ALIKE
    assert features(article, story, since_first=HOUR)["names_only"] == 0.0
    assert features(article, story)["names_only"] == 1.0


def test_leads_far_apart_are_told_without_the_whole_texts() -> None:
    article, story = (
        weighed("Prices of bread", "Bread is dearer. Grocers blame the drought."),
        story_of(weighed("Race", RACE)),
    )
    assert far_apart(leads(article, story))
    assert features(article, story, since_first=HOUR)["names_only"] == 1.0


def test_only_the_stories_whose_leads_are_likest_are_read_to_the_end() -> None:
    """What is not read may be no profile at all."""
    text = "The mill of Ashford burnt down. Fire fighters of Ashford came."
    opening = open_story(1, "Fire at mill", "The mill burnt down in Ashford.").stored.partition(',"terms":')[0]
    torn = [OpenStory(id=n, stored=f'{opening},"terms":', first=NOW, last=NOW, published=NOW) for n in (2, 3)]
    whole = [open_story(n, "Fire at mill", text) for n in range(4, 4 + READ_TO_THE_END)]
    nearest = nearest_story(weighed("Fire at mill", text), [*torn, *whole], happened=NOW, shared={})
    assert nearest is not None
    assert nearest.story.id == 4


def test_of_two_stories_of_one_event_the_larger_goes_on() -> None:
    """The number of reports speaks against joining a story, not against choosing it."""
    small, large = {"reports": 0.0}, {"reports": 2.0}
    assert preference(0.8, large) > preference(0.85, small)
    assert preference(0.8, small) < preference(0.85, small)


def test_an_event_that_was_told_as_two_goes_on_in_the_larger_story() -> None:
    same = "The mill of Ashford burnt down. Fire fighters of Ashford came."
    grown = profiles.Profile()
    for _ in range(3):
        grown = profiles.joined(grown, weighed("Fire at mill", same), {})
    large = OpenStory(id=2, stored=grown.to_json(), first=NOW, last=NOW, published=NOW)
    small = open_story(1, "Fire at mill", same)
    nearest = nearest_story(weighed("Fire at mill", same), [small, large], happened=NOW, shared={})
    assert nearest is not None
    assert nearest.story is large
    assert nearest.probability < probability(features(weighed("Fire at mill", same), small.profile))


@given(st.text(alphabet=st.sampled_from(list("Ab9é’“—ЖшﷺСلا۱漢字กส_ .,\n\u200c")), max_size=60))
def test_words_are_found_as_one_plain_pattern_finds_them(text: str) -> None:
    folded = w.fold(text)
    naive = [pair for token in w._TOKEN.findall(folded) for pair in w._pairs(token)]
    assert w.tokens(folded) == naive
