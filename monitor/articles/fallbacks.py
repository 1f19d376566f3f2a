"""What to take when the body is too little, in order; and why it is too little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor.articles import structured
from monitor.articles.metadata import Facts
from monitor.articles.scripts import weight
from monitor.articles.text import lines_of, text_of_html
from monitor.model.articles import Method, Partial

LEAST_BODY = 250
"""Letters below which a body is doubted: no more than a teaser."""

LEAST_JSON_LD = 400

TEASER = 1500
"""Letters up to which a page that asks for money shows a teaser; beyond, the asking is for something else."""

CONSENT = re.compile(
    r"\b(?:before you continue|we (?:and our partners )?(?:use|value) (?:your privacy|cookies)|accept all"
    r"|manage (?:consent|preferences|options)|cookie (?:consent|settings|policy)|zustimmen und weiter"
    r"|alle akzeptieren|tout accepter"
    r"|aceptar todo|your consent|privacy choices)\b",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep reading|unlock)|(?:already|are you) a subscriber|subscribers? only"
    r"|this (?:article|content|story) is (?:only )?(?:for|available to|exclusive(?:ly)? (?:for|to)) (?:our )?"
    r"(?:subscribers|members)|log ?in to (?:continue|read)|register to (?:continue|read)|continue reading with"
    r"|to (?:continue|keep) reading,? (?:please )?(?:subscribe|sign|log|register)|nur für abonnenten|weiterlesen mit"
    r"|réservé aux abonnés|exclusivo para suscriptores|только для подписчиков|ویژه مشترک",
    re.IGNORECASE,
)
PAYWALL_CUES = (
    "subscri", "log in", "login", "regist", "continue reading", "keep reading", "members", "abonn", "suscri",
    "weiterlesen mit", "подписчик", "مشترک",
)  # fmt: skip
"""One of them stands in whatever matches, in lower case: a quick look before the pattern."""

SCRIPT_NEEDED = re.compile(
    r"(?:enable|requires?|turn on|activate|need|without|activez|aktivieren sie|habilit[ae]|включите|فعال)[^.]{0,40}"
    r"(?:java ?script|جاوا)|java ?script[^.]{0,40}(?:disabled|required|enabled?|désactivé|deaktiviert|отключен)",
    re.IGNORECASE,
)
EMPTY_ROOT = re.compile(r"""<(?:div|main)[^<>]*\bid=["']?(?:root|app|__next|__nuxt|main-app|react-root)["']?[^<>]*>""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may stand for the body."""

    method: Method
    lines: list[str]

    @property
    def size(self) -> int:
        """How much it says, see :func:`monitor.articles.scripts.weight`."""
        return sum(map(weight, self.lines))


def choose(page: list[str], alternatives: Iterator[Callable[[], Candidate]], feed_size: int) -> Candidate:
    """The page's own body where it is enough, else the first alternative that is, else the longest of all.

    ``alternatives`` are asked one by one, so that a dear one is not computed in vain.
    """
    own = Candidate(Method.PAGE, page)
    if own.size >= max(LEAST_BODY, feed_size):
        return own
    longest = own
    for alternative in alternatives:
        candidate = alternative()
        least = max(LEAST_JSON_LD if candidate.method is Method.JSON_LD else LEAST_BODY, _factor(candidate) * own.size)
        if candidate.size >= least:
            return candidate
        if candidate.size > longest.size and _may_replace(candidate, longest, own):
            longest = candidate
    return longest


def _factor(candidate: Candidate) -> float:
    """How much more a candidate must have than the page's own body; text without judgement is mostly furniture."""
    return 3.0 if candidate.method is Method.TEXT_OF_MAIN else 1.3


def _may_replace(candidate: Candidate, longest: Candidate, own: Candidate) -> bool:
    """Whether a longer candidate is better than the longest so far, where none is enough."""
    if candidate.method is Method.TEXT_OF_MAIN:
        return candidate.size > _factor(candidate) * longest.size
    return own.size == 0 or candidate.method is not Method.LEAD


def json_ld_body(facts: Facts) -> Candidate:
    """The text that JSON-LD gives: a teaser on a fifth of the pages that have it, so it is never the first choice."""
    return Candidate(Method.JSON_LD, lines_of(text_of_html(structured.text_at(facts.node, "articleBody", "text"))))


def why_partial(chosen: Candidate, facts: Facts, *, html: str, noscript: str) -> tuple[Partial | None, str]:
    """Why the page gave less than an article, with a sentence; None where it gave one."""
    short = chosen.size < LEAST_BODY
    own = chosen.method is Method.PAGE
    if own and chosen.size >= TEASER:
        return None, ""
    if paid := _why_paid(facts, html):
        return Partial.PAYWALL, paid
    if own and not short and not _is_consent(chosen):
        return None, ""
    if _is_consent(chosen) or (short and len(CONSENT.findall(html)) >= 2 and not _needs_script(chosen, html, noscript)):
        return Partial.CONSENT, "the page shows a consent notice in place of the article"
    if _needs_script(chosen, html, noscript):
        return Partial.SCRIPT_ONLY, "the page has no article without JavaScript"
    return Partial.SHORT, f"the page has only {sum(map(len, chosen.lines))} characters of text"


def _why_paid(facts: Facts, html: str) -> str:
    if structured.is_not_free(facts.node):
        return "the publisher declares the article as not free"
    return "the page asks to subscribe or log in" if PAYWALL.search(html) else ""


def _is_consent(chosen: Candidate) -> bool:
    return chosen.size < 4 * LEAST_BODY and len(CONSENT.findall("\n".join(chosen.lines))) >= 2


def _needs_script(chosen: Candidate, html: str, noscript: str) -> bool:
    if SCRIPT_NEEDED.search(noscript) or EMPTY_ROOT.search(html):
        return True
    return chosen.size < LEAST_BODY and SCRIPT_NEEDED.search("\n".join(chosen.lines)) is not None
