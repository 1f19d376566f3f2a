"""Where the words of an article are, however many of them are asked for and in whatever order."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.articles import Article
from monitor.model.watches import WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.document import STRIDE

WORDS = [f"w{number}" for number in range(8)]
WIDTHS = {"x-y": 2, "—": 0, "l'x-y's": 3} | dict.fromkeys(WORDS, 1)
texts = st.lists(st.sampled_from(sorted(WIDTHS)), max_size=60)


@given(texts, texts, st.permutations(WORDS))
def test_every_chunk_stands_where_counting_says(title: list[str], text: list[str], asked: list[str]) -> None:
    watch = WatchSpec(name="w", query=" OR ".join([*WORDS, "x-y"]))
    matcher = compile_watchlist(WatchlistSpec(watches=(watch,))).matcher
    assert matcher is not None
    document = matcher.document(Article(url="", title=" ".join(title), lead="? of its own", text=" ".join(text)))
    counted: dict[str, list[int]] = {}
    for base, chunks in ((0, title), (2 * STRIDE, text)):
        starts = accumulate((WIDTHS[chunk] for chunk in chunks), initial=base)
        for chunk, start in zip(chunks, starts, strict=False):
            counted.setdefault(chunk, []).append(start)
    for word in asked:
        if word in counted:
            assert document.places.starts(word) == counted[word]
    assert document.length == sum(WIDTHS[chunk] for chunk in text)
