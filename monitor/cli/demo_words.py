"""Text for the demo's screen: right-to-left lines that stay in their place, cut titles, what was read and how."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from monitor.cli.bidi import FSI, LRM, PDI, in_place, is_right_to_left
from monitor.model.articles import Article, Method
from monitor.model.stories import Rung
from monitor.model.words import counted

HOW = {
    Method.PAGE: "read from its page",
    Method.JSON_LD: "read from the page's JSON-LD",
    Method.FEED: "full text in the feed",
    Method.RECALL: "read from its page, loosely",
    Method.TEXT_OF_MAIN: "all text of the page's main part",
    Method.LEAD: "only the lead could be read",
    Method.SUMMARY: "only the feed's summary could be read",
    Method.GIVEN: "given",
}
RUNGS = {
    Rung.ITEM: ("same item", "dim"),
    Rung.ARTICLE: ("same article", "cyan"),
    Rung.COPY: ("copy", "magenta"),
    Rung.STORY: ("same story", "blue"),
    Rung.NEW: ("new story", "green"),
}


def cut(text: str, width: int) -> str:
    """One line of at most ``width`` cells, an ellipsis at the end where something is missing; kept in place."""
    line = " ".join(text.split())
    if cell_len(line) > width:
        line = set_cell_size(line, max(1, width - 1)).rstrip() + "…"
    return in_place(line)


def wrapped(lines: Iterable[Text], width: int) -> list[Text]:
    """The lines broken at words to ``width`` cells, each right-to-left line kept in place."""
    from rich.console import Console

    console = Console(width=width)
    out: list[Text] = []
    for line in lines:
        for piece in line.wrap(console, width) or [Text()]:
            piece.rstrip()
            out.append(Text.assemble(LRM, FSI, piece, PDI, LRM) if is_right_to_left(piece.plain) else piece)
    return out


def how_read(article: Article) -> str:
    """ "read from its page · en · 411 words", and why where less than the whole could be read."""
    words = len(article.text.split())
    parts = [HOW[article.method], article.language or "language unknown", counted(words, "word")]
    if article.partial is not None:
        detail = f" {article.partial_detail}" if article.partial_detail else ""
        parts.append(f"partial: {article.partial}{detail}")
    return " · ".join(parts)
