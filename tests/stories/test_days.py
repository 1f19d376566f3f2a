"""The day that a lead names, and when two leads name different ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.stories import Rung
from monitor.stories.days import days_named, same_day
from monitor.stories.languages import DAY_NAMES, languages
from tests.stories.texts import BLAST, BLAST_TITLE

TUESDAY = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)

WORKSHOP_TITLE = "Explosion in metal workshop in Balkh kills two"
WORKSHOP = (
    "An explosion in a metal workshop in Dehdadi district killed at least two people and injured another on Wednesday "
    "evening, local sources in the northern province of Balkh said. Black smoke from burning tyres rose over the town "
    "until after dark. The security command of the province said that workers had been "
    "cutting scrap when an old shell went off, and that both the dead came from Kashanda district. Roads around the "
    "village were closed for two hours. The province saw several blasts last year."
)
LEADS = {
    "en": "A bomb went off near the market on Tuesday evening, the police said.",
    "de": "Eine Bombe ist am Dienstagabend nahe dem Markt explodiert, sagte die Polizei.",
    "fr": "Une bombe a explosé mardi soir près du marché, selon la police.",
    "es": "Una bomba estalló el martes por la noche cerca del mercado, según la policía.",
    "fa": "منابع محلی می‌گویند که شام سه‌شنبه در پی انفجار در نزدیکی بازار یک تن کشته شد.",
    "ps": "سیمه‌ییزې سرچینې وايي، د سه‌شنبې په ماښام د بازار ترڅنګ چاودنه شوې ده.",
    "ar": "قتل شخص واحد في انفجار وقع مساء الثلاثاء قرب السوق، وفق مصادر محلية.",
    "ru": "Во вторник вечером возле рынка прогремел взрыв, сообщила полиция.",
    "uk": "У вівторок увечері біля ринку пролунав вибух, повідомила поліція.",
    "ur": "منگل کے روز بازار کے قریب دھماکے میں ایک شخص ہلاک ہو گیا، پولیس نے بتایا۔",
    "zh": "警方说，周二晚间市场附近发生爆炸，造成一人死亡。",
}


def named(lead: str, code: str = "en", written: datetime | None = None) -> set[str]:
    return days_named("", [lead], languages()[code], written)


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_language_names_its_days(code):
    assert named(LEADS[code], code) == {"tuesday"}
    spoken = languages()[code]
    assert set(DAY_NAMES) <= set(spoken.days.groupindex)


@pytest.mark.parametrize(
    ("code", "lead", "day"),
    [
        ("fa", "در پی انفجار شام روز سه شنبه در بازار یک تن کشته شد.", "tuesday"),
        ("fa", "در پی انفجار در روز سهشنبه در بازار یک تن کشته شد.", "tuesday"),
        ("fa", "در پی انفجار در روز شنبه در بازار یک تن کشته شد.", "saturday"),
        ("fa", "در پی انفجار پنج‌شنبه‌شب در بازار یک تن کشته شد.", "thursday"),
        ("ru", "Взрыв прогремел в среду возле рынка, сообщила полиция.", "wednesday"),
        ("ru", "Около полудня пятницы возле рынка прогремел взрыв.", "friday"),
        ("uk", "У п’ятницю біля ринку пролунав вибух, повідомила поліція.", "friday"),
        ("en", "Black Friday shoppers were hurt when a roof fell on Saturday.", "saturday"),
        ("zh", "警方说，星期天晚间市场附近发生爆炸，过去一周三人死亡。", "sunday"),
    ],
)
def test_spellings_and_cases_of_one_day(code, lead, day):
    assert named(lead, code) == {day}


def test_a_word_that_means_a_day_only_at_times_is_read_in_its_phrase():
    assert named("ہفتے میں تین دھماکے ہوئے، پیر صاحب نے کہا کہ لوگ ڈرے ہوئے ہیں۔", "ur") == set()
    assert named("Окружающая среда страдает, сказал министр на встрече в городе.", "ru") == set()


def test_only_the_title_and_two_sentences_are_read():
    sentences = [
        "MAZAR-E-SHARIF",
        "A bomb went off near the market.",
        "Nobody claimed the attack so far.",
        "It was a Friday.",
    ]
    assert days_named("Bomb on Tuesday", sentences, languages()["en"], None) == {"tuesday"}


def test_weekdays_become_dates_where_the_publication_is_known():
    assert named("It burned all night on Tuesday.", written=TUESDAY) == {"2024-04-02"}
    assert named("It burned all night on Monday.", written=TUESDAY) == {"2024-04-01"}
    assert named("The vote will be held on Friday.", written=TUESDAY) == {"2024-03-29", "2024-04-05"}


def test_on_wednesday_written_on_wednesday_agrees_with_yesterday_written_on_thursday():
    first = named("A bomb went off near the market on Wednesday.", written=TUESDAY + DAY)
    second = named("A bomb went off near the market yesterday.", written=TUESDAY + 2 * DAY)
    assert same_day(first, second) is True


def test_on_tuesday_agrees_with_today_in_every_zone():
    today = named("A bomb went off near the market today.", written=TUESDAY)
    for hours in (-14, -6, 0, 6, 14):
        assert same_day(today, named("A bomb went off on Tuesday at noon.", written=TUESDAY + timedelta(hours=hours)))


def test_tuesdays_of_two_weeks_are_two_days():
    lead = "A bomb went off near the market on Tuesday."
    assert same_day(named(lead, written=TUESDAY), named(lead, written=TUESDAY + 7 * DAY)) is False
    assert same_day(named(lead, written=TUESDAY), named(lead, written=TUESDAY + 8 * DAY)) is False
    assert same_day(named(lead, written=TUESDAY), named(lead, written=TUESDAY + 2 * DAY)) is True


def test_an_announced_day_agrees_with_itself_as_it_comes_near():
    lead = "The parliament will vote on the law on Friday."
    told = [named(lead, written=TUESDAY + n * DAY) for n in range(4)]
    assert all(same_day(one, other) for one in told for other in told)


def test_without_a_publication_weekdays_are_compared_and_today_says_nothing():
    assert named("A bomb went off near the market today.") == set()
    assert same_day({"tuesday"}, {"wednesday"}) is False
    assert same_day({"tuesday"}, {"2024-04-02"}) is True
    assert same_day({"tuesday"}, {"2024-04-03"}) is False
    assert same_day(set(), {"tuesday"}) is None


@given(
    st.text(max_size=200),
    st.sampled_from(sorted(languages())),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_any_text_and_time_are_read(text, code, written):
    days = days_named(text, [text, text], languages()[code], written)
    assert same_day(days, days) in (None, True)


@pytest.mark.parametrize("dated", [True, False])
def test_a_second_explosion_told_in_the_same_words_is_a_new_story(put, dated):
    first = put(BLAST_TITLE, BLAST, published=TUESDAY if dated else None)
    later = TUESDAY + DAY if dated else None
    second = put(WORKSHOP_TITLE, WORKSHOP, url="https://one.example/b", guid="b", hours=24, published=later)
    assert second.rung is Rung.NEW
    assert second.scores["another_day"] == 1.0
    assert first.story_id != second.story_id
    report = "Two workers died on Wednesday evening when an explosion destroyed a metal workshop in Dehdadi district, "
    third = put(
        "Scrap blast in Dehdadi kills two workers",
        report + "the security command of Balkh province said. Workers had been cutting scrap when an old shell went "
        "off. Residents saw smoke above the roofs, and roads around the village were closed for two hours.",
        url="https://two.example/b", feed="two", guid="b", hours=25, published=later and later + timedelta(hours=1),
    )  # fmt: skip
    assert third.story_id == second.story_id
