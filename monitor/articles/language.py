"""Which language a text is in. The only door to CLD2, which knows Pashto, loads in 3 ms and holds 8 MB.

Where CLD2 has no wheel, or finds nothing sure, the letters that only one language has decide, then common words. Dari
and Iranian Persian are both ``fa``: what they differ in is the country of their source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

SAMPLE = 4000
"""Code points of the text that are looked at."""

LEAST_LETTERS = 12
SURE_SHARE = 55
"""Per cent of the text that CLD2 must give to a language."""

ISO = {"iw": "he", "in": "id", "jw": "jv", "no": "nb", "tl": "tl", "mo": "ro", "sh": "sr"}
"""Codes of CLD2 that have another name today."""

LETTERS = (
    ("ps", re.compile("[ټډړږښګڼېۍځڅ]"), 0.02),
    ("ur", re.compile("[ٹڈڑںےہھ]"), 0.04),
    ("fa", re.compile("[پچژگکی]"), 0.04),
    ("ar", re.compile("[\u0621-\u064a]"), 0.3),
    ("uk", re.compile("[іїєґІЇЄҐ]"), 0.02),
    ("tr", re.compile("[ğışĞİŞ]"), 0.03),
    ("ru", re.compile("[а-яёА-ЯЁ]"), 0.3),
    ("hi", re.compile("[\u0900-\u097f]"), 0.3),
    ("ja", re.compile("[\u3040-\u30ff]"), 0.05),
    ("ko", re.compile("[\uac00-\ud7af]"), 0.3),
    ("zh", re.compile("[\u4e00-\u9fff]"), 0.3),
    ("el", re.compile("[α-ωΑ-Ω]"), 0.3),
    ("he", re.compile("[א-ת]"), 0.3),
    ("th", re.compile("[ก-๛]"), 0.3),
    ("bn", re.compile("[\u0980-\u09ff]"), 0.3),
)
"""A language is taken when this share of the letters are of its own; the order matters."""

WORDS = {
    "en": "the of and to in that is was for with said has",
    "fr": "le la les des et est une dans pour que du au elle sur avant se ne par",
    "de": "der die und das den von ist mit für nicht ein dem auf zum im sie wird zu bis",
    "es": "el la los las de que en una por con del para como antes se su al",
    "it": "il di che la per una del con della sono gli nel",
    "pt": "o de que os da em um para com não uma dos",
    "tr": "ve bir bu için ile olarak da de çok olan en kadar",
    "nl": "de het een van en dat voor met niet zijn op aan",
    "pl": "w i na z do się nie że jest to przez oraz",
    "id": "yang dan di dengan untuk ini dari pada dalam tidak itu akan",
}
STOPWORDS = {language: frozenset(words.split()) for language, words in WORDS.items()}
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str, *, configured: str | None, stated: str | None) -> str | None:
    """ISO 639-1 code: the configured language, else what the text shows, else what page or feed states, or None."""
    if configured:
        return primary(configured)
    sample = text[:SAMPLE]
    letters = len(LETTER.findall(sample))
    if letters < LEAST_LETTERS:
        return primary(stated)
    return _by_cld2(sample) or _by_letters(sample, letters) or primary(stated) or _by_words(sample)


def primary(tag: str | None) -> str | None:
    """The primary part of a BCP 47 tag in lower case (``fa`` of ``fa-AF``); Dari is ``fa`` too. None for nonsense."""
    part = re.split(r"[-_]", (tag or "").strip().lower())[0]
    part = {"prs": "fa", "pes": "fa", "pus": "ps", "pbt": "ps", "eng": "en", "per": "fa", "fas": "fa"}.get(part, part)
    return part if len(part) in (2, 3) and part.isascii() and part.isalpha() else None


def _by_cld2(sample: str) -> str | None:
    detect = _detector()
    if detect is None:
        return None
    try:
        _, _, (best, *_) = detect(sample, bestEffort=True)
    except Exception:  # noqa: BLE001 - its own error type, raised for odd code points
        return None
    _, code, share, _ = best
    if code == "un" or share < SURE_SHARE:
        return None
    return ISO.get(code, code.split("-")[0])


@lru_cache(maxsize=1)
def _detector() -> Callable[..., tuple[object, object, tuple[tuple[str, str, int, float], ...]]] | None:
    try:
        from pycld2 import detect  # noqa: PLC0415 - it has no wheel on some machines
    except ImportError:
        return None
    return detect  # type: ignore[no-any-return] # it has no annotations


def _by_letters(sample: str, letters: int) -> str | None:
    for language, own, share in LETTERS:
        if len(own.findall(sample)) >= share * letters:
            return language
    return None


def _by_words(sample: str) -> str | None:
    words = WORD.findall(sample.lower())
    counts = {language: sum(word in own for word in words) for language, own in STOPWORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= max(2, len(words) / 12) else None
