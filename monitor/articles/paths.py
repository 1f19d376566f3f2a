"""XPath over pages: compiled, with regular expressions (``re:test``), giving elements only."""

from __future__ import annotations

from lxml.etree import XPath
from lxml.html import HtmlElement

REGULAR_EXPRESSIONS = "http://exslt.org/regular-expressions"


def compiled(path: str) -> XPath:
    """Raises :class:`lxml.etree.XPathSyntaxError` for what is no XPath."""
    return XPath(path, namespaces={"re": REGULAR_EXPRESSIONS})


def elements_at(path: XPath, tree: HtmlElement) -> list[HtmlElement]:
    """The elements that the path finds, in the order of the page; what else it finds (text, attributes) is left out."""
    found = path(tree)
    return [each for each in found if isinstance(each, HtmlElement)] if isinstance(found, list) else []
