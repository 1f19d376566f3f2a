"""Stored text keeps what spells words and drops what only lays them out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.joiners import packed, unpacked
from monitor.articles.text import ZWJ, ZWNJ, clean, text_of_html


def test_the_zero_width_non_joiner_of_persian_survives() -> None:
    assert clean(f"خبر منتشر می{ZWNJ}شود") == f"خبر منتشر می{ZWNJ}شود"


def test_the_zero_width_joiner_survives() -> None:
    assert clean(f"क्{ZWJ}ष") == f"क्{ZWJ}ष"


def test_a_non_joiner_that_joins_nothing_goes() -> None:
    assert clean(f"{ZWNJ}خانه{ZWNJ} ها{ZWNJ}{ZWNJ}ی") == f"خانه ها{ZWNJ}ی"


def test_soft_hyphens_go_so_that_a_word_is_found() -> None:
    assert clean("explo\u00adsion") == "explosion"


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_bidi_marks_and_overrides_go(mark: str) -> None:
    assert clean(f"Bal{mark}kh") == "Balkh"


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u2060", "\x00", "\x08", "\x9f", "\ud800"])
def test_zero_width_spaces_and_control_characters_go(mark: str) -> None:
    assert clean(f"Bal{mark}kh") == "Balkh"


def test_text_is_composed_and_spaces_are_single() -> None:
    assert clean("e\u0301cole\u00a0\u2003 du  soir ") == "école du soir"


@pytest.mark.parametrize(
    "written", [f"می{ZWNJ}شود", "می&zwnj;شود", "می&#08204;شود", "می&#8204;شود", "می&#x200C;شود", "می&#X200c;شود"]
)
def test_joiners_travel_in_every_spelling(written: str) -> None:
    assert unpacked(packed(written)) == f"می{ZWNJ}شود"


def test_html_becomes_lines_of_its_blocks() -> None:
    assert text_of_html("<p>One<br>two</p><!-- no --><script>x()</script><ul><li>three &amp; four</ul>") == (
        "One\ntwo\nthree & four"
    )


def test_an_unclosed_script_costs_its_tag_only() -> None:
    assert text_of_html("<p>One</p><script>two <p>three") == "One\ntwo\nthree"


@given(st.text())
def test_cleaning_is_total_and_idempotent(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet="<>/!-ab &;\n", max_size=200))
def test_any_fragment_has_a_text(fragment: str) -> None:
    assert "\n\n" not in text_of_html(fragment)
