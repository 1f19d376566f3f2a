"""Words of every script: a vowel sign or another mark belongs to the word that it is written in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.articles import Article
from monitor.stories import words as w
from monitor.stories.fingerprint import fingerprint


def words(text: str) -> list[str]:
    return w.tokens(w.fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "काबुल में शक्तिशाली विस्फोट में पाँच लोगों की मौत हुई",  # Hindi
        "কাবুলে শক্তিশালী বিস্ফোরণে পাঁচজনের মৃত্যু",  # Bengali
        "காபூலில் குண்டுவெடிப்பு ஐந்து பேர் பலி",  # Tamil
        "కాబూల్‌లో పేలుడు ఐదుగురు మృతి",  # Telugu, with a ZWNJ
        "കാബൂളിൽ സ്ഫോടനം",  # Malayalam
        "කාබුල් නුවර පිපිරීමක්",  # Sinhala
        "ਕਾਬੁਲ ਵਿੱਚ ਧਮਾਕਾ",  # Punjabi
        "ކާބުލްގައި ގޮވުމެއް",  # Dhivehi
    ],
)
def test_a_word_with_vowel_signs_is_one_word(text: str) -> None:
    assert words(text) == [w.fold(word) for word in text.split()]


def test_marks_stay_with_the_word_between_other_scripts_and_signs_too() -> None:
    assert words("काबुल_में “विस्फोट”, 5 की मौत। Kabul") == ["काबुल", "में", "विस्फोट", "5", "की", "मौत", "kabul"]
    assert words("काबुल में 喀布尔 विस्फोट") == ["काबुल", "में", "喀布", "布尔", "विस्फोट"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("विस्फोट", "विस्फोटों"), ("বিস্ফোরণ", "বিস্ফোরণে"), ("குண்டுவெடிப்பு", "குண்டுவெடிப்பில்")],
)
def test_inflections_of_words_with_marks_share_a_stem(one: str, other: str) -> None:
    assert w.stems(one) == w.stems(other)


@pytest.mark.parametrize("text", ["เกิดเหตุระเบิดในบ้าน", "ကဘူးလ်မြို့တွင်ပေါက်ကွဲမှု"])
def test_thai_and_burmese_are_read_in_pairs_of_which_none_is_left_out(text: str) -> None:
    folded = w.fold(text)
    assert words(text) == [folded[at : at + 2] for at in range(len(folded) - 1)]


SAMPLES = {
    "Explosion à l’hôtel_de ville, où des élèves B52 — e\u0301te\u0301": [
        "explosion", "à", "l", "hôtel", "de", "ville", "où", "des", "élèves", "b52", "été",
    ],
    "Взрыв за\u0301мок в Кабуле: 12 чел.": ["взрыв", "за", "мок", "в", "кабуле", "12", "чел"],
    "انفجار در کابل، پنج نفر را کُشت می‌شود ۱۲": [
        "انفجار", "در", "کابل", "پنج", "نفر", "را", "کشت", "میشود", "12",
    ],
    "قُتل شخص في كابُل": ["قتل", "شخص", "فی", "کابل"],
    "北部一座民宅 in Kabul": ["北部", "部一", "一座", "座民", "民宅", "in", "kabul"],
}  # fmt: skip


@pytest.mark.parametrize("text", SAMPLES)
def test_latin_cyrillic_arabic_and_han_words_are_what_they_were(text: str) -> None:
    """What is stored of them, by their hashes, stays comparable."""
    assert words(text) == SAMPLES[text]


@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x06FF, exclude_characters=[*map(chr, range(0x0591, 0x05C8))])
    )
)
def test_no_text_without_marks_of_the_indic_kind_is_cut_otherwise_than_before(text: str) -> None:
    folded = w.fold(text)
    assert w.tokens(folded) == re.findall(r"[a-z0-9]+" if folded.isascii() else r"[^\W_]+", folded)


@given(st.text(max_size=40))
def test_words_have_no_blank_and_no_sign_in_them(text: str) -> None:
    for word in words(text):
        assert not re.search(r"[\s_.,;:!?।“”-]", word)


def test_a_name_after_a_word_that_ends_in_a_mark_is_found() -> None:
    assert w.names("राष्ट्रपति Ghani ने निंदा की") == {"ghani"}
    assert w.names("অধ্যাপক Yunus") == {"yunus"}


def test_scripts_in_which_no_name_is_looked_for_have_no_capitals() -> None:
    skipped = re.compile(f"[{w._CASELESS}]")
    assert not [each for each in map(chr, range(0x10000)) if each.isupper() and skipped.match(each)]


DUTCH = (
    "Bij een brand op de oude tapijtmarkt in Herat zijn dinsdag twee mensen omgekomen en vijf gewond geraakt, meldt de "
    "politie. Het vuur brak uit in een stoffenwinkel en sloeg over op een tiental andere winkels.",
    "Er was paniek op straat toen er rook over het plein hing. Niemand was nog in zijn winkel, zei een man die er had "
    "gewoond; er is geen water, er is geen stroom, het is over.",
)
JAPANESE = (
    "ヘラートの古いじゅうたん市場で火曜日に火災があり、2人が死亡、5人が負傷したと警察が発表した。火は布地店から出て、"
    "十数軒に燃え広がり、消防隊が正午ごろ消し止めた。"
)
PERSIAN = (
    "آتش‌سوزی روز سه‌شنبه در بازار کهنه قالین در شهر هرات جان دو نفر را گرفت و پنج نفر دیگر زخمی شدند. آتش نخست در یک "
    "دکان تکه‌فروشی درگرفت و به چند دکان دیگر رسید."
)


def spoken(text: str, stated: str | None = None) -> str:
    return fingerprint(Article(url="https://one.example/a", title="", text=text, language=stated)).language


@pytest.mark.parametrize("stated", [None, "nl"])
def test_two_reports_in_a_language_without_a_file_are_not_foreign_to_each_other(stated: str | None) -> None:
    assert len({spoken(text, stated) for text in DUTCH}) == 1


def test_a_language_is_guessed_only_where_it_is_clear() -> None:
    assert spoken(PERSIAN) == spoken(PERSIAN, "prs") == "fa"
    assert spoken(JAPANESE) == ""
    assert spoken("赫拉特老地毯市场星期二发生火灾，造成两人死亡、五人受伤，警方表示。大火从一家布料店烧起。") == "zh"
