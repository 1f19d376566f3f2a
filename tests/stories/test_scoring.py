"""The story rung's figures: stems, rarity here and in the world, days, and several stories at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.articles import Article
from monitor.stories import profile as profiles
from monitor.stories import rarity
from monitor.stories import words as w
from monitor.stories.fingerprint import fingerprint
from monitor.stories.ladder import OpenStory, nearest_story
from monitor.stories.scoring import NAMES_ONLY, features, probability, weights

NOW = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [("explosion", "explosives"), ("взрыва", "взрывы"), ("انفجارها", "انفجاری"), ("Mohammad", "Mohammed")],
)
def test_inflections_and_spellings_share_a_stem(one: str, other: str) -> None:
    assert w.stems(one) == w.stems(other)


def test_numbers_and_codes_are_kept_whole() -> None:
    assert w.stems("1234567 b52bomber") == ["1234567", "b52bomber"]


@given(st.text(max_size=60))
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


def weighed(title: str, text: str) -> profiles.Weighed:
    print_ = fingerprint(Article(url="https://one.example/a", title=title, text=text))
    return profiles.weigh(print_, rarity.idf(print_.vocabulary(), {}, 0))


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


def test_a_script_without_capitals_has_no_names_to_ask() -> None:
    story = profiles.joined(profiles.Profile(), weighed("انفجار در بلخ", "در انفجار یک خانه در بلخ یک تن کشته شد."), {})
    figures = features(weighed("باران در هرات", "باران بهاری در هرات راه‌ها را بست."), story)
    assert (figures["nameless"], figures["strange_name"], figures["missing_names"]) == (1.0, 0.0, 0.0)
    assert probability(figures) < 0.2


def open_story(number: int, title: str, text: str) -> OpenStory:
    profile = profiles.joined(profiles.Profile(), weighed(title, text), {})
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
    assert nearest.probability <= NAMES_ONLY
    assert nearest_story(article, [], happened=NOW, shared={}) is None


def test_what_has_only_names_in_common_is_never_joined() -> None:
    """Such stories are not read to the end."""
    assert weights()["threshold"] > NAMES_ONLY


@given(st.text(alphabet=st.sampled_from(list("Ab9é’“—ЖшﷺСلا۱漢字กส_ .,\n\u200c")), max_size=60))
def test_words_are_found_as_one_plain_pattern_finds_them(text: str) -> None:
    folded = w.fold(text)
    naive = [pair for token in w._TOKEN.findall(folded) for pair in w._pairs(token)]
    assert w.tokens(folded) == naive
