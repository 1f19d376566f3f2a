"""One page in every script: the line filter, learnt from Latin pages, must keep the article of each."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitor.articles.extract import extract_article
from monitor.model.articles import Article, Method, PageHints

PARAGRAPHS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "paragraphs.toml").read_text("utf-8")) | {
    "th": [
        "ชาวนาในหุบเขาตอนบนบอกว่าน้ำในแม่น้ำไม่เคยต่ำขนาดนี้ตั้งแต่เขื่อนสร้างเสร็จ",
        "กระทรวงจะประกาศผลสอบในเช้าวันพฤหัสบดี",
        "รถโดยสารสองคันชนกันบนถนนไปสนามบิน ไม่มีใครบาดเจ็บสาหัส",
        "หลังจากอภิปรายกันนาน สภาเมืองลงมติให้เปิดห้องสมุดในวันหยุด",
        "ราคาน้ำมันพืชลดลงเป็นสัปดาห์ที่สามติดต่อกัน พ่อค้าในตลาดกล่าว",
        "เธอทำงานเป็นพยาบาลมาสามสิบปีก่อนที่จะเริ่มเขียนหนังสือ",
        "คาดว่าจะมีฝนตกหนักทางตอนใต้ของประเทศจนถึงเย็นวันอาทิตย์",
        "ศาลเลื่อนการพิจารณาคดีเพราะพยานไม่มาศาล",
        "ทีมของเราแพ้ในนัดชิงชนะเลิศ แต่ผู้คนหลายพันคนมาต้อนรับนักกีฬากลับบ้าน",
        "ไฟฟ้ากลับมาใช้ได้ในเขตส่วนใหญ่ของเมืองก่อนเที่ยงคืน",
    ],
    "ja": [
        "上流の谷の農家によると、ダムが完成して以来、川の水がこれほど少なくなったことはないという。",
        "文部省は試験の結果を木曜日の朝に発表する。",
        "空港へ向かう道路でバス二台が衝突したが、重いけがをした人はいなかった。",
        "長い議論の末、市議会は週末も図書館を開けることを決めた。",
        "食用油の値段は三週続けて下がったと、市場の商人たちは話している。",
        "彼女は書き始めるまでの三十年間、看護師として働いていた。",
        "国の南部では日曜日の夕方まで激しい雨が予想されている。",
        "証人が出廷しなかったため、裁判所は審理を延期した。",
        "私たちのチームは決勝で敗れたが、数千人が選手たちを迎えに来た。",
        "夜中までに市内のほとんどの地区で電気が復旧した。",
    ],
    "ko": [
        "상류 골짜기의 농민들은 댐이 완공된 뒤로 강물이 이렇게 줄어든 적이 없다고 말한다.",
        "교육부는 시험 결과를 목요일 아침에 발표할 예정이다.",
        "공항으로 가는 길에서 버스 두 대가 부딪쳤으나 크게 다친 사람은 없었다.",
        "긴 토론 끝에 시의회는 주말에도 도서관을 열기로 했다.",
        "식용유 값이 삼 주째 내렸다고 시장 상인들이 전했다.",
        "그녀는 글을 쓰기 시작하기 전까지 삼십 년 동안 간호사로 일했다.",
        "나라의 남쪽에는 일요일 저녁까지 많은 비가 내릴 것으로 보인다.",
        "증인이 나오지 않아 법원은 재판을 미루었다.",
        "우리 팀은 결승에서 졌지만 수천 명이 선수들을 맞으러 나왔다.",
        "자정 전에 도시 대부분의 구역에서 전기가 다시 들어왔다.",
    ],
}  # fmt: skip
TEASERS = 4


def news_page(language: str) -> tuple[bytes, list[str]]:
    """A page with head, boxes and a list of teasers around six paragraphs, and these."""
    lines = PARAGRAPHS[language]
    title, body, teasers = lines[9], lines[:6], lines[6 : 6 + TEASERS - 1]
    middle = f'<div class="related-box"><a href="/2">{teasers[0]}</a></div>'
    paragraphs = [f"<p>{line}</p>" for line in body]
    links = "".join(f'<li class="teaser"><a href="/{n}">{line}</a></li>' for n, line in enumerate(teasers))
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} | Norport</title>'
        f'<meta property="og:title" content="{title}"></head><body><header><a href="/">Norport</a></header>'
        f'<main><article class="story"><h1>{title}</h1><div class="story-body">{"".join(paragraphs[:3])}{middle}'
        f'{"".join(paragraphs[3:])}</div></article><aside class="related"><ul>{links}</ul></aside></main>'
        f'<footer><a href="/about">Norport</a></footer></body></html>'
    )
    return html.encode(), body


def read(body: bytes) -> Article:
    article = extract_article(body, PageHints(url="https://news.norport.example/1"))
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_every_paragraph_is_kept_whole_in_every_script(language: str) -> None:
    body, paragraphs = news_page(language)
    article = read(body)
    assert article.text.split("\n") == paragraphs
    assert (article.method, article.partial) == (Method.PAGE, None)
    assert article.language == language


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_the_title_is_found_in_every_script(language: str) -> None:
    assert read(news_page(language)[0]).title == PARAGRAPHS[language][9]


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_a_brief_of_three_sentences_is_whole_in_every_script(language: str) -> None:
    lines = [line for line in PARAGRAPHS[language][:6] if len(line) > 25 or language in {"zh", "ja", "ko"}]
    html = "".join(f"<p>{line}</p>" for line in lines)
    article = read(f'<html lang="{language}"><body><main><article>{html}</article></main></body></html>'.encode())
    assert article.text.split("\n") == lines
    assert article.partial is None
