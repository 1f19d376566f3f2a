"""The language of a paragraph, with CLD2 and without it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitor.articles import language
from monitor.articles.language import language_of

PARAGRAPHS = {
    "en": "At least one person was killed and another injured when a house exploded on Tuesday evening.",
    "fa": "بر اثر یک انفجار در خانه‌ای مسکونی دست کم یک نفر کشته و یک نفر دیگر زخمی شد، منابع محلی گفتند.",
    "ps": "د سيمه ييزو سرچينو په وينا د سې شنبې په ماښام په يوه کور کې چاودنه شوې چې يو کس پکې وژل شوی دی.",
    "ar": "قتل شخص واحد على الأقل وأصيب آخر في انفجار وقع في منزل سكني مساء الثلاثاء بحسب مصادر محلية.",
    "ur": "مقامی ذرائع کا کہنا ہے کہ منگل کی شام ایک مکان میں دھماکے سے کم از کم ایک شخص ہلاک اور ایک زخمی ہو گیا ہے۔",
    "ru": "По меньшей мере один человек погиб и ещё один ранен при взрыве в жилом доме во вторник вечером.",
    "uk": "Щонайменше одна людина загинула і ще одна поранена внаслідок вибуху в житловому будинку у вівторок увечері.",
    "tr": "Yerel kaynaklar, salı akşamı bir evde meydana gelen patlamada en az bir kişinin öldüğünü söyledi.",
    "fr": "Au moins une personne a été tuée et une autre blessée dans l'explosion d'une maison mardi soir.",
    "de": "Mindestens ein Mensch ist bei der Explosion eines Wohnhauses am Dienstagabend ums Leben gekommen.",
    "es": "Al menos una persona murió y otra resultó herida por la explosión de una vivienda el martes por la noche.",
    "zh": "当地消息人士称，周二晚间一座民宅发生爆炸，造成至少一人死亡，另有一人受伤。",
    "hi": "स्थानीय सूत्रों के अनुसार मंगलवार शाम एक मकान में हुए विस्फोट में कम से कम एक व्यक्ति की मौत हो गई।",
}

SHORT = tomllib.loads((Path(__file__).parent / "paragraphs.toml").read_text("utf-8"))


@pytest.mark.parametrize("code", PARAGRAPHS)
def test_a_paragraph_shows_its_language(code: str) -> None:
    assert language_of(PARAGRAPHS[code], configured=None, stated=None) == code


@pytest.mark.parametrize("code", PARAGRAPHS)
def test_nine_of_ten_short_paragraphs_show_their_language(code: str) -> None:
    found = [language_of(text, configured=None, stated=None) for text in SHORT[code]]
    assert len(found) == 10
    assert found.count(code) >= 9, found


def test_short_paragraphs_show_their_language_in_95_of_100_cases() -> None:
    found = [language_of(text, configured=None, stated=None) == code for code in SHORT for text in SHORT[code]]
    assert sum(found) >= 0.95 * len(found)


@pytest.mark.parametrize("code", PARAGRAPHS)
def test_letters_and_common_words_do_without_cld2(code: str) -> None:
    text = PARAGRAPHS[code]
    letters = len(language.LETTER.findall(text))
    assert (language._by_letters(text, letters) or language._by_words(text)) == code


def test_the_configured_language_decides() -> None:
    assert language_of(PARAGRAPHS["en"], configured="fa-AF", stated="en") == "fa"


def test_a_text_that_is_too_short_is_in_the_stated_language() -> None:
    assert language_of("Kabul", configured=None, stated="ps-AF") == "ps"
    assert language_of("", configured=None, stated=None) is None


@pytest.mark.parametrize(("tag", "code"), [("prs", "fa"), ("fa-AF", "fa"), ("EN_us", "en"), ("x", None), ("12", None)])
def test_tags_are_reduced_to_their_primary_part(tag: str, code: str | None) -> None:
    assert language.primary(tag) == code
