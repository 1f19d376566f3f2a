"""Event or background: the score on the texts of our own newsroom, with looks back put into other articles."""

from __future__ import annotations

import tomllib
from pathlib import Path

from monitor.articles.dateline import dateline_of
from monitor.model.articles import Article, Dateline
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
EVENTS = (
    "dehdadi", "mazar", "hamdard", "infijar-balkh", "vzryv-balkh", "workshop-blast", "gas-cylinder", "mayn-balkh",
)  # fmt: skip
"""Parts of the names of the articles that report an explosion in Balkh."""
LOOKS_BACK = (
    "On Tuesday an explosion in a house in Balkh province killed at least one person.",
    "The announcement comes two days after a blast near Mazar-e-Sharif, for which officials blamed IS.",
    "Traders also pointed to the bomb in Balkh last week, but said that it had changed nothing for them.",
    "Security was tightened at all gates, as it has been since the explosion in Dehdadi in the province of Balkh.",
)
SPEC = WatchlistSpec(
    terms={
        "balkh": TermList(
            name="balkh",
            any=(
                "Balkh",
                "Mazar-e-Sharif",
                "Mazar-i-Sharif",
                "بلخ",
                "مزار شریف",
                "مزار شريف",
                "Балх*",
                "Мазари-Шариф*",
            ),
        ),
        "explosion": TermList(
            name="explosion",
            any=(
                "explosion*",
                "exploded",
                "blast*",
                "bomb*",
                "انفجار*",
                "الانفجار*",
                "تفجير*",
                "چاودن*",
                "взрыв*",
                "взорв*",
            ),
        ),
    },
    watches=(WatchSpec(name="event", all=("@balkh", "@explosion")),),
)


def read(path: Path) -> tuple[str, str, str]:
    _, head, body = path.read_text("utf-8").split("+++", 2)
    fields = tomllib.loads(head)
    return fields["title"], fields.get("summary", ""), body.strip()


def sample() -> list[tuple[bool, Article]]:
    """Reports of an explosion in Balkh, and other articles with one sentence that looks back on it, at three places."""
    found = []
    for path in sorted(SEEDS.glob("*/*.txt")):
        title, lead, body = read(path)
        if any(event in path.stem for event in EVENTS):
            found.append((True, Article(url="", title=title, lead=lead, text=body, dateline=dateline_of(body))))
            continue
        paragraphs = body.split("\n\n")
        for number, sentence in enumerate(LOOKS_BACK):
            at = min(len(paragraphs), 1 + number)
            text = "\n\n".join([*paragraphs[:at], sentence, *paragraphs[at:]])
            found.append((False, Article(url="", title=title, lead=lead, text=text, dateline=dateline_of(text))))
    return found


def scored(articles: list[tuple[bool, Article]]) -> list[tuple[float, bool]]:
    """The score of each article that satisfies the boolean, with its label."""
    matcher = compile_watchlist(SPEC).matcher
    assert matcher is not None
    return [(hit.score, event) for event, article in articles for hit in matcher.match(article)]


def best_precision(pairs: list[tuple[float, bool]], *, recall: float) -> tuple[float, float]:
    """The best precision of any threshold that keeps ``recall``, and that threshold."""
    events = sum(event for _, event in pairs)
    options = []
    for threshold in {score for score, _ in pairs}:
        passing = [event for score, event in pairs if score >= threshold]
        if sum(passing) >= recall * events:
            options.append((sum(passing) / len(passing), threshold))
    return max(options)


def test_precision_at_high_recall_is_at_least_twice_that_of_the_bare_boolean() -> None:
    pairs = scored(sample())
    events = sum(event for _, event in pairs)
    boolean = events / len(pairs)
    precision, threshold = best_precision(pairs, recall=0.9)
    print(
        f"{len(pairs)} articles, {events} events: {boolean:.2f} boolean, {precision:.2f} from a score of {threshold} on"
    )
    assert len(pairs) >= 100
    assert precision >= 2 * boolean


def held_out() -> list[tuple[bool, Article]]:
    """Articles written to mislead, in five languages; no weight was chosen by them."""
    listed = tomllib.loads((Path(__file__).parent / "held_out.toml").read_text("utf-8"))["article"]
    texts = [(each, each["text"].strip()) for each in listed]
    return [
        (each["event"], Article(url="", title=each["title"], text=text, dateline=dateline_of(text)))
        for each, text in texts
    ]


def test_hard_articles_that_no_weight_was_chosen_by_are_told_apart_better_than_by_the_boolean() -> None:
    """Twice as well is the goal, and not reached on these: docs/scoring.md."""
    pairs = scored(held_out())
    boolean = sum(event for _, event in pairs) / len(pairs)
    precision, threshold = best_precision(pairs, recall=0.9)
    print(f"{len(pairs)} held out: {boolean:.2f} boolean, {precision:.2f} from a score of {threshold} on")
    assert len(pairs) == len(held_out())
    assert precision >= 1.5 * boolean


def score_of(title: str, text: str, **fields: Dateline) -> float:
    matcher = compile_watchlist(SPEC).matcher
    assert matcher is not None
    (hit,) = matcher.match(Article(url="", title=title, text=text, **fields))
    return hit.score


FILLER = "The harvest was good this year and prices fell in every market of the north. " * 20


def test_title_beats_opening_beats_middle_beats_end() -> None:
    sentence = "An explosion shook Balkh. "
    scores = [
        score_of(sentence, FILLER),
        score_of("News", sentence + FILLER),
        score_of("News", FILLER[:400] + sentence + FILLER),
        score_of("News", FILLER + sentence),
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_a_place_in_the_dateline_alone_counts_for_nothing() -> None:
    text = "BALKH, Afghanistan (Wire) – An explosion was reported. " + FILLER
    end = text.index("–") + 2
    without = score_of("Explosion", text, dateline=Dateline(place="BALKH", agency="Wire", start=0, end=end))
    assert without < score_of("Explosion", text)


def test_closeness_only_takes_away() -> None:
    near = score_of("News", FILLER + "An explosion in Balkh.")
    far = score_of("News", FILLER + "An explosion. " + FILLER + "Balkh.")
    assert 0 < far < near < 0.3


def test_reasons_name_the_clauses_and_their_places() -> None:
    matcher = compile_watchlist(SPEC).matcher
    assert matcher is not None
    (hit,) = matcher.match(Article(url="", title="Explosion in Balkh", text=FILLER))
    assert hit.reasons == ("@balkh in the title", "@explosion in the title", "1 word apart")
    assert hit.score == 1.0
