"""Joiners on their way through trafilatura, which deletes every character that is not printable.

Zero-width non-joiner and joiner spell Persian, Urdu, Pashto and Indic words (``می‌شود`` without it is another string);
each travels as a combining mark that no text uses, and is put back behind it.
"""

from __future__ import annotations

import re

from monitor.articles.text import ZWJ, ZWNJ

CARRIERS = {ZWNJ: "\u034f", ZWJ: "\ufe0d"}

ENTITY = re.compile(r"&(?:(zwnj|#(?:0*8204|[xX]0*200[cC]))|zwj|#(?:0*8205|[xX]0*200[dD]));?")
"""The first group tells a non-joiner from a joiner."""


def packed(page: str) -> str:
    """With the joiners as carriers, entities included; carriers that the page had itself are dropped."""
    for carrier in CARRIERS.values():
        page = page.replace(carrier, "")
    for joiner, carrier in CARRIERS.items():
        page = page.replace(joiner, carrier)
    return ENTITY.sub(lambda found: CARRIERS[ZWNJ if found[1] else ZWJ], page)


def unpacked(text: str) -> str:
    """With the carriers turned back into joiners."""
    return text.replace(CARRIERS[ZWNJ], ZWNJ).replace(CARRIERS[ZWJ], ZWJ)
