"""Reports of one town on one day: other events are other stories, and capitals that tell no names hide no likeness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from monitor.stories import words as w
from monitor.stories.scoring import features, probability, weights
from tests.stories.weighing import story_of, weighed

Report = tuple[str, str]

FIRE = (
    "Two dead in market fire in Herat",
    "A fire tore through the old carpet market in Herat on Tuesday, killing two people and injuring five, police said. "
    "The blaze began in a shop selling cloth and spread to a dozen others before firefighters put it out around noon. "
    "A short circuit is thought to be the cause.",
)
FIRE_AGAIN = (
    "Carpet bazaar burns in Herat, killing two",
    "At least two people died and five others were hurt when flames swept through shops in the carpet bazaar of Herat, "
    "local officials told reporters. Firefighters needed three hours to control the blaze, which officials blamed on a "
    "short circuit. Shopkeepers said they had lost everything.",
)
OTHERS = {
    "accident": (
        "Bus overturns near Herat, killing three",
        "A passenger bus overturned on the highway near Herat on Tuesday, killing three people and injuring eleven, "
        "police said. The driver had lost control in a bend, a spokesman of the traffic department said. The injured "
        "were taken to the regional hospital in Herat.",
    ),
    "explosion": (
        "Explosion hits mosque in Herat",
        "An explosion ripped through a mosque in Herat city on Tuesday, killing at least seven worshippers and "
        "wounding a dozen, police said. The bomb had been placed near the door, a spokesman for the governor said. "
        "No group has claimed responsibility.",
    ),
    "earthquake": (
        "Earthquake shakes Herat",
        "A magnitude 5.1 earthquake shook Herat on Tuesday, destroying dozens of houses in Zinda Jan district and "
        "injuring at least nine people, officials said. Rescue teams were on their way and residents spent the night "
        "outdoors.",
    ),
    "protest": (
        "Teachers protest in Herat over unpaid salaries",
        "Hundreds of teachers gathered in Herat on Tuesday to protest over three months of unpaid salaries. They "
        "blocked the road in front of the education department, and police dispersed the crowd by noon, witnesses "
        "said. The governor promised to raise the matter in Kabul.",
    ),
}
IN_FRENCH = {
    "fire": (
        "Deux morts dans l'incendie du marché de Hérat",
        "Un incendie a ravagé mardi l'ancien marché aux tapis de Hérat, faisant deux morts et cinq blessés, a annoncé "
        "la police. Le feu s'est déclaré dans une boutique de tissus avant de gagner une douzaine d'autres, puis les "
        "pompiers l'ont éteint vers midi. Un court-circuit en serait la cause.",
    ),
    "fire again": (
        "Le bazar aux tapis de Hérat en flammes, deux morts",
        "Au moins deux personnes sont mortes et cinq ont été blessées lorsque des flammes ont parcouru les boutiques "
        "du bazar aux tapis de Hérat, selon les autorités locales. Les pompiers ont mis trois heures à maîtriser "
        "l'incendie, que les autorités attribuent à un court-circuit. Des commerçants disent avoir tout perdu.",
    ),
    "accident": (
        "Trois morts dans un accident d'autocar près de Hérat",
        "Un autocar s'est renversé mardi sur la route près de Hérat, faisant trois morts et onze blessés, a annoncé la "
        "police. Le chauffeur a perdu le contrôle dans un virage, a déclaré un porte-parole du service de la "
        "circulation. Les blessés ont été conduits à l'hôpital régional de Hérat.",
    ),
    "explosion": (
        "Explosion dans une mosquée de Hérat",
        "Une explosion a secoué mardi une mosquée de la ville de Hérat, tuant au moins sept fidèles et en blessant une "
        "douzaine, a annoncé la police. La bombe avait été placée près de la porte, a déclaré un porte-parole du "
        "gouverneur. Aucun groupe n'a revendiqué l'attentat.",
    ),
}
IN_GERMAN = {
    "flood": (
        (
            "Hochwasser reißt Brücke in Baglan weg",
            "Nach heftigem Regen hat ein Hochwasser in der Provinz Baglan eine Brücke weggerissen und mehrere Dörfer "
            "von der Außenwelt abgeschnitten. Mindestens acht Menschen werden vermisst, sagte der Katastrophenschutz. "
            "Hunderte Familien verloren ihre Häuser.",
        ),
        (
            "Acht Vermisste nach Fluten in Baglan",
            "In Baglan suchen Helfer nach acht Menschen, die von den Fluten mitgerissen wurden. Der Regen der "
            "vergangenen Nacht hatte Dörfer überschwemmt und eine wichtige Brücke zerstört. Viele Familien stünden "
            "ohne Obdach da, teilte der Katastrophenschutz mit.",
        ),
    ),
    "bomb": (
        (
            "Explosion in Kundus tötet drei Menschen",
            "Bei einer Explosion in der Stadt Kundus sind am Freitag mindestens drei Menschen getötet und neun "
            "verletzt worden. Der Sprengsatz war nach Angaben der Polizei unter einem Obstkarren versteckt. Zu der Tat "
            "bekannte sich zunächst niemand.",
        ),
        (
            "Bombe unter Obstkarren: Anschlag in Kundus",
            "Eine unter einem Obstkarren verborgene Bombe ist auf einem Markt in Kundus explodiert. Drei Zivilisten "
            "kamen um, neun weitere liegen im Krankenhaus, teilte ein Arzt mit. Die Polizei sperrte das Viertel ab und "
            "nahm zwei Verdächtige fest.",
        ),
    ),
}


IN_CAPITALS = (
    (
        "ДВА ЧЕЛОВЕКА ПОГИБЛИ ПРИ ПОЖАРЕ НА РЫНКЕ В ГЕРАТЕ",
        "ПОЖАР ОХВАТИЛ ВО ВТОРНИК СТАРЫЙ КОВРОВЫЙ РЫНОК В ГЕРАТЕ, ДВА ЧЕЛОВЕКА ПОГИБЛИ И ПЯТЕРО ПОСТРАДАЛИ, СООБЩИЛА "
        "ПОЛИЦИЯ. ОГОНЬ ВСПЫХНУЛ В ЛАВКЕ ТКАНЕЙ И ПЕРЕКИНУЛСЯ НА ДЕСЯТОК ДРУГИХ, ПОКА ПОЖАРНЫЕ НЕ ПОТУШИЛИ ЕГО ОКОЛО "
        "ПОЛУДНЯ. ПРИЧИНОЙ СЧИТАЮТ КОРОТКОЕ ЗАМЫКАНИЕ.",
    ),
    (
        "КОВРОВЫЙ БАЗАР ГЕРАТА СГОРЕЛ, ЕСТЬ ПОГИБШИЕ",
        "НЕ МЕНЕЕ ДВУХ ЧЕЛОВЕК ПОГИБЛИ И ПЯТЬ ПОЛУЧИЛИ РАНЕНИЯ, КОГДА ПЛАМЯ ОХВАТИЛО ЛАВКИ КОВРОВОГО БАЗАРА ГЕРАТА, "
        "СООБЩИЛИ МЕСТНЫЕ ВЛАСТИ. ПОЖАРНЫМ ПОНАДОБИЛОСЬ ТРИ ЧАСА, ЧТОБЫ СПРАВИТЬСЯ С ОГНЁМ, ПРИЧИНОЙ КОТОРОГО ВЛАСТИ "
        "НАЗЫВАЮТ КОРОТКОЕ ЗАМЫКАНИЕ. ТОРГОВЦЫ ГОВОРЯТ, ЧТО ПОТЕРЯЛИ ВСЁ.",
    ),
)


def likely(first: Report, second: Report, counts: Mapping[str, int] | None = None, counted: int = 0) -> float:
    """That the second, an hour later, tells of the event of the first."""
    story = story_of(weighed(*first, counts=counts, counted=counted))
    return probability(
        features(weighed(*second, counts=counts, counted=counted), story, since_first=timedelta(hours=1))
    )


@pytest.mark.parametrize("other", OTHERS)
def test_an_accident_and_a_fire_of_one_town_and_hour_are_two_events(other: str) -> None:
    assert likely(FIRE, OTHERS[other]) < weights()["threshold"] / 2


def test_another_report_of_the_fire_is_told_from_them() -> None:
    assert likely(FIRE, FIRE_AGAIN) > weights()["threshold"]


@pytest.mark.parametrize("other", ["accident", "explosion"])
def test_so_they_are_in_french_whose_function_words_are_rare_in_english(other: str) -> None:
    assert likely(IN_FRENCH["fire"], IN_FRENCH[other]) < weights()["threshold"] / 2
    assert likely(IN_FRENCH["fire"], IN_FRENCH["fire again"]) > weights()["threshold"]


@pytest.mark.parametrize("event", IN_GERMAN)
def test_nouns_in_german_are_no_names_without_which_nothing_is_left(event: str) -> None:
    known = dict.fromkeys(w.stems(" ".join([text for report in IN_GERMAN[event] for text in report])), 5)
    assert likely(*IN_GERMAN[event], known, 100) > weights()["threshold"]


def test_a_text_in_capitals_is_not_taken_for_one_of_nothing_but_names() -> None:
    known = dict.fromkeys(w.stems(IN_CAPITALS[1][1]), 5)
    first, second = (weighed(*report, counts=known, counted=100) for report in IN_CAPITALS)
    assert len(second.stems_of_names.intersection(second.terms)) > len(second.terms) / 2
    story = story_of(first)
    assert features(second, story, since_first=timedelta(hours=1))["names_only"] == 0.0


def test_words_that_five_articles_had_are_known_though_no_other_is_rarer() -> None:
    known = dict.fromkeys(w.stems(" ".join(FIRE)), 5)
    assert weighed(*FIRE, counts=known, counted=100).unknown_share == 0.0
    assert weighed(*FIRE_AGAIN, counts=known, counted=100).unknown_share > 0.05


HEADLINE = ("Two dead in market fire in Herat", "")
OTHER_HEADLINES = (
    "Three dead in bus accident near Herat",
    "Explosion in Herat mosque kills seven",
    "Earthquake shakes Herat, no casualties reported",
)


@pytest.mark.parametrize("title", OTHER_HEADLINES)
@pytest.mark.parametrize("first", [HEADLINE, FIRE], ids=["headline", "report"])
def test_a_headline_that_shares_a_town_with_a_story_is_another_event(first: Report, title: str) -> None:
    assert likely(first, (title, "")) < weights()["threshold"] / 2


@pytest.mark.parametrize("title", ["Market fire kills two in Herat", "Carpet bazaar burns in Herat, killing two"])
def test_a_headline_whose_words_a_report_has_is_of_its_event(title: str) -> None:
    assert likely(FIRE, (title, "")) > weights()["threshold"]


def test_so_it_is_with_a_headline_whose_words_all_have_capitals() -> None:
    assert likely(HEADLINE, ("Market Fire Kills Two In Herat", "")) > weights()["threshold"]
    assert likely(HEADLINE, ("Herat Bus Accident Leaves Three Dead", "")) < weights()["threshold"] / 2
