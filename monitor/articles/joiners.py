"""Joiners on their way through trafilatura, which deletes every character that is not printable.

Zero-width non-joiner and joiner spell Persian, Urdu, Pashto and Indic words (``می‌شود`` without it is another string);
each travels as a combining mark that no text uses, and is put back behind it.
"""

from __future__ import annotations

import re

from monitor.articles.text import ZWJ, ZWNJ

CARRIERS = {ZWNJ: "\u034f", ZWJ: "\ufe0d"}

NON_JOINER = re.compile(r"\u200c|&zwnj;?|&#(?:8204|[xX]0*200[cC]);?")
JOINER = re.compile(r"\u200d|&zwj;?|&#(?:8205|[xX]0*200[dD]);?")


def packed(page: str) -> str:
    """With the joiners as carriers, entities included; carriers that the page had itself are dropped."""
    for carrier in CARRIERS.values():
        if carrier in page:
            page = page.replace(carrier, "")
    page = NON_JOINER.sub(CARRIERS[ZWNJ], page)
    return JOINER.sub(CARRIERS[ZWJ], page)


def unpacked(text: str) -> str:
    """With the carriers turned back into joiners."""
    return text.replace(CARRIERS[ZWNJ], ZWNJ).replace(CARRIERS[ZWJ], ZWJ)
