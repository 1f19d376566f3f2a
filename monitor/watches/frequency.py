"""How common words are in news: guesses until articles have been counted.

Only speed depends on it: a watch is looked at when the rarest thing that it requires is there.
"""

from __future__ import annotations

from monitor.watches.text import ANY_LETTER, STAR

_COMMON = {
    0.9: "the a to of and in is for on s that with it as at by from was be are an this has have not but",
    0.6: "he his they their who which were been will its more we had after or said about when all one also up out "
    "would than there new if can into over you i time first what some people so two other last no just like year years",
    0.3: "us she her him them our your could now most only because many while make where how made being being before "
    "did may against through then three any even world since government still state says day according news part get "
    "under during country way those work through between good between well back week long take high set use group "
    "president including national public five four per percent million company home city police own down off much",
    0.15: "attack killed war minister security military people report reported officials party court president leader "
    "forces economic economy bank market right life game team season police law death health case women men children "
    "school university business united states american international local south north west east house official power",
    0.7 + 0.001: "и в не на что с по как это из за را در به از که این و با است برای ها د په چې کې له من في على إلى أن",
}
_KNOWN = {word: share for share, words in _COMMON.items() for word in words.split()}
_BY_LENGTH = (0.5, 0.3, 0.15, 0.08, 0.05, 0.035, 0.025, 0.018, 0.012, 0.008)
"""Share of articles that have a given word of 0, 1, 2 … letters, over English news."""
_PREFIX_FACTOR = 4.0


def expected_share(key: str) -> float:
    """The share of articles expected to have the word, prefix or pattern ``key``; in (0, 1]."""
    known = _KNOWN.get(key)
    if known is not None:
        return known
    letters = len(key) if key.isalnum() else len(key) - key.count(STAR) - key.count(ANY_LETTER)
    share = _BY_LENGTH[min(letters, len(_BY_LENGTH) - 1)]
    if key.isdecimal():
        return min(1.0, share * 2)
    return min(1.0, share * _PREFIX_FACTOR) if key.endswith(STAR) else share
