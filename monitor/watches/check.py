"""The tests that a watchlist carries: ``[[watch.test]]``."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.articles import Article, Method
from monitor.model.faults import Fault
from monitor.model.watches import WatchlistSpec, WatchSpec, WatchTest
from monitor.watches.explain import explain, one_line
from monitor.watches.matcher import Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One test of one watch. ``explanation`` says in one line why the answer was not the one expected."""

    __test__ = False  # not a test of pytest's

    watch: str
    test: WatchTest
    file: str
    matched: bool
    explanation: str

    @property
    def passed(self) -> bool:
        """Whether the watch said what the test expects."""
        return self.matched is self.test.expect

    def fault(self) -> Fault:
        """The failure as a fault of the configuration."""
        expected = "match" if self.test.expect else "no match"
        return Fault(
            message=f"test of watch '{self.watch}' expects {expected}",
            hint=self.explanation,
            file=self.file,
            path=self.test.path,
        )


def run_tests(matcher: Matcher, spec: WatchlistSpec) -> tuple[TestResult, ...]:
    """The results of all tests, in the order of the file."""
    return tuple(_run(matcher, watch, test) for watch in spec.watches for test in watch.tests)


def _run(matcher: Matcher, watch: WatchSpec, test: WatchTest) -> TestResult:
    """Judged as the line judges it; only a failure is explained, which takes fifty times as long."""
    article = article_of(watch, test)
    matched = any(hit.watch == watch.name for hit in matcher.match(article))
    explanation = "" if matched is test.expect else one_line(explain(matcher, watch.name, article))
    return TestResult(watch=watch.name, test=test, file=watch.file, matched=matched, explanation=explanation)


def article_of(watch: WatchSpec, test: WatchTest) -> Article:
    """The article that ``test`` describes: by a feed that the watch reads."""
    feed = next((each for each in watch.feeds if "*" not in each), "")
    tags = tuple(each for each in watch.feeds if "*" not in each)
    host = next((each.replace("*", "www").lstrip(".") for each in watch.feeds if "*" in each), "example.org")
    return Article(
        url=f"https://{host}/", title=test.title, text=test.text, language=test.lang, feed=feed, feed_tags=tags,
        method=Method.GIVEN,
    )  # fmt: skip
