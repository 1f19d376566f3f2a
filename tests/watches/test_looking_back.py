"""Sentences that tell of something past, in the languages of the list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.watches.looking_back import linked, lists, most_words, times_past, words_of
from monitor.watches.text import parts

PAST = {
    "Last month’s quake destroyed half of the village.": "Last month",
    "The road was closed in May.": "in May",
    "On the anniversary of the bombing, widows gathered.": "anniversary",
    "The 2011 earthquake changed the law.": "2011",
    "In 2015, soldiers shot dead ten men at the same crossing.": "2015",
    "In 2015 soldiers shot dead ten men at the same crossing.": "2015",
    "A bomb of 2011, children among the dead, was the worst.": "2011",
    "En 2015 hombres armados mataron a diez.": "2015",
    "Взрыв был и в 2015, людей спасли.": "2015",
    "بخشی از کمک‌ها پس از سیلاب ماهِ گذشته رسید.": "ماهِ گذشته",
    "در سال‌های گذشته چند انفجار رخ داده بود.": "سال‌های گذشته",
    "په تېره میاشت کې چاودنه شوې وه.": "تېره میاشت",
    "وكانت السيول في الشهر الماضي قد أخرت البضائع.": "الشهر الماضي",
    "وفي الذكرى السنوية للتفجير تجمعت الأرامل.": "الذكرى",
    "Взрыв в прошлом году уничтожил мост.": "в прошлом году",
    "Минулого тижня порт не працював.": "Минулого тижня",
    "La grève de l’an dernier a vidé les salles.": "l’an dernier",
    "El incendio del año pasado quemó la comarca.": "año pasado",
    "Im vergangenen Jahr wurde eine Bombe gefunden.": "Im vergangenen Jahr",
    "گزشتہ برس کے سیلاب میں سکول تباہ ہوئے۔": "گزشتہ برس",
    "去年的爆炸造成三人死亡。": "去年",
}
NOW = (
    "A bomb killed three people in Balkh on Tuesday.",
    "The blast in the market, on 3 May 2024, was heard far away.",
    "The blast of May 3, 2024 was heard far away.",
    "Some 2000 people marched and 1950 stayed at home.",
    "The flood drove out 1975 people and ruined 1913 houses.",
    "در این رویداد ۱۹۷۵ نفر بی‌جا شدند.",
    "Взрыв: эвакуированы 1975 человек.",
    "洪水造成1975人受灾。",
    "انفجار روز سه‌شنبه در بلخ سه کشته بر جا گذاشت.",
    "Взрыв прогремел во вторник утром.",
)


@pytest.mark.parametrize("sentence", PAST)
def test_a_sentence_that_names_a_time_gone_by_is_told_by_it(sentence: str) -> None:
    assert [sentence[start:end] for start, end in times_past(sentence, None)] == [PAST[sentence]]


@pytest.mark.parametrize("sentence", NOW)
def test_a_sentence_of_today_is_not(sentence: str) -> None:
    assert times_past(sentence, None) == ()


def test_the_article_s_own_year_is_not_past() -> None:
    sentence = "It was the worst flood in 2024 so far."
    assert times_past(sentence, 2024) == ()
    assert len(times_past(sentence, 2025)) == 1


@pytest.mark.parametrize(
    "sentence", ["An explosion in Balkh in May 2024 killed three.", "Взрыв в мае 2024 года.", "Explosion en mai 2024."]
)
def test_a_month_of_the_article_s_own_year_is_not_past(sentence: str) -> None:
    assert times_past(sentence, 2024) == ()
    assert times_past(sentence, 2026)


def links(sentence: str, term: str) -> list[str]:
    start = sentence.index(term)
    return [sentence[low:high] for low, high in linked(sentence, start, start + len(term))]


def test_what_stands_just_before_a_term_links_it_to_the_past() -> None:
    assert links("Doors were shut after the great floods.", "floods") == ["after"]
    assert links("После взрыва охрану усилили.", "взрыва") == ["После"]
    assert links("After they had talked for two hours the river rose in floods.", "floods") == []
    assert links("The floods came after midnight.", "floods") == []


def test_in_pashto_and_urdu_it_stands_just_behind() -> None:
    assert links("له چاودنې وروسته امنیت ټینګ شو.", "چاودنې") == ["وروسته"]
    assert links("سیلاب کے بعد سکول بند ہیں۔", "سیلاب") == ["کے بعد"]


def test_every_listed_phrase_is_found_in_its_own_spelling() -> None:
    for phrase in (each for listed in lists().times.values() for each in listed):
        assert times_past(" ".join(phrase), None), phrase


@given(st.text(max_size=200))
def test_any_sentence_is_read(sentence: str) -> None:
    for start, end in times_past(sentence, None):
        assert 0 <= start < end <= len(sentence)
    for word in words_of(sentence):
        assert sentence[word.start : word.end]


@pytest.mark.parametrize("sentence", ["it's", "a-b.c_d e’f…g", "x" * 640, "é" * 640, "去年喀布尔", "a\u200cb ¼ ②", ""])
def test_a_sentence_has_no_more_positions_than_it_is_thought_to_have(sentence: str) -> None:
    assert len(parts(sentence)) <= most_words(sentence)
