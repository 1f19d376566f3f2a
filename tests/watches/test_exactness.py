"""The matcher against an evaluator that knows nothing of it: no index, no anchors, no sets, every combination tried."""

# ruff: noqa: E501 - tables read best in rows, and wide characters count twice

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model.articles import Article
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.folding import exact, fold

JOINERS = "'’‘ʼʻʹʾʿ＇`´-‐‑‒–−－﹣._·\u200c־׳״"
APOSTROPHES = "'’‘ʼʻʹʾʿ＇`´"
GAP = 10_000


# --- text, character by character ---------------------------------------------------------------------------------


def is_single(character: str) -> bool:
    name = unicodedata.name(character, "")
    return name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR"))


def is_word(character: str) -> bool:
    category = unicodedata.category(character)
    return character == "\ue001" or ((category[0] in "LMN" or category == "Cf") and character not in JOINERS)


def runs(text: str) -> list[list[str]]:
    """Runs as lists of parts, by a scan of the characters."""
    found: list[list[str]] = []
    position = 0
    while position < len(text):
        here = text[position]
        if not is_word(here):
            position += 1
        elif is_single(here):
            end = position + 1
            while end < len(text) and is_single(text[end]) and unicodedata.category(text[end])[0] == "M":
                end += 1
            found.append([text[position:end]])
            position = end
        else:
            run = [""]
            while position < len(text):
                here = text[position]
                if is_word(here) and not is_single(here):
                    run[-1] += here
                elif (
                    here in JOINERS
                    and position + 1 < len(text)
                    and is_word(text[position + 1])
                    and not is_single(text[position + 1])
                    and run[-1]
                ):
                    run.append(here)
                    run.append("")
                else:
                    break
                position += 1
            parts, joiners = run[::2], run[1::2]
            if len(parts) > 1 and fold(parts[-1]) == "s" and joiners[-1] in APOSTROPHES:
                parts.pop()
            found.append([part for part in parts if fold(part)])
    return [run for run in found if run]


@dataclass(frozen=True)
class Word:
    part: str
    run: int
    position: int


@dataclass(frozen=True)
class Text:
    """Words per zone, positions counted through with wide gaps."""

    words: tuple[Word, ...]
    title: tuple[int, int]
    lead: tuple[int, int]
    body: tuple[int, int]


def text_of(article: Article) -> Text:
    words: list[Word] = []
    bounds = []
    position = run_number = 0
    for text in (article.title, article.lead, article.text):
        start = position
        for run in runs(text):
            run_number += 1
            for part in run:
                words.append(Word(part, run_number, position))
                position += 1
        bounds.append((start, position))
        position += GAP
    return Text(tuple(words), *bounds)


# --- terms: every way to write them, tried at every place --------------------------------------------------------


def matches(key: str, word: str) -> bool:
    if key.endswith("*"):
        return word.startswith(key[:-1]) if "?" not in key else wild(key[:-1], word[: len(key) - 1])
    return wild(key, word)


def wild(key: str, word: str) -> bool:
    return len(key) == len(word) and all(a in ("?", b) for a, b in zip(key, word, strict=True))


def sequences(term: str) -> list[list[str]]:  # noqa: C901 - naive on purpose
    """Every choice of closed joints; inside a run, and between Arabic words, a joint may be closed."""
    pieces: list[str] = []
    open_joints: list[int] = []
    previous_arabic = False
    for chunk in term.split():
        star = chunk.endswith("*")
        for run in runs(chunk.rstrip("*").replace("?", "\ue001")):
            arabic = "ARABIC" in unicodedata.name(run[0][0], "")
            if pieces and arabic and previous_arabic:
                open_joints.append(len(pieces) - 1)
            for index, part in enumerate(run):
                if index:
                    open_joints.append(len(pieces) - 1)
                pieces.append(fold(part).replace("\ue001", "?"))
            previous_arabic = arabic
        if star and not is_single(chunk[-2]):
            pieces[-1] += "*"
            previous_arabic = False
    found = []
    for size in range(len(open_joints) + 1):
        for closed in combinations(open_joints, size):
            keys = [""]
            for index, piece in enumerate(pieces):
                keys[-1] += piece
                if index not in closed:
                    keys.append("")
            found.append(keys[:-1])
    return found


def mentions_of(term: str, text: Text, *, case: bool = False) -> set[tuple[int, int]]:
    found = set()
    if case:
        pattern = [[exact(part) for part in run] for run in runs(term)]
        for start in range(len(text.words)):
            end = start
            for run in pattern:
                stretch = text.words[end : end + len(run)]
                if [exact(word.part) for word in stretch] != run or len({word.run for word in stretch}) != 1:
                    break
                if end > start and stretch[0].position != text.words[end - 1].position + 1:
                    break
                end += len(run)
            else:
                found.add((text.words[start].position, text.words[end - 1].position + 1))
        return found
    for keys in sequences(term):
        for start in range(len(text.words)):
            for end in ends(keys, start, text):
                found.add((text.words[start].position, text.words[end - 1].position + 1))
    return found


def ends(keys: list[str], start: int, text: Text) -> list[int]:
    if not keys:
        return [start]
    found = []
    for end in range(start + 1, len(text.words) + 1):
        stretch = text.words[start:end]
        if len({word.run for word in stretch}) != 1:
            break
        if matches(keys[0], "".join(fold(word.part) for word in stretch)):
            found += ends_after(keys, end, text)
    return found


def ends_after(keys: list[str], end: int, text: Text) -> list[int]:
    if len(keys) == 1:
        return [end]
    if end < len(text.words) and text.words[end].position == text.words[end - 1].position + 1:
        return ends(keys[1:], end, text)
    return []


# --- queries ------------------------------------------------------------------------------------------------------

LISTS = {
    "khorasan": TermList(name="khorasan", any=("IS-KP", "داعش خراسان"), case=("ISK",), exclude=("ISK Istanbul",)),
    "blast": TermList(name="blast", any=("explo*", "bomb", "взрыв*", "爆発"), exclude=("bomb cyclone", "bath bomb")),
}


@dataclass(frozen=True)
class Query:
    kind: str
    items: tuple[Query, ...] = ()
    value: str = ""
    number: int = 0

    def written(self) -> str:  # noqa: PLR0911 - one for each kind
        inner = [item.written() for item in self.items]
        match self.kind:
            case "term":
                return f'"{self.value}"'
            case "list":
                return f"@{self.value}"
            case "case":
                return f'case:"{self.value}"'
            case "and" | "or":
                return "(" + f" {self.kind.upper()} ".join(inner) + ")"
            case "not":
                return f"({inner[0]} AND NOT {inner[1]})"
            case "notnot":
                return f"({inner[0]} NOT (NOT {inner[1]}))"
            case "field":
                return f"{self.value}:{inner[0]}"
            case "atleast":
                return f"ATLEAST/{self.number} {inner[0]}"
            case "near" | "onear":
                return "(" + f" {self.kind.upper()}/{self.number} ".join(inner) + ")"
        raise AssertionError(self.kind)


def in_zone(mention: tuple[int, int], zone: str, text: Text) -> bool:
    bounds = {
        "title": [text.title], "lead": [text.lead], "top": [text.title, text.lead], "body": [text.body],
        "text": [text.title, text.lead, text.body],
    }[zone]  # fmt: skip
    return any(low <= mention[0] and mention[1] <= high for low, high in bounds)


def found(query: Query, text: Text, zone: str = "text") -> set[tuple[int, int]]:
    match query.kind:
        case "term":
            result = mentions_of(query.value, text)
        case "case":
            result = mentions_of(query.value, text, case=True)
        case "list":
            listed = LISTS[query.value]
            result = {each for term in listed.any for each in mentions_of(term, text)}
            result |= {each for term in listed.case for each in mentions_of(term, text, case=True)}
            killers = {each for term in listed.exclude for each in mentions_of(term, text) if in_zone(each, zone, text)}
            result = {each for each in result if not any(k[0] <= each[0] and each[1] <= k[1] for k in killers)}
        case "or":
            return {each for item in query.items for each in found(item, text, zone)}
        case "field":
            return found(query.items[0], text, query.value)
        case "near" | "onear":
            options = [found(item, text, zone) for item in query.items]
            return {each for chain in product(*options) if chained(chain, query) for each in chain}
        case _:
            raise AssertionError(query.kind)
    return {each for each in result if in_zone(each, zone, text)}


def chained(chain: tuple[tuple[int, int], ...], query: Query) -> bool:
    for left, right in pairwise(chain):
        after = 0 <= right[0] - left[1] <= query.number
        before = query.kind == "near" and 0 <= left[0] - right[1] <= query.number
        if not (after or before):
            return False
    return True


def holds(query: Query, text: Text, zone: str = "text") -> bool:  # noqa: PLR0911 - one for each kind
    match query.kind:
        case "and":
            return all(holds(item, text, zone) for item in query.items)
        case "or":
            return any(holds(item, text, zone) for item in query.items)
        case "not":
            return holds(query.items[0], text, zone) and not holds(query.items[1], text, zone)
        case "notnot":
            return holds(query.items[0], text, zone) and holds(query.items[1], text, zone)
        case "field":
            return holds(query.items[0], text, query.value)
        case "atleast":
            return most_disjoint(sorted(found(query.items[0], text, zone))) >= query.number
        case _:
            return bool(found(query, text, zone))


def most_disjoint(mentions: list[tuple[int, int]]) -> int:
    best = [0] * (len(mentions) + 1)
    for index in range(len(mentions) - 1, -1, -1):
        after = [other for other in range(index + 1, len(mentions)) if mentions[other][0] >= mentions[index][1]]
        best[index] = max(best[index + 1], 1 + (best[after[0]] if after else 0))
    return best[0]


# --- the property -------------------------------------------------------------------------------------------------

CHUNKS = [
    "IS-KP", "IS–KP", "ISKP", "is", "kp", "ISK", "isk", "Istanbul", "ISK-linked", "Da'esh", "Daesh", "da", "esh",
    "anti-Da’esh", "داعش", "خراسان", "داعش\u200cخراسان", "داعشخراسان", "بلخ", "بـلخ", "بَلخ", "bomb", "Bombs", "bath",
    "cyclone", "explosion", "explo-sion", "explosive's", "взрыв", "взрывы", "Взры́в", "爆発", "爆", "発", "爆発は",
    "кафе", "café", "woman", "women", "Mazar-i-Sharif", "Mazar", "i", "sharif", "mazar-isharif", ".", "—", "\u00a0",
    "\n\n", "co-op", "coop", "a.b.c", "a-b-c-d-e", "x-a-b-c-d-e-y", "abcde", "ab-cd-e", "www.a.b.c.d.e/a-b",
    "one-two-three-four-five-six-seven-eight-nine-a-b-c-d-e-IS-KP",
]  # fmt: skip
TERMS = [
    "IS-KP", "ISKP", "Da'esh", "Daesh", "داعش خراسان", "بلخ", "داعش", "bomb", "bomb*", "explo*", "взрыв*", "爆発", "爆*",
    "wom?n", "w?m*", "Mazar-i-Sharif", "mazar i", "cafe", "is kp", "bath bomb", "co-op*", "b.c", "IS", "kp is",
    "a-b-c-d-e", "abcde", "c-d-e-y", "nine-a-b", "five six",
]  # fmt: skip

chunks = st.lists(st.sampled_from(CHUNKS), max_size=14)
passages = st.builds(lambda words, glue: glue.join(words), chunks, st.sampled_from([" ", " ", ", "]))
articles = st.builds(
    lambda title, lead, text: Article(url="", title=title, lead=f"? {lead}", text=text), passages, passages, passages
)
terms = st.one_of(
    st.sampled_from(TERMS).map(lambda term: Query("term", value=term)),
    st.sampled_from(sorted(LISTS)).map(lambda name: Query("list", value=name)),
    st.sampled_from(["ISK", "IS-KP", "Daesh", "Bombs", "is kp", "a-b-c-d-e", "b-c-d-e-y", "nine-a-b", "e IS-KP"]).map(
        lambda term: Query("case", value=term)
    ),
)
alternatives = st.one_of(terms, st.lists(terms, min_size=2, max_size=3).map(lambda items: Query("or", tuple(items))))
distances = st.builds(
    lambda kind, number, items: Query(kind, tuple(items), number=number),
    st.sampled_from(["near", "onear"]), st.integers(0, 4), st.lists(alternatives, min_size=2, max_size=3),
)  # fmt: skip
places = st.one_of(alternatives, distances)
counts = st.builds(lambda number, item: Query("atleast", (item,), number=number), st.integers(1, 4), places)
zoned = st.builds(
    lambda field, item: Query("field", (item,), value=field),
    st.sampled_from(["title", "lead", "top", "body", "text"]), st.one_of(places, counts),
)  # fmt: skip
leaves = st.one_of(places, counts, zoned)
queries = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda kind, items: Query(kind, tuple(items)),
        st.sampled_from(["and", "or", "not", "notnot"]), st.lists(inner, min_size=2, max_size=2),
    ),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(queries, min_size=1, max_size=5),
    st.lists(articles, min_size=1, max_size=3),
    st.sampled_from(["text", "top", "body"]),
)
def test_no_false_hit_and_none_missed(wanted: list[Query], read: list[Article], where: str) -> None:
    specs = tuple(WatchSpec(name=str(index), query=query.written(), where=where) for index, query in enumerate(wanted))
    compiled = compile_watchlist(WatchlistSpec(terms=LISTS, watches=specs))
    assert compiled.matcher is not None, (compiled.faults, [spec.query for spec in specs])
    for matcher in (compiled.matcher, compiled.matcher.tuned(read)):
        for article in read:
            text = text_of(article)
            expected = {str(index) for index, query in enumerate(wanted) if holds(query, text, where)}
            hits = matcher.match(article)
            assert {hit.watch for hit in hits} == expected, [spec.query for spec in specs]
            for hit in hits:
                assert all(0 <= span.start < span.end <= len(getattr(article, span.field)) for span in hit.spans), (
                    hit.spans
                )
