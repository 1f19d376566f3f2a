from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.load import load_config
from monitor.newsroom.addresses import article_of, guid_of, link_url
from monitor.newsroom.scenario import SeedsError, load, read_version, seeds_path
from monitor.watches.check import run_tests
from monitor.watches.compile import compile_watchlist

SCENARIO = load()
LAST = SCENARIO.steps[-1].at
HOSTS = sorted(SCENARIO.outlets)
INSTANTS = st.integers(-24, 60).map(lambda hours: SCENARIO.start + timedelta(hours=hours))


def test_ten_outlets_speak_five_formats_and_five_languages() -> None:
    outlets = SCENARIO.outlets.values()
    assert {each.feed for each in outlets} == {"rss", "atom", "rdf", "json", "sitemap"}
    assert {each.language for each in outlets} == {"en", "fa", "ps", "ar", "ru"}


def test_at_the_first_poll_every_outlet_has_a_past_and_nothing_of_the_timeline() -> None:
    coming = {article for step in SCENARIO.steps for article, _ in step.publish}
    for host in HOSTS:
        lines = SCENARIO.edition(host, SCENARIO.start)
        assert len(lines) >= 3
        assert not coming & {line.version.article for line in lines}
        assert all(line.published <= SCENARIO.start for line in lines)


def test_an_article_appears_at_its_instant_and_not_before() -> None:
    step = SCENARIO.steps[0]
    article, _ = step.publish[0]
    assert SCENARIO.number_at(article, step.at - timedelta(seconds=1)) == 0
    assert SCENARIO.number_at(article, step.at) == 1


def test_a_later_version_replaces_the_text_and_keeps_the_date_of_publication() -> None:
    article = "northern-post/two-killed-hamdard"
    raised = next(step.at for step in SCENARIO.steps if (article, 3) in step.publish)
    first, third = _line(article, raised - timedelta(minutes=1)), _line(article, raised)
    assert (first.version.number, third.version.number) == (2, 3)
    assert first.published == third.published
    assert third.updated > first.updated
    assert "Three killed" in third.version.title


def test_one_listing_gets_a_new_guid_and_another_query() -> None:
    article = "valley-daily/night-blast-dehdadi"
    outlet = SCENARIO.outlets["valley-daily"]
    before, after = _line(article, _at(3)), _line(article, _at(6))
    assert guid_of(before, outlet) != guid_of(after, outlet)
    assert link_url(before, outlet, 80) != link_url(after, outlet, 80)
    assert article_of(link_url(before, outlet, 80)) == article_of(link_url(after, outlet, 80)) == article


def test_the_amp_twin_is_a_line_of_its_own() -> None:
    lines = [line for line in SCENARIO.edition("caravan-news", LAST) if line.version.slug == "one-killed-dehdadi"]
    assert [line.amp for line in lines] == [True, False] or [line.amp for line in lines] == [False, True]


def test_a_change_of_the_publishing_system_changes_every_guid() -> None:
    outlet = SCENARIO.outlets["rawzana"]
    before = {guid_of(line, outlet) for line in SCENARIO.edition("rawzana", _at(14) - timedelta(seconds=1))}
    after = {guid_of(line, outlet) for line in SCENARIO.edition("rawzana", _at(14))}
    assert len(before) == len(after)
    assert not before & after


@given(host=st.sampled_from(HOSTS), instant=INSTANTS)
@settings(max_examples=60, deadline=None)
def test_at_any_instant_guids_are_unique_and_the_newest_comes_first(host: str, instant: datetime) -> None:
    lines = SCENARIO.edition(host, instant)
    guids = [guid_of(line, SCENARIO.outlets[host]) for line in lines]
    assert len(guids) == len(set(guids))
    assert [line.published for line in lines] == sorted((line.published for line in lines), reverse=True)
    assert lines == SCENARIO.edition(host, instant)


def test_the_main_reports_have_the_length_of_real_ones() -> None:
    words = {v.article: sum(len(p.split()) for p in v.paragraphs) for v in SCENARIO.versions.values()}
    assert words["hindukush-wire/house-explosion-mazar"] > 350
    assert words["northern-post/two-killed-hamdard"] > 350
    assert sum(count >= 200 for count in words.values()) >= 10


def test_nobody_signs_but_desks() -> None:
    desks = {each.desk for each in SCENARIO.outlets.values()}
    assert {v.byline for v in SCENARIO.versions.values()} <= desks | {""}


def test_every_page_says_that_its_outlet_is_invented() -> None:
    assert all(len(each.furniture["footer"]) > 40 for each in SCENARIO.outlets.values())


def test_the_seeds_configuration_is_faultless_and_its_watch_tests_pass() -> None:
    loaded = load_config(seeds_path() / "config.toml")
    compiled = compile_watchlist(loaded.settings.watchlist)
    assert not compiled.faults
    assert compiled.matcher is not None
    results = run_tests(compiled.matcher, loaded.settings.watchlist)
    assert [each.explanation for each in results if not each.passed] == []
    assert {feed.name for feed in loaded.settings.feeds} == set(HOSTS)


def test_a_timeline_that_publishes_what_has_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(
        '[scenario]\nstart = 2024-04-02T00:00:00Z\ntimezone = "UTC"\n'
        '[[outlet]]\nhost = "a"\ntitle = "A"\nlanguage = "en"\ncountry = "AF"\nfeed = "rss"\nfeed_path = "/f"\n'
        'layout = "broadsheet"\ndesk = "Newsroom"\n'
        '[[step]]\nat = 2024-04-02T01:00:00Z\nsays = "x"\npublish = ["a/missing"]\n'
    )
    with pytest.raises(SeedsError, match="a/missing@1"):
        load(tmp_path)


def test_an_article_with_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "slug.2.txt"
    path.write_text('+++\ntitle = "T"\nsummary = "S"\ncolour = "red"\n+++\nText.\n')
    with pytest.raises(SeedsError, match=r"slug\.2\.txt"):
        read_version(path, "a")


def _at(step: int) -> datetime:
    return SCENARIO.steps[step].at


def _line(article: str, instant: datetime):  # type: ignore[no-untyped-def] # a test's shorthand
    host = article.partition("/")[0]
    return next(line for line in SCENARIO.edition(host, instant) if line.version.article == article)
