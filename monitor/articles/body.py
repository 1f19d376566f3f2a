"""The body of an article out of a parsed page. The only door to trafilatura."""

from __future__ import annotations

from copy import copy
from itertools import islice

from lxml.etree import ElementDefaultClassLookup
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction
from trafilatura import bare_extraction, html2txt
from trafilatura.metadata import Document
from trafilatura.settings import DEFAULT_CONFIG, use_config
from trafilatura.utils import HTML_PARSER, load_html

from monitor.articles.scripts import weight

MOST_PARAGRAPHS = 20_000
ENOUGH_OF_PAGE = 0.2
"""Share of the page's text that a body has which is believed at once."""
MENUS = ("nav", "footer", "button", "select", "input", "textarea", "audio", "video", "map", "datalist", "dialog")

DENSE = use_config()
"""For scripts of few characters: 250 of them, from which trafilatura believes a body, are a long article in Chinese."""
DENSE["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "100"

# lxml.html looks up the class of each element in Python, forms apart always the same: a fifth of the time of a page
HTML_PARSER.set_element_class_lookup(
    ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity)
)


def parse(page: str) -> HtmlElement | None:
    """The page as a tree; None where it is no HTML at all."""
    tree: HtmlElement | None = load_html(page)
    return tree


def without_menus(tree: HtmlElement) -> None:
    """Take menus, buttons and fields for input out of ``tree``, which makes all that follows cheaper.

    What holds a good part of the page's text stays, whatever it is called: unclosed buttons do.
    """
    whole = len(tree.text_content())
    for element in list(tree.iter(*MENUS)):
        if element.getparent() is not None and 5 * len(element.text_content()) <= whole:
            element.drop_tree()


def body_of(tree: HtmlElement, *, recall: bool = False, thorough: bool = False) -> str:
    """The article's text, one line for each block; "" where none is found. Leaves ``tree`` as it is.

    ``recall`` prefers too much to too little. Otherwise a second opinion is asked for only where the first finds little
    of the page: it costs half as much again, and changes one page in twenty, rarely for the better. ``thorough`` asks
    for it always.
    """
    whole = " ".join(tree.text_content().split())
    sample = whole[::8]
    dense = 2 * weight(sample) > 3 * len(sample)
    if recall or thorough:
        return _extracted(tree, dense, recall=recall)
    text = _extracted(tree, dense, fast=True)
    return text if len(text) >= ENOUGH_OF_PAGE * len(whole) else _extracted(tree, dense)


def _extracted(tree: HtmlElement, dense: bool, *, recall: bool = False, fast: bool = False) -> str:
    # Options are made anew by each call: a reused set freezes the latest date that a page may have. Never
    # ``deduplicate=True``, which remembers the lines of earlier pages of this process.
    found = bare_extraction(
        tree,
        include_comments=False,
        with_metadata=False,
        deduplicate=False,
        favor_recall=recall,
        fast=fast,
        config=DENSE if dense else DEFAULT_CONFIG,
    )
    return str(found.text or "") if isinstance(found, Document) else ""


def paragraphs_of(tree: HtmlElement) -> list[str]:
    """The text of every paragraph, heading and list item, in linear time: for trees that are too large to judge."""
    elements = islice(tree.iter("p", "h1", "h2", "h3", "blockquote"), MOST_PARAGRAPHS)
    return [" ".join(element.text_content().split()) for element in elements]


def text_of_main(tree: HtmlElement) -> str:
    """All text of ``<article>`` or ``<main>``, else of the page, without judgement."""
    for path in (".//article", ".//main", ".//*[@role='main']"):
        elements = tree.findall(path)
        if elements:
            largest = max(elements, key=lambda element: len(element.text_content()))
            return str(html2txt(copy(largest)))
    return str(html2txt(tree))
