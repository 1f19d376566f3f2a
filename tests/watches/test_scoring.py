"""Event or background: how well the score does on labelled articles of our own, and what a reader may rely on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.articles import Article, Dateline
from monitor.model.watches import Hit, WatchlistSpec, WatchSpec
from tests.watches import samples
from tests.watches.samples import BALKH_EXPLOSION, Labelled, at, figures, matcher_of, scored

MATCHER = matcher_of(BALKH_EXPLOSION)
FILLER = "The harvest was good this year and prices fell in every market of the north. " * 20


def measured(name: str, spec: WatchlistSpec, sample: list[Labelled]) -> samples.Pairs:
    pairs = scored(matcher_of(spec), sample)
    fixed = ", ".join("{} {:.2f} at {:.2f}".format(low, *at(pairs, low)) for low in (0.3, 0.4, 0.5))
    print(f"{name}: {figures(pairs)}; fixed {fixed}")
    assert len(pairs) >= 0.95 * len(sample)
    return pairs


SAMPLES = {
    "newsroom": (BALKH_EXPLOSION, samples.newsroom(), 0.9),
    "held out": (BALKH_EXPLOSION, samples.held_out(), 1.0),
    "held out, other events": (samples.development_watchlist(), samples.held_out_other(), 1.0),
    "development": (samples.development_watchlist(), samples.development(), 0.9),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_precision_at_high_recall_is_at_least_twice_that_of_the_bare_boolean(name: str) -> None:
    spec, sample, _ = SAMPLES[name]
    found = figures(measured(name, spec, sample))
    assert found.precision >= 2 * found.boolean


@pytest.mark.parametrize("name", SAMPLES)
def test_a_low_min_score_keeps_the_events(name: str) -> None:
    spec, sample, recall = SAMPLES[name]
    precision, kept = at(scored(matcher_of(spec), sample), 0.3)
    assert kept >= recall
    assert precision > figures(scored(matcher_of(spec), sample)).boolean


def hit_of(title: str, text: str, **fields: Dateline) -> Hit:
    (hit,) = MATCHER.match(Article(url="", title=title, text=text, **fields))
    return hit


def score_of(title: str, text: str, **fields: Dateline) -> float:
    return hit_of(title, text, **fields).score


def test_title_beats_first_sentence_beats_opening_beats_middle_beats_end() -> None:
    sentence = "An explosion shook the old city of Balkh. "
    scores = [
        score_of(sentence, FILLER),
        score_of("News", sentence + FILLER),
        score_of("News", FILLER[:154] + sentence + FILLER),
        score_of("News", FILLER[:462] + sentence + FILLER),
        score_of("News", FILLER + sentence),
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 5


WORDS = ("harvest", "market", "price", "bridge", "school", "water", "night", "road", "clinic", "officials", "winter")
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=60).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=12,
)
SENTENCES = st.sampled_from(
    (
        "An explosion shook Balkh.",
        "Traders also pointed to the bomb in Balkh last week, but said that it had changed nothing for them.",
        "Balkh is where, after years of calm, on the road to the river a blast was heard.",
    )
)
TITLES = st.sampled_from(("News", "Balkh", "Blast", "Balkh a year after the blast"))


@given(paragraphs=PARAGRAPHS, sentence=SENTENCES, title=TITLES, data=st.data())
def test_moving_the_same_sentence_up_never_lowers_the_score(
    paragraphs: list[str], sentence: str, title: str, data: st.DataObject
) -> None:
    low = data.draw(st.integers(1, len(paragraphs)))
    high = data.draw(st.integers(0, low - 1))
    texts = ["\n\n".join([*paragraphs[:each], sentence, *paragraphs[each:]]) for each in (low, high)]
    lower, higher = (score_of(title, text) for text in texts)
    assert higher >= lower


@given(paragraphs=PARAGRAPHS, sentence=SENTENCES, title=TITLES, added=st.sampled_from(("Balkh", "explosion")))
def test_a_term_added_to_the_title_never_lowers_the_score(
    paragraphs: list[str], sentence: str, title: str, added: str
) -> None:
    text = "\n\n".join([*paragraphs, sentence])
    assert score_of(f"{title} {added}", text) >= score_of(title, text)


@given(paragraphs=PARAGRAPHS, sentence=SENTENCES, data=st.data())
def test_a_sentence_that_names_the_terms_again_never_lowers_the_score(
    paragraphs: list[str], sentence: str, data: st.DataObject
) -> None:
    """It comes after the first: before it, it would push that one down, out of the middle perhaps."""
    first = data.draw(st.integers(0, len(paragraphs)))
    again = data.draw(st.integers(first + 1, len(paragraphs) + 1))
    once = [*paragraphs[:first], sentence, *paragraphs[first:]]
    twice = [*once[:again], "The blast in Balkh was heard far away.", *once[again:]]
    rest = [*once[:again], "Nothing else was heard of it far away.", *once[again:]]
    assert score_of("News", "\n\n".join(twice)) >= score_of("News", "\n\n".join(rest))


def test_a_place_in_the_dateline_alone_counts_for_nothing() -> None:
    text = "BALKH, Afghanistan (Wire) – An explosion was reported. " + FILLER
    end = text.index("–") + 2
    hit = hit_of("Explosion", text, dateline=Dateline(place="BALKH", agency="Wire", start=0, end=end))
    assert hit.score < score_of("Explosion", text)
    assert "@balkh only in the dateline" in hit.reasons


def test_a_dateline_does_not_move_the_first_sentence_down() -> None:
    sentence = "An explosion in Balkh was heard by everybody in the city on Monday. "
    dateline = "KABUL, Afghanistan (Wire) – "
    found = Dateline(place="KABUL", agency="Wire", start=0, end=len(dateline))
    with_dateline = score_of("News", dateline + sentence + FILLER, dateline=found)
    assert with_dateline == score_of("News", sentence + FILLER)


def test_the_last_third_of_a_short_text_is_no_opening() -> None:
    text = "The fair was opened on Sunday and will last for a week. Many people came. Police searched bags. "
    hit = hit_of("Fair opens", text + "They had done so after the blast in Balkh.")
    assert hit.reasons[0].startswith("@balkh in the last third of a short text")
    assert 0.2 < hit.score < score_of("Fair opens", "Police searched bags. They remember the blast in Balkh. " + text)


def test_a_text_of_one_sentence_is_no_background_of_itself() -> None:
    assert score_of("Report", "Officials in the northern province reported an explosion in Balkh.") >= 0.5


def test_closeness_only_takes_away() -> None:
    near = score_of("News", FILLER + "An explosion in Balkh.")
    far = score_of("News", FILLER + "An explosion. " + FILLER + "Balkh.")
    assert 0 < far < near < 0.3


def test_a_long_text_that_names_a_term_in_one_sentence_only_is_less_about_it() -> None:
    sentence = "An explosion in Balkh was heard by everybody in the city on Monday. "
    hit = hit_of("News", sentence + FILLER)
    assert "@balkh in the first sentence, named once" in hit.reasons
    again = hit_of("News", sentence + FILLER + "Balkh will mourn its dead, whom the explosion killed.")
    assert "@balkh in the first sentence" in again.reasons
    assert hit.score < again.score
    short = hit_of("News", sentence + FILLER[:400])
    assert "@balkh in the first sentence" in short.reasons


def test_reasons_name_the_clauses_and_their_places() -> None:
    hit = hit_of("Explosion in Balkh", FILLER)
    assert hit.reasons == ("@balkh in the title", "@explosion in the title", "1 word apart")
    assert hit.score == 1.0


def test_reasons_quote_the_words_that_look_back() -> None:
    opening = "The fair will be opened on Sunday and last for a week.\n\n"
    hit = hit_of("Fair opens", opening + "Last month a blast in Balkh had hurt two. " + FILLER[:900])
    assert "@balkh in the opening, looking back (Last month)" in hit.reasons
    linked = hit_of("Fair opens", opening + "Guards were hired after the blast in Balkh. " + FILLER[:900])
    assert "@explosion in the opening, looking back (after)" in linked.reasons
    told_as_news = hit_of("Fair opens", opening + "A blast in Balkh hurt two of the guards. " + FILLER[:900])
    assert hit.score < told_as_news.score
    assert linked.score < told_as_news.score


def test_a_later_mention_that_does_not_look_back_counts_where_it_weighs_more() -> None:
    title = "Balkh, a year after the blast"
    news = "An explosion shook Balkh again on Monday."
    assert score_of(title, news + " " + FILLER[:300]) > score_of(title, FILLER[:300])


def test_what_the_watch_asks_for_itself_does_not_look_back() -> None:
    spec = WatchlistSpec(watches=(WatchSpec(name="anniversary", all=("Balkh", "anniversary")),))
    (hit,) = matcher_of(spec).match(Article(url="", title="Balkh marks anniversary", text=FILLER))
    assert hit.score == 1.0


def test_an_event_whose_third_term_comes_late_is_no_background() -> None:
    """Who is blamed for an explosion is often told last."""
    spec = WatchlistSpec(watches=(WatchSpec(name="blamed", all=("Balkh", "explosion", "IS-KP")),))
    article = Article(url="", title="Explosion in Balkh kills two", text=FILLER + "Officials blamed IS-KP.")
    (hit,) = matcher_of(spec).match(article)
    assert hit.score >= 0.3


def test_a_watch_of_one_word_is_scored_by_its_place_alone() -> None:
    spec = WatchlistSpec(watches=(WatchSpec(name="ransomware", all=("ransomware",)),))
    matcher = matcher_of(spec)
    (top,) = matcher.match(
        Article(url="", title="News", text="Ransomware has locked the city hall's servers. " + FILLER[:500])
    )
    (end,) = matcher.match(Article(url="", title="News", text=FILLER + "Ransomware is not insured."))
    assert (top.score, end.score) == (0.7, 0.1)
