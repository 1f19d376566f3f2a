"""Sizes and words that mean the same in every script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.scripts import measure, tokens, weight, without_stops
from monitor.articles.titles import likeness


def test_translations_of_a_sentence_weigh_about_the_same() -> None:
    english = weight("The ministry will publish the results of the examination on Thursday morning.")
    for told in (
        "教育部将于星期四上午公布考试结果，请考生留意官方通知。",
        "文部省は試験の結果を木曜日の朝に発表する。",
        "교육부는 시험 결과를 목요일 아침에 발표할 예정이다.",
        "กระทรวงจะประกาศผลสอบปลายภาคของนักเรียนทุกคนในเช้าวันพฤหัสบดี",
        "Министерство опубликует результаты экзамена в четверг утром.",
    ):
        assert 0.6 <= weight(told) / english <= 1.4, told


def test_words_are_counted_where_no_space_tells_them_apart() -> None:
    assert measure("The council voted to keep the library open.") == (43, 8)
    assert 8 <= measure("经过长时间辩论，市议会决定周末继续开放图书馆。")[1] <= 14
    assert 8 <= measure("หลังจากอภิปรายกันนานสภาเมืองลงมติให้เปิดห้องสมุดในวันหยุด")[1] <= 14


def test_two_wordings_of_a_title_are_alike_without_spaces_too() -> None:
    assert likeness("城市大部分地区恢复供电", "城市大部分地区已恢复供电") > 0.7
    assert likeness("城市大部分地区恢复供电", "法院推迟审理此案") < 0.2
    assert likeness("ไฟฟ้ากลับมาใช้ได้ในเมือง", "ไฟฟ้ากลับมาใช้ได้ในเขตเมือง") > 0.6
    assert likeness("ไฟฟ้ากลับมาใช้ได้ในเมือง", "ศาลเลื่อนการพิจารณาคดี") < 0.2


def test_vowel_signs_belong_to_their_word() -> None:
    for title in (
        "काबुल में शक्तिशाली विस्फोट में पाँच लोगों की मौत हुई", "কাবুলে শক্তিশালী বিস্ফোরণে পাঁচজন নিহত হয়েছেন",
        "காபூலில் சக்திவாய்ந்த குண்டுவெடிப்பில் ஐந்து பேர் பலி", "കാബൂളിൽ ശക്തമായ സ്ഫോടനത്തിൽ അഞ്ച് പേർ മരിച്ചു",
    ):  # fmt: skip
        assert tokens(title) == title.split()
    assert likeness("पटना में बारिश", "पाटने मे बरसो") == 0.0


def test_only_scripts_without_marks_at_the_end_of_a_sentence_are_without() -> None:
    assert without_stops("กระทรวงจะประกาศผลสอบในเช้าวันพฤหัสบดี")
    assert not without_stops("文部省は試験の結果を木曜日の朝に発表する")
    assert not without_stops("")


@given(st.text(max_size=200))
def test_any_text_has_a_weight_of_at_least_its_length(text: str) -> None:
    size, words = measure(text)
    assert size >= len(text)
    assert words >= 1
    assert all(tokens(text))
