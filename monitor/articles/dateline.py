"""The dateline at the start of a report: ``KABUL, Afghanistan (Agency) –``, parsed into a field of its own.

A place in the dateline is where the reporter sat, not where it happened, so a watch must be able to tell it apart.
"""

from __future__ import annotations

import re

from monitor.model.articles import Dateline

PLACE = r"[A-ZÀ-ÝА-ЯЁІЇЄҐ][\w.'’\-]*(?:[ /][A-ZÀ-ÝА-ЯЁІЇЄҐ][\w.'’\-]*){0,3}"
DATE = r"(?:[A-Z][a-zé]{2,8}\.? \d{1,2}|\d{1,2} [A-Zа-я][a-zéа-я]{2,8}\.?)(?:,? \d{4})?"
LATIN = re.compile(
    rf"(?P<place>{PLACE})(?:, (?!{DATE})(?P<region>{PLACE}))?(?P<date>[,:]? {DATE})?"
    rf"(?:,? ?[(\[/](?P<agency>[^()\[\]/\n]{{2,40}})[)\]/])?(?:,? {DATE})?\s?(?P<dash>[—–]|--|-|:)\s?(?=\S)"
)
PERSO_ARABIC = re.compile(
    r"(?P<place>[\u0621-\u06ff\u200c]{2,20}(?: [\u0621-\u06ff\u200c]{2,20}){0,2})"
    r"(?:\s?[،,] ?(?P<region>[\u0621-\u06ff\u200c ]{2,30}))?\s?(?:[(«\[](?P<agency>[^()«»\[\]\n]{2,40})[)»\]])?"
    r"\s?(?P<dash>[—–]|--|-|:)\s(?=\S)"
)
LONGEST = 80
LABELS = frozenset({
    "UPDATE", "UPDATED", "WATCH", "LIVE", "BREAKING", "EXCLUSIVE", "OPINION", "VIDEO", "READ", "NOTE", "PHOTOS",
    "ANALYSIS", "COMMENT", "CORRECTION", "EXPLAINER", "FACTBOX", "LISTEN", "MORE", "PODCAST", "RELATED", "REPORT",
})  # fmt: skip
"""Capitals before a colon that name no place."""


def dateline_of(text: str) -> Dateline | None:
    """The dateline that ``text`` starts with; None where it starts otherwise.

    A place that is not in capitals needs an agency or a region beside it: ``Winter is here – and`` starts no report.
    """
    for pattern in (LATIN, PERSO_ARABIC):
        found = pattern.match(text[: 2 * LONGEST])
        if found is not None and found.end() <= LONGEST and _is_sure(found):
            return Dateline(place=found["place"], agency=found["agency"], start=0, end=found.end())
    return None


def _is_sure(found: re.Match[str]) -> bool:
    place, region = found["place"], found["region"]
    if found["agency"] is not None:
        return True
    if found.re is PERSO_ARABIC:
        return False
    if place.isupper() and len(place) > 2:
        return found["dash"] != ":" or (len(place) > 3 and place not in LABELS)
    return found["dash"] in {"—", "–", "--"} and (found["date"] is not None or region not in {None, place})
