"""Shorter ways to a result give what the plain way gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.publisher import publisher_of
from monitor.model.articles import Article
from monitor.stories import fingerprint as prints
from monitor.stories import particulars, sketch
from monitor.stories import words as w
from monitor.stories.casualties import casualty_counts
from monitor.stories.languages import Language, languages
from monitor.stories.urls import url_key

SIGNS = st.text(alphabet=st.sampled_from(list("0129., a_é٣\n 1920K—’\x1f\u00a0")), max_size=40)
WORDS = st.sampled_from(
    [
        "killed",
        "five",
        "dead",
        "2013",
        "19",
        "Kabul",
        "wounded_",
        "unkilled",
        "3",
        "people.",
        "toll:",
        "Ghazni's",
        "“hurt”",
        "—",
        ".",
        "\n",
    ]
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)


@given(SIGNS)
def test_numbers_are_those_of_the_plain_pattern(text: str) -> None:
    folded = w.fold(text)
    naive = re.findall(r"\d+(?:(?:[.,]| [.,] )\d+)*", folded)
    assert {re.sub(r"\D", "", each) for each in w.numbers(folded)} == {re.sub(r"\D", "", each) for each in naive}


@given(SIGNS)
def test_years_are_those_of_the_plain_pattern(text: str) -> None:
    folded = w.fold(text)
    assert particulars.dates([], folded, None, None) == set(re.findall(r"(?<!\w)(?:19|20)\d\d(?!\w)", folded))


@given(SIGNS, SIGNS, SIGNS)
def test_a_content_is_hashed_without_its_blanks(title: str, lead: str, text: str) -> None:
    article = Article(url="https://one.example/a", title=title, lead=lead, text=text)
    assert prints.content_hash(article) == w.hash_of(" ".join(f"{title}\n{lead}\n{text}".split()))


@given(SIGNS)
def test_sentences_are_cut_one_after_another(text: str) -> None:
    rest, cut = text, list[str]()
    while end := w._SENTENCE_END.search(rest):
        cut.append(rest[: end.start() + 1].strip())
        rest = rest[end.end() :]
    assert w.sentences(text) == [each for each in [*cut, rest.strip()] if each]


@given(TEXTS, TEXTS, st.frozensets(WORDS.map(w.fold).map(w.stem), max_size=8))
def test_what_an_article_uses_is_in_its_vocabulary(title: str, text: str, asked: frozenset[str]) -> None:
    print_ = prints.fingerprint(Article(url="https://one.example/a", title=title, text=text))
    assert print_.uses(asked) == asked & print_.vocabulary()


HOSTS = st.sampled_from(
    ["www.one.example", "m.one.example", "www.m.one.example", "one.example.", "-a.one.example", "localhost"]
)
PATHS = st.lists(
    st.sampled_from(["a", "B-c", "1.2", "index.html", "amp", "~x", "default.asp", "..", "x_y.html"]), max_size=4
)


@given(st.sampled_from(["http", "https"]), HOSTS, PATHS)
def test_a_simple_address_has_the_key_and_publisher_of_its_other_spellings(
    scheme: str, host: str, path: list[str]
) -> None:
    address = "/".join([f"{scheme}://{host}", *path])
    assert url_key(address) == url_key(f"{address}#part") == url_key(address.replace(host, f"{host}:80"))
    assert publisher_of(f"{address}/") == publisher_of(address.replace(host, f"{host}:80"))


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=500))
def test_a_sketch_samples_hashes_by_their_unsigned_values(hashes: list[int]) -> None:
    unsigned = [value % 2**64 for value in hashes]
    chosen = {value for at, value in enumerate(unsigned) if value < 2**64 // (4 if at < 100 else 8 if at < 400 else 16)}
    wanted = chosen if len(chosen) >= sketch.MIN_SKETCH else chosen | set(sorted(set(unsigned))[: sketch.MIN_SKETCH])
    assert sketch.sketch(hashes) == tuple(value - 2**63 for value in sorted(wanted)[: sketch.MAX_SKETCH])
    assert sketch.shorten(hashes) == {value >> 32 for value in unsigned}


@given(st.lists(st.sampled_from(["A bomb", "killed", "5", "five people", "wounded", "dead", "a_killed", "7killed"])))
def test_counts_of_a_text_are_those_of_its_sentences(parts: list[str]) -> None:
    text = ". ".join(parts)
    found: dict[str, dict[int, None]] = {}
    for sentence in w.sentences(text):
        for kind, values in casualty_counts(sentence, "en").items():
            found.setdefault(kind, {}).update(dict.fromkeys(values))
    assert casualty_counts(text, "en") == {kind: tuple(values) for kind, values in found.items()}


@pytest.mark.parametrize("language", languages().values(), ids=lambda language: language.code)
def test_no_day_is_named_without_one_of_the_beginnings(language: Language) -> None:
    pattern = language.days
    assert pattern
    for begin in language.day_beginnings:
        assert not any(begin.startswith(each) for each in language.day_beginnings if each != begin)
    phrases = re.findall(r"[^|()?<>:]{2,}", pattern.pattern)
    named = [match[0] for phrase in phrases for match in pattern.finditer(phrase.replace("\\w*", "").replace(" ?", ""))]
    assert named
    assert all(any(each in name for each in language.day_beginnings) for name in named)
