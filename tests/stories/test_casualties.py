"""Counts of casualties and markers of corrections, in every language that has a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.casualties import casualty_counts
from monitor.stories.changes import Version, material_changes
from monitor.stories.languages import languages

SENTENCES = [
    (
        "en",
        "An explosion killed at least one person and injured another three on 2 April.",
        {"killed": (1,), "injured": (3,)},
    ),
    ("en", "It went off, killing at least one person and injuring another.", {"killed": (1,), "injured": (1,)}),
    ("en", "Three people died and another was wounded.", {"killed": (3,), "injured": (1,)}),
    ("en", "Another blast injured people; an old woman was hurt.", {}),
    ("en", "Three people were killed and five injured.", {"killed": (3,), "injured": (5,)}),
    ("en", "The death toll rose to 1,200, with 50 hurt.", {"killed": (1200,), "injured": (50,)}),
    ("en", "Twenty-three people were killed; seven are missing.", {"killed": (23,), "missing": (7,)}),
    ("en", "A 24-year-old man was killed on 2 April 2024 at 14:30.", {}),
    ("en", "Police arrested 26 men after 40 minutes.", {"arrested": (26,)}),
    ("fa", "در این رویداد دست‌کم سه نفر کشته و ۵ تن زخمی شدند.", {"killed": (3,), "injured": (5,)}),
    ("fa", "بیست و سه نفر جان باختند.", {"killed": (23,)}),
    ("fa", "شمار قربانیان به ۱۰ تن رسید.", {"killed": (10,)}),
    ("ps", "په چاودنه کې لږ تر لږه درې تنه وژل شوي او پنځه نور ټپي شوي دي.", {"killed": (3,), "injured": (5,)}),
    ("ar", "أسفر الانفجار عن مقتل ثلاثة أشخاص وإصابة 5 آخرين.", {"killed": (3,), "injured": (5,)}),
    ("ar", "قتل شخصان وأصيب سبعة.", {"killed": (2,), "injured": (7,)}),
    ("ru", "В результате взрыва погибли три человека, еще пять ранены.", {"killed": (3,), "injured": (5,)}),
    ("ru", "Число погибших выросло до 10.", {"killed": (10,)}),
    ("uk", "Внаслідок вибуху загинули троє людей, ще п'ятеро поранені.", {"killed": (3,), "injured": (5,)}),
    ("ur", "دھماکے میں تین افراد ہلاک اور پانچ زخمی ہو گئے۔", {"killed": (3,), "injured": (5,)}),
    ("fr", "L'explosion a tué trois personnes et blessé cinq autres.", {"killed": (3,), "injured": (5,)}),
    ("es", "La explosión dejó tres muertos y cinco heridos.", {"killed": (3,), "injured": (5,)}),
    ("de", "Bei der Explosion wurden drei Menschen getötet und fünf verletzt.", {"killed": (3,), "injured": (5,)}),
    ("zh", "爆炸造成3人死亡，5人受伤。", {"killed": (3,), "injured": (5,)}),
    ("zh", "死亡人数升至10人。", {"killed": (10,)}),
]
TOLLS = {
    "en": ("One person was killed.", "Four people were killed."),
    "fa": ("یک نفر کشته شد.", "چهار نفر کشته شدند."),
    "ps": ("یو تن وژل شوی.", "څلور تنه وژل شوي."),
    "ar": ("قتل شخص في الانفجار.", "قتل 4 أشخاص في الانفجار."),
    "ru": ("Погиб один человек.", "Погибли четыре человека."),
    "uk": ("Загинула одна людина.", "Загинули чотири людини."),
    "ur": ("ایک شخص ہلاک ہو گیا۔", "چار افراد ہلاک ہو گئے۔"),
    "fr": ("Une personne a été tuée.", "Quatre personnes ont été tuées."),
    "es": ("Un hombre murió; hay un muerto.", "Hay cuatro muertos."),
    "de": ("Ein Mensch wurde getötet.", "Vier Menschen wurden getötet."),
    "zh": ("爆炸造成1人死亡。", "爆炸造成4人死亡。"),
}
CORRECTIONS = {
    "en": "Correction: the village lies in another district.",
    "fa": "اصلاحیه: نام روستا در نسخه پیشین نادرست بود.",
    "ps": "سمونه: د کلي نوم ناسم و.",
    "ar": "تصحيح: اسم القرية كان خاطئا.",
    "ru": "Исправление: название деревни было указано неверно.",
    "uk": "Виправлення: назву села вказано неправильно.",
    "ur": "تصحیح: گاؤں کا نام غلط تھا۔",
    "fr": "Rectificatif : le nom du village était faux.",
    "es": "Corrección: el nombre de la aldea era erróneo.",
    "de": "Korrektur: Der Name des Dorfes war falsch.",
    "zh": "更正：村名有误。",
}


def test_every_language_is_tested():
    assert set(languages()) == {code for code, _, _ in SENTENCES} == set(TOLLS) == set(CORRECTIONS)


@pytest.mark.parametrize(("code", "sentence", "counts"), SENTENCES)
def test_counts_are_read(code, sentence, counts):
    assert casualty_counts(sentence, code) == counts


@pytest.mark.parametrize("code", TOLLS)
def test_a_changed_toll_is_told(code):
    before, after = TOLLS[code]
    changes = material_changes(Version(title="", text=before), Version(title="", text=after), language=code)
    assert "killed 1 → 4" in [change.text for change in changes]


@pytest.mark.parametrize("code", CORRECTIONS)
def test_a_marked_correction_is_told(code):
    before = TOLLS[code][0]
    after = f"{before}\n{CORRECTIONS[code]}"
    changes = material_changes(Version(title="", text=before), Version(title="", text=after), language=code)
    assert "correction" in [change.kind for change in changes]


def test_the_language_is_guessed_where_it_is_not_known():
    text = "The blast in the village left three people dead, and five were injured, the police said."
    assert casualty_counts(text, None) == {"killed": (3,), "injured": (5,)}


@given(st.text(max_size=200), st.sampled_from([None, *TOLLS]))
def test_any_text_has_counts(text, code):
    for values in casualty_counts(text, code).values():
        assert all(0 <= value <= 1_000_000 for value in values)
