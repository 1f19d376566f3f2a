"""The way in: bytes and hints in, one frozen Article out. Imports nothing heavy until it is called, in a worker."""

from __future__ import annotations

from monitor.articles import from_feed
from monitor.model.articles import Article, NotExtracted, PageHints, Partial, Reading


def extract_article(body: bytes, hints: PageHints, *, cheap: bool = False) -> Article | NotExtracted:
    """The article on a page, whole or marked partial; a synchronous call that is meant to run in a worker.

    Where the page has less text than the feed, the feed's text is taken. ``cheap`` is for a page that was killed in
    the full mode: no second opinion on the body, at most a few thousand elements. Raises nothing for what a page does,
    except :class:`MemoryError`.
    """
    from monitor.articles.reading import read  # noqa: PLC0415 - the daemon's own process must not load it

    return read(body, hints, cheap=cheap).article


def explain_article(body: bytes, hints: PageHints, *, cheap: bool = False) -> Reading:
    """Like :func:`extract_article`, with every line that was dropped and the time it took."""
    from monitor.articles.reading import read  # noqa: PLC0415 - as above

    return read(body, hints, cheap=cheap)


def article_from_feed(hints: PageHints, *, partial: Partial | None = None, detail: str = "") -> Article:
    """What the feed alone tells: its full text, else its summary, else the title.

    ``partial`` and ``detail`` say why the page is not there; None is for a feed that carries the full text. Linear in
    the length of the feed's text, so it may run anywhere.
    """
    return from_feed.article(hints, partial=partial, detail=detail)


def feed_has_full_text(hints: PageHints) -> bool:
    """Whether the feed carries the article itself, so that its page need not be fetched."""
    return from_feed.has_full_text(hints)
