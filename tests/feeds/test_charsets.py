"""A feed is in the charset that its letters show; one in Latin letters is in what its labels say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument

RUSSIAN = "Взрыв в жилом доме на севере страны, сообщили местные источники во вторник вечером"
UKRAINIAN = "Вибух у житловому будинку на півночі країни, повідомили місцеві джерела у вівторок ввечері"
PERSIAN = "وزارت معارف اعلام كرد كه نتيجه آزمون روز پنج شنبه منتشر مي شود"
ARABIC = "انفجار في منزل سكني شمالي البلاد مساء الثلاثاء بحسب مصادر محلية"
HEBREW = "פיצוץ בבית מגורים בצפון המדינה, כך מסרו מקורות מקומיים"
THAI = "เกิดเหตุระเบิดในบ้านพักอาศัยทางตอนเหนือของประเทศเมื่อเย็นวันอังคาร"
GREEK = "Έκρηξη σε κατοικία στα βόρεια της χώρας, ανέφεραν τοπικές πηγές"
FRENCH = "Été à l'hôtel de ville : « des élèves étaient réunis », a-t-on déclaré à Nîmes"
GERMAN = "Übergröße: Straßenbahn in Köln fährt über Nacht, sagte Bürgermeister Jürgen Müller"
POLISH = "Wybuch w budynku na północy kraju, źródła: żółta łódź i gęś w Łodzi"
TURKISH = "Ülkenin kuzeyinde bir evde patlama oldu, yerel kaynaklar salı akşamı açıkladı: çığ"


def titled(title: str, declaration: str = "") -> str:
    items = "".join(f"<item><guid>{n}</guid><title>{title}</title></item>" for n in range(3))
    return f'{declaration}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def titles(body: bytes, content_type: str | None) -> set[str]:
    document = parse_document(body, content_type=content_type, url="")
    assert isinstance(document, FeedDocument)
    return {entry.title for entry in document.entries}


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize(
    "content_type",
    [
        None, "application/rss+xml", "text/xml; charset=iso-8859-1", "text/xml; charset=ISO-8859-1; x=y",
        "application/xml; charset=utf-8", "text/xml;charset=us-ascii", 'text/xml; charset="Windows-1252"',
        "text/xml; charset=windows-1250", "text/xml; charset=cp1254", "text/xml; charset=latin1",
        "text/xml; charset=utf8",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("text", "codec"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (UKRAINIAN, "koi8_u"), (PERSIAN, "cp1256"), (ARABIC, "cp1256"),
     (GREEK, "cp1253"), (HEBREW, "cp1255"), (THAI, "cp874")],
)  # fmt: skip
def test_an_alphabet_is_seen_where_nobody_says_it_or_only_defaults_and_mistakes_do(
    text: str, codec: str, content_type: str | None, declared: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    assert titles(titled(text, declaration).encode(codec), content_type) == {text}


@pytest.mark.parametrize(("text", "codec", "wrong"), [(RUSSIAN, "cp1251", "1256"), (PERSIAN, "cp1256", "1251")])
def test_a_header_with_the_windows_charset_of_another_alphabet_is_not_believed(
    text: str, codec: str, wrong: str
) -> None:
    assert titles(titled(text).encode(codec), f"text/xml; charset=windows-{wrong}") == {text}
    declaration = f'<?xml version="1.0" encoding="windows-{codec[2:]}"?>'
    assert titles(titled(text, declaration).encode(codec), f"text/xml; charset=cp{wrong}") == {text}


CORRECT = [
    (FRENCH, "iso-8859-1"), (FRENCH, "windows-1252"), (FRENCH, "iso-8859-15"), (FRENCH.upper(), "iso-8859-1"),
    (GERMAN, "iso-8859-1"), (GERMAN, "iso-8859-2"), (GERMAN, "windows-1252"), (GERMAN, "windows-1250"),
    (POLISH, "iso-8859-2"), (POLISH, "windows-1250"), (POLISH.upper(), "iso-8859-2"), (TURKISH, "windows-1254"),
    (TURKISH, "iso-8859-9"), (RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "iso-8859-5"),
    (RUSSIAN.upper(), "windows-1251"), (GREEK, "iso-8859-7"), (GREEK.upper(), "windows-1253"),
    (ARABIC, "iso-8859-6"), (PERSIAN, "windows-1256"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "charset"), CORRECT)
def test_a_feed_that_is_declared_correctly_is_read_as_declared(text: str, charset: str) -> None:
    declared = titled(text, f'<?xml version="1.0" encoding="{charset}"?>')
    for kind in ("text/xml", "application/rss+xml"):
        assert titles(titled(text).encode(charset), f"{kind}; charset={charset}") == {text}
        assert titles(declared.encode(charset), f"{kind}; charset={charset}") == {text}
    assert titles(declared.encode(charset), "application/rss+xml") == {text}


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO_8859-1", "Latin1", "us-ascii", "ascii"])
def test_a_default_in_the_header_gives_way_to_the_declaration_however_it_is_spelt(label: str) -> None:
    declared = titled(POLISH, '<?xml version="1.0" encoding="iso-8859-2"?>')
    assert titles(declared.encode("iso-8859-2"), f"text/xml; charset={label}") == {POLISH}


@pytest.mark.parametrize(
    ("text", "declared", "windows"),
    [(RUSSIAN, "koi8-r", "1252"), (RUSSIAN, "koi8-r", "1251"), (UKRAINIAN, "koi8-u", "1252"),
     (RUSSIAN, "iso-8859-5", "1252"), (RUSSIAN, "iso-8859-5", "1251"), (POLISH, "iso-8859-2", "1252"),
     (POLISH, "iso-8859-2", "1251"), (ARABIC, "iso-8859-6", "1252"), (RUSSIAN, "koi8-r", "1250")],
)  # fmt: skip
def test_a_declaration_outweighs_a_header_whose_letters_these_are_not(text: str, declared: str, windows: str) -> None:
    body = titled(text, f'<?xml version="1.0" encoding="{declared}"?>').encode(declared)
    assert titles(body, f"text/xml; charset=windows-{windows}") == {text}


def test_a_declaration_that_would_make_quotation_marks_controls_does_not_outweigh_the_header() -> None:
    body = titled(f"{FRENCH} – l’été", '<?xml version="1.0" encoding="iso-8859-2"?>').encode("cp1252")
    assert titles(body, "text/xml; charset=windows-1252") == {f"{FRENCH} – l’été"}


LATIN = {
    "iso-8859-1": "éèàçùâêîôûäöüßñáíóúåæøãõïë«»°",
    "iso-8859-2": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻěščřžýáíéůúďťňőűăşţ",
    "windows-1252": "éèàçùœ€“”’–…äöüß",
}


@given(st.data(), st.sampled_from(sorted(LATIN)), st.booleans())
def test_no_text_in_latin_letters_is_taken_for_anything_else(data: st.DataObject, charset: str, declares: bool) -> None:
    letter = st.sampled_from("aeinrstlodu") | st.sampled_from(LATIN[charset])
    accented = st.builds("".join, st.lists(letter, min_size=1, max_size=8))
    word = st.builds("{}{}{}".format, st.sampled_from(["Fer", "St", "rou"]), accented, st.sampled_from(["ten", "ra"]))
    text = " ".join(data.draw(st.lists(word, min_size=1, max_size=60)))
    if any(len(run) > 2 for run in "".join(" " if each.isascii() else each for each in text).split()):
        return  # no language writes three accented letters in a row
    declaration = f'<?xml version="1.0" encoding="{charset}"?>' if declares else ""
    assert titles(titled(text, declaration).encode(charset), f"text/xml; charset={charset}") == {text}


@pytest.mark.parametrize("content_type", [None, "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"])
def test_utf_8_with_a_letter_cut_in_the_middle_is_utf_8(content_type: str | None) -> None:
    body = titled(PERSIAN).encode().replace("معارف".encode(), "معار".encode() + b"\xd9", 1)
    assert PERSIAN in titles(body, content_type)


def test_accents_far_behind_plain_text_are_no_damaged_utf_8() -> None:
    text = f"{'plain ' * 60_000}{FRENCH}"
    assert titles(titled(text).encode("latin-1"), "text/xml; charset=iso-8859-1") == {text}


def test_single_accents_in_latin_1_are_no_damaged_utf_8() -> None:
    """In UTF-8 the bytes of ``à``, ``«`` and ``»`` without what stands between them would be a letter."""
    text = "Il dit à « Paris » : " * 30
    assert titles(titled(text).encode("latin-1"), "text/xml; charset=iso-8859-1") == {text.strip()}


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "utf-16"])
@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_the_mark_of_utf_16_outweighs_the_header(order: str, charset: str) -> None:
    document = titled(RUSSIAN, '<?xml version="1.0" encoding="utf-16"?>')
    assert titles(f"\ufeff{document}".encode(order), f"text/xml; charset={charset}") == {RUSSIAN}
